import type { Check } from '../check.ts';
import { sloWithoutAlertText } from '../shared-checks.ts';

/** A promise that nobody hears breaking. */
export const sloWithoutAlert: Check = {
  ...sloWithoutAlertText,
  ownOnly: true,
  run: (service) =>
    service.slos
      .filter(
        ({ alerts, conditionAlerts, lifecycle }) =>
          alerts.length === 0 && conditionAlerts.length === 0 && (lifecycle === 'active' || lifecycle === 'pending'),
      )
      .map(({ name }) => ({ message: `\`${name}\` has no alerts`, path: ['slos', name, 'alerts'] })),
};
