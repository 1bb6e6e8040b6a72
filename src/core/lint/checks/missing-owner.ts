import type { Check } from '../check.ts';

/** Alerts without an owner reach nobody in particular. */
export const missingOwner: Check = {
  id: 'missing-owner',
  severity: 'warning',
  meaning: 'The service has alerts but no owner that they could be routed to.',
  remedy: 'add `owner:` with the name of the team',
  run: (service) => {
    if (service.owner !== '' || service.slos.every(({ alerts }) => alerts.length === 0)) return [];
    return [{ message: `nobody owns the alerts of \`${service.name}\``, path: ['service'] }];
  },
};
