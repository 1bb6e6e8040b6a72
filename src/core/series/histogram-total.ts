import {
  type Buckets,
  compatibleSchemas,
  type Histogram,
  noBuckets,
  sameBounds,
  usesCustomBuckets,
} from './histogram.ts';
import {
  addHistograms,
  alignHistograms,
  combineHints,
  compactHistogram,
  divideHistogram,
  type HistogramRemarks,
  intersectBounds,
  subtractHistograms,
} from './histogram-arithmetic.ts';
import { bucketsAbove, bucketsOverBounds, sameIndexes, unionIndexes } from './histogram-buckets.ts';

/**
 * A running sum of histograms with Kahan-Neumaier compensation of every count, as sum(), avg() and their over-time kin keep it. It is
 * a class because adding a histogram of the same layout, which is what nearly always happens, works in place.
 * Source: prometheus, model/histogram/float_histogram.go, KahanAdd.
 */
export class HistogramTotal implements HistogramRemarks {
  /** How many histograms are in the sum. */
  terms = 1;
  resetCollision = false;
  boundsReconciled = false;

  // The layout and the hint; its counts are not used.
  #layout: Histogram;
  // Count, sum and zero count, each followed by its compensation.
  readonly #scalars: Float64Array;
  #positive: Compensated;
  #negative: Compensated;

  constructor(first: Histogram) {
    this.#layout = first;
    this.#scalars = Float64Array.of(first.count, 0, first.sum, 0, first.zeroCount, 0);
    this.#positive = compensated(first.positive);
    this.#negative = compensated(first.negative);
  }

