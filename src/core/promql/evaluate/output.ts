import { timestamp } from '../../base/index.ts';
import { compareLabels, type Histogram, Labels } from '../../series/index.ts';
import { mixedSamples, mixedWindow } from '../functions/range/window.ts';
import type { Grid } from '../plan/grid.ts';
import type { QueryTime } from '../plan/options.ts';
import type { Evaluation } from './evaluation.ts';
import { dropMetadata, mergeRows } from './names.ts';
import type { RangeSeries } from './ranges.ts';
import type { MatrixSeries, QueryValue, VectorSample } from './result.ts';
import { absent, allFloats, type Row, type Value } from './row.ts';

/** The answer in the form of the public API: over a range always a matrix, ordered by labels. */
export function queryValue(run: Evaluation, grid: Grid, time: QueryTime, value: Value): QueryValue {
  const instant = time.step === 0;
  switch (value.kind) {
    case 'string':
      return { kind: 'string', time: time.start, value: value.value };
    case 'scalar': {
      if (instant) return { kind: 'scalar', time: time.start, value: value.values[0] ?? Number.NaN };
      const row: Row = {
        labels: Labels.empty,
        dropName: false,
        from: 0,
        values: value.values,
        cells: allFloats(grid.steps),
      };
      return { kind: 'matrix', series: matrix(grid, [row]) };
    }
    case 'vector': {
      const rows = finalRows(run, value.rows);
      if (!instant) return { kind: 'matrix', series: matrix(grid, rows) };
      return { kind: 'vector', samples: rows.flatMap((row) => samplesOf(row, time)) };
    }
  }
}

/** A range vector as the answer of an instant query: its samples as they are. */
export function rangeValue(run: Evaluation, ranges: Iterable<RangeSeries>): QueryValue {
  const series = Array.from(ranges, (range) => {
    const samples = mixedSamples(mixedWindow(range, 0));
    const timestamps = Float64Array.from(samples, ({ time }) => time);
    const values = Float64Array.from(samples, ({ value }) => value);
    const histograms = new Map<number, Histogram>();
    for (const [index, { histogram }] of samples.entries())
      if (histogram !== undefined) histograms.set(index, histogram);
    const labels = range.dropName && run.options.delayedNameRemoval ? dropMetadata(range.labels) : range.labels;
    return histograms.size === 0 ? { labels, timestamps, values } : { labels, timestamps, values, histograms };
  });
  return { kind: 'matrix', series: series.filter(({ timestamps }) => timestamps.length !== 0).sort(byLabels) };
}

/** With delayed name removal the names go now. */
function finalRows(run: Evaluation, rows: readonly Row[]): readonly Row[] {
  if (!run.options.delayedNameRemoval) return rows;
  return mergeRows(rows.map((row) => (row.dropName ? { ...row, labels: dropMetadata(row.labels) } : row)));
}

function samplesOf(row: Row, { start }: QueryTime): readonly VectorSample[] {
  const cell = row.cells[0 - row.from];
  if (cell === undefined || cell === absent) return [];
  const { labels } = row;
  const histogram = row.histograms?.get(0);
  const value = row.values[0] ?? Number.NaN;
  return [
    histogram === undefined ? { labels, time: start, value } : { labels, time: start, value: Number.NaN, histogram },
  ];
}

function matrix(grid: Grid, rows: readonly Row[]): readonly MatrixSeries[] {
  const times = new Float64Array(grid.steps);
  for (let step = 0; step < grid.steps; step += 1) times[step] = timestamp(grid.start + step * grid.step);
  const series: MatrixSeries[] = [];
  for (const row of rows) {
    const one = matrixSeries(row, times);
    if (one.timestamps.length !== 0) series.push(one);
  }
  return series.sort(byLabels);
}

/** A row without gaps between its first and its last point keeps its arrays. */
function matrixSeries(row: Row, times: Float64Array): MatrixSeries {
  const { labels, cells, from } = row;
  let first = cells.length;
  let end = 0;
  let count = 0;
  for (let i = 0; i < cells.length; i += 1) {
    if (cells[i] === absent) continue;
    if (count === 0) first = i;
    end = i + 1;
    count += 1;
  }
  if (count === end - first && row.histograms === undefined) {
    const timestamps = count === times.length ? times : times.subarray(from + first, from + end);
    return { labels, timestamps, values: count === row.values.length ? row.values : row.values.subarray(first, end) };
  }
  const timestamps = new Float64Array(count);
  const values = new Float64Array(count);
  const histograms = new Map<number, Histogram>();
  let next = 0;
  for (let i = 0; i < cells.length; i += 1) {
    if (cells[i] === absent) continue;
    timestamps[next] = times[from + i] ?? 0;
    const histogram = row.histograms?.get(from + i);
    if (histogram !== undefined && cells[i] === 2) histograms.set(next, histogram);
    values[next] = histogram === undefined ? (row.values[i] ?? Number.NaN) : Number.NaN;
    next += 1;
  }
  return histograms.size === 0 ? { labels, timestamps, values } : { labels, timestamps, values, histograms };
}

function byLabels(a: MatrixSeries, b: MatrixSeries): number {
  return compareLabels(a.labels, b.labels);
}
