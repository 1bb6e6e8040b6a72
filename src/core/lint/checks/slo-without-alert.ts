import type { Check } from '../check.ts';

/** A promise that nobody hears breaking. */
export const sloWithoutAlert: Check = {
  id: 'slo-without-alert',
  severity: 'info',
  meaning: 'An objective has no alerts: its budget can be spent without anyone being told.',
  remedy: 'remove `alerts: none`, unless the objective is for reports only',
  run: (service) =>
    service.slos
      .filter(
        ({ alerts, conditionAlerts, lifecycle }) =>
          alerts.length === 0 && conditionAlerts.length === 0 && (lifecycle === 'active' || lifecycle === 'pending'),
      )
      .map(({ name }) => ({ message: `\`${name}\` has no alerts`, path: ['slos', name, 'alerts'] })),
};
