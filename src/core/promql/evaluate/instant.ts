import { type Histogram, isStale, type Series } from '../../series/index.ts';
import type { Grid } from '../plan/grid.ts';
import type { InstantNode, SelectorPlan } from '../plan/nodes.ts';
import { histogramAt } from './columns.ts';
import { type Evaluation, limitSeries, newColumn, refuseExcess, work } from './evaluation.ts';
import { allFloats, float, histogram, type Row } from './row.ts';

/** What a selector gives of the sample it finds: usually its value; `timestamp()` and `start_timestamp()` ask for its times instead. */
type SampleAspect = 'value' | 'timestamp' | 'start timestamp';

/**
 * Evaluates an instant vector selector: at each step the newest sample not later than the step and later than the lookback before it,
 * unless that sample is a stale marker.
 */
export function selectInstant(run: Evaluation, node: InstantNode, aspect: SampleAspect = 'value'): readonly Row[] {
  const { selector, grid } = node;
  const series = run.data[selector.selection] ?? [];
  limitSeries(run, series.length, node.span);
  const newest = newestCache(grid, selector, run.options.lookbackDelta);
  const rows: Row[] = [];
  let samples = 0;
  for (const one of series) {
    work(run, grid.steps);
    const found = newest(one.timestamps);
    if (found.from === found.to) continue;
    run.touched += found.count;
    samples += found.count;
    refuseExcess(run, samples, node.span);
    const row =
      isPlain(one) && aspect !== 'start timestamp'
        ? plainRow(run, one, found, aspect)
        : mixedRow(one, found, aspect, selector.statistics);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** For each step the index of the sample that the lookback finds, -1 for none; the same for all series with the same timestamps. */
interface Newest {
  readonly indexes: Int32Array;
  readonly from: number;
  readonly to: number;
  /** How many of them find a sample. */
  readonly count: number;
  /** Which of the steps from `from` to `to` find a sample. */
  readonly cells: Uint8Array;
}

/** Where every series has its own timestamps, remembering them all would take more memory than the data. */
const mostRemembered = 64;

/** Finds the newest samples once per timestamps array. */
function newestCache(
  grid: Grid,
  { offset, at }: Pick<SelectorPlan, 'offset' | 'at'>,
  lookback: number,
): (timestamps: Float64Array) => Newest {
  const known = new Map<Float64Array, Newest>();
  const first = (at ?? grid.start) - offset;
  const stride = at === undefined ? grid.step : 0;
  return (timestamps) => {
    const before = known.get(timestamps);
    if (before !== undefined) return before;
    const found = findNewest(timestamps, first, stride, grid.steps, lookback);
    if (mostRemembered <= known.size) known.clear();
    known.set(timestamps, found);
    return found;
  };
}

function findNewest(timestamps: Float64Array, first: number, stride: number, steps: number, lookback: number): Newest {
  const indexes = new Int32Array(steps);
  const available = timestamps.length;
  let next = lowerBound(timestamps, first);
  let from = steps;
  let to = 0;
  let missing = 0;
  for (let step = 0; step < steps; step += 1) {
    const time = first + step * stride;
    while (next < available && (timestamps[next] ?? 0) <= time) next += 1;
    const index = next - 1;
    if (0 <= index && time - lookback < (timestamps[index] ?? 0)) {
      indexes[step] = index;
      if (to === 0) from = step;
      else missing += step - to;
      to = step + 1;
    } else {
      indexes[step] = -1;
    }
  }
  if (to === 0) return { indexes, from: 0, to: 0, count: 0, cells: new Uint8Array(0) };
  const count = to - from - missing;
  if (missing === 0) return { indexes, from, to, count, cells: allFloats(to - from) };
  const cells = new Uint8Array(to - from);
  for (let step = from; step < to; step += 1) if (0 <= (indexes[step] ?? -1)) cells[step - from] = float;
  return { indexes, from, to, count, cells };
}

function lowerBound(timestamps: Float64Array, time: number): number {
  let low = 0;
  let high = timestamps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timestamps[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isPlain(series: Series): boolean {
  return (series.histograms?.size ?? 0) === 0 && (series.staleMarkers?.length ?? 0) === 0;
}

function plainRow(run: Evaluation, series: Series, found: Newest, aspect: 'value' | 'timestamp'): Row {
  const { indexes, from, to, cells } = found;
  const column = aspect === 'value' ? series.values : series.timestamps;
  const unit = aspect === 'value' ? 1 : 1000;
  const values = newColumn(run, to - from);
  for (let step = from; step < to; step += 1) values[step - from] = (column[indexes[step] ?? -1] ?? Number.NaN) / unit;
  return { labels: series.labels, dropName: false, from, values, cells };
}

function mixedRow(series: Series, found: Newest, aspect: SampleAspect, statistics: boolean): Row | undefined {
  const { indexes, from, to } = found;
  const values = new Float64Array(to - from);
  const cells = new Uint8Array(to - from);
  const histograms = new Map<number, Histogram>();
  let any = false;
  for (let step = from; step < to; step += 1) {
    const index = indexes[step] ?? -1;
    if (index < 0 || isStale(series, index)) continue;
    any = true;
    const cell = step - from;
    cells[cell] = float;
    if (aspect === 'timestamp') {
      values[cell] = (series.timestamps[index] ?? 0) / 1000;
    } else if (aspect === 'start timestamp') {
      values[cell] = (series.startTimestamps?.[index] ?? 0) / 1000;
    } else {
      const value = histogramAt(series, index, statistics);
      values[cell] = series.values[index] ?? Number.NaN;
      if (value === undefined) continue;
      cells[cell] = histogram;
      histograms.set(step, value);
    }
  }
  if (!any) return undefined;
  const row: Row = { labels: series.labels, dropName: false, from, values, cells };
  return histograms.size === 0 ? row : { ...row, histograms };
}
