import { type Histogram, HistogramMean, HistogramTotal, Labels } from '../../series/index.ts';
import { addTo, type KahanSum, totalOf } from '../functions/kahan.ts';
import { quantileOf } from '../functions/range/quantile.ts';
import type { AggregationNode } from '../plan/nodes.ts';
import type { AggregationOperator } from '../syntax/tree.ts';
import { type Evaluation, limitSeries, newRow, work } from './evaluation.ts';
import { groupRows, type RowGroup } from './grouping.ts';
import {
  infoBoundsReconciled,
  infoHistogramsInAggregation,
  warnCollidingResets,
  warnMixedAggregation,
  warnMixedSchemas,
  warnQuantile,
} from './remarks.ts';
import { absent, finishRow, float, histogram, putFloat, putHistogram, type Row } from './row.ts';

/** The aggregations that make one series of each group. Source: prometheus, promql/engine.go, aggregation. */
export function aggregate(
  run: Evaluation,
  node: AggregationNode,
  rows: readonly Row[],
  param: Float64Array | undefined,
): readonly Row[] {
  if (node.operator === 'quantile') remarkOnQuantiles(run, node, param);
  const groups = groupRows(rows, node.grouping);
  limitSeries(run, groups.length, node.span);
  const results: Row[] = [];
  for (const group of groups) {
    for (const row of group.rows) work(run, row.cells.length);
    const mixed = group.rows.some((row) => row.histograms !== undefined);
    const row = mixed ? mixedGroup(run, node, group, param) : floatGroup(node.operator, group, param);
    if (row !== undefined) results.push(row);
  }
  return results;
}

function remarkOnQuantiles(
  run: Evaluation,
  { param: node, span }: AggregationNode,
  param: Float64Array | undefined,
): void {
  if (param === undefined) return;
  const where = node?.span ?? span;
  if (param.some(Number.isNaN)) warnQuantile(run, Number.NaN, where);
  let least = 0;
  let most = 1;
  for (const q of param) {
    if (q < least) least = q;
    if (most < q) most = q;
  }
  if (1 < most) warnQuantile(run, most, where);
  if (least < 0) warnQuantile(run, least, where);
}

/** A group of floats only: row by row into columns of accumulators. */
function floatGroup(operator: AggregationOperator, group: RowGroup, param: Float64Array | undefined): Row | undefined {
  const from = Math.min(...group.rows.map((row) => row.from));
  const to = Math.max(...group.rows.map((row) => row.from + row.cells.length));
  const header = { labels: group.labels, dropName: group.rows.some((row) => row.dropName), from };
  const values = new Float64Array(to - from);
  const cells = new Uint8Array(to - from);
  switch (operator) {
    case 'sum':
      sumColumns(group.rows, from, values, cells);
      break;
    case 'avg':
      averageColumns(group.rows, from, values, cells);
      break;
    case 'min':
    case 'max':
      extremeColumns(group.rows, from, operator === 'max' ? 1 : -1, values, cells);
      break;
    case 'count':
    case 'group':
      countColumns(group.rows, from, operator === 'group', values, cells);
      break;
    case 'stddev':
    case 'stdvar':
      varianceColumns(group.rows, from, operator === 'stddev', values, cells);
      break;
    case 'quantile':
      quantileColumns(group.rows, from, param, values, cells);
      break;
    default:
      return undefined;
  }
  return { ...header, values, cells };
}

/** Adds rows with what rounding takes away from each addition kept apart (Kahan and Neumaier; found after Knuth, without branches). */
function sumColumns(rows: readonly Row[], from: number, sums: Float64Array, cells: Uint8Array): void {
  const lost = new Float64Array(sums.length);
  // Minus zero is what leaves every value as it is.
  sums.fill(-0);
  for (const { values, cells: present, from: rowFrom } of rows) {
    const shift = rowFrom - from;
    for (let i = 0; i < values.length; i += 1) {
      if (present[i] === absent) continue;
      const at = shift + i;
      const value = values[i] ?? 0;
      const sum = sums[at] ?? 0;
      const next = sum + value;
      const added = next - sum;
      lost[at] = (lost[at] ?? 0) + (sum - (next - added) + (value - added));
      sums[at] = next;
      cells[at] = float;
    }
  }
  // An infinite sum has lost nothing that matters; what was computed beside it is NaN.
  for (let at = 0; at < sums.length; at += 1) sums[at] = totalOf(sums[at] ?? 0, lost[at] ?? 0);
}

