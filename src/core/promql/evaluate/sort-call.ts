import { compareLabels } from '../../series/index.ts';
import { compareNaturally } from '../functions/natural-order.ts';
import type { CallNode } from '../plan/nodes.ts';
import type { Evaluation } from './evaluation.ts';
import { warnSortInRange } from './remarks.ts';
import { absent, cellAt, float, type Row, valueAt } from './row.ts';

/** sort and sort_desc: by value, NaN last, without histograms. Over a range the result is ordered by labels whatever happens here. */
export function sortByValue(
  run: Evaluation,
  node: CallNode,
  rows: readonly Row[],
  descending: boolean,
): readonly Row[] {
  if (node.grid.steps !== 1) {
    warnSortInRange(run, node.span);
    return rows.flatMap(floatsOf);
  }
  const sign = descending ? -1 : 1;
  return rows
    .filter((row) => cellAt(row, 0) === float)
    .sort((a, b) => {
      const left = valueAt(a, 0);
      const right = valueAt(b, 0);
      if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
      return left === right ? 0 : left < right ? -sign : sign;
    });
}

/** The row without its histograms; nothing if it has no floats. */
function floatsOf(row: Row): readonly Row[] {
  if (row.histograms === undefined) return [row];
  const { labels, dropName, from, values } = row;
  const cells = row.cells.map((cell) => (cell === float ? float : absent));
  return cells.includes(float) ? [{ labels, dropName, from, values, cells }] : [];
}

/** sort_by_label and sort_by_label_desc: by the values of labels, numbers in them counting as numbers, then by all labels. */
export function sortByLabels(
  run: Evaluation,
  node: CallNode,
  rows: readonly Row[],
  names: readonly string[],
  descending: boolean,
): readonly Row[] {
  if (node.grid.steps !== 1) {
    warnSortInRange(run, node.span);
    return rows;
  }
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    for (const name of names) {
      const order = compareNaturally(a.labels.get(name), b.labels.get(name));
      if (order !== 0) return sign * order;
    }
    return sign * compareLabels(a.labels, b.labels);
  });
}
