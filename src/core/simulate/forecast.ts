import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';
import { timeToExhaustion } from '../slo/index.ts';

/** A share of the budget that comes back, because the bad events that spent it leave a rolling period. */
export interface Expiry {
  readonly after: Duration;
  readonly share: Ratio;
}

/**
 * How long a budget lasts at a constant burn rate if parts of it come back on the way; undefined if for ever. A rolling period forgets:
 * with 40 % left at a burn rate of 2 the budget of 30 d lasts 6 days, or 12 if an incident that cost 40 % leaves it tomorrow.
 */
export function exhaustionWithExpiries(
  remaining: Ratio,
  burnRate: number,
  period: Duration,
  expiries: readonly Expiry[],
): Duration | undefined {
  let budget: number = remaining;
  for (const { after, share } of [...expiries].sort((a, b) => a.after - b.after)) {
    const exhausted = timeToExhaustion(ratio(budget), burnRate, period);
    if (exhausted !== undefined && exhausted <= after) return exhausted;
    budget += share;
  }
  return timeToExhaustion(ratio(budget), burnRate, period);
}

/** How far a calendar period has come, and what it has cost. */
export interface CalendarState {
  readonly period: Duration;
  readonly elapsed: Duration;
  /** The share of the whole period's budget that is spent. */
  readonly consumed: Ratio;
}

/** The mean burn rate of a calendar period so far; undefined at its very beginning. */
export function averageBurnRate({ period, elapsed, consumed }: CalendarState): number | undefined {
  return 0 < elapsed ? (consumed * period) / elapsed : undefined;
}

/** The burn rate that spends what is left exactly at the end of a calendar period: 0 if nothing is left; undefined once it is over. */
export function sustainableBurnRate({ period, elapsed, consumed }: CalendarState): number | undefined {
  return elapsed < period ? (Math.max(0, 1 - consumed) * period) / (period - elapsed) : undefined;
}

/** Whether a calendar period runs out of budget before it ends, if it goes on burning at this rate. */
export function exhaustsBeforeEnd({ period, elapsed, consumed }: CalendarState, burnRate: number): boolean {
  return 1 < consumed + (burnRate * (period - elapsed)) / period;
}

/** An alert on the time that is left, as Honeycomb has it. */
export interface ExhaustionAlert {
  readonly lookback: Duration;
  readonly burnRate: number;
}

/**
 * The burn rate from which on a budget lasts no longer than a horizon, and the stretch to measure it over: a quarter of the horizon, long
 * enough to be calm and short enough to leave time.
 */
export function exhaustionAlert(horizon: Duration, remaining: Ratio, period: Duration): ExhaustionAlert {
  return { lookback: duration(horizon / 4), burnRate: (remaining * period) / horizon };
}
