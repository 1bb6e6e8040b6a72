import { type Diagnostic, duration, formatDuration } from '../../base/index.ts';
import { build, type Expr, metricNameOf, selectorsOf } from '../../promql/index.ts';
import type { AlertingRule, RecordingRule, Rule } from '../../rules/index.ts';
import {
  type BurnRateTier,
  budgetShareAt,
  expressionsOf,
  isReachable,
  maximumBurnRate,
  type Service,
  type Severity,
  type Slo,
  sharedWords,
} from '../../slo/index.ts';
import { about } from '../codes.ts';
import { literal } from '../literal.ts';
import { alertNames, identityLabels, recorded, windowLabel } from '../names.ts';
import type { GenerateOptions } from '../options.ts';
import { type AlertOwner, alertLabels } from './alert-labels.ts';
import { linksOf, topOffenders } from './alert-links.ts';
import { burnAnnotations, missingAnnotations } from './alert-text.ts';
import { burnCondition, fewestBad } from './burn-conditions.ts';
import { conditionAlertRules } from './condition-alerts.ts';
import { targetsUp } from './increase.ts';
import type { Likeness } from './likeness.ts';
import { isPending } from './pending.ts';
import { profileRules } from './profile-rules.ts';

const { binary, call, on, selector, unless } = build;

const noTime = duration(0);

