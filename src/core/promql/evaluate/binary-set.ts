import type { BinaryNode } from '../plan/nodes.ts';
import { type Evaluation, work } from './evaluation.ts';
import { defaultMatching, matchGroups, presence } from './matching.ts';
import { mergeRows } from './names.ts';
import { absent, type Row } from './row.ts';

/** `and`, `or` and `unless`: elements of one side depending on whether the other side has a match at the same step. */
export function setBinary(
  run: Evaluation,
  node: BinaryNode,
  left: readonly Row[],
  right: readonly Row[],
): readonly Row[] {
  const { steps } = node.grid;
  const kept = new Map<Row, Row | undefined>();
  for (const group of matchGroups(left, right, node.matching ?? defaultMatching)) {
    if (node.operator === 'or') {
      if (group.left.length === 0 || group.right.length === 0) continue;
      const taken = presence(group.left, steps);
      for (const row of group.right) kept.set(row, masked(run, row, taken, false));
    } else {
      const wanted = node.operator === 'and';
      if (group.right.length === 0) {
        if (wanted) for (const row of group.left) kept.set(row, undefined);
        continue;
      }
      const matched = presence(group.right, steps);
      for (const row of group.left) kept.set(row, masked(run, row, matched, wanted));
    }
  }
  const result: Row[] = [];
  for (const row of node.operator === 'or' ? [...left, ...right] : left) {
    const one = kept.has(row) ? kept.get(row) : row;
    if (one !== undefined) result.push(one);
  }
  return node.operator === 'or' ? mergeRows(result) : result;
}

/** The row at the steps where `mask` is set (or, `wanted` false, is not set); undefined if nothing is left. */
function masked(run: Evaluation, row: Row, mask: Uint8Array, wanted: boolean): Row | undefined {
  work(run, row.cells.length);
  const { cells, from } = row;
  const left = new Uint8Array(cells.length);
  let any = false;
  let all = true;
  for (let i = 0; i < cells.length; i += 1) {
    const cell = cells[i] ?? absent;
    if (cell === absent) continue;
    if ((mask[from + i] === 1) === wanted) {
      left[i] = cell;
      any = true;
    } else {
      all = false;
    }
  }
  if (!any) return undefined;
  return all ? row : { ...row, cells: left };
}
