import type { Check } from '../check.ts';

/** A burn rate just above one is still as good as one: the period ends before it matters. */
const nearOne = 1.5;

/** What burns slower than the slowest alert spends the whole budget in silence. */
export const alertGap: Check = {
  id: 'alert-gap',
  severity: 'info',
  meaning:
    'No alert sees a slow burn: below the lowest burn rate the budget is spent before the period ends, in silence.',
  remedy: 'add a ticket with a burn rate of 1 over some days',
  run: (service) =>
    service.slos.flatMap(({ name, alerts, period }) => {
      const lowest = Math.min(...alerts.map(({ burnRate }) => burnRate));
      if (alerts.length === 0 || lowest <= nearOne) return [];
      const days = Math.round((10 * period.length) / lowest / 86_400_000) / 10;
      const message = `in \`${name}\` burns up to ${lowest} raise no alert: the budget can be gone in ${days} days unseen`;
      return [{ message, path: ['slos', name, 'alerts'] }];
    }),
};
