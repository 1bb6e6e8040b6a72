import type { Service } from '../../slo/index.ts';
import type { Check } from '../check.ts';

/** Alerts without an owner reach nobody in particular. */
export const missingOwner: Check = {
  id: 'missing-owner',
  severity: 'warning',
  meaning: 'The service has alerts but no owner that they could be routed to.',
  remedy: 'add `owner:` with the name of the team',
  ownOnly: true,
  run: (service) => {
    if (service.owner !== '' || !hasAlerts(service)) return [];
    return [{ message: `nobody owns the alerts of \`${service.name}\``, path: ['service'] }];
  },
};

function hasAlerts({ slos, alerts }: Service): boolean {
  return 0 < alerts.length || slos.some((slo) => 0 < slo.alerts.length + slo.conditionAlerts.length);
}
