import type { Check } from '../check.ts';

/** Whoever is woken up wants to know what to do first. It is told once for a service. */
export const missingRunbook: Check = {
  id: 'missing-runbook',
  severity: 'info',
  meaning: 'Objectives page people without telling them what to do.',
  remedy: 'add `runbook:` with an address',
  ownOnly: true,
  run: (service) => {
    const without = service.slos.filter(
      ({ alerts, conditionAlerts, runbook }) =>
        runbook === undefined &&
        (alerts.some(({ severity }) => severity === 'page') ||
          conditionAlerts.some((alert) => alert.severity === 'page' && alert.runbook === undefined)),
    );
    const [first] = without;
    if (first === undefined) return [];
    const names = without.map(({ name }) => `\`${name}\``).join(', ');
    return [
      { message: `${names} page${without.length === 1 ? 's' : ''} without a runbook`, path: ['slos', first.name] },
    ];
  },
};
