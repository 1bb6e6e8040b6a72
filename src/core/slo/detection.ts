import type { Duration, Ratio } from '../base/index.ts';
import { budgetConsumed, budgetShareAt, burnRateOf } from './burn-rate.ts';
import type { BurnRateTier } from './model/alert.ts';
import {
  clearingTime,
  crossingTime,
  type Firing,
  firingEvaluations,
  type Incident,
  type Step,
  windowAlert,
} from './window-alert.ts';

/** How long after its start an endless incident is detected, `for` aside; undefined if never. It depends on the long window only. */
export function detectionTime(tier: BurnRateTier, errorBudget: Ratio, incident: Step): Duration | undefined {
  return crossingTime(windowAlert(tier, errorBudget), incident);
}

/** How long after the end of a detected incident the condition still holds: until the short window is clean enough. */
export function resetTime(tier: BurnRateTier, errorBudget: Ratio, incident: Step): Duration | undefined {
  return clearingTime(windowAlert(tier, errorBudget), incident);
}

/** When a tier fires for an incident, evaluated every `interval` from its start on; undefined if it never does. */
export function firingOnGrid(
  tier: BurnRateTier,
  errorBudget: Ratio,
  incident: Incident,
  interval: Duration,
): Firing | undefined {
  return firingEvaluations(windowAlert(tier, errorBudget), incident, { interval });
}

/**
 * Whether an incident out of nothing is one for this tier: it burns faster than the tier's rate, and it spends at least the share of the
 * budget at which the tier fires. For incidents no longer than the long window this is the same as being detected before the end.
 */
export function concerns(
  tier: BurnRateTier,
  errorBudget: Ratio,
  period: Duration,
  incident: Omit<Incident, 'background'>,
): boolean {
  const burning = tier.burnRate * (1 + precision) < burnRateOf(incident.during, errorBudget);
  const length = Math.min(incident.length, tier.longWindow);
  const share = budgetShareAt(tier.burnRate, tier.longWindow, period);
  const spent = (budgetConsumed(incident.during, incident.length, errorBudget, period) * length) / incident.length;
  return burning && share * (1 - precision) <= spent;
}

/** Figures that differ by less, relatively, are the same: they are products of decimals, rounded a few times. */
const precision = 1e-9;
