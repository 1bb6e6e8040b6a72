import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';

/** What is left of an error budget, in the three ways it is talked about; all are negative when it is overspent. */
export interface RemainingBudget {
  /** 1 untouched, 0 spent. */
  readonly ratio: Ratio;
  /** Bad events that the traffic of the period so far still allows. */
  readonly events: number;
  /** How long a full outage at average traffic would take to spend the rest. An objective on events has no minutes of its own. */
  readonly time: Duration;
}

/** The events of a period. */
export interface EventCounts {
  readonly bad: number;
  readonly total: number;
}

/**
 * The share of bad events; undefined without events. Two counters are never read at the same instant, so that slightly more good or bad
 * events than there are events in all can be counted: the share stays between 0 and 1.
 */
export function errorRatioOf({ bad, total }: EventCounts): Ratio | undefined {
  return 0 < total ? ratio(Math.min(Math.max(bad / total, 0), 1)) : undefined;
}

/** What is left of the budget; undefined without events: then nothing is known, which is not the same as fine. */
export function remainingBudget(
  counts: EventCounts,
  errorBudget: Ratio,
  period: Duration,
): RemainingBudget | undefined {
  const errors = errorRatioOf(counts);
  if (errors === undefined) return undefined;
  const remaining = remainingRatio(errors, errorBudget);
  return {
    ratio: remaining,
    events: remaining * allowedEvents(counts.total, errorBudget),
    time: duration(remaining * allowedTime(errorBudget, period)),
  };
}

/**
 * The share of the budget that a share of bad events leaves. An invariant has no budget: it is whole until the first violation, and gone
 * with it.
 */
export function remainingRatio(errors: Ratio, errorBudget: Ratio): Ratio {
  if (errorBudget === 0) return ratio(errors === 0 ? 1 : 0);
  return ratio(1 - errors / errorBudget);
}

/** The bad events that a target allows among so many events. It need not be whole. */
export function allowedEvents(total: number, errorBudget: Ratio): number {
  return total * errorBudget;
}

/** The time that a target allows a full outage to last within a period: 43.2 minutes for 99.9 % over 30 d. */
export function allowedTime(errorBudget: Ratio, period: Duration): Duration {
  return duration(errorBudget * period);
}
