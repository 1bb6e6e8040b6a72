/** The buckets of one classic histogram at one step, as columns: ascending upper bounds and cumulative counts. Written over and over. */
export interface BucketColumns {
  readonly bounds: Float64Array;
  readonly counts: Float64Array;
  length: number;
}

/** What had to be done to counts that fell from one bucket to the next: which buckets, and how far at most they fell. */
export interface ForcedMonotonicity {
  readonly least: number;
  readonly most: number;
  readonly difference: number;
}

interface BucketQuantile {
  readonly value: number;
  readonly forced: ForcedMonotonicity | undefined;
}

/** Relative differences up to here come from computing with floats and are no sign of broken counts. */
const smallDelta = 1e-12;

/**
 * The quantile `q` of a classic histogram, linearly interpolated within its bucket. The columns are sorted by bound; their counts may be
 * repaired in place. Source: prometheus, promql/quantile.go, BucketQuantile.
 */
export function bucketQuantile(q: number, buckets: BucketColumns): BucketQuantile {
  const { bounds, counts } = buckets;
  const plain = (value: number): BucketQuantile => ({ value, forced: undefined });
  if (Number.isNaN(q)) return plain(Number.NaN);
  if (q < 0) return plain(Number.NEGATIVE_INFINITY);
  if (1 < q) return plain(Number.POSITIVE_INFINITY);
  if (bounds[buckets.length - 1] !== Number.POSITIVE_INFINITY) return plain(Number.NaN);
  mergeEqualBounds(buckets);
  const forced = makeMonotonic(buckets);
  const { length } = buckets;
  const observations = counts[length - 1] ?? 0;
  if (length < 2 || observations === 0 || Number.isNaN(observations)) return plain(Number.NaN);
  const rank = q * observations;
  let at = 0;
  while (at < length - 1 && !(rank <= (counts[at] ?? 0))) at += 1;
  if (at === length - 1) return { value: bounds[length - 2] ?? Number.NaN, forced };
  const upper = bounds[at] ?? 0;
  if (at === 0 && upper <= 0) return { value: upper, forced };
  const lower = at === 0 ? 0 : (bounds[at - 1] ?? 0);
  const below = at === 0 ? 0 : (counts[at - 1] ?? 0);
  return { value: lower + (upper - lower) * ((rank - below) / ((counts[at] ?? 0) - below)), forced };
}

/**
 * The fraction of observations between two values, the inverse of `bucketQuantile`.
 * Source: prometheus, promql/quantile.go, BucketFraction.
 */
export function bucketFraction(lower: number, upper: number, buckets: BucketColumns): number {
  const { bounds, counts } = buckets;
  if (bounds[buckets.length - 1] !== Number.POSITIVE_INFINITY) return Number.NaN;
  mergeEqualBounds(buckets);
  const count = counts[buckets.length - 1] ?? 0;
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (upper <= lower) return 0;
  return (Math.min(rankOf(upper, buckets), count) - Math.min(rankOf(lower, buckets), count)) / count;
}

/** How many observations are below a value. */
function rankOf(value: number, { bounds, counts, length }: BucketColumns): number {
  let from = 0 < (bounds[0] ?? 0) ? 0 : Number.NEGATIVE_INFINITY;
  let below = 0;
  for (let i = 0; i < length; i += 1) {
    const to = bounds[i] ?? 0;
    const upTo = counts[i] ?? 0;
    if (value <= from) return below;
    if (value < to) {
      // Nothing can be said about where in a bucket without lower bound its observations are: they count as below.
      if (from === Number.NEGATIVE_INFINITY) return upTo;
      return below + ((upTo - below) * (value - from)) / (to - from);
    }
    from = to;
    below = upTo;
  }
  return Number.POSITIVE_INFINITY;
}

/** Two series may carry one bound in different spelling (`1` and `1.0`); then their counts add up. */
function mergeEqualBounds(buckets: BucketColumns): void {
  const { bounds, counts } = buckets;
  let last = 0;
  for (let i = 1; i < buckets.length; i += 1) {
    if (bounds[i] === bounds[last]) {
      counts[last] = (counts[last] ?? 0) + (counts[i] ?? 0);
      continue;
    }
    last += 1;
    bounds[last] = bounds[i] ?? 0;
    counts[last] = counts[i] ?? 0;
  }
  buckets.length = Math.min(buckets.length, last + 1);
}

function makeMonotonic({ bounds, counts, length }: BucketColumns): ForcedMonotonicity | undefined {
  let previous = counts[0] ?? 0;
  let forced: ForcedMonotonicity | undefined;
  for (let i = 1; i < length; i += 1) {
    const count = counts[i] ?? 0;
    if (count === previous) continue;
    if (almostEqual(previous, count)) {
      counts[i] = previous;
    } else if (count < previous) {
      const bound = bounds[i] ?? 0;
      forced = {
        least: Math.min(forced?.least ?? bound, bound),
        most: Math.max(forced?.most ?? bound, bound),
        difference: Math.max(forced?.difference ?? 0, previous - count),
      };
      counts[i] = previous;
    } else {
      previous = count;
    }
  }
  return forced;
}

function almostEqual(a: number, b: number): boolean {
  const size = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || size < 2.2250738585072014e-308) return difference < smallDelta * 2.2250738585072014e-308;
  return difference / Math.min(size, Number.MAX_VALUE) < smallDelta;
}
