import { type Duration, formatDuration, unreachable } from '../../base/index.ts';
import { build, printExpr } from '../../promql/index.ts';
import {
  type AlertCondition,
  type AlertWords,
  type BurnRateTier,
  type ConditionAlert,
  invariantAlerts,
  type RelativeAlert,
  type Severity,
  type Slo,
  sharedWords,
  workbookTiers,
} from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { spikeDefaults } from './condition-alerts.ts';

/** The keys of a definition that say what alerts there are. */
interface AlertKeys {
  readonly alerts?: YamlValue | undefined;
  readonly alertNames?: YamlValue | undefined;
  readonly alertLabels?: YamlValue | undefined;
  readonly alertAnnotations?: YamlValue | undefined;
}

/** The alerts of an objective as keys of its definition: none where they are those that it has by default, and once what all of them have. */
export function alertsOf(service: string, slo: Slo): AlertKeys {
  const named = withoutName(slo);
  const worded = withoutWords(named.alerts);
  const alerts = listedAlerts(service, { ...slo, alerts: worded.alerts });
  return {
    alerts,
    alertNames: named.name,
    alertLabels: wordsOf(worded.words, 'labels'),
    alertAnnotations: wordsOf(worded.words, 'annotations'),
  };
}

/** The one name that all alerts have, and the alerts without it. */
function withoutName({ alerts, family }: Slo): Pick<Slo, 'alerts'> & { readonly name?: string } {
  const [first] = alerts;
  const isOneName =
    first?.name !== undefined &&
    1 < alerts.length &&
    family === undefined &&
    alerts.every(({ name }) => name === first.name);
  return isOneName ? { alerts: alerts.map(({ name: _, ...tier }) => tier), name: first.name } : { alerts };
}

type WordsBySeverity = ReadonlyMap<Severity, Required<AlertWords>>;

/** What all alerts of one severity have, for each severity, and the alerts without it. */
function withoutWords(alerts: Slo['alerts']): Pick<Slo, 'alerts'> & { readonly words: WordsBySeverity } {
  const words: WordsBySeverity = new Map(
    (['page', 'ticket', 'info'] as const).map((severity) => [
      severity,
      sharedWords(alerts.filter((tier) => tier.severity === severity)),
    ]),
  );
  const rest = alerts.map(({ labels, annotations, ...tier }): BurnRateTier => {
    const shared = words.get(tier.severity);
    const own = {
      labels: new Map([...(labels ?? [])].filter(([name]) => shared?.labels.has(name) !== true)),
      annotations: new Map([...(annotations ?? [])].filter(([name]) => shared?.annotations.has(name) !== true)),
    };
    return {
      ...tier,
      ...(own.labels.size === 0 ? {} : { labels: own.labels }),
      ...(own.annotations.size === 0 ? {} : { annotations: own.annotations }),
    };
  });
  return { alerts: rest, words };
}

function wordsOf(words: WordsBySeverity, what: keyof AlertWords): YamlValue | undefined {
  const said = [...words].filter(([, each]) => 0 < each[what].size);
  return said.length === 0 ? undefined : Object.fromEntries(said.map(([severity, each]) => [severity, each[what]]));
}

function listedAlerts(service: string, slo: Slo): YamlValue | undefined {
  const { alerts, conditionAlerts, period, target } = slo;
  const usual = period.kind === 'continuous' ? [] : workbookTiers(period, target);
  const usualConditions = invariantAlerts(service, slo);
  const hasUsualTiers = alerts.length === usual.length && alerts.every((tier, index) => isSameTier(tier, usual[index]));
  const hasUsualConditions =
    conditionAlerts.length === usualConditions.length &&
    conditionAlerts.every((alert, index) => isSameAlert(alert, usualConditions[index]));
  if (hasUsualTiers && hasUsualConditions) return undefined;
  if (alerts.length === 0 && conditionAlerts.length === 0) return 'none';
  const tiers = hasUsualTiers && 0 < usual.length ? ['workbook'] : alerts.map(tierOf);
  return [...tiers, ...conditionAlerts.map(conditionAlertOf)];
}

