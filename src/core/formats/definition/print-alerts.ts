import { type Duration, formatDuration, unreachable } from '../../base/index.ts';
import { build, printExpr } from '../../promql/index.ts';
import {
  type AlertCondition,
  type BurnRateTier,
  type ConditionAlert,
  invariantAlerts,
  type RelativeAlert,
  type Slo,
  workbookTiers,
} from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { spikeDefaults } from './condition-alerts.ts';

/** The alerts of an objective as keys of its definition: none where they are those that it has by default, one name that all of them have. */
export function alertsOf(
  service: string,
  slo: Slo,
): { readonly alerts?: YamlValue | undefined; readonly alertNames?: YamlValue | undefined } {
  const [first] = slo.alerts;
  const isOneName =
    first?.name !== undefined &&
    1 < slo.alerts.length &&
    slo.family === undefined &&
    slo.alerts.every(({ name }) => name === first.name);
  if (!isOneName) return { alerts: listedAlerts(service, slo) };
  const unnamed = slo.alerts.map(({ name: _, ...tier }) => tier);
  return { alerts: listedAlerts(service, { ...slo, alerts: unnamed }), alertNames: first.name };
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
  return {
    name,
    severity,
    long: formatDuration(longWindow),
    short: formatDuration(shortWindow),
    burn: burnRate,
    for: unlessZero(holdFor),
    keepFiringFor: keepFiringFor === undefined ? undefined : unlessZero(keepFiringFor),
    profile,
  };
}

function unlessZero(length: Duration): string | undefined {
  return length === 0 ? undefined : formatDuration(length);
}

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
    a.profile === b.profile
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
