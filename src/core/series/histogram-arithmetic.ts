import {
  type CounterResetHint,
  compatibleSchemas,
  customBucketsSchema,
  type Histogram,
  noBounds,
  noBuckets,
  sameBounds,
  usesCustomBuckets,
} from './histogram.ts';
import {
  addBuckets,
  bucketsAbove,
  bucketsOverBounds,
  coarserBuckets,
  compactBuckets,
  scaleBuckets,
} from './histogram-buckets.ts';
import { commonZeroBucket, withZeroBucket } from './histogram-zero.ts';

/** A sum or difference, and what has to be told about it. */
export interface HistogramResult extends HistogramRemarks {
  readonly histogram: Histogram;
}

/** What happened on the way to a histogram that the user should know. */
export interface HistogramRemarks {
  /** One side says that its counter was reset, the other that it was not (upstream: a warning). */
  readonly resetCollision: boolean;
  /** The listed bounds differed, so that only those which both sides have are left (upstream: an info). */
  readonly boundsReconciled: boolean;
}

/**
 * Adds. The result has the lower resolution and the wider zero bucket of the two. Undefined if one histogram has exponential buckets
 * and the other listed bounds. Source: prometheus, model/histogram/float_histogram.go, Add.
 */
export function addHistograms(a: Histogram, b: Histogram): HistogramResult | undefined {
  return combine(a, b, 1);
}

/**
 * Subtracts, with the hint that addition would give. PromQL's `-` and the rate functions call the result a gauge: see
 * `withCounterResetHint`. Undefined if the schemas are not compatible.
 */
export function subtractHistograms(a: Histogram, b: Histogram): HistogramResult | undefined {
  return combine(a, b, -1);
}

/** Multiplies every count and the sum. A negative factor makes a gauge of it. */
export function multiplyHistogram(histogram: Histogram, factor: number): Histogram {
  return {
    ...histogram,
    count: histogram.count * factor,
    sum: histogram.sum * factor,
    zeroCount: histogram.zeroCount * factor,
    positive: scaleBuckets(histogram.positive, factor),
    negative: scaleBuckets(histogram.negative, factor),
    counterResetHint: factor < 0 ? 'gauge' : histogram.counterResetHint,
  };
}

/** Divides every count and the sum. Division by zero leaves no buckets, as upstream. */
export function divideHistogram(histogram: Histogram, divisor: number): Histogram {
  return {
    ...histogram,
    count: histogram.count / divisor,
    sum: histogram.sum / divisor,
    zeroCount: histogram.zeroCount / divisor,
    positive: dividedBuckets(histogram.positive, divisor),
    negative: dividedBuckets(histogram.negative, divisor),
    counterResetHint: divisor < 0 ? 'gauge' : histogram.counterResetHint,
  };
}

/** Unary minus. The result is a gauge. */
export function negateHistogram(histogram: Histogram): Histogram {
  return multiplyHistogram(histogram, -1);
}

/** Drops empty buckets. Gives the same object if there are none. */
export function compactHistogram(histogram: Histogram): Histogram {
  const positive = compactBuckets(histogram.positive);
  const negative = compactBuckets(histogram.negative);
  if (positive === histogram.positive && negative === histogram.negative) return histogram;
  return { ...histogram, positive, negative };
}

/** The histogram at a lower resolution. Listed bounds have no resolution; they, and a schema that is not lower, change nothing. */
export function reduceResolution(histogram: Histogram, schema: number): Histogram {
  if (usesCustomBuckets(histogram) || schema === customBucketsSchema || histogram.schema <= schema) return histogram;
  const levels = histogram.schema - schema;
  return {
    ...histogram,
    schema,
    positive: coarserBuckets(histogram.positive, levels),
    negative: coarserBuckets(histogram.negative, levels),
  };
}

/** The bounds that both lists have. */
export function intersectBounds(a: readonly number[], b: readonly number[]): readonly number[] {
  if (sameBounds(a, b)) return a;
  const known = new Set(b);
  const shared = a.filter((bound) => known.has(bound));
  return shared.length === 0 ? noBounds : shared;
}

/** The hint of a sum: gauges make gauges, the unknown stays unknown, and reset with not-reset is a collision. */
export function combineHints(
  a: CounterResetHint,
  b: CounterResetHint,
): { readonly hint: CounterResetHint; readonly collision: boolean } {
  if (a === b) return { hint: a, collision: false };
  if (a === 'gauge' || b === 'gauge') return { hint: 'gauge', collision: false };
  return { hint: 'unknown', collision: a !== 'unknown' && b !== 'unknown' };
}

/** Two exponential histograms in one layout: same schema, same zero threshold. */
export function alignHistograms(a: Histogram, b: Histogram): readonly [a: Histogram, b: Histogram] {
  const zero = commonZeroBucket(a, b);
  const schema = Math.min(a.schema, b.schema);
  const alignedA = withZeroBucket(a, { threshold: zero.threshold, count: zero.countA });
  const alignedB = withZeroBucket(b, { threshold: zero.threshold, count: zero.countB });
  return [reduceResolution(alignedA, schema), reduceResolution(alignedB, schema)];
}

function combine(a: Histogram, b: Histogram, sign: 1 | -1): HistogramResult | undefined {
  if (!compatibleSchemas(a, b)) return undefined;
  const { hint, collision } = combineHints(a.counterResetHint, b.counterResetHint);
  const count = a.count + sign * b.count;
  const sum = a.sum + sign * b.sum;
  if (usesCustomBuckets(a)) {
    const boundsReconciled = !sameBounds(a.customBounds, b.customBounds);
    const bounds = intersectBounds(a.customBounds, b.customBounds);
    const left = boundsReconciled ? bucketsOverBounds(a.positive, a.customBounds, bounds) : a.positive;
    const right = boundsReconciled ? bucketsOverBounds(b.positive, b.customBounds, bounds) : b.positive;
    const positive = compactBuckets(addBuckets(left, right, sign));
    const histogram = { ...a, count, sum, positive, customBounds: bounds, counterResetHint: hint };
    return { histogram, resetCollision: collision, boundsReconciled };
  }
  const aligned = a.schema === b.schema && a.zeroThreshold === b.zeroThreshold;
  const [left, right] = aligned ? [a, b] : alignHistograms(a, b);
  const { schema, zeroThreshold } = left;
  const histogram: Histogram = {
    schema,
    count,
    sum,
    zeroThreshold,
    zeroCount: left.zeroCount + sign * right.zeroCount,
    positive: compactBuckets(addBuckets(left.positive, bucketsAbove(right.positive, zeroThreshold, schema), sign)),
    negative: compactBuckets(addBuckets(left.negative, bucketsAbove(right.negative, zeroThreshold, schema), sign)),
    customBounds: noBounds,
    counterResetHint: hint,
  };
  return { histogram, resetCollision: collision, boundsReconciled: false };
}

function dividedBuckets(buckets: Histogram['positive'], divisor: number): Histogram['positive'] {
  // Not `counts * (1 / divisor)`: dividing each rounds once, as upstream does.
  return divisor === 0
    ? noBuckets
    : { indexes: buckets.indexes, counts: buckets.counts.map((count) => count / divisor) };
}