/** The sum divided by the count; a step whose sum would overflow goes on with the mean itself. */
function averageColumns(rows: readonly Row[], from: number, sums: Float64Array, cells: Uint8Array): void {
  const lost = new Float64Array(sums.length);
  const counts = new Int32Array(sums.length);
  const incremental = new Uint8Array(sums.length);
  const total: KahanSum = { sum: 0, compensation: 0 };
  for (const row of rows) {
    const shift = row.from - from;
    for (let i = 0; i < row.values.length; i += 1) {
      if (row.cells[i] === absent) continue;
      const at = shift + i;
      const value = row.values[i] ?? 0;
      const count = (counts[at] ?? 0) + 1;
      counts[at] = count;
      if (count === 1) {
        cells[at] = float;
        sums[at] = value;
        continue;
      }
      total.sum = sums[at] ?? 0;
      total.compensation = lost[at] ?? 0;
      if (incremental[at] === 0) {
        addTo(total, value);
        if (total.sum !== Number.POSITIVE_INFINITY && total.sum !== Number.NEGATIVE_INFINITY) {
          sums[at] = total.sum;
          lost[at] = total.compensation;
          continue;
        }
        incremental[at] = 1;
        total.sum = (sums[at] ?? 0) / (count - 1);
        total.compensation = (lost[at] ?? 0) / (count - 1);
      }
      const kept = (count - 1) / count;
      total.sum *= kept;
      total.compensation *= kept;
      addTo(total, value / count);
      sums[at] = total.sum;
      lost[at] = total.compensation;
    }
  }
  for (let at = 0; at < sums.length; at += 1) {
    const count = incremental[at] === 1 ? 1 : (counts[at] ?? 1);
    sums[at] = (sums[at] ?? 0) / count + (lost[at] ?? 0) / count;
  }
}

/** `sign` 1 for the maximum, -1 for the minimum. NaN gives way to anything. */
function extremeColumns(rows: readonly Row[], from: number, sign: 1 | -1, best: Float64Array, cells: Uint8Array): void {
  for (const row of rows) {
    const shift = row.from - from;
    for (let i = 0; i < row.values.length; i += 1) {
      if (row.cells[i] === absent) continue;
      const at = shift + i;
      const value = row.values[i] ?? 0;
      const before = best[at] ?? 0;
      if (cells[at] === absent || sign * before < sign * value || Number.isNaN(before)) best[at] = value;
      cells[at] = float;
    }
  }
}

function countColumns(
  rows: readonly Row[],
  from: number,
  group: boolean,
  counts: Float64Array,
  cells: Uint8Array,
): void {
  for (const row of rows) {
    const shift = row.from - from;
    for (let i = 0; i < row.cells.length; i += 1) {
      if (row.cells[i] === absent) continue;
      const at = shift + i;
      counts[at] = group ? 1 : (counts[at] ?? 0) + 1;
      cells[at] = float;
    }
  }
}

function varianceColumns(
  rows: readonly Row[],
  from: number,
  root: boolean,
  squares: Float64Array,
  cells: Uint8Array,
): void {
  const means = new Float64Array(squares.length);
  const counts = new Int32Array(squares.length);
  for (const row of rows) {
    const shift = row.from - from;
    for (let i = 0; i < row.values.length; i += 1) {
      if (row.cells[i] === absent) continue;
      const at = shift + i;
      const value = row.values[i] ?? 0;
      const count = (counts[at] ?? 0) + 1;
      counts[at] = count;
      cells[at] = float;
      const delta = value - (means[at] ?? 0);
      const mean = count === 1 ? value : (means[at] ?? 0) + delta / count;
      means[at] = mean;
      squares[at] = (squares[at] ?? 0) + (count === 1 ? value - value : delta * (value - mean));
    }
  }
  for (let at = 0; at < squares.length; at += 1) {
    const variance = (squares[at] ?? 0) / (counts[at] ?? 1);
    squares[at] = root ? Math.sqrt(variance) : variance;
  }
}

