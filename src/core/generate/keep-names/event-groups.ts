import { type Duration, duration, formatDuration, hour } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RuleGroup } from '../../rules/index.ts';
import type { BurnRateTier, Service, Slo } from '../../slo/index.ts';
import type { Counters } from '../counters.ts';
import { type Levels, levelsOf } from '../levels.ts';
import { eventsLabel, identityLabels, ownEvents, recorded, windowLabel } from '../names.ts';
import { eventRules } from '../rules/event-rules.ts';
import { named, namingOf } from '../rules/naming.ts';
import { periodSumRules } from '../rules/period-rules.ts';
import { slowRules } from '../rules/slow-rules.ts';
import { stepRules } from '../rules/steps.ts';
import { latestSlow } from '../rules/sums.ts';
import { fastWindowRules } from '../rules/window-rules.ts';

const { call, compare, divide, selector, sum } = build;

/** With no window but the period to count, this one holds what there has been until the period's first sum is made. */
const firstHour = hour;

/** How the events of an objective are recorded, for rules of other names to read. */
export interface Events {
  readonly groups: readonly RuleGroup[];
  /** What the share of the period is, for whoever opens the file. */
  readonly periodComment: string;
  /** Bad events of a window or of the period, without labels; below zero never. */
  badIn(window: Duration): Expr;
  /** The share of bad events in a window or in the period, without labels; none without events. */
  errorRatioIn(window: Duration): Expr;
  /** How much of a window was seen, up to 1. */
  fillOf(window: Duration): Expr;
}

/**
 * The rules that record increases exactly, and of them the sums that are asked for: those of the windows and of the period. They are the
 * rules that Nines makes for itself, without its figures, whose names other tools use for theirs.
 */
export function eventsOf(
  service: Service,
  defined: Slo,
  counters: Counters,
  windows: readonly Duration[],
  interval: Duration,
): Events {
  // The other tools know one period.
  const slo = { ...defined, furtherPeriods: [] };
  const levels = levelsOf({ ...slo, alerts: (windows.length === 0 ? [firstHour] : windows).map(tierOver) }, interval);
  const own = identityLabels(service, slo);
  const sumOf = (which: 'total' | 'bad', window: Duration): Expr => sum(sumIn(levels, own, which, window));
  const badIn = (window: Duration): Expr => call('clamp_min', sumOf('bad', window), 0);
  return {
    groups: groupsOf(service, slo, counters, levels),
    periodComment: 'Weighted by events and recorded by Nines, where Sloth has the mean of the ratios of five minutes.',
    badIn,
    errorRatioIn: (window) => divide(badIn(window), compare('>', sumOf('total', window), 0)),
    fillOf: (window) =>
      call('clamp_max', divide(sum(selector(recorded.periodObserved, own)), duration(window) / 1000), 1),
  };
}

function groupsOf(service: Service, slo: Slo, counters: Counters, levels: Levels): readonly RuleGroup[] {
  const { interval } = levels;
  const name = `nines-${service.name}-${slo.name}`;
  const group = (suffix: string, every: Duration, rules: RuleGroup['rules']): RuleGroup => ({
    name: `${name}${suffix}`,
    interval: every,
    labels: new Map(),
    rules,
  });
  const own = identityLabels(service, slo);
  const naming = namingOf(service.name, [slo.name]);
  const events = eventRules({ service, counters, interval, own, records: ownEvents, groups: [] });
  const fast = group('', interval, [
    ...events.map((rule) => named(rule, naming)),
    ...stepRules(service, slo, levels),
    ...fastWindowRules(service, slo, levels),
    ...periodSumRules(service, slo, levels),
  ]);
  return [...[...slowRules(service, slo, levels)].map(([step, rules]) => group('-slow', step, rules)), fast];
}

function sumIn(levels: Levels, own: Readonly<Record<string, string>>, which: 'total' | 'bad', window: Duration): Expr {
  const kind = { ...own, [eventsLabel]: which };
  if (window === levels.period) return selector(recorded.periodEvents, kind);
  const name = recorded.windowEvents;
  const conditions = { ...kind, [windowLabel]: formatDuration(window) };
  return levels.slowWindows.includes(window) ? latestSlow(name, conditions, levels) : selector(name, conditions);
}

/** The levels are chosen by the windows of alerts. */
function tierOver(window: Duration): BurnRateTier {
  return { severity: 'ticket', longWindow: window, shortWindow: window, burnRate: 1, holdFor: duration(0) };
}
