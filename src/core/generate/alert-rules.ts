import { type Diagnostic, type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr, metricNameOf, selectorsOf } from '../promql/index.ts';
import type { AlertingRule, RecordingRule } from '../rules/index.ts';
import {
  type BurnRateTier,
  budgetShareAt,
  expressionsOf,
  maximumBurnRate,
  type Service,
  type Severity,
  type Slo,
} from '../slo/index.ts';
import { alertLabels } from './alert-labels.ts';
import { linksOf, topOffenders } from './alert-links.ts';
import { burnAnnotations, missingAnnotations } from './alert-text.ts';
import { about } from './codes.ts';
import { conditionAlertRules } from './condition-alerts.ts';
import { targetsUp } from './increase.ts';
import type { Levels } from './levels.ts';
import { literal } from './literal.ts';
import { alertNames, groupIdentity, identityLabels, recorded, windowLabel } from './names.ts';
import type { GenerateOptions } from './options.ts';
import { isPending } from './pending.ts';
import { isReachable, profileRules, whileActive } from './profile-rules.ts';
import { latestSlow } from './sums.ts';

const { binary, call, compare, multiply, on, selector, unless } = build;

const noTime = duration(0);

/** Fewer bad events than this never raise an alert, whatever the definition says. A slice holds many evaluations or events by itself. */
function fewestBad({ measure }: Slo): number {
  return measure.kind === 'events' ? 2 : 1;
}

export interface Alerts {
  /** What they need to have recorded of counters, and of the policies that turn them on. */
  readonly watches: readonly RecordingRule[];
  readonly profiles: readonly RecordingRule[];
  readonly rules: readonly AlertingRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The alerts of an SLO: one for each tier that can fire, those on conditions, and those for missing data. An SLO without any of the first
 * two alerts nobody.
 */
export function alertRules(
  service: Service,
  slo: Slo,
  levels: Levels,
  evidence: string,
  options: GenerateOptions,
): Alerts {
  const { tiers, diagnostics } = usefulTiers(service, slo);
  const burning = tiers.map((tier) => burnAlert(service, slo, tier, levels, options));
  const conditions = conditionAlertRules({ service, slo }, slo.conditionAlerts, options);
  const alerts = [...burning, ...conditions.alerts];
  return {
    watches: conditions.recordings,
    profiles: alerts.some(({ labels }) => labels.has('profile'))
      ? profileRules(service, slo, identityLabels(service, slo))
      : [],
    rules: [...alerts, ...missingAlerts(service, slo, evidence, options)],
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
  const names = new Set(expressionsOf(indicator).flatMap(selectorsOf).map(metricNameOf));
  return groupBy.reduce((product, label) => {
    const counts = [...metrics.values()].map((metric) =>
      names.has(metric.name) ? (metric.labels.get(label)?.length ?? 0) : 0,
    );
    return product * Math.max(1, ...counts);
  }, 1);
}

/**
 * Fires while both windows burn faster than the tier says and the long one holds enough bad events. The long window's burn rate counts
 * in proportion to how full the window is, as if nothing had gone wrong before there was data: otherwise the first errors of a new
 * objective would look like three bad days.
 */
function burnAlert(
  service: Service,
  slo: Slo,
  tier: BurnRateTier,
  levels: Levels,
  options: GenerateOptions,
): AlertingRule {
  const own = identityLabels(service, slo);
  const long = { ...own, [windowLabel]: formatDuration(tier.longWindow) };
  const short = { ...own, [windowLabel]: formatDuration(tier.shortWindow) };
  const sameSlo = on(...groupIdentity(slo));
  const burning = multiply(selector(recorded.burnRate, long), selector(recorded.windowFill, long), sameSlo);
  const stillBurning = compare('>', selector(recorded.burnRate, short), tier.burnRate);
  const enough = compare(
    '>=',
    eventsIn(recorded.badEvents, long, tier.longWindow, levels),
    Math.max(fewestBad(slo), slo.minimumBadEvents),
  );
  const many = compare('>=', eventsIn(recorded.totalEvents, long, tier.longWindow, levels), slo.minimumEvents);
  const expr = [stillBurning, enough, ...(0 < slo.minimumEvents ? [many] : [])].reduce<Expr>(
    (left, right) => binary('and', left, right, { matching: sameSlo }),
    compare('>', burning, tier.burnRate),
  );
  const { name = alertNames.burn, profile = 'standard' } = tier;
  const offenders = topOffenders(service, slo, tier.shortWindow);
  return {
    kind: 'alerting',
    alert: name,
    expr: whileActive(expr, profile, own),
    holdFor: tier.holdFor,
    keepFiringFor: tier.keepFiringFor ?? noTime,
    labels: alertLabels(
      { service, slo },
      { severity: tier.severity, profile, more: { [windowLabel]: formatDuration(tier.longWindow) } },
    ),
    annotations: new Map([
      ...burnAnnotations(service, slo, tier),
      ...(offenders === undefined ? [] : ([['top_offenders_query', literal(offenders)]] as const)),
      ...linksOf({ service, slo }, options, undefined),
    ]),
  };
}

function eventsIn(name: string, long: Readonly<Record<string, string>>, window: Duration, levels: Levels): Expr {
  return levels.slowWindows.includes(window) ? latestSlow(name, long, levels) : selector(name, long);
}

/**
 * Two alerts for missing data. No target answers: nobody measures any more, and the service is probably down, so it wakes whoever the
 * budget would wake. Targets answer without the metric: a ticket.
 */
function missingAlerts(
  service: Service,
  slo: Slo,
  evidence: string,
  options: GenerateOptions,
): readonly AlertingRule[] {
  const severities = [...slo.alerts, ...slo.conditionAlerts].map(({ severity }) => severity);
  // What a composite misses its members miss, and say so.
  if (slo.indicator.kind === 'composite') return [];
  if (severities.length === 0 || slo.noData === 'good' || isPending(service, slo)) return [];
  const absent = call('absent', selector(evidence, identityLabels(service, slo)));
  const answering = targetsUp(service);
  const severity = severities.includes('page') ? 'page' : 'ticket';
  const alert = (expr: Expr, reason: string, level: Severity, up: boolean): AlertingRule => ({
    kind: 'alerting',
    alert: alertNames.missing,
    expr,
    holdFor: slo.absentFor,
    keepFiringFor: noTime,
    labels: alertLabels({ service, slo }, { severity: level, more: { reason } }),
    annotations: new Map([...missingAnnotations(service, slo, up), ...linksOf({ service, slo }, options, undefined)]),
  });
  return [
    alert(unless(absent, answering, on()), 'no-target', severity, false),
    alert(binary('and', absent, answering, { matching: on() }), 'no-metric', 'ticket', true),
  ];
}
