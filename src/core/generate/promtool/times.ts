import { type Duration, duration, ratio } from '../../base/index.ts';
import { type BurnRateTier, firingEvaluations, type Slo, windowAlert } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';

/** The evaluations, counted from the start of an incident, between which an alert must begin to fire and end. */
export interface FiringTimes {
  /** The last evaluation at which it must not fire yet, and the first at which it must. */
  readonly notBefore: Duration;
  readonly notAfter: Duration;
  /** The last evaluation at which it must still fire, and the first at which it must not any more. */
  readonly endsAfter: Duration;
  readonly endsBefore: Duration;
}

/** A stretch of constant errors in constant traffic. */
export interface TestIncident {
  readonly errorRatio: number;
  readonly length: Duration;
}

/**
 * When a tier fires for an incident, by the closed form (`slo/window-alert.ts`); undefined if it never does. Windows that are summed at every
 * evaluation are exact. Those of the slow level know of an event one or two coarse steps later, so that only an earliest and a latest
 * evaluation can be said: the closed form, and the same two steps and an evaluation later.
 */
export function firingTimes(
  slo: Slo,
  tier: BurnRateTier,
  { errorRatio, length }: TestIncident,
  levels: Levels,
): FiringTimes | undefined {
  const { interval } = levels;
  const incident = { background: ratio(0), during: ratio(errorRatio), length };
  const firing = firingEvaluations(windowAlert(tier, slo.target.errorBudget), incident, { interval });
  if (firing === undefined) return undefined;
  const delay = levels.slowWindows.includes(tier.longWindow) ? 2 * levels.coarseStep + interval : 0;
  const endDelay = levels.slowWindows.includes(tier.shortWindow) ? 2 * levels.coarseStep + interval : 0;
  return {
    notBefore: duration(firing.first - interval),
    notAfter: duration(firing.first + delay),
    endsAfter: firing.last,
    endsBefore: duration(firing.last + interval + endDelay + (tier.keepFiringFor ?? 0)),
  };
}
