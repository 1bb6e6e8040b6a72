import { type Duration, hour, type Ratio } from '../../base/index.ts';
import { type BurnRateTier, badEventsToFire, errorRatioAt, errorRatioOf, type Slo } from '../../slo/index.ts';
import type { DoctorRange, EventFacts, SelectorFacts } from './facts.ts';

/** The events of an objective by the steps of the range, NaN where nothing is known of them. */
export interface EventRows {
  readonly total: Float64Array;
  readonly bad: Float64Array;
}

/** What the traffic of the range makes of an alert. */
export interface TierFigures {
  readonly tier: BurnRateTier;
  /** Events that its long window holds on average. */
  readonly events: number;
  /** Bad events among them that fire it, the minimum of the objective included. */
  readonly badEvents: number;
}

/** The figures of an objective in the range. */
export interface EventFigures {
  readonly rows: EventRows;
  readonly total: number;
  readonly bad: number;
  readonly errorRatio?: Ratio;
  readonly eventsPerHour: number;
  readonly series: number;
  readonly tiers: readonly TierFigures[];
}

/** Adds up what was gathered. */
export function eventFigures(slo: Slo, facts: EventFacts, range: DoctorRange): EventFigures {
  const total = sumOf(facts.total);
  const counted = sumOf(facts.counted);
  const bad = facts.counts === 'bad' ? orZero(counted, total) : total.map((all, i) => all - (counted[i] || 0));
  const rows: EventRows = { total, bad };
  const sums = { total: added(total), bad: added(bad) };
  const errorRatio = errorRatioOf(sums);
  const seen = total.reduce((steps, value) => steps + (Number.isNaN(value) ? 0 : 1), 0) * range.step;
  const eventsPerHour = seen === 0 ? 0 : (sums.total / seen) * hour;
  return {
    rows,
    ...sums,
    ...(errorRatio !== undefined && { errorRatio }),
    eventsPerHour,
    series: Math.max(0, ...facts.total.flatMap(({ series }) => Math.max(0, ...series))),
    tiers: slo.alerts.map((tier) => tierFigures(slo, tier, eventsPerHour)),
  };
}

function tierFigures(slo: Slo, tier: BurnRateTier, eventsPerHour: number): TierFigures {
  const events = (eventsPerHour * tier.longWindow) / hour;
  const byRatio = badEventsToFire(errorRatioAt(tier.burnRate, slo.target.errorBudget), Math.round(events));
  return { tier, events, badEvents: Math.max(byRatio, slo.minimumBadEvents) };
}

function sumOf(facts: readonly SelectorFacts[]): Float64Array {
  const [first, ...rest] = facts;
  if (first === undefined) return new Float64Array();
  return first.increase.map((value, i) => {
    const values = [value, ...rest.map(({ increase }) => increase[i] ?? Number.NaN)].filter(
      (each) => !Number.isNaN(each),
    );
    return values.length === 0 ? Number.NaN : values.reduce((sum, each) => sum + each, 0);
  });
}

/** A series of bad events may be born with the first one: where all events are known, none were counted before. */
function orZero(counted: Float64Array, total: Float64Array): Float64Array {
  return total.map((all, i) => (Number.isNaN(all) ? Number.NaN : counted[i] || 0));
}

function added(row: Float64Array): number {
  return row.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0);
}

/** Windows that rules of raw counters would read: those of the alerts, once each, and the period. */
export function windowsOf({ alerts, period }: Slo): readonly Duration[] {
  const windows = alerts.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]);
  return [...new Set([...windows, period.length])].sort((a, b) => a - b);
}