  /** Adds one more. False, and nothing is added, if its schema is not compatible with the others'. */
  add(histogram: Histogram): boolean {
    if (!compatibleSchemas(this.#layout, histogram)) return false;
    const { hint, collision } = combineHints(this.#layout.counterResetHint, histogram.counterResetHint);
    if (collision) this.resetCollision = true;
    const term = this.#align(histogram);
    if (hint !== this.#layout.counterResetHint) this.#layout = { ...this.#layout, counterResetHint: hint };
    add(this.#scalars, 0, term.count);
    add(this.#scalars, 2, term.sum);
    add(this.#scalars, 4, term.zeroCount);
    this.#positive = addTo(this.#positive, term.positive);
    this.#negative = addTo(this.#negative, term.negative);
    this.terms += 1;
    return true;
  }

  /** Whether count or sum would come near the end of the number range with this term; then the mean must be reached otherwise. */
  mayOverflow(term: Histogram): boolean {
    const count = Math.abs(this.#scalars[0] ?? 0) + Math.abs(term.count);
    const sum = Math.abs(this.#scalars[2] ?? 0) + Math.abs(term.sum);
    return 1e308 < count || 1e308 < sum;
  }

  /** The sum so far. */
  value(): Histogram {
    const { schema, zeroThreshold, customBounds, counterResetHint } = this.#layout;
    return compactHistogram({
      schema,
      count: total(this.#scalars, 0),
      sum: total(this.#scalars, 2),
      zeroThreshold,
      zeroCount: total(this.#scalars, 4),
      positive: totalBuckets(this.#positive),
      negative: totalBuckets(this.#negative),
      customBounds,
      counterResetHint,
    });
  }

  /** Brings the running sum and the new term into one layout and gives the term in it. */
  #align(term: Histogram): Histogram {
    const layout = this.#layout;
    if (usesCustomBuckets(layout)) {
      if (sameBounds(layout.customBounds, term.customBounds)) return term;
      this.boundsReconciled = true;
      const bounds = intersectBounds(layout.customBounds, term.customBounds);
      this.#positive = rebuilt(this.#positive, (buckets) => bucketsOverBounds(buckets, layout.customBounds, bounds));
      this.#layout = { ...layout, customBounds: bounds };
      return { ...term, positive: bucketsOverBounds(term.positive, term.customBounds, bounds), customBounds: bounds };
    }
    if (layout.schema === term.schema && layout.zeroThreshold === term.zeroThreshold) {
      if (layout.zeroThreshold === 0) return term;
      const { zeroThreshold, schema } = layout;
      const positive = bucketsAbove(term.positive, zeroThreshold, schema);
      const negative = bucketsAbove(term.negative, zeroThreshold, schema);
      return positive === term.positive && negative === term.negative ? term : { ...term, positive, negative };
    }
    // The layouts differ: a rare case, in which the compensation so far is settled before the buckets move.
    const [sum, aligned] = alignHistograms(this.value(), term);
    this.#layout = sum;
    this.#scalars.set([sum.zeroCount, 0], 4);
    this.#positive = compensated(sum.positive);
    this.#negative = compensated(sum.negative);
    return aligned;
  }
}

/**
 * A running mean. It is a compensated sum divided at the end; once that overflows, the mean is carried on step by step, as upstream.
 */
export class HistogramMean implements HistogramRemarks {
  resetCollision = false;
  boundsReconciled = false;

  #total: HistogramTotal | undefined;
  #mean: Histogram;
  #terms = 1;

  constructor(first: Histogram) {
    this.#total = new HistogramTotal(first);
    this.#mean = first;
  }

  /** Takes one more into the mean. False, and nothing changes, if its schema is not compatible with the others'. */
  add(histogram: Histogram): boolean {
    if (!compatibleSchemas(this.#mean, histogram)) return false;
    const n = this.#terms + 1;
    if (this.#total !== undefined) {
      const before = this.#total.mayOverflow(histogram) ? this.#total.value() : undefined;
      this.#total.add(histogram);
      this.#note(this.#total);
      this.#terms = n;
      if (before === undefined || !overflowed(this.#total.value())) return true;
      this.#mean = divideHistogram(before, n - 1);
      this.#total = undefined;
    }
    const step = subtractHistograms(divideHistogram(histogram, n), divideHistogram(this.#mean, n));
    const mean = step === undefined ? undefined : addHistograms(this.#mean, step.histogram);
    if (mean === undefined) return false;
    this.#note(mean);
    this.#mean = mean.histogram;
    this.#terms = n;
    return true;
  }

  /** The mean so far. */
  value(): Histogram {
    return this.#total === undefined ? this.#mean : divideHistogram(this.#total.value(), this.#terms);
  }

  #note(remarks: HistogramRemarks): void {
    if (remarks.resetCollision) this.resetCollision = true;
    if (remarks.boundsReconciled) this.boundsReconciled = true;
  }
}

/** Counts, each with what rounding has cost it so far. */
interface Compensated {
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
  readonly lost: Float64Array;
}

function compensated(buckets: Buckets): Compensated {
  return {
    indexes: buckets.indexes,
    counts: Float64Array.from(buckets.counts),
    lost: new Float64Array(buckets.counts.length),
  };
}

function addTo(sum: Compensated, term: Buckets): Compensated {
  if (term.counts.length === 0) return sum;
  const same = sameIndexes(sum, term);
  const grown = same ? sum : spread(sum, unionIndexes(sum.indexes, term.indexes));
  let at = 0;
  for (let i = 0; i < term.counts.length; i += 1) {
    if (!same) while (grown.indexes[at] !== term.indexes[i]) at += 1;
    const value = term.counts[i] ?? 0;
    const before = grown.counts[same ? i : at] ?? 0;
    const after = before + value;
    const place = same ? i : at;
    grown.lost[place] = (grown.lost[place] ?? 0) + lostIn(before, value, after);
    grown.counts[place] = after;
  }
  return grown;
}

/** The same sums over more buckets. */
function spread(sum: Compensated, indexes: Int32Array): Compensated {
  const counts = new Float64Array(indexes.length);
  const lost = new Float64Array(indexes.length);
  let at = 0;
  for (let i = 0; i < sum.indexes.length; i += 1) {
    while (indexes[at] !== sum.indexes[i]) at += 1;
    counts[at] = sum.counts[i] ?? 0;
    lost[at] = sum.lost[i] ?? 0;
  }
  return { indexes, counts, lost };
}

/** Moves sums and compensations alike to another layout. */
function rebuilt(sum: Compensated, move: (buckets: Buckets) => Buckets): Compensated {
  const counts = move({ indexes: sum.indexes, counts: sum.counts });
  const lost = move({ indexes: sum.indexes, counts: sum.lost });
  return { indexes: counts.indexes, counts: counts.counts, lost: lost.counts };
}

function totalBuckets(sum: Compensated): Buckets {
  if (sum.counts.length === 0) return noBuckets;
  const counts = new Float64Array(sum.counts.length);
  for (let i = 0; i < counts.length; i += 1) counts[i] = (sum.counts[i] ?? 0) + (sum.lost[i] ?? 0);
  return { indexes: sum.indexes, counts };
}

function add(scalars: Float64Array, at: number, value: number): void {
  const before = scalars[at] ?? 0;
  const after = before + value;
  scalars[at + 1] = (scalars[at + 1] ?? 0) + lostIn(before, value, after);
  scalars[at] = after;
}

function total(scalars: Float64Array, at: number): number {
  return (scalars[at] ?? 0) + (scalars[at + 1] ?? 0);
}

/** What rounding took away from `a + b` (Neumaier). An infinite sum has no meaningful error. */
function lostIn(a: number, b: number, sum: number): number {
  if (!Number.isFinite(sum)) return 0;
  return Math.abs(b) <= Math.abs(a) ? a - sum + b : b - sum + a;
}

function overflowed(histogram: Histogram): boolean {
  const infinite = (value: number): boolean => Math.abs(value) === Number.POSITIVE_INFINITY;
  return (
    infinite(histogram.count) ||
    infinite(histogram.sum) ||
    infinite(histogram.zeroCount) ||
    histogram.positive.counts.some(infinite) ||
    histogram.negative.counts.some(infinite)
  );
}
