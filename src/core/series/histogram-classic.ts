import { type Buckets, customBucketsSchema, type Histogram, noBounds, noBuckets } from './histogram.ts';

/** One bucket of a classic histogram: a `_bucket` series' `le` and its value, which counts all observations up to that bound. */
interface ClassicBucket {
  readonly upperBound: number;
  readonly cumulativeCount: number;
}

/** The parts of a classic histogram at one time. Without a count, the highest bucket gives it; without a
 * `+Inf` bucket, the count completes it. */
export interface ClassicHistogram {
  readonly buckets: readonly ClassicBucket[];
  readonly count?: number;
  readonly sum?: number;
}

/**
 * The native histogram with listed bounds that a classic one stands for. Undefined if the parts contradict each other: a cumulative count
 * that falls or exceeds the total, a bound that is not a number. Source: prometheus, util/convertnhcb/convertnhcb.go.
 */
export function fromClassicHistogram(classic: ClassicHistogram): Histogram | undefined {
  const sorted = classic.buckets.toSorted((a, b) => a.upperBound - b.upperBound);
  const last = sorted.at(-1);
  const overflow = last?.upperBound === Number.POSITIVE_INFINITY ? last.cumulativeCount : undefined;
  const count = classic.count ?? last?.cumulativeCount ?? 0;
  const bounds: number[] = [];
  const indexes: number[] = [];
  const counts: number[] = [];
  let before = 0;
  for (const { upperBound, cumulativeCount } of sorted) {
    if (Number.isNaN(upperBound) || cumulativeCount < before || count < cumulativeCount) return undefined;
    if (before < cumulativeCount) {
      indexes.push(bounds.length);
      counts.push(cumulativeCount - before);
    }
    if (upperBound !== Number.POSITIVE_INFINITY) bounds.push(upperBound);
    before = cumulativeCount;
  }
  if (before < count) {
    // What no bucket holds lies above all bounds.
    if (overflow !== undefined) return undefined;
    indexes.push(bounds.length);
    counts.push(count - before);
  }
  const positive: Buckets =
    indexes.length === 0 ? noBuckets : { indexes: Int32Array.from(indexes), counts: Float64Array.from(counts) };
  return {
    schema: customBucketsSchema,
    count,
    sum: classic.sum ?? 0,
    zeroThreshold: 0,
    zeroCount: 0,
    positive,
    negative: noBuckets,
    customBounds: bounds.length === 0 ? noBounds : bounds,
    counterResetHint: 'unknown',
  };
}
