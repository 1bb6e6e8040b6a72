/** The populated buckets of one sign: ascending bucket indexes, and the observations in each (not cumulative). */
export interface Buckets {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
}

/** Whether a histogram is known to continue the one before it. `gauge` histograms never reset. */
export type CounterResetHint = 'unknown' | 'reset' | 'not_reset' | 'gauge';

/** The schema of a histogram whose bounds are listed rather than computed ("native histogram with custom buckets"). */
export const customBucketsSchema = -53;

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