function tierOf(tier: BurnRateTier): YamlValue {
  const { severity, longWindow, shortWindow, burnRate, holdFor, keepFiringFor, name, profile } = tier;
  const { labels, annotations } = tier;
  return {
    name,
    severity,
    long: formatDuration(longWindow),
    short: formatDuration(shortWindow),
    burn: burnRate,
    for: unlessZero(holdFor),
    keepFiringFor: keepFiringFor === undefined ? undefined : unlessZero(keepFiringFor),
    profile,
    labels,
    annotations,
  };
}

function unlessZero(length: Duration): string | undefined {
  return length === 0 ? undefined : formatDuration(length);
}

/** Whether a tier is the one that there is by default, which has no words of its own. */
function isSameTier(a: BurnRateTier, b: BurnRateTier | undefined): boolean {
  return (
    b !== undefined &&
    a.severity === b.severity &&
    a.longWindow === b.longWindow &&
    a.shortWindow === b.shortWindow &&
    a.burnRate === b.burnRate &&
    a.holdFor === b.holdFor &&
    a.keepFiringFor === b.keepFiringFor &&
    a.name === b.name &&
    a.profile === b.profile &&
    a.labels === undefined &&
    a.annotations === undefined
  );
}

/** Whether two alerts are the same in every word. */
function isSameAlert(a: ConditionAlert, b: ConditionAlert | undefined): boolean {
  return b !== undefined && printedText(a) === printedText(b);
}

function printedText(alert: ConditionAlert): string {
  return JSON.stringify(conditionAlertOf(alert));
}

/** An alert on something other than a budget, as the plain value of its definition. */
export function conditionAlertOf(alert: ConditionAlert): YamlValue {
  const {
    name,
    severity,
    when,
    holdFor,
    keepFiringFor,
    profile,
    summary,
    description,
    runbook,
    steps,
    dependsOn,
    labels,
    annotations,
  } = alert;
  return {
    name,
    severity,
    ...alertConditionOf(when),
    for: unlessZero(holdFor),
    keepFiringFor: unlessZero(keepFiringFor),
    profile: profile === 'standard' ? undefined : profile,
    summary,
    description,
    runbook,
    steps: steps.length === 0 ? undefined : steps,
    dependsOn: dependsOn.length === 0 ? undefined : dependsOn,
    labels: labels.size === 0 ? undefined : Object.fromEntries(labels),
    annotations,
  };
}

function alertConditionOf(condition: AlertCondition): Readonly<Record<string, YamlValue | undefined>> {
  switch (condition.kind) {
    case 'threshold':
      return { when: printExpr(build.compare(condition.operator, condition.value, condition.bound)) };
    case 'progress':
      return { [condition.fires]: printExpr(condition.counter), within: formatDuration(condition.within) };
    case 'relative':
      return spikeOf(condition);
    case 'all':
    case 'any':
      return { [condition.kind]: condition.of.map(partOf) };
    case 'absent':
      return { absent: printExpr(condition.series) };
    default:
      return unreachable(condition);
  }
}

/** A part of a list: a comparison alone is a line. */
function partOf(condition: AlertCondition): YamlValue {
  const printed = alertConditionOf(condition);
  return condition.kind === 'threshold' ? (printed['when'] ?? '') : printed;
}

function spikeOf(spike: RelativeAlert): Readonly<Record<string, YamlValue | undefined>> {
  const { counter, window, baselineWindow, baselineOffset, factor, floor } = spike;
  const unlessUsual = (length: Duration, usual: Duration): string | undefined =>
    length === usual ? undefined : formatDuration(length);
  return {
    spike: printExpr(counter),
    window: unlessUsual(window, spikeDefaults.window),
    baseline: unlessUsual(baselineWindow, spikeDefaults.baseline),
    offset: unlessUsual(baselineOffset, baselineWindow),
    factor: factor === spikeDefaults.factor ? undefined : factor,
    floor: floor === spikeDefaults.floor ? undefined : floor,
  };
}