function quantileColumns(
  rows: readonly Row[],
  from: number,
  param: Float64Array | undefined,
  quantiles: Float64Array,
  cells: Uint8Array,
): void {
  const buffer = new Float64Array(rows.length);
  for (let at = 0; at < quantiles.length; at += 1) {
    let count = 0;
    for (const row of rows) {
      const i = from + at - row.from;
      if (row.cells[i] !== float) continue;
      buffer[count] = row.values[i] ?? 0;
      count += 1;
    }
    if (count === 0) continue;
    quantiles[at] = quantileOf(param?.[from + at] ?? Number.NaN, buffer.subarray(0, count));
    cells[at] = float;
  }
}

/** A group with histograms in it: step by step. */
function mixedGroup(
  run: Evaluation,
  node: AggregationNode,
  group: RowGroup,
  param: Float64Array | undefined,
): Row | undefined {
  const { rows } = group;
  const draft = newRow(
    run,
    group.labels,
    rows.some((row) => row.dropName),
    node.grid.steps,
  );
  for (let step = 0; step < node.grid.steps; step += 1) {
    const floats: Row[] = [];
    const histograms: { readonly row: Row; readonly value: Histogram }[] = [];
    for (const row of rows) {
      const cell = row.cells[step - row.from];
      const value = cell === histogram ? row.histograms?.get(step) : undefined;
      if (value !== undefined) histograms.push({ row, value });
      else if (cell === float) floats.push(row);
    }
    if (histograms.length === 0 && floats.length === 0) continue;
    const answer = mixedStep(run, node, step, floats, histograms, param);
    if (typeof answer === 'number') putFloat(draft, step, answer);
    else if (answer !== undefined) putHistogram(draft, step, answer);
  }
  return finishRow(draft);
}

function mixedStep(
  run: Evaluation,
  node: AggregationNode,
  step: number,
  floats: readonly Row[],
  histograms: readonly { readonly row: Row; readonly value: Histogram }[],
  param: Float64Array | undefined,
): number | Histogram | undefined {
  const { operator } = node;
  const where = node.inner.span;
  switch (operator) {
    case 'count':
      return floats.length + histograms.length;
    case 'group':
      return 1;
    case 'sum':
    case 'avg':
      if (histograms.length === 0) break;
      if (floats.length !== 0) {
        warnMixedAggregation(run, where);
        return undefined;
      }
      return totalHistograms(run, node, histograms);
    default:
      if (histograms.length !== 0) infoHistogramsInAggregation(run, operator, where);
  }
  if (floats.length === 0) return undefined;
  const cut = floats.map((row) => ({
    ...row,
    from: 0,
    values: row.values.subarray(step - row.from, step - row.from + 1),
    cells: oneFloat,
  }));
  const quantile = param === undefined ? undefined : param.subarray(step, step + 1);
  return floatGroup(operator, { labels: Labels.empty, rows: cut }, quantile)?.values[0];
}

const oneFloat: Uint8Array = Uint8Array.of(float);

function totalHistograms(
  run: Evaluation,
  node: AggregationNode,
  histograms: readonly { readonly row: Row; readonly value: Histogram }[],
): Histogram | undefined {
  const [first, ...others] = histograms;
  if (first === undefined) return undefined;
  const where = node.inner.span;
  const total = node.operator === 'avg' ? new HistogramMean(first.value) : new HistogramTotal(first.value);
  for (const { row, value } of others) {
    if (total.add(value)) continue;
    warnMixedSchemas(run, row.labels.get('__name__'), where);
    return undefined;
  }
  const hints = new Set(histograms.map(({ value }) => value.counterResetHint));
  if (hints.has('reset') && hints.has('not_reset')) warnCollidingResets(run, 'aggregation', where);
  if (total.boundsReconciled) infoBoundsReconciled(run, 'aggregation', where);
  return total.value();
}
