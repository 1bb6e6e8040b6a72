import type { Histogram, Labels } from '../../series/index.ts';
import { withCounterResetHint } from '../../series/index.ts';
import type { Samples } from '../functions/range/samples.ts';
import type { Grid } from '../plan/grid.ts';
import type { RangeNode, SubqueryNode } from '../plan/nodes.ts';
import { columnsOf, type FloatColumns, type HistogramColumns } from './columns.ts';
import { type Evaluation, limitSeries, work } from './evaluation.ts';
import { absent, float, histogram, type Row } from './row.ts';
import { type WindowSpec, type Windows, windowCache, windowEnds } from './windows.ts';

/** One series of a range vector: its samples, and which of them the range of each step covers. At least one of the two is there. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly dropName: boolean;
  readonly floats: FloatWindows | undefined;
  readonly histograms: HistogramWindows | undefined;
}

export interface FloatWindows {
  readonly samples: Samples;
  readonly startTimestamps: Float64Array | undefined;
  readonly windows: Windows;
}

export interface HistogramWindows {
  readonly columns: HistogramColumns;
  readonly windows: Windows;
  /** What rate and its kin find out about the neighbours among the histograms, when first asked. */
  readonly found: { facts?: HistogramFacts };
}

/** What there is to know of the neighbours in a series, found once for all windows: ascending indexes, few of them as a rule. */
export interface HistogramFacts {
  /** The counter began anew at this sample. */
  readonly resets: Int32Array;
  /** The sample claims to have begun before the one preceding it. */
  readonly overlaps: Int32Array;
  readonly gauges: Int32Array;
  /** The schema is not that of the sample before. */
  readonly layouts: Int32Array;
}

/**
 * The series that a range selector covers anything of, one by one: windows of series that share none can be forgotten on the way.
 */
export function* selectRanges(
  run: Evaluation,
  node: RangeNode,
  spec: WindowSpec = rangeSpec(node),
): Generator<RangeSeries> {
  const series = run.data[node.selector.selection] ?? [];
  const { first, last } = windowEnds(spec);
  const reach = { after: first - spec.range, until: last, statistics: node.selector.statistics };
  limitSeries(run, series.length, node.span);
  const windowsOf = windowCache(spec);
  for (const one of series) {
    const { floats, histograms } = columnsOf(run.columns, one, reach);
    const starts = run.options.useStartTimestamps;
    const range = rangeSeries(one.labels, false, floats, histograms, windowsOf, starts);
    if (range === undefined) continue;
    const samples = reachOf(range.floats?.windows) + reachOf(range.histograms?.windows);
    run.touched += samples;
    work(run, samples + node.grid.steps);
    yield range;
  }
}

/** The ranges of a selector as written; `anchored` and `smoothed` look further. */
export function rangeSpec(node: RangeNode): WindowSpec {
  return { grid: node.grid, offset: node.selector.offset, at: node.selector.at, range: node.range };
}

/** The rows of an evaluated subquery as range vector. */
export function* subqueryRanges(run: Evaluation, node: SubqueryNode, rows: readonly Row[]): Generator<RangeSeries> {
  const windowsOf = windowCache({ grid: node.grid, offset: node.offset, at: node.at, range: node.range });
  const times = gridTimes(node.inner.grid);
  const slices = new Map<string, Float64Array>();
  for (const row of rows) {
    work(run, row.cells.length);
    const { floats, histograms } = rowColumns(row, times, slices);
    const range = rangeSeries(row.labels, row.dropName, floats, histograms, windowsOf, false);
    if (range !== undefined) yield range;
  }
}

function rangeSeries(
  labels: Labels,
  dropName: boolean,
  floats: FloatColumns | undefined,
  histograms: HistogramColumns | undefined,
  windowsOf: (timestamps: Float64Array) => Windows,
  useStarts: boolean,
): RangeSeries | undefined {
  const floatWindows = floats === undefined ? undefined : windowsOf(floats.timestamps);
  const histogramWindows = histograms === undefined ? undefined : windowsOf(histograms.timestamps);
  const range = {
    labels,
    dropName,
    floats:
      floats === undefined || floatWindows === undefined || isEmpty(floatWindows)
        ? undefined
        : {
            samples: { timestamps: floats.timestamps, values: floats.values },
            startTimestamps: useStarts ? floats.startTimestamps : undefined,
            windows: floatWindows,
          },
    histograms:
      histograms === undefined || histogramWindows === undefined || isEmpty(histogramWindows)
        ? undefined
        : {
            columns: useStarts ? histograms : { ...histograms, startTimestamps: undefined },
            windows: histogramWindows,
            found: {},
          },
  };
  return range.floats === undefined && range.histograms === undefined ? undefined : range;
}

function isEmpty(windows: Windows): boolean {
  return windows.from === windows.to;
}

function reachOf(windows: Windows | undefined): number {
  if (windows === undefined || isEmpty(windows)) return 0;
  return (windows.high[windows.to - 1] ?? 0) - (windows.low[windows.from] ?? 0);
}

function gridTimes(grid: Grid): Float64Array {
  const times = new Float64Array(grid.steps);
  for (let step = 0; step < grid.steps; step += 1) times[step] = grid.start + step * grid.step;
  return times;
}

/** The points of a row as samples. Rows without gaps share their timestamps. */
function rowColumns(
  row: Row,
  times: Float64Array,
  slices: Map<string, Float64Array>,
): { readonly floats: FloatColumns | undefined; readonly histograms: HistogramColumns | undefined } {
  const { cells, from } = row;
  let floatCount = 0;
  let histogramCount = 0;
  for (let i = 0; i < cells.length; i += 1) {
    if (cells[i] === float) floatCount += 1;
    else if (cells[i] === histogram) histogramCount += 1;
  }
  if (floatCount === cells.length) {
    const key = `${from}:${cells.length}`;
    const timestamps = slices.get(key) ?? times.subarray(from, from + cells.length);
    slices.set(key, timestamps);
    return { floats: { timestamps, values: row.values, startTimestamps: undefined }, histograms: undefined };
  }
  const floats = {
    timestamps: new Float64Array(floatCount),
    values: new Float64Array(floatCount),
    startTimestamps: undefined,
  };
  const histogramTimes = new Float64Array(histogramCount);
  const histograms: Histogram[] = [];
  let nextFloat = 0;
  for (let i = 0; i < cells.length; i += 1) {
    const time = times[from + i] ?? 0;
    if (cells[i] === absent) continue;
    if (cells[i] === float) {
      floats.timestamps[nextFloat] = time;
      floats.values[nextFloat] = row.values[i] ?? Number.NaN;
      nextFloat += 1;
      continue;
    }
    const value = row.histograms?.get(from + i);
    if (value === undefined) continue;
    histogramTimes[histograms.length] = time;
    histograms.push(withoutResetClaim(value));
  }
  return {
    floats: floatCount === 0 ? undefined : floats,
    histograms:
      histogramCount === 0 ? undefined : { timestamps: histogramTimes, histograms, startTimestamps: undefined },
  };
}

/** A subquery may skip samples or repeat them, so that what a sample claims about its predecessor no longer holds. */
function withoutResetClaim(value: Histogram): Histogram {
  const claims = value.counterResetHint === 'reset' || value.counterResetHint === 'not_reset';
  return claims ? withCounterResetHint(value, 'unknown') : value;
}
