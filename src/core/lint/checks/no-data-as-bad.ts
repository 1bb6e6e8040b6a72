import type { Check } from '../check.ts';

/** An objective on events spends its budget by bad events; time without data has none that could be counted. */
export const noDataAsBad: Check = {
  id: 'no-data-as-bad',
  severity: 'warning',
  meaning: 'Time without data is meant to count as bad, but an objective on events has no events to count then.',
  remedy: 'leave `noData` out and rely on the alert about missing series, or measure from outside with a probe',
  run: (service) =>
    service.slos
      .filter(({ noData, measure }) => noData === 'bad' && measure.kind === 'events')
      .map(({ name }) => ({
        message: `\`${name}\` cannot take time without data for bad: there are no events to count`,
        path: ['slos', name, 'noData'],
      })),
};
