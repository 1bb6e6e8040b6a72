import { type AlertProfile, profileLevels, type Service } from '../../slo/index.ts';
import type { Check } from '../check.ts';

/** A policy that says "maximum monitoring" and switches nothing promises what nobody keeps. */
export const profileWithoutAlert: Check = {
  id: 'profile-without-alert',
  severity: 'warning',
  meaning: 'A state of a policy turns on a profile that no alert has: the switch changes nothing.',
  remedy: 'give the alerts that are to come with that state the profile, or leave it out of the state',
  run: (service) =>
    service.policies.flatMap((policy) => {
      const levels = alertProfiles(service, policy.slos).map((profile) => profileLevels[profile]);
      let before = profileLevels.standard;
      return policy.states.flatMap(({ name, profile }) => {
        const level = profileLevels[profile];
        const isEmpty = before < level && !levels.some((one) => before < one && one <= level);
        const beyond = before === profileLevels.standard ? '' : ' beyond those of the state before';
        before = Math.max(before, level);
        if (!isEmpty) return [];
        const message = `the state \`${name}\` of \`${policy.name}\` turns on \`${profile}\` and with it no alert${beyond}`;
        return [{ message, path: ['policies', policy.name, 'states', name, 'profile'] }];
      });
    }),
};

/** The profiles of the alerts that a policy on these objectives decides about. */
function alertProfiles({ alerts, slos }: Service, watched: readonly string[]): readonly AlertProfile[] {
  return [
    ...alerts.map(({ profile }) => profile),
    ...slos
      .filter(({ name }) => watched.includes(name))
      .flatMap((slo) => [
        ...slo.alerts.map(({ profile }) => profile ?? 'standard'),
        ...slo.conditionAlerts.map(({ profile }) => profile),
      ]),
  ];
}
