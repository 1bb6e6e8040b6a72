import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';

// A burn rate is a multiple of the rate that would spend the error budget exactly over the period (SRE workbook, chapter 5).

/** The burn rate that spends a share of the budget within a window: 2 % in 1 h of 30 d is 14.4. */
export function burnRateFor(budgetShare: Ratio, window: Duration, period: Duration): number {
  return (budgetShare * period) / window;
}

/** The share of the budget that a burn rate spends within a window; it is also what is spent when an alert on that window fires. */
export function budgetShareAt(burnRate: number, window: Duration, period: Duration): Ratio {
  return ratio((burnRate * window) / period);
}

/** The burn rate of an error ratio. */
export function burnRateOf(errorRatio: Ratio, errorBudget: Ratio): number {
  return errorRatio / errorBudget;
}

/** The error ratio that burns at a rate: above it an alert's window is in violation. */
export function errorRatioAt(burnRate: number, errorBudget: Ratio): Ratio {
  return ratio(burnRate * errorBudget);
}

/** How fast the budget burns when every event is bad. An alert at this rate or above it can never fire. */
export function maximumBurnRate(errorBudget: Ratio): number {
  return 1 / errorBudget;
}

/** The target above which an alert of this burn rate can fire: 93.06 % for 14.4. */
export function lowestTargetFor(burnRate: number): Ratio {
  return ratio(1 - 1 / burnRate);
}

/**
 * How long until the budget is spent if it goes on burning at this rate; undefined if that never happens.
 * The remaining share counts from 1 (untouched); an overspent budget is already spent.
 */
export function timeToExhaustion(remaining: Ratio, burnRate: number, period: Duration): Duration | undefined {
  if (remaining <= 0) return duration(0);
  return 0 < burnRate ? duration((remaining * period) / burnRate) : undefined;
}

/** The share of the period's budget that a constant error ratio spends in a stretch of time, at average traffic. */
export function budgetConsumed(errorRatio: Ratio, length: Duration, errorBudget: Ratio, period: Duration): Ratio {
  return ratio((errorRatio * length) / (errorBudget * period));
}
