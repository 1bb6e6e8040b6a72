import { type Buckets, type Histogram, usesCustomBuckets } from './histogram.ts';
import { customBound, exponentialBound } from './histogram-bounds.ts';
import { compactBuckets } from './histogram-buckets.ts';
import { logarithmicShare } from './histogram-statistics.ts';

/**
 * The histogram of the observations below (PromQL `</`) or above (`>/`) a value. A bucket that the value cuts is interpolated; what cannot
 * be known about a bucket with an infinite bound is dropped. If anything goes, count and sum are estimated anew from the buckets.
 * Source: prometheus, model/histogram/float_histogram.go, TrimBuckets.
 */
export function trimHistogram(histogram: Histogram, keep: 'below' | 'above', value: number): Histogram {
  const cut: Cut = { histogram, keep, value, custom: usesCustomBuckets(histogram) };
  const positive = trimSide(cut, histogram.positive, true);
  const negative = trimSide(cut, histogram.negative, false);
  const zero = trimZero(cut, 0 < positive.populated, 0 < negative.populated);
  if (!positive.changed && !negative.changed && zero.count === histogram.zeroCount) return histogram;
  return {
    ...histogram,
    count: positive.count + negative.count + zero.count,
    sum: positive.sum + negative.sum + zero.sum,
    zeroCount: zero.count,
    positive: compactBuckets(positive.buckets),
    negative: compactBuckets(negative.buckets),
  };
}

interface Cut {
  readonly histogram: Histogram;
  readonly keep: 'below' | 'above';
  readonly value: number;
  readonly custom: boolean;
}

/** What is left of a bucket: how many observations, and where they are taken to be. */
interface Kept {
  readonly count: number;
  readonly middle: number;
}

interface TrimmedSide {
  readonly buckets: Buckets;
  readonly count: number;
  readonly sum: number;
  /** How many buckets held observations before. */
  readonly populated: number;
  readonly changed: boolean;
}

function trimSide(cut: Cut, buckets: Buckets, isPositive: boolean): TrimmedSide {
  const { histogram, custom } = cut;
  const counts = new Float64Array(buckets.counts.length);
  let count = 0;
  let sum = 0;
  let populated = 0;
  let changed = false;
  for (let i = 0; i < counts.length; i += 1) {
    const inBucket = buckets.counts[i] ?? 0;
    if (inBucket === 0) continue;
    populated += 1;
    const index = buckets.indexes[i] ?? 0;
    const near = custom
      ? customBound(index - 1, histogram.customBounds)
      : exponentialBound(index - 1, histogram.schema);
    const far = custom ? customBound(index, histogram.customBounds) : exponentialBound(index, histogram.schema);
    const kept = isPositive ? trimBucket(cut, near, far, inBucket) : trimBucket(cut, -far, -near, inBucket);
    counts[i] = kept.count;
    count += kept.count;
    // An infinite middle of an emptied bucket must not make the sum NaN.
    if (kept.count !== 0) sum += kept.middle * kept.count;
    if (kept.count !== inBucket) changed = true;
  }
  return { buckets: { indexes: buckets.indexes, counts }, count, sum, populated, changed };
}

function trimBucket(cut: Cut, lower: number, upper: number, count: number): Kept {
  const { keep, value, custom } = cut;
  const whole = keep === 'below' ? upper <= value : value <= lower;
  if (whole) return { count, middle: middleOf(lower, upper, custom) };
  // Negated, so that a value of NaN keeps nothing.
  const cuts = keep === 'below' ? lower < value : value < upper;
  if (!cuts) return { count: 0, middle: 0 };
  if (lower === Number.NEGATIVE_INFINITY) return trimFirstBucket(cut, upper, count);
  if (upper === Number.POSITIVE_INFINITY) return trimLastBucket(cut, count);
  const share = custom ? (value - lower) / (upper - lower) : logarithmicShare(lower, upper, value);
  const below = count * share;
  return keep === 'below'
    ? { count: below, middle: middleOf(lower, value, custom) }
    : { count: count - below, middle: middleOf(value, upper, custom) };
}

/** A bucket without lower bound that the value cuts. With a positive upper bound it is taken to begin at zero. */
function trimFirstBucket(cut: Cut, upper: number, count: number): Kept {
  const { keep, value } = cut;
  const fromZero = 0 < upper && upper !== Number.POSITIVE_INFINITY;
  if (keep === 'below') {
    if (fromZero && 0 < value) return { count: (count * value) / upper, middle: value / 2 };
    return upper <= 0 ? { count, middle: value } : { count: 0, middle: 0 };
  }
  if (fromZero && 0 <= value) return { count: count * (1 - value / upper), middle: (value + upper) / 2 };
  return { count: 0, middle: 0 };
}

/** A bucket without upper bound that the value cuts: what is above the value may be anywhere, so that all of it is above. */
function trimLastBucket(cut: Cut, count: number): Kept {
  return cut.keep === 'below' ? { count: 0, middle: 0 } : { count, middle: cut.value };
}

function trimZero(cut: Cut, positives: boolean, negatives: boolean): { readonly count: number; readonly sum: number } {
  const { histogram, keep, value } = cut;
  const { zeroCount: count, zeroThreshold } = histogram;
  if (!(0 < count)) return { count, sum: 0 };
  const lower = positives && !negatives ? 0 : -zeroThreshold;
  const upper = negatives && !positives ? 0 : zeroThreshold;
  const from = keep === 'below' ? lower : Math.max(lower, value);
  const to = keep === 'below' ? Math.min(upper, value) : upper;
  const gone = keep === 'below' ? value <= lower : upper <= value && !(value <= lower);
  if (gone) return { count: 0, sum: 0 };
  const kept = from === lower && to === upper ? count : (count * (to - from)) / (upper - lower);
  return { count: kept, sum: ((from + to) / 2) * kept };
}

/** Where the observations of an interval are taken to be: the arithmetic mean of listed bounds, the geometric one of exponential ones. */
function middleOf(lower: number, upper: number, custom: boolean): number {
  if (lower === Number.NEGATIVE_INFINITY) {
    if (upper === Number.POSITIVE_INFINITY) return 0;
    return 0 < upper ? upper / 2 : upper;
  }
  if (upper === Number.POSITIVE_INFINITY) return lower;
  if (custom) return (lower + upper) / 2;
  const geometric = Math.sqrt(Math.abs(lower * upper));
  return lower < 0 ? -geometric : geometric;
}
