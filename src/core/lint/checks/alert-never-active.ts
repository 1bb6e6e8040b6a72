import { isReachable } from '../../slo/index.ts';
import type { Check } from '../check.ts';

/** Alerts of a profile above the standard one wait for a policy to turn it on. */
export const alertNeverActive: Check = {
  id: 'alert-never-active',
  severity: 'warning',
  meaning: 'An alert has a profile that no state of a policy on its objective turns on: it is never active.',
  remedy: 'name the profile in a state of a policy that watches the objective, or leave it out of the alert',
  run: (service) => [
    ...service.slos.flatMap((slo) => {
      const profiles = [
        ...slo.alerts.map(({ profile }) => profile ?? 'standard'),
        ...slo.conditionAlerts.map(({ profile }) => profile),
      ];
      const never = [...new Set(profiles)].filter((profile) => !isReachable(service, slo, profile));
      return never.map((profile) => ({
        message: `in \`${slo.name}\` alerts have the profile \`${profile}\`, and no state of a policy on it turns that on`,
        path: ['slos', slo.name, 'alerts'],
      }));
    }),
    ...service.alerts.flatMap(({ name, profile }, index) =>
      isReachable(service, undefined, profile)
        ? []
        : [
            {
              message: `\`${name}\` has the profile \`${profile}\`, and no state of a policy turns that on`,
              path: ['alerts', index, 'profile'],
            },
          ],
    ),
  ],
};
