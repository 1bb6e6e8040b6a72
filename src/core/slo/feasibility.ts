import type { Duration, Ratio } from '../base/index.ts';
import { budgetShareAt, maximumBurnRate } from './burn-rate.ts';

/**
 * What makes an alert of a burn rate useless: it fires while the promise is kept (`within-budget`), no outage can reach it (`never`), or
 * the budget is gone before it fires (`after-exhaustion`).
 */
export type TierFlaw = 'within-budget' | 'never' | 'after-exhaustion';

/** An alert on a burn rate, with as much as is known of where it is used. */
export interface TierInUse {
  readonly burnRate: number;
  readonly longWindow?: Duration;
  readonly period?: Duration;
  readonly errorBudget?: Ratio;
}

/**
 * Every flaw of a tier, the worst first. A burn rate of exactly 1 is no flaw: the workbook's slowest tier watches for what would spend the
 * whole budget.
 */
export function tierFlaws({ burnRate, longWindow, period, errorBudget }: TierInUse): readonly TierFlaw[] {
  const flaws: TierFlaw[] = [];
  if (burnRate < 1) flaws.push('within-budget');
  if (errorBudget !== undefined && maximumBurnRate(errorBudget) <= burnRate) flaws.push('never');
  if (longWindow !== undefined && period !== undefined && 1 <= budgetShareAt(burnRate, longWindow, period)) {
    flaws.push('after-exhaustion');
  }
  return flaws;
}
