import type { Metric } from '../../slo/index.ts';
import type { Check } from '../check.ts';
import type { KnownMetric } from '../known-metrics.ts';

/** A catalogue is only as good as it is true: what was read and checked by it was read and checked wrongly. */
export const metricDeclaration: Check = {
  id: 'metric-declaration',
  severity: 'warning',
  meaning:
    'What the catalogue of a definition says of a metric is not so on the page or the server that `--metrics` or `--online` named.',
  remedy: 'correct the entry, or the instrumentation',
  run: ({ metrics }, { metrics: known }) => {
    if (known === undefined || metrics.size === 0) return [];
    const there = new Map(known.metrics.map((metric) => [metric.name, metric]));
    return [...metrics.values()].flatMap((declared) => {
      const found = there.get(declared.name);
      if (found === undefined) return [];
      return differences(declared, found).map(({ message, key }) => ({
        message: `${message} (${known.from})`,
        path: ['metrics', declared.name, key],
      }));
    });
  },
};

interface Difference {
  readonly message: string;
  readonly key: 'type' | 'unit' | 'buckets' | 'labels';
}

function differences(declared: Metric, found: KnownMetric): readonly Difference[] {
  const { name } = declared;
  const result: Difference[] = [];
  if (found.exact !== undefined && found.exact !== declared.type)
    result.push({ key: 'type', message: `\`${name}\` is declared a ${declared.type} and is a ${found.exact}` });
  if (found.unit !== undefined && declared.unit !== undefined && found.unit !== declared.unit)
    result.push({ key: 'unit', message: `\`${name}\` is declared in ${declared.unit} and is in ${found.unit}` });
  const missing = declared.buckets.filter((bound) => found.buckets?.includes(bound) === false);
  if (0 < missing.length)
    result.push({ key: 'buckets', message: `\`${name}\` has no bucket of ${missing.join(', ')}` });
  if (found.labelsKnown === true) {
    const lost = [...declared.labels.keys()].filter((label) => !found.labels.includes(label));
    const noun = lost.length === 1 ? 'label' : 'labels';
    if (0 < lost.length)
      result.push({
        key: 'labels',
        message: `\`${name}\` is declared with the ${noun} ${lost.join(', ')}, and has none such`,
      });
  }
  return result;
}
