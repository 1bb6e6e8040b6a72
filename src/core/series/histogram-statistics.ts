import { type Histogram, usesCustomBuckets } from './histogram.ts';
import { ascendingBuckets, type BucketColumns, hasBuckets } from './histogram-bounds.ts';

/** A quantile, and whether observations of NaN made it NaN or moved it up (upstream: infos). */
export interface HistogramQuantile {
  readonly value: number;
  readonly nanObservations?: 'result is NaN' | 'skewed higher';
}

/** A fraction, and whether there were observations of NaN, which no fraction contains (upstream: an info). */
export interface HistogramFraction {
  readonly value: number;
  readonly nanObservations: boolean;
}

/** The mean of the observations. NaN without any. */
export function histogramAverage(histogram: Histogram): number {
  return histogram.sum / histogram.count;
}

/**
 * The population variance, taking all observations of a bucket at its middle: the arithmetic one of a listed bucket, zero for the zero
 * bucket, the geometric one otherwise. Source: prometheus, promql/functions.go, histogramVariance.
 */
export function histogramVariance(histogram: Histogram): number {
  const mean = histogramAverage(histogram);
  const { lowers, uppers, counts } = ascendingBuckets(histogram);
  const custom = usesCustomBuckets(histogram);
  let variance = 0;
  let lost = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] ?? 0;
    if (count === 0) continue;
    const lower = lowers[i] ?? 0;
    const upper = uppers[i] ?? 0;
    let middle: number;
    if (custom) middle = (upper + lower) / 2;
    else if (lower <= 0 && 0 <= upper) middle = 0;
    else middle = Math.sqrt(upper * lower) * (upper < 0 ? -1 : 1);
    const term = count * (middle - mean) * (middle - mean);
    const next = variance + term;
    if (!Number.isFinite(next)) lost = 0;
    else lost += Math.abs(term) <= Math.abs(variance) ? variance - next + term : term - next + variance;
    variance = next;
  }
  return (variance + lost) / histogram.count;
}

/**
 * The quantile `q`. The rank is counted from the nearer end (from below if there are observations of NaN, which are above everything).
 * Within an exponential bucket observations are taken as spread evenly on a logarithmic scale, in the zero bucket and between listed
 * bounds evenly. Source: prometheus, promql/quantile.go, HistogramQuantile.
 */
export function histogramQuantile(histogram: Histogram, q: number): HistogramQuantile {
  if (q < 0) return { value: Number.NEGATIVE_INFINITY };
  if (1 < q) return { value: Number.POSITIVE_INFINITY };
  if (histogram.count === 0 || Number.isNaN(q)) return { value: Number.NaN };

  const columns = ascendingBuckets(histogram);
  const { counts } = columns;
  const custom = usesCustomBuckets(histogram);
  const nanSum = Number.isNaN(histogram.sum);
  const forward = nanSum || q < 0.5;
  let rank = (forward ? q : 1 - q) * histogram.count;

  let seen = 0;
  let steps = 0;
  for (; steps < counts.length; steps += 1) {
    const count = counts[forward ? steps : counts.length - 1 - steps] ?? 0;
    seen += count;
    if (count !== 0 && rank <= seen) break;
  }
  // If the walk came to the end, its last bucket stands for the result.
  const walked = Math.max(0, Math.min(steps, counts.length - 1));
  const at = forward ? walked : counts.length - 1 - walked;
  const inBucket = counts[at] ?? 0;
  let lower = columns.lowers[at] ?? 0;
  let upper = columns.uppers[at] ?? 0;

  if (custom) {
    if (lower === Number.NEGATIVE_INFINITY) {
      if (upper <= 0) return { value: upper };
      lower = 0;
    } else if (upper === Number.POSITIVE_INFINITY) return { value: lower };
  } else if (lower < 0 && 0 < upper) [lower, upper] = clippedZeroBucket(histogram, lower, upper);

  // Rounding may make the buckets hold more than the count.
  seen = Math.min(seen, histogram.count);
  if (seen < rank) return nanSum ? { value: Number.NaN, nanObservations: 'result is NaN' } : { value: upper };
  const total = bucketTotal(columns, forward ? steps + 1 : counts.length, seen);
  const skewed = nanSum && total < histogram.count;
  rank = forward ? rank - (seen - inBucket) : seen - rank;
  const value = interpolate(lower, upper, rank / inBucket, custom);
  return skewed ? { value, nanObservations: 'skewed higher' } : { value };
}

