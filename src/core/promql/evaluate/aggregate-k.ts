import { labelOffset } from '../functions/label-hash.ts';
import type { AggregationNode } from '../plan/nodes.ts';
import { EvaluationError } from './error.ts';
import { type Evaluation, work } from './evaluation.ts';
import { groupRows, type RowGroup } from './grouping.ts';
import { infoHistogramsInAggregation, warnRatio } from './remarks.ts';
import { absent, histogram, type Row } from './row.ts';

/** topk, bottomk, limitk and limit_ratio: the rows themselves, at the steps at which they are chosen. */
export function aggregateK(
  run: Evaluation,
  node: AggregationNode,
  rows: readonly Row[],
  param: Float64Array,
): readonly Row[] {
  checkParam(run, node, param);
  const { steps } = node.grid;
  const results: Row[] = [];
  for (const group of groupRows(rows, node.grouping)) {
    const chosen = group.rows.map((row) => new Uint8Array(row.cells.length));
    const order: number[] = [];
    const choose = chooser(run, node, group);
    for (let step = 0; step < steps; step += 1) {
      work(run, group.rows.length);
      for (const index of choose(step, param[step] ?? Number.NaN)) {
        const row = group.rows[index];
        const mask = chosen[index];
        if (row === undefined || mask === undefined) continue;
        mask[step - row.from] = row.cells[step - row.from] ?? absent;
        if (steps === 1) order.push(index);
      }
    }
    // An instant answer keeps the order of the choice; over a range every row stays where it was.
    for (const index of steps === 1 ? order : group.rows.keys()) {
      const row = group.rows[index];
      const cells = chosen[index];
      if (row !== undefined && cells?.some((cell) => cell !== absent)) results.push({ ...row, cells });
    }
  }
  return results;
}

function checkParam(run: Evaluation, { operator, param: node, span }: AggregationNode, param: Float64Array): void {
  const where = node?.span ?? span;
  if (param.some(Number.isNaN)) {
    throw new EvaluationError(operator === 'limit_ratio' ? 'Ratio value is NaN' : 'Parameter value is NaN', where);
  }
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of param) {
    if (value < least) least = value;
    if (most < value) most = value;
  }
  if (operator === 'limit_ratio') {
    if (1 < most) warnRatio(run, most, 1, where);
    if (least < -1) warnRatio(run, least, -1, where);
    return;
  }
  if (most < 1) return;
  if (least <= -(2 ** 63)) throw new EvaluationError(`Scalar value ${least} underflows int64`, where);
  if (2 ** 63 - 1024 <= most) throw new EvaluationError(`Scalar value ${most} overflows int64`, where);
}

/** Chooses, at a step, the indexes of rows in the order of the answer. */
type Choose = (step: number, param: number) => readonly number[];

function chooser(run: Evaluation, node: AggregationNode, { rows }: RowGroup): Choose {
  const present = (step: number) => [...rows.keys()].filter((index) => cellOf(rows[index], step) !== absent);
  switch (node.operator) {
    case 'limitk':
      return (step, k) => present(step).slice(0, Math.max(0, Math.trunc(k)));
    case 'limit_ratio': {
      const offsets = rows.map((row) => labelOffset(row.labels));
      return (step, ratio) =>
        present(step).filter((index) => isSampled(offsets[index] ?? 0, Math.max(-1, Math.min(1, ratio))));
    }
    default:
      return ranking(run, node, rows);
  }
}

/** A ratio below zero chooses what the ratio above zero leaves. */
function isSampled(offset: number, ratio: number): boolean {
  return 0 <= ratio ? offset < ratio : 1 + ratio <= offset;
}

function ranking(run: Evaluation, node: AggregationNode, rows: readonly Row[]): Choose {
  const sign = node.operator === 'topk' ? -1 : 1;
  // The best so far, best first. NaN is worse than anything; of equals the earlier row is better.
  const better = (a: number, b: number) => sign * a < sign * b || (Number.isNaN(b) && !Number.isNaN(a));
  return (step, param) => {
    const k = Math.min(Math.trunc(param), rows.length);
    if (k < 1) return [];
    const indexes: number[] = [];
    const values: number[] = [];
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index];
      const cell = cellOf(row, step);
      if (row === undefined || cell === absent) continue;
      if (cell === histogram) {
        infoHistogramsInAggregation(run, node.operator, node.span);
        continue;
      }
      const value = row.values[step - row.from] ?? Number.NaN;
      if (indexes.length === k && !better(value, values[k - 1] ?? Number.NaN)) continue;
      let low = 0;
      let high = indexes.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (better(value, values[middle] ?? Number.NaN)) high = middle;
        else low = middle + 1;
      }
      indexes.splice(low, 0, index);
      values.splice(low, 0, value);
      if (k < indexes.length) {
        indexes.pop();
        values.pop();
      }
    }
    return indexes;
  };
}

function cellOf(row: Row | undefined, step: number): number {
  return row?.cells[step - row.from] ?? absent;
}
