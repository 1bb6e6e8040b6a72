/** The populated buckets of one sign: ascending bucket indexes, and the observations in each (not cumulative). */
export interface Buckets {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
}

/** Whether a histogram is known to continue the one before it. `gauge` histograms never reset. */
export type CounterResetHint = 'unknown' | 'reset' | 'not_reset' | 'gauge';

/** The schema of a histogram whose bounds are listed rather than computed ("native histogram with custom buckets"). */
export const customBucketsSchema = -53;

/** The coarsest and the finest exponential schema: bucket bounds grow by 2^16 and by 2^(1/256). */
export const minSchema = -4;
export const maxSchema = 8;

/**
 * A native histogram with float counts. For schema -4..8 bucket `i` holds observations in (base^(i-1), base^i] with base = 2^(2^-schema),
 * negative ones mirrored; for the custom schema bucket `i` ends at `customBounds[i]` and the last one at infinity.
 * Values never change. Source: prometheus, model/histogram/float_histogram.go.
 */
export interface Histogram {
  readonly schema: number;
  readonly count: number;
  readonly sum: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: Buckets;
  readonly negative: Buckets;
  readonly customBounds: readonly number[];
  readonly counterResetHint: CounterResetHint;
}

/** No buckets of this sign. Shared, so that a comparison by identity finds it. */
export const noBuckets: Buckets = { indexes: new Int32Array(0), counts: new Float64Array(0) };

/** No listed bounds: what every exponential histogram has. */
export const noBounds: readonly number[] = [];

/** A histogram without observations in the layout of schema 0. The starting point for building others. */
export const emptyHistogram: Histogram = {
  schema: 0,
  count: 0,
  sum: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  positive: noBuckets,
  negative: noBuckets,
  customBounds: noBounds,
  counterResetHint: 'unknown',
};

/** Whether the bounds are listed (a histogram in classic layout) rather than exponential. */
export function usesCustomBuckets(histogram: Histogram): boolean {
  return histogram.schema === customBucketsSchema;
}

/** Whether two histograms can be added: both exponential, or both with listed bounds. */
export function compatibleSchemas(a: Histogram, b: Histogram): boolean {
  return usesCustomBuckets(a) === usesCustomBuckets(b);
}

/** The same histogram with another hint. */
export function withCounterResetHint(histogram: Histogram, counterResetHint: CounterResetHint): Histogram {
  return histogram.counterResetHint === counterResetHint ? histogram : { ...histogram, counterResetHint };
}

/** Whether two lists of bounds are the same. */
export function sameBounds(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Bucket counts that start at one index and have no gap, the way notation and JSON write them. */
export function bucketsFrom(offset: number, counts: readonly number[]): Buckets {
  if (counts.length === 0) return noBuckets;
  return { indexes: Int32Array.from(counts, (_, i) => offset + i), counts: Float64Array.from(counts) };
}

/**
 * Whether two histograms are the same data: layout, populated buckets, counts and sum bit by bit (NaN equals NaN). Empty buckets and the
 * counter reset hint do not count.
 */
export function equalHistograms(a: Histogram, b: Histogram): boolean {
  return (
    a === b ||
    (a.schema === b.schema &&
      Object.is(a.count, b.count) &&
      Object.is(a.sum, b.sum) &&
      a.zeroThreshold === b.zeroThreshold &&
      Object.is(a.zeroCount, b.zeroCount) &&
      sameBounds(a.customBounds, b.customBounds) &&
      equalBuckets(a.positive, b.positive) &&
      equalBuckets(a.negative, b.negative))
  );
}

function equalBuckets(a: Buckets, b: Buckets): boolean {
  let j = 0;
  for (let i = 0; i < a.counts.length; i += 1) {
    if (a.counts[i] === 0) continue;
    while (b.counts[j] === 0) j += 1;
    if (a.indexes[i] !== b.indexes[j] || !Object.is(a.counts[i], b.counts[j])) return false;
    j += 1;
  }
  while (b.counts[j] === 0) j += 1;
  return j === b.counts.length;
}