/**
 * The fraction of observations between two values, interpolating as `histogramQuantile` does, whose inverse it is.
 * Source: prometheus, promql/quantile.go, HistogramFraction.
 */
export function histogramFraction(histogram: Histogram, lower: number, upper: number): HistogramFraction {
  if (histogram.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) {
    return { value: Number.NaN, nanObservations: false };
  }
  if (upper <= lower) return { value: 0, nanObservations: false };

  const columns = ascendingBuckets(histogram);
  let count = histogram.count;
  if (Number.isNaN(histogram.sum)) count = bucketTotal(columns, 0, 0);
  const lowerRank = rankOf(histogram, columns, lower);
  const upperRank = rankOf(histogram, columns, upper);
  const value = (Math.min(upperRank, count) - Math.min(lowerRank, count)) / histogram.count;
  return { value, nanObservations: count < histogram.count };
}

/** How many observations lie below `value`; infinity if it is beyond all buckets. */
function rankOf(histogram: Histogram, columns: BucketColumns, value: number): number {
  const custom = usesCustomBuckets(histogram);
  let rank = 0;
  for (let i = 0; i < columns.counts.length; i += 1) {
    const count = columns.counts[i] ?? 0;
    let lower = columns.lowers[i] ?? 0;
    let upper = columns.uppers[i] ?? 0;
    const linear = custom || (lower <= 0 && 0 <= upper);
    if (lower <= 0 && 0 <= upper) [lower, upper] = clippedZeroBucket(histogram, lower, upper);
    if (value <= lower) return rank;
    if (value < upper) {
      if (!linear) return rank + count * logarithmicShare(lower, upper, value);
      // Nobody knows how observations spread towards an infinite bound: all of them count as below the value in the first bucket,
      // none of them in the last.
      if (lower === Number.NEGATIVE_INFINITY) return count;
      return rank + (count * (value - lower)) / (upper - lower);
    }
    rank += count;
  }
  return Number.POSITIVE_INFINITY;
}

/** A zero bucket reaches only to the side where other observations are, if there are any on one side alone. */
function clippedZeroBucket(histogram: Histogram, lower: number, upper: number): [lower: number, upper: number] {
  const positives = hasBuckets(histogram.positive);
  const negatives = hasBuckets(histogram.negative);
  if (positives && !negatives) return [0, upper];
  if (negatives && !positives) return [lower, 0];
  return [lower, upper];
}

function interpolate(lower: number, upper: number, fraction: number, custom: boolean): number {
  if (custom || (lower <= 0 && 0 <= upper)) return lower + (upper - lower) * fraction;
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  if (0 < lower) return 2 ** (logLower + (logUpper - logLower) * fraction);
  return -(2 ** (logUpper + (logLower - logUpper) * (1 - fraction)));
}

/** How far into a bucket a value is, from its lower bound, on a logarithmic scale. */
export function logarithmicShare(lower: number, upper: number, value: number): number {
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  const logValue = Math.log2(Math.abs(value));
  return 0 < value ? (logValue - logLower) / (logUpper - logLower) : 1 - (logValue - logUpper) / (logLower - logUpper);
}

/** The observations in all buckets, given those in the first ones. */
function bucketTotal(columns: BucketColumns, from: number, before: number): number {
  let total = before;
  for (let i = from; i < columns.counts.length; i += 1) total += columns.counts[i] ?? 0;
  return total;
}
