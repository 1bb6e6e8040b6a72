import { duration, minute } from '../../base/index.ts';
import { build, selectorsOf } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import { isNativeHistogram, type Service, type Slo } from '../../slo/index.ts';
import { withSuffix } from '../counters.ts';
import { underEveryName } from '../former-names.ts';
import { identityLabels, quantileLabel, recorded } from '../names.ts';
import { record } from './record.ts';
import { labelled } from './sums.ts';

const { call, compare, or, range, sumBy } = build;

/** A quantile is shown as it is at the moment; no promise hangs on it. */
const current = duration(5 * minute);

/** The quantiles of a distribution that its objective wants shown. They are read from buckets, and are as exact as these are narrow. */
export function quantileRules(service: Service, slo: Slo): readonly RecordingRule[] {
  const { indicator, quantiles, groupBy } = slo;
  if (indicator.kind !== 'distribution' || quantiles.length === 0) return [];
  const rates = selectorsOf(indicator.histogram).map((base) => {
    const isNative = isNativeHistogram(base, service.metrics);
    return underEveryName(service, call('rate', range(isNative ? base : withSuffix(base, '_bucket'), current)));
  });
  const parts = rates.map((rate, index) => {
    const sum = sumBy(['le', ...groupBy], rate);
    if (rates.length === 1) return sum;
    return labelled(sum, 'nines_term', String(index));
  });
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  const all = rest.length === 0 ? first : sumBy(['le', ...groupBy], or(first, ...rest));
  return quantiles.map((quantile, index) =>
    record(
      recorded.quantile,
      // Without observations there is no quantile, and NaN is not recorded.
      compare('>', call('histogram_quantile', quantile, all), Number.NEGATIVE_INFINITY),
      { ...identityLabels(service, slo), [quantileLabel]: String(quantile) },
      index === 0 ? 'Quantiles over 5m, to look at.' : undefined,
    ),
  );
}
