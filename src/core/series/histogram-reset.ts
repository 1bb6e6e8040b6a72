import { type Buckets, type Histogram, sameBounds, usesCustomBuckets } from './histogram.ts';
import { intersectBounds } from './histogram-arithmetic.ts';
import { bucketsAbove, bucketsOverBounds, coarserBuckets } from './histogram-buckets.ts';
import { widenedZeroBucket } from './histogram-zero.ts';

/**
 * Whether the counter behind `current` was reset after `previous`: by the hint if there is one, otherwise because a count (of a bucket, of
 * the zero bucket, of all observations; the sum may fall) went down, or the layout changed in a way that only a restart explains.
 * Source: prometheus, model/histogram/float_histogram.go, DetectReset.
 */
export function detectReset(current: Histogram, previous: Histogram): boolean {
  if (current.counterResetHint === 'reset') return true;
  if (current.counterResetHint === 'not_reset') return false;
  if (current.count < previous.count) return true;
  if (usesCustomBuckets(current)) {
    if (!usesCustomBuckets(previous)) return true;
    const { customBounds: from } = current;
    if (sameBounds(from, previous.customBounds)) return anyFell(current.positive, previous.positive);
    const bounds = intersectBounds(from, previous.customBounds);
    return anyFell(
      bucketsOverBounds(current.positive, from, bounds),
      bucketsOverBounds(previous.positive, previous.customBounds, bounds),
    );
  }
  // A finer schema or a narrower zero bucket cannot come from going on counting.
  if (previous.schema < current.schema || usesCustomBuckets(previous)) return true;
  if (current.zeroThreshold < previous.zeroThreshold) return true;
  const zero = widenedZeroBucket(previous, current.zeroThreshold);
  // The new threshold lies within a populated bucket of the previous histogram.
  if (zero.threshold !== current.zeroThreshold) return true;
  if (current.zeroCount < zero.count) return true;
  return (
    anyFell(comparable(current, current.positive, current), comparable(previous, previous.positive, current)) ||
    anyFell(comparable(current, current.negative, current), comparable(previous, previous.negative, current))
  );
}

/** Buckets in the schema of `target`, without those that its zero bucket covers. */
function comparable(histogram: Histogram, buckets: Buckets, target: Histogram): Buckets {
  const coarser = coarserBuckets(buckets, histogram.schema - target.schema);
  return bucketsAbove(coarser, target.zeroThreshold, target.schema);
}

/** Whether a bucket of `previous` has fewer observations, or is gone, in `current`. */
function anyFell(current: Buckets, previous: Buckets): boolean {
  let at = 0;
  for (let i = 0; i < previous.counts.length; i += 1) {
    const index = previous.indexes[i] ?? 0;
    const before = previous.counts[i] ?? 0;
    while (at < current.indexes.length && (current.indexes[at] ?? 0) < index) at += 1;
    if (current.indexes[at] !== index) {
      if (before !== 0) return true;
    } else if ((current.counts[at] ?? 0) < before) return true;
  }
  return false;
}
