import {
  type Buckets,
  compatibleSchemas,
  type Histogram,
  noBuckets,
  sameBounds,
  usesCustomBuckets,
} from './histogram.ts';
import {
  alignHistograms,
  combineHints,
  compactHistogram,
  divideHistogram,
  type HistogramRemarks,
  intersectBounds,
} from './histogram-arithmetic.ts';
import { bucketsAbove, bucketsOverBounds, sameIndexes, unionIndexes } from './histogram-buckets.ts';

/**
 * A running sum of histograms with Kahan-Neumaier compensation of every count, as sum(), avg() and their over-time kin keep it. It is
 * a class because adding a histogram of the same layout, which is what nearly always happens, works in place.
 * Source: prometheus, model/histogram/float_histogram.go, KahanAdd.
 */
export class HistogramTotal implements HistogramRemarks {
  boundsReconciled = false;

  // The layout and the hint; its counts are not used.
  #layout: Histogram;
  // Count, sum and zero count, each followed by its compensation.
  #scalars: Float64Array;
  #positive: Compensated;
  #negative: Compensated;
  #sawReset: boolean;
  #sawNoReset: boolean;

  constructor(first: Histogram) {
    this.#layout = first;
    this.#scalars = Float64Array.of(first.count, 0, first.sum, 0, first.zeroCount, 0);
    this.#positive = compensated(first.positive);
    this.#negative = compensated(first.negative);
    this.#sawReset = first.counterResetHint === 'reset';
    this.#sawNoReset = first.counterResetHint === 'not_reset';
  }

  /** Whether one histogram says that its counter was reset and another, not necessarily the next one, that it was not. */
  get resetCollision(): boolean {
    return this.#sawReset && this.#sawNoReset;
  }

  /** Adds one more. False, and nothing is added, if its schema is not compatible with the others'. */
  add(histogram: Histogram): boolean {
    if (!compatibleSchemas(this.#layout, histogram)) return false;
    if (histogram.counterResetHint === 'reset') this.#sawReset = true;
    if (histogram.counterResetHint === 'not_reset') this.#sawNoReset = true;
    const { hint } = combineHints(this.#layout.counterResetHint, histogram.counterResetHint);
    const term = this.#align(histogram);
    if (hint !== this.#layout.counterResetHint) this.#layout = { ...this.#layout, counterResetHint: hint };
    add(this.#scalars, 0, term.count);
    add(this.#scalars, 2, term.sum);
    add(this.#scalars, 4, term.zeroCount);
    this.#positive = addTo(this.#positive, term.positive);
    this.#negative = addTo(this.#negative, term.negative);
    return true;
  }

  /** Multiplies the sum so far. */
  scale(factor: number): void {
    const scaled = (value: number): number => value * factor;
    this.#scalars = this.#scalars.map(scaled);
    this.#positive = mapped(this.#positive, scaled);
    this.#negative = mapped(this.#negative, scaled);
  }

  /** Whether count or sum would come near the end of the number range with this term; then a mean must be reached otherwise. */
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

  /** The same sum, to go on differently. */
  copy(): HistogramTotal {
    const copy = new HistogramTotal(this.#layout);
    copy.boundsReconciled = this.boundsReconciled;
    copy.#scalars = this.#scalars.slice();
    copy.#positive = copied(this.#positive);
    copy.#negative = copied(this.#negative);
    copy.#sawReset = this.#sawReset;
    copy.#sawNoReset = this.#sawNoReset;
    return copy;
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
 * A running mean. It is a compensated sum divided at the end; once that would overflow, the mean itself is carried on from term to term.
 * Source: prometheus, promql/functions.go, funcAvgOverTime.
 */
export class HistogramMean implements HistogramRemarks {
  #terms = 1;
  // The sum so far or, once carried on, the mean.
  #total: HistogramTotal;
  #carriedOn = false;

  constructor(first: Histogram) {
    this.#total = new HistogramTotal(first);
  }

  get resetCollision(): boolean {
    return this.#total.resetCollision;
  }

  get boundsReconciled(): boolean {
    return this.#total.boundsReconciled;
  }

  /** Takes one more into the mean. False, and nothing changes, if its schema is not compatible with the others'. */
  add(histogram: Histogram): boolean {
    if (!this.#carriedOn) {
      const before = this.#total.mayOverflow(histogram) ? this.#total.copy() : undefined;
      if (!this.#total.add(histogram)) return false;
      this.#terms += 1;
      if (before === undefined || !overflowed(this.#total.value())) return true;
      this.#total = before;
      this.#total.scale(1 / (this.#terms - 1));
      this.#carriedOn = true;
    } else this.#terms += 1;
    this.#total.scale((this.#terms - 1) / this.#terms);
    return this.#total.add(divideHistogram(histogram, this.#terms));
  }

  /** The mean so far. */
  value(): Histogram {
    return this.#carriedOn ? this.#total.value() : divideHistogram(this.#total.value(), this.#terms);
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

function copied({ indexes, counts, lost }: Compensated): Compensated {
  return { indexes, counts: counts.slice(), lost: lost.slice() };
}

function mapped({ indexes, counts, lost }: Compensated, change: (value: number) => number): Compensated {
  return { indexes, counts: counts.map(change), lost: lost.map(change) };
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
