import type { Metric } from '../../slo/index.ts';
import type { Check } from '../check.ts';
import { metricsOf } from '../selectors.ts';
import { metricUnusedText } from '../shared-checks.ts';

/** How many names a message lists. */
const mostListed = 3;

/** A catalogue that lists what nobody measures goes out of date unseen. It is told once for a service. */
export const metricUnused: Check = {
  ...metricUnusedText,
  run: (service) => {
    const used = new Set(metricsOf(service));
    const isUsed = ({ name, aliases = [] }: Metric): boolean =>
      [name, ...aliases].some((each) => ['', '_count', '_bucket', '_sum'].some((suffix) => used.has(each + suffix)));
    const unused = [...service.metrics].flatMap(([name, metric]) => (isUsed(metric) ? [] : [name]));
    const [first] = unused;
    if (first === undefined) return [];
    const listed = unused
      .slice(0, mostListed)
      .map((name) => `\`${name}\``)
      .join(', ');
    const rest = mostListed < unused.length ? ` and ${unused.length - mostListed} more` : '';
    return [{ message: `nothing uses ${listed}${rest}`, path: ['metrics', first] }];
  },
};
