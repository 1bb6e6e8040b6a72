import { type Duration, duration, minute } from '../../base/index.ts';
import { build, type Expr, metricNameOf, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import { type DistributionIndicator, metricOf, type Service } from '../../slo/index.ts';
import { bucket, withSuffix } from '../counters.ts';
import { underEveryName } from '../former-names.ts';
import { labelled } from '../rules/sums.ts';

const { call, multiply, number, or, range, subtract, sum, sumBy } = build;

/** The range of rates over raw counters. Four scrapes fit into it wherever rules are evaluated as often as targets are scraped. */
export function rateRange(interval: Duration): Duration {
  return duration(Math.max(5 * minute, 4 * interval));
}

/** A histogram with the bounds of which something is to be seen. */
export interface Distribution {
  readonly service: Service;
  readonly histograms: readonly VectorSelector[];
  readonly isNative: boolean;
  /** Ascending. */
  readonly bounds: readonly number[];
  readonly unit: string | undefined;
  readonly interval: Duration;
}

/** What is known of a distribution's histogram: the catalogue's bounds, otherwise those of the objectives on it. */
export function distributionOf(
  service: Service,
  indicator: DistributionIndicator,
  promised: readonly number[],
  interval: Duration,
): Distribution {
  const histograms = selectorsOf(indicator.histogram);
  const metrics = histograms.map((one) => metricOf(metricNameOf(one) ?? '', service.metrics));
  const [first] = metrics;
  const listed = first?.buckets ?? [];
  return {
    service,
    histograms,
    isNative: metrics.every((metric) => metric?.native === true),
    bounds: 0 < listed.length ? listed : [...new Set(promised)].sort((a, b) => a - b),
    unit: first?.unit,
    interval,
  };
}

export interface Band {
  readonly from: number;
  readonly to: number;
  /** Observations a second between the two, the lower bound excluded. */
  readonly rate: Expr;
}

/** Observations a second in disjoint bands: differences of cumulative buckets, and above the last bound the rest of the count. */
export function bandsOf(distribution: Distribution): readonly Band[] {
  const edges = [Number.NEGATIVE_INFINITY, ...distribution.bounds, Number.POSITIVE_INFINITY];
  return edges.slice(1).map((to, index) => {
    const from = edges[index] ?? Number.NEGATIVE_INFINITY;
    return { from, to, rate: bandRate(distribution, from, to) };
  });
}

function bandRate(distribution: Distribution, from: number, to: number): Expr {
  if (distribution.isNative) {
    const all = nativeRate(distribution);
    return multiply(call('histogram_fraction', from, to, all), call('histogram_count', all));
  }
  const upTo = (bound: number): Expr =>
    total(
      distribution.histograms.map((base) =>
        bound === Number.POSITIVE_INFINITY ? withSuffix(base, '_count') : bucket(base, bound),
      ),
      distribution,
    );
  if (from === Number.NEGATIVE_INFINITY) return upTo(to);
  // Buckets are not read at one instant by every exporter.
  return call('clamp_min', subtract(upTo(to), upTo(from)), 0);
}

/** The value that a share of the observations does not exceed, as far as the buckets tell. */
export function quantileOf(
  distribution: Distribution,
  share: number,
  over: Duration = rateRange(distribution.interval),
): Expr {
  return call('histogram_quantile', number(share), bucketRates(distribution, over));
}

/** The rates of all buckets, for a heat map. */
export function bucketRates(distribution: Distribution, over: Duration = rateRange(distribution.interval)): Expr {
  if (distribution.isNative) return nativeRate(distribution, over);
  const parts = distribution.histograms.map((base) => rateOf(withSuffix(base, '_bucket'), distribution, over));
  return sumBy(['le'], sideBySide(parts));
}

function total(selectors: readonly VectorSelector[], distribution: Distribution): Expr {
  return sum(sideBySide(selectors.map((one) => rateOf(one, distribution))));
}

function nativeRate(distribution: Distribution, over?: Duration): Expr {
  return sum(sideBySide(distribution.histograms.map((one) => rateOf(one, distribution, over))));
}

function rateOf(one: VectorSelector, { service, interval }: Distribution, over = rateRange(interval)): Expr {
  return underEveryName(service, call('rate', range(one, over)));
}

/** Series of several selections that may have the same labels, kept apart so that they can be added up. */
export function sideBySide(parts: readonly Expr[]): Expr {
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError('nothing to put side by side');
  if (rest.length === 0) return first;
  const tagged = (part: Expr, index: number): Expr => labelled(part, 'nines_term', String(index));
  return or(tagged(first, 0), ...rest.map((part, index) => tagged(part, index + 1)));
}

/** The percentiles worth a line: those that the objectives promise, those that the definition asks for, and the median. */
export function quantilesWorthALine(promised: readonly number[], wanted: readonly number[]): readonly number[] {
  return [...new Set([0.5, ...promised, ...wanted])].sort((a, b) => a - b);
}
