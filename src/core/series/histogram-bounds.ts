import { type Buckets, type Histogram, usesCustomBuckets } from './histogram.ts';

/**
 * The buckets of a histogram as intervals in ascending order: negative ones, the zero bucket if it is populated, positive ones. Index `i`
 * of the columns describes one bucket; empty buckets that are listed in the histogram appear too.
 */
export interface BucketColumns {
  readonly lowers: Float64Array;
  readonly uppers: Float64Array;
  readonly counts: Float64Array;
  /** The place of the zero bucket, or -1. */
  readonly zeroBucket: number;
}

/**
 * The upper bound of positive bucket `index` in an exponential schema, to the last bit what Prometheus computes. The bucket before the
 * one for infinities ends at the largest finite number. Source: prometheus, model/histogram/generic.go, getBoundExponential.
 */
export function exponentialBound(index: number, schema: number): number {
  if (schema < 0) {
    const exponent = index * 2 ** -schema;
    return exponent === 1024 ? Number.MAX_VALUE : 2 ** exponent;
  }
  const steps = 2 ** schema;
  const exponent = Math.floor(index / steps) + 1;
  const fraction = fractions(schema)[index - (exponent - 1) * steps] ?? 0.5;
  if (fraction === 0.5 && exponent === 1025) return Number.MAX_VALUE;
  // In two factors, because 2^exponent alone would overflow (or vanish) for bounds that are still representable.
  const half = Math.trunc(exponent / 2);
  return fraction * 2 ** half * 2 ** (exponent - half);
}

/** The upper bound of bucket `index` of a histogram with listed bounds; -Infinity for index -1, Infinity past the list. */
export function customBound(index: number, bounds: readonly number[]): number {
  return index < 0 ? Number.NEGATIVE_INFINITY : (bounds[index] ?? Number.POSITIVE_INFINITY);
}

/** All buckets in ascending order. Where the zero bucket overlaps its neighbour, the neighbour is cut at the zero threshold. */
export function ascendingBuckets(histogram: Histogram): BucketColumns {
  const { positive, negative, schema, zeroThreshold, zeroCount } = histogram;
  const negatives = negative.counts.length;
  const hasZero = 0 < zeroCount;
  const size = negatives + (hasZero ? 1 : 0) + positive.counts.length;
  const lowers = new Float64Array(size);
  const uppers = new Float64Array(size);
  const counts = new Float64Array(size);
  for (let i = 0; i < negatives; i += 1) {
    const from = negatives - 1 - i;
    const index = negative.indexes[from] ?? 0;
    const upper = -exponentialBound(index - 1, schema);
    lowers[i] = -exponentialBound(index, schema);
    uppers[i] = -zeroThreshold < upper ? -zeroThreshold : upper;
    counts[i] = negative.counts[from] ?? 0;
  }
  let at = negatives;
  if (hasZero) {
    lowers[at] = -zeroThreshold;
    uppers[at] = zeroThreshold;
    counts[at] = zeroCount;
    at += 1;
  }
  const custom = usesCustomBuckets(histogram);
  for (let i = 0; i < positive.counts.length; i += 1) {
    const index = positive.indexes[i] ?? 0;
    const lower = custom ? customBound(index - 1, histogram.customBounds) : exponentialBound(index - 1, schema);
    lowers[at] = !custom && lower < zeroThreshold ? zeroThreshold : lower;
    uppers[at] = custom ? customBound(index, histogram.customBounds) : exponentialBound(index, schema);
    counts[at] = positive.counts[i] ?? 0;
    at += 1;
  }
  return { lowers, uppers, counts, zeroBucket: hasZero ? negatives : -1 };
}

/** Whether any bucket is listed for this sign, populated or not; decides where the zero bucket is thought to lie. */
export function hasBuckets(buckets: Buckets): boolean {
  return 0 < buckets.counts.length;
}

/**
 * The first bound of each schema after 0.5. Prometheus publishes a table of bounds in [0.5, 1) for schemas 0 to 8 that was made by the
 * recurrence below with these factors, rounding errors included; correctly rounded powers differ from it in the last digit.
 */
const firstFractions: readonly number[] = [
  1, 0.7071067811865475, 0.5946035575013605, 0.5452538663326288, 0.5221368912137069, 0.5109485743270583,
  0.5054446430258502, 0.5027149505564014, 0.5013556375251013,
];

const fractionTables: Float64Array[] = [Float64Array.of(0.5)];

function fractions(schema: number): Float64Array {
  for (let next = fractionTables.length; next <= schema; next += 1) {
    const coarser = fractionTables[next - 1] ?? new Float64Array(0);
    const table = new Float64Array(2 ** next);
    const factor = 2 * (firstFractions[next] ?? 1);
    table[0] = 0.5;
    for (let i = 1; i < table.length; i += 1) {
      table[i] = i % 2 === 0 ? (coarser[i / 2] ?? 0) : (table[i - 1] ?? 0) * factor;
    }
    fractionTables.push(table);
  }
  return fractionTables[schema] ?? new Float64Array(0);
}
