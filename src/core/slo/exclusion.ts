import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';
import type { EventCounts } from './error-budget.ts';
import type { Exclusion } from './model/policy.ts';
import type { Service, Slo } from './model.ts';

/** The exclusions that touch an objective. */
export function exclusionsOf({ exclusions }: Service, slo: Slo): readonly Exclusion[] {
  return exclusions.filter(({ slos }) => slos.includes(slo.name));
}

/** A stretch of time, from its start up to its end. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Downtime in a period, and how much of both lies in windows that are excluded (maintenance). */
export interface ExcludedDowntime {
  readonly period: Duration;
  readonly down: Duration;
  readonly excluded: Duration;
  readonly downExcluded: Duration;
}

/** What is left of a time budget with nothing excluded; negative when it is overspent. */
export function remainingTime({ period, down }: Pick<ExcludedDowntime, 'period' | 'down'>, errorBudget: Ratio): Ratio {
  return ratio(1 - down / (errorBudget * period));
}

/** The same if excluded windows are taken out of the period, which shrinks the budget with it (Datadog's monitor objectives). */
export function remainingWithoutExcluded(downtime: ExcludedDowntime, errorBudget: Ratio): Ratio {
  const period = duration(downtime.period - downtime.excluded);
  return remainingTime({ period, down: duration(downtime.down - downtime.downExcluded) }, errorBudget);
}

/** The same if excluded windows count as good: the budget stays what it is (Datadog's time slices). */
export function remainingWithExcludedAsGood(downtime: ExcludedDowntime, errorBudget: Ratio): Ratio {
  return remainingTime({ ...downtime, down: duration(downtime.down - downtime.downExcluded) }, errorBudget);
}

/** How much time stretches cover together; where they overlap it counts once. */
export function coveredTime(stretches: readonly Stretch[]): Duration {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, end } of [...stretches].sort((a, b) => a.start - b.start)) {
    covered += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return duration(covered);
}

/** The events that count if those in excluded windows, good and bad alike, don't. */
export function withoutExcludedEvents(counts: EventCounts, excluded: EventCounts): EventCounts {
  return { bad: Math.max(0, counts.bad - excluded.bad), total: Math.max(0, counts.total - excluded.total) };
}
