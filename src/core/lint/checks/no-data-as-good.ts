import type { Check } from '../check.ts';

/** An exporter that is down looks like a perfect service. */
export const noDataAsGood: Check = {
  id: 'no-data-as-good',
  severity: 'warning',
  meaning: 'Time without data counts as good, so that an outage of the metrics looks like a perfect service.',
  remedy: 'leave `noData` out: nothing is known then, and missing series raise an alert of their own',
  run: (service) =>
    service.slos
      .filter(({ noData }) => noData === 'good')
      .map(({ name }) => ({ message: `\`${name}\` takes missing data for good`, path: ['slos', name, 'noData'] })),
};
