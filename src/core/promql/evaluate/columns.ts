import {
  detectReset,
  firstAfter,
  type Histogram,
  isStale,
  type Series,
  withCounterResetHint,
} from '../../series/index.ts';

/** Float samples in time order, without stale markers. */
export interface FloatColumns {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly startTimestamps: Float64Array | undefined;
}

/** Histogram samples in time order. */
export interface HistogramColumns {
  readonly timestamps: Float64Array;
  readonly histograms: readonly Histogram[];
  readonly startTimestamps: Float64Array | undefined;
}

/** The samples that range functions see of a series: floats and histograms apart, stale markers gone. */
export interface Columns {
  readonly floats: FloatColumns | undefined;
  readonly histograms: HistogramColumns | undefined;
}

/** Which samples of a series are wanted: those later than `after` and not later than `until`. */
export interface Reach {
  readonly after: number;
  readonly until: number;
  /** Whether only count and sum of histograms matter: see SelectorPlan. */
  readonly statistics: boolean;
}

/** Columns that were made for a stretch of a series, `low` to `high` (excluded). */
export interface KnownColumns extends Columns {
  readonly low: number;
  readonly high: number;
  readonly statistics: boolean;
}

/**
 * Splits a stretch of a series into columns. Floats without a stale marker among them are not copied: the columns are then the whole
 * series. Others are copied, but no more of them than is wanted, and remembered as the known ones.
 */
export function columnsOf(
  known: Map<Series, KnownColumns>,
  series: Series,
  { after, until, statistics }: Reach,
): Columns {
  const { timestamps, values, startTimestamps } = series;
  const low = firstAfter(timestamps, after);
  const high = firstAfter(timestamps, until, low);
  const plain = series.histograms === undefined || series.histograms.size === 0;
  if (plain && !hasStale(series, low, high))
    return { floats: { timestamps, values, startTimestamps }, histograms: undefined };
  const before = known.get(series);
  if (before?.low === low && before.high === high && before.statistics === statistics) return before;
  const columns = { ...split(series, low, high, statistics), low, high, statistics };
  known.set(series, columns);
  return columns;
}

/** A histogram of a series; if only statistics matter, with a hint that says whether it follows a reset, where that was left open. */
export function histogramAt({ histograms }: Series, index: number, statistics: boolean): Histogram | undefined {
  const histogram = histograms?.get(index);
  if (!statistics || histogram?.counterResetHint !== 'unknown') return histogram;
  const previous = histograms?.get(index - 1);
  if (previous === undefined) return histogram;
  return withCounterResetHint(histogram, detectReset(histogram, previous) ? 'reset' : 'not_reset');
}

function hasStale({ staleMarkers }: Series, low: number, high: number): boolean {
  if (staleMarkers === undefined) return false;
  let from = 0;
  let to = staleMarkers.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((staleMarkers[middle] ?? 0) < low) from = middle + 1;
    else to = middle;
  }
  return from < staleMarkers.length && (staleMarkers[from] ?? 0) < high;
}

function split(series: Series, low: number, high: number, statistics: boolean): Columns {
  const { timestamps, values, startTimestamps } = series;
  const floatIndexes: number[] = [];
  const histogramIndexes: number[] = [];
  const histograms: Histogram[] = [];
  for (let i = low; i < high; i += 1) {
    const histogram = histogramAt(series, i, statistics);
    if (histogram !== undefined) {
      histogramIndexes.push(i);
      histograms.push(histogram);
    } else if (!isStale(series, i)) {
      floatIndexes.push(i);
    }
  }
  const timesOf = (indexes: readonly number[]) => ({
    timestamps: pick(timestamps, indexes),
    startTimestamps: startTimestamps === undefined ? undefined : pick(startTimestamps, indexes),
  });
  return {
    floats: floatIndexes.length === 0 ? undefined : { ...timesOf(floatIndexes), values: pick(values, floatIndexes) },
    histograms: histograms.length === 0 ? undefined : { ...timesOf(histogramIndexes), histograms },
  };
}

function pick(column: Float64Array, indexes: readonly number[]): Float64Array {
  const picked = new Float64Array(indexes.length);
  for (let i = 0; i < indexes.length; i += 1) picked[i] = column[indexes[i] ?? 0] ?? Number.NaN;
  return picked;
}
