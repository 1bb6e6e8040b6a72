import { detectReset, type Histogram, isStale, type Series, withCounterResetHint } from '../../series/index.ts';
import type { SelectorPlan } from '../plan/nodes.ts';
import type { Evaluation } from './evaluation.ts';

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

/** The series of a selector. Where only statistics matter, the hints of its histograms are settled first. */
export function seriesOf(run: Evaluation, { selection, statistics }: SelectorPlan): readonly Series[] {
  const series = run.data[selection] ?? [];
  return statistics ? series.map((one) => withSettledHints(run, one)) : series;
}

/** Says of every histogram whether it follows a reset, where its hint leaves that open and there is one before it. */
function withSettledHints(run: Evaluation, series: Series): Series {
  if (series.histograms === undefined) return series;
  const known = run.settled.get(series);
  if (known !== undefined) return known;
  const histograms = new Map<number, Histogram>();
  let previous: Histogram | undefined;
  for (const [index, histogram] of [...series.histograms].sort(([a], [b]) => a - b)) {
    const open = histogram.counterResetHint === 'unknown' && previous !== undefined;
    const hint = open && previous !== undefined && detectReset(histogram, previous) ? 'reset' : 'not_reset';
    histograms.set(index, open ? withCounterResetHint(histogram, hint) : histogram);
    previous = histogram;
  }
  const settled = { ...series, histograms };
  run.settled.set(series, settled);
  return settled;
}

/** Splits a series into columns. A series of floats without stale markers is not copied. */
export function columnsOf(run: Evaluation, series: Series): Columns {
  const known = run.columns.get(series);
  if (known !== undefined) return known;
  const columns = split(series);
  run.columns.set(series, columns);
  return columns;
}

function split(series: Series): Columns {
  const { timestamps, values, startTimestamps } = series;
  const plain = series.histograms === undefined || series.histograms.size === 0;
  if (plain && (series.staleMarkers === undefined || series.staleMarkers.length === 0)) {
    return { floats: { timestamps: timestamps, values, startTimestamps }, histograms: undefined };
  }
  const floatIndexes: number[] = [];
  const histogramIndexes: number[] = [];
  const histograms: Histogram[] = [];
  for (let i = 0; i < timestamps.length; i += 1) {
    const value = plain ? undefined : series.histograms?.get(i);
    if (value !== undefined) {
      histogramIndexes.push(i);
      histograms.push(value);
    } else if (!isStale(series, i)) {
      floatIndexes.push(i);
    }
  }
  const starts = (indexes: readonly number[]) =>
    startTimestamps === undefined ? undefined : pick(startTimestamps, indexes);
  return {
    floats:
      floatIndexes.length === 0
        ? undefined
        : {
            timestamps: pick(timestamps, floatIndexes),
            values: pick(values, floatIndexes),
            startTimestamps: starts(floatIndexes),
          },
    histograms:
      histograms.length === 0
        ? undefined
        : {
            timestamps: pick(timestamps, histogramIndexes),
            histograms,
            startTimestamps: starts(histogramIndexes),
          },
  };
}

function pick(column: Float64Array, indexes: readonly number[]): Float64Array {
  const picked = new Float64Array(indexes.length);
  for (let i = 0; i < indexes.length; i += 1) picked[i] = column[indexes[i] ?? 0] ?? Number.NaN;
  return picked;
}
