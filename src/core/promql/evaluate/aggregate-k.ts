import { labelOffset } from '../functions/label-hash.ts';
import type { AggregationNode } from '../plan/nodes.ts';
import { QueryFailure } from '../query-failure.ts';
import { type Evaluation, work } from './evaluation.ts';
import { groupRows } from './grouping.ts';
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
  const results: Row[] = [];
  for (const group of groupRows(rows, node.grouping)) {
    for (const row of group.rows) work(run, row.cells.length);
    const chosen: Chosen = { masks: group.rows.map((row) => new Uint8Array(row.cells.length)), order: [] };
    if (node.operator === 'limitk') chooseFirst(group.rows, param, chosen);
    else if (node.operator === 'limit_ratio') chooseRatio(group.rows, param, chosen);
    else chooseBest(run, node, group.rows, param, chosen);
    // An instant answer keeps the order of the choice; over a range every row stays where it was.
    for (const index of node.grid.steps === 1 ? chosen.order : group.rows.keys()) {
      const row = group.rows[index];
      const cells = chosen.masks[index];
      if (row !== undefined && cells !== undefined && anyPresent(cells)) results.push({ ...row, cells });
    }
  }
  return results;
}

/** What was chosen of each row, and, for an instant query, which rows in which order. */
interface Chosen {
  readonly masks: readonly Uint8Array[];
  readonly order: number[];
}

function anyPresent(cells: Uint8Array): boolean {
  for (let i = 0; i < cells.length; i += 1) if (cells[i] !== absent) return true;
  return false;
}

function checkParam(run: Evaluation, { operator, param: node, span }: AggregationNode, param: Float64Array): void {
  const where = node?.span ?? span;
  if (param.some(Number.isNaN)) {
    throw new QueryFailure(operator === 'limit_ratio' ? 'Ratio value is NaN' : 'Parameter value is NaN', where);
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
  if (least <= -(2 ** 63)) throw new QueryFailure(`Scalar value ${least} underflows int64`, where);
  if (2 ** 63 - 1024 <= most) throw new QueryFailure(`Scalar value ${most} overflows int64`, where);
}

/** limitk: at each step the first rows that are there. */
function chooseFirst(rows: readonly Row[], param: Float64Array, { masks, order }: Chosen): void {
  const left = param.map(Math.trunc);
  for (const [index, row] of rows.entries()) {
    const mask = masks[index];
    if (mask === undefined) continue;
    for (let i = 0; i < mask.length; i += 1) {
      const more = left[row.from + i] ?? 0;
      if (row.cells[i] === absent || more < 1) continue;
      left[row.from + i] = more - 1;
      mask[i] = row.cells[i] ?? absent;
    }
    if (anyPresent(mask)) order.push(index);
  }
}

/** limit_ratio: the rows whose hash falls below the ratio; a ratio below zero chooses what the ratio above zero leaves. */
function chooseRatio(rows: readonly Row[], param: Float64Array, { masks, order }: Chosen): void {
  for (const [index, row] of rows.entries()) {
    const mask = masks[index];
    if (mask === undefined) continue;
    const offset = labelOffset(row.labels);
    for (let i = 0; i < mask.length; i += 1) {
      const ratio = Math.max(-1, Math.min(1, param[row.from + i] ?? 0));
      if (0 <= ratio ? offset < ratio : 1 + ratio <= offset) mask[i] = row.cells[i] ?? absent;
    }
    if (anyPresent(mask)) order.push(index);
  }
}

/** topk and bottomk. Rows are read one after the other; every step keeps its best so far, best first. */
function chooseBest(
  run: Evaluation,
  node: AggregationNode,
  rows: readonly Row[],
  param: Float64Array,
  { masks, order }: Chosen,
): void {
  const most = param.reduce((max, k) => Math.max(max, Math.min(Math.trunc(k), rows.length)), 0);
  if (most < 1) return;
  const { steps } = node.grid;
  // Ranks are kept as values to be minimised: for topk the negated value. NaN, worse than anything, is kept as NaN.
  const sign = node.operator === 'topk' ? -1 : 1;
  const ranks = new Float64Array(steps * most);
  const indexes = new Int32Array(steps * most);
  const counts = new Int32Array(steps);
  for (const [index, row] of rows.entries()) {
    const { cells, values, from } = row;
    for (let i = 0; i < cells.length; i += 1) {
      if (cells[i] === absent) continue;
      if (cells[i] === histogram) {
        infoHistogramsInAggregation(run, node.operator, node.span);
        continue;
      }
      const step = from + i;
      const k = Math.min(Math.trunc(param[step] ?? 0), rows.length);
      if (k < 1) continue;
      const base = step * most;
      const count = counts[step] ?? 0;
      const rank = sign * (values[i] ?? Number.NaN);
      if (count === k && !isBetter(rank, ranks[base + k - 1] ?? 0)) continue;
      let low = base;
      let high = base + count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (isBetter(rank, ranks[middle] ?? 0)) high = middle;
        else low = middle + 1;
      }
      const end = Math.min(count, k - 1);
      ranks.copyWithin(low + 1, low, base + end);
      indexes.copyWithin(low + 1, low, base + end);
      ranks[low] = rank;
      indexes[low] = index;
      counts[step] = Math.min(count + 1, k);
    }
  }
  for (let step = 0; step < steps; step += 1) {
    for (let place = 0; place < (counts[step] ?? 0); place += 1) {
      const index = indexes[step * most + place] ?? 0;
      const row = rows[index];
      const mask = masks[index];
      if (row === undefined || mask === undefined) continue;
      mask[step - row.from] = row.cells[step - row.from] ?? absent;
      if (steps === 1) order.push(index);
    }
  }
}

/** Of equals the earlier row is better. */
function isBetter(rank: number, than: number): boolean {
  return rank < than || (Number.isNaN(than) && !Number.isNaN(rank));
}