export interface Alerts {
  /** What they need to have recorded of counters, and of the policies that turn them on. */
  readonly watches: readonly RecordingRule[];
  readonly profiles: readonly RecordingRule[];
  readonly rules: readonly AlertingRule[];
  /** The conditions of those on burn rates, under the names of `anyone`, as the alerts' expressions are. */
  readonly conditions: ReadonlyMap<Rule, RecordingRule>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The alerts of an SLO: one for each tier that can fire, those on conditions, and those for missing data. An SLO without any of the first
 * two alerts nobody.
 */
export function alertRules(
  service: Service,
  slo: Slo,
  { levels, key: likeness }: Likeness,
  evidence: string,
  options: GenerateOptions,
): Alerts {
  const { tiers, diagnostics } = usefulTiers(service, slo);
  const own = identityLabels(service, slo);
  const links = linksOf({ service, slo }, options, undefined);
  const offenders = topOffenders(service, slo);
  const burning = new Map(
    tiers.map((tier) => {
      const annotations = [
        ...burnAnnotations(service, slo, tier, likeness),
        ...offendersAnnotation(offenders(tier.shortWindow)),
        ...links,
      ];
      return burnAlert({ service, slo }, tier, annotations, (labels) =>
        burnCondition({ slo, tier, levels, labels, likeness }),
      );
    }),
  );
  const conditions = conditionAlertRules({ service, slo }, slo.conditionAlerts, options);
  const alerts = [...burning.keys(), ...conditions.alerts];
  return {
    watches: conditions.recordings,
    profiles: alerts.some(({ labels }) => labels.has('profile')) ? profileRules(service, slo, own) : [],
    rules: [...alerts, ...missingAlerts(service, slo, evidence, links)],
    conditions: burning,
    diagnostics: [...diagnostics, ...conditions.diagnostics],
  };
}

/** The tiers whose alerts are generated, and what is wrong with the others. */
function usefulTiers(
  service: Service,
  slo: Slo,
): { readonly tiers: readonly BurnRateTier[]; readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = (code: string, message: string): void => void diagnostics.push(about(service, slo, code, message));
  const groups = knownGroups(service, slo);
  if (mostGroups < groups)
    report('generate/many-groups', `it has ${groups} groups, by the values that the metrics list`);
  const reachable = maximumBurnRate(slo.target.errorBudget);
  const seen = new Set<string>();
  const tiers = slo.alerts.filter((tier) => {
    const window = formatDuration(tier.longWindow);
    const name = `the ${tier.severity} for a burn rate of ${tier.burnRate} in ${window}`;
    if (slo.target.errorBudget === 0) {
      report('generate/cannot-fire', `${name} cannot fire: an invariant has no budget that could burn`);
      return false;
    }
    if (reachable <= tier.burnRate) {
      const highest = Number(reachable.toPrecision(4));
      report(
        'generate/cannot-fire',
        `${name} cannot fire: with a target of ${slo.target.text} an outage burns at ${highest}`,
      );
      return false;
    }
    if (!isReachable(service, slo, tier.profile ?? 'standard')) {
      report('generate/profile', `no policy turns on the profile ${tier.profile} of ${name}`);
      return false;
    }
    if (seen.has(`${tier.severity} ${window}`)) {
      report('generate/duplicate-alert', `${name} has the severity and long window of another alert`);
      return false;
    }
    seen.add(`${tier.severity} ${window}`);
    if (1 <= budgetShareAt(tier.burnRate, tier.longWindow, slo.period.length)) {
      report('generate/after-exhaustion', `${name} fires when the whole budget is spent already`);
    }
    return true;
  });
  if (0 < slo.alerts.length) {
    if (tiers.length === 0) report('generate/no-alert', 'none of its alerts can fire');
    if (slo.minimumBadEvents < fewestBad(slo)) {
      report(
        'generate/one-error',
        `a minimum of ${slo.minimumBadEvents} bad events lets one failed request raise an alert`,
      );
    }
    if (slo.noData === 'bad' && slo.measure.kind === 'events')
      report('generate/no-data-bad', 'time without data is not counted as bad');
  }
  return { tiers, diagnostics };
}

/** More groups than this need a good reason. */
const mostGroups = 100;

/** How many groups the metric catalogue lets expect: the product of the numbers of values of the labels; those that list none count as one. */
function knownGroups({ metrics }: Service, { groupBy, indicator }: Slo): number {
  if (groupBy.length === 0) return 1;
  const names = new Set(expressionsOf(indicator).flatMap(selectorsOf).map(metricNameOf));
  return groupBy.reduce((product, label) => {
    const counts = [...metrics.values()].map((metric) =>
      names.has(metric.name) ? (metric.labels.get(label)?.length ?? 0) : 0,
    );
    return product * Math.max(1, ...counts);
  }, 1);
}

/** The alert of a tier. */
function burnAlert(
  owner: Required<AlertOwner>,
  tier: BurnRateTier,
  annotations: readonly (readonly [name: string, text: string])[],
  conditionOf: (labels: AlertingRule['labels']) => RecordingRule,
): readonly [AlertingRule, RecordingRule] {
  const { name = alertNames.burn, profile = 'standard', severity, labels: added = new Map() } = tier;
  const more = { [windowLabel]: formatDuration(tier.longWindow) };
  const labels = alertLabels(owner, { severity, profile, added, more });
  const condition = conditionOf(labels);
  const alert: AlertingRule = {
    kind: 'alerting',
    alert: name,
    expr: condition.expr,
    holdFor: tier.holdFor,
    keepFiringFor: tier.keepFiringFor ?? noTime,
    labels,
    // What the definition says replaces what is generated.
    annotations: new Map([...annotations, ...(tier.annotations ?? [])]),
  };
  return [alert, condition];
}

function offendersAnnotation(query: string | undefined): readonly (readonly [name: string, text: string])[] {
  return query === undefined ? [] : [['top_offenders_query', literal(query)]];
}

/**
 * Two alerts for missing data. No target answers: nobody measures any more, and the service is probably down, so it wakes whoever the
 * budget would wake. Targets answer without the metric: a ticket.
 */
function missingAlerts(
  service: Service,
  slo: Slo,
  evidence: string,
  links: AlertingRule['annotations'],
): readonly AlertingRule[] {
  const severities = [...slo.alerts, ...slo.conditionAlerts].map(({ severity }) => severity);
  // What a composite misses its members miss, and say so.
  if (slo.indicator.kind === 'composite') return [];
  if (severities.length === 0 || slo.noData === 'good' || isPending(service, slo)) return [];
  const { nobody, unseen } = missing(service, slo, evidence);
  const severity = severities.includes('page') ? 'page' : 'ticket';
  // Routes by labels of all pages take this page to the same people.
  const labelsAt = (level: Severity): AlertingRule['labels'] =>
    sharedWords(slo.alerts.filter((tier) => tier.severity === level)).labels;
  const alert = (expr: Expr, reason: string, level: Severity, up: boolean): AlertingRule => ({
    kind: 'alerting',
    alert: alertNames.missing,
    expr,
    holdFor: slo.absentFor,
    keepFiringFor: noTime,
    labels: alertLabels({ service, slo }, { severity: level, added: labelsAt(level), more: { reason } }),
    annotations: new Map([...missingAnnotations(service, slo, up), ...links]),
  });
  return [alert(nobody, 'no-target', severity, false), alert(unseen, 'no-metric', 'ticket', true)];
}

/** That no target answers, and that targets answer without the metric. Where instances are counted, that counts those that only answer too. */
function missing(service: Service, slo: Slo, evidence: string): Readonly<Record<'nobody' | 'unseen', Expr>> {
  const own = identityLabels(service, slo);
  const seen = selector(evidence, own);
  if (evidence === recorded.instanceEvents) {
    const answering = selector(recorded.instances, own);
    return { nobody: call('absent', answering), unseen: unless(answering, seen, on()) };
  }
  const answering = targetsUp(service);
  return {
    nobody: unless(call('absent', seen), answering, on()),
    unseen: binary('and', call('absent', seen), answering, { matching: on() }),
  };
}
