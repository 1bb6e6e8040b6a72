import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import type { Check } from '../check.ts';
import { bucketProblem, histogramBucketBoundText } from '../shared-checks.ts';

/** The buckets that a definition declares were looked at when it was read; these are the ones that are there. */
export const histogramBucketBound: Check = {
  ...histogramBucketBoundText,
  run: ({ slos }, { metrics: known }) => {
    if (known === undefined) return [];
    const there = new Map(known.metrics.map((metric) => [metric.name, metric]));
    return slos.flatMap(({ name, indicator }) => {
      if (indicator.kind !== 'distribution') return [];
      const { below, histogram } = indicator;
      const [metric] = selectorsOf(histogram).flatMap((selector) => there.get(metricNameOf(selector) ?? '') ?? []);
      const buckets = metric?.buckets;
      // Of a native histogram any bound can be told.
      if (metric === undefined || buckets === undefined) return [];
      // The last bucket bound is as good as any: what an objective counts is exact at each of them.
      if (buckets.includes(below)) return [];
      const message = bucketProblem(metric.name, buckets, below);
      if (message === undefined) return [];
      const listed = buckets.slice(0, mostListed).join(', ');
      const help = `${known.from} shows buckets up to ${listed}${mostListed < buckets.length ? ' and more' : ''}`;
      return [{ message, help, path: ['slos', name, 'below'] }];
    });
  },
};

/** How many bounds a remedy lists. */
const mostListed = 20;
