import {
  type AlertProfile,
  type ErrorBudgetPolicy,
  policiesOn,
  profileLevels,
  type Service,
  type Slo,
} from '../../slo/index.ts';
import type { World } from './made-series.ts';

/** A figure at each evaluation; undefined where there is none, or where none can be told. */
export type Budget = (evaluation: number) => number | undefined;

/**
 * The level of the profile that policies turn on for an objective, by what is left of the budgets of its groups; undefined where the budgets
 * of other objectives decide.
 */
export function levelAt(service: Service, slo: Slo, budgets: readonly Budget[]): Budget {
  const policies = policiesOn(service, slo);
  return (evaluation) => {
    const known = budgets.map((budget) => budget(evaluation)).filter((budget) => budget !== undefined);
    if (known.length === 0) return undefined;
    const worst = Math.min(...known);
    const levels = policies.map((policy) => levelBy(policy, slo, worst));
    const highest = Math.max(...levels.map((level) => level ?? 0));
    const possible = Math.max(...policies.flatMap(({ states }) => states.map(({ profile }) => profileLevels[profile])));
    return levels.includes(undefined) && highest < possible ? undefined : highest;
  };
}

/** Others that a policy watches can only make the worst budget worse, which changes nothing once it is in the last state. */
function levelBy({ states, slos, combine }: ErrorBudgetPolicy, { name }: Slo, budget: number): number | undefined {
  const state = states.find(({ above }) => above === undefined || above < budget);
  if (state === undefined) return undefined;
  const isAlone = combine === 'each' || slos.every((one) => one === name);
  return isAlone || state === states.at(-1) ? profileLevels[state.profile] : undefined;
}

/** When an alert of a profile is active. Where its level can't be told both is possible, and seen in different views. */
export function isTurnedOn(
  isActive: (evaluation: number) => boolean,
  profile: AlertProfile = 'standard',
  level: Budget,
  { atBounds }: Pick<World, 'atBounds'>,
): (evaluation: number) => boolean {
  const needed = profileLevels[profile];
  if (needed === 0) return isActive;
  return (evaluation) => {
    if (!isActive(evaluation)) return false;
    const on = level(evaluation);
    return on === undefined ? atBounds === 'above' : needed <= on;
  };
}
