import type { AlertProfile } from './model/alert.ts';
import type { ErrorBudgetPolicy } from './model/policy.ts';
import type { Service, Slo } from './model.ts';

/** Alerts of a profile are active from its level on: those of lower profiles stay. */
export const profileLevels: Readonly<Record<AlertProfile, number>> = { standard: 0, enhanced: 1, maximum: 2 };

/** The policies that decide on the profile of an objective's alerts, or on that of alerts of the service as a whole. */
export function policiesOn(
  { policies }: Pick<Service, 'policies'>,
  slo: Pick<Slo, 'name'> | undefined,
): readonly ErrorBudgetPolicy[] {
  return slo === undefined ? policies : policies.filter(({ slos }) => slos.includes(slo.name));
}

/** Whether a state of a policy ever turns a profile on. */
export function isReachable(
  service: Pick<Service, 'policies'>,
  slo: Pick<Slo, 'name'> | undefined,
  profile: AlertProfile,
): boolean {
  const states = policiesOn(service, slo).flatMap((policy) => policy.states);
  return profile === 'standard' || states.some((state) => profileLevels[profile] <= profileLevels[state.profile]);
}
