import type { Buckets, Histogram } from './histogram.ts';
import { exponentialBound } from './histogram-bounds.ts';
import { bucketsAbove } from './histogram-buckets.ts';

/** A zero bucket: observations in [-threshold, threshold]. */
export interface ZeroBucket {
  readonly threshold: number;
  readonly count: number;
}

/**
 * What the zero bucket of a histogram would be if it reached at least to `threshold`. Where that ends inside a populated bucket, it
 * reaches to that bucket's far end. Source: prometheus, model/histogram/float_histogram.go, zeroCountForLargerThreshold.
 */
export function widenedZeroBucket(histogram: Histogram, threshold: number): ZeroBucket {
  if (threshold <= histogram.zeroThreshold) return { threshold: histogram.zeroThreshold, count: histogram.zeroCount };
  let reach = threshold;
  for (;;) {
    const positive = swallowed(histogram.positive, reach, histogram.schema);
    const negative = swallowed(histogram.negative, positive.reach, histogram.schema);
    // A negative bucket pushed the threshold further, so that the positive ones have to be looked at again.
    if (negative.reach === positive.reach) {
      return { threshold: negative.reach, count: histogram.zeroCount + positive.count + negative.count };
    }
    reach = negative.reach;
  }
}

/** The smallest zero bucket that both histograms can have, with the count that each then has in it. */
export function commonZeroBucket(
  a: Histogram,
  b: Histogram,
): { readonly threshold: number; readonly countA: number; readonly countB: number } {
  let zeroA: ZeroBucket = { threshold: a.zeroThreshold, count: a.zeroCount };
  let zeroB: ZeroBucket = { threshold: b.zeroThreshold, count: b.zeroCount };
  // Not `!==`: a threshold that is NaN, which no real histogram has, would never equal the other.
  while (zeroA.threshold < zeroB.threshold || zeroB.threshold < zeroA.threshold) {
    if (zeroB.threshold < zeroA.threshold) zeroB = widenedZeroBucket(b, zeroA.threshold);
    if (zeroA.threshold < zeroB.threshold) zeroA = widenedZeroBucket(a, zeroB.threshold);
  }
  return { threshold: zeroA.threshold, countA: zeroA.count, countB: zeroB.count };
}

/** The histogram with its zero bucket widened and the buckets that it swallowed removed. */
export function withZeroBucket(histogram: Histogram, zero: ZeroBucket): Histogram {
  if (zero.threshold === histogram.zeroThreshold) return histogram;
  return {
    ...histogram,
    zeroThreshold: zero.threshold,
    zeroCount: zero.count,
    positive: bucketsAbove(histogram.positive, zero.threshold, histogram.schema),
    negative: bucketsAbove(histogram.negative, zero.threshold, histogram.schema),
  };
}

/** The observations of one sign that lie in buckets which begin below `reach`, and how far the last populated of them extends. */
function swallowed(
  buckets: Buckets,
  reach: number,
  schema: number,
): { readonly reach: number; readonly count: number } {
  let count = 0;
  for (let i = 0; i < buckets.indexes.length; i += 1) {
    const index = buckets.indexes[i] ?? 0;
    if (reach <= exponentialBound(index - 1, schema)) break;
    const inBucket = buckets.counts[i] ?? 0;
    count += inBucket;
    const upper = exponentialBound(index, schema);
    if (reach < upper) return { reach: inBucket === 0 ? reach : upper, count };
  }
  return { reach, count };
}
