import { calculateColumns, compare, compareColumns, isArithmetic, isComparison } from '../functions/operators.ts';
import type { BinaryNode } from '../plan/nodes.ts';
import { combineElements, type Element } from './elements.ts';
import { type Evaluation, newRow, work } from './evaluation.ts';
import { mergeRows, resultLabels } from './names.ts';
import { absent, finishRow, histogram, putFloat, putHistogram, type Row } from './row.ts';

/** Two scalars, step by step. A comparison of scalars gives 0 or 1 (the checker demands `bool`). */
export function scalarBinary({ operator }: BinaryNode, left: Float64Array, right: Float64Array): Float64Array {
  const out = new Float64Array(left.length);
  if (isArithmetic(operator)) {
    calculateColumns(operator, left, 0, right, 0, out);
  } else if (isComparison(operator)) {
    for (let i = 0; i < out.length; i += 1) out[i] = compare(operator, left[i] ?? 0, right[i] ?? 0) ? 1 : 0;
  }
  return out;
}

/** A vector and a scalar. `scalarLeft` tells on which side the scalar stands; a comparison keeps the vector's value either way. */
export function vectorScalarBinary(
  run: Evaluation,
  node: BinaryNode,
  rows: readonly Row[],
  scalar: Float64Array,
  scalarLeft: boolean,
): readonly Row[] {
  const results: Row[] = [];
  for (const row of rows) {
    work(run, row.cells.length);
    const plain = row.histograms === undefined && (isArithmetic(node.operator) || isComparison(node.operator));
    const result = plain ? floatRow(run, node, row, scalar, scalarLeft) : mixedRow(run, node, row, scalar, scalarLeft);
    if (result !== undefined) results.push(result);
  }
  return changesName(node) && !run.options.delayedNameRemoval ? mergeRows(results) : results;
}

/** Whether the result is no longer the metric that it was computed from. Filters and trims keep the name. */
function changesName({ operator, bool }: BinaryNode): boolean {
  return bool || isArithmetic(operator);
}

function header(run: Evaluation, node: BinaryNode, row: Row): Pick<Row, 'labels' | 'dropName'> {
  if (!changesName(node)) return { labels: row.labels, dropName: row.dropName };
  return { labels: resultLabels(run, row.labels), dropName: true };
}

function floatRow(
  run: Evaluation,
  node: BinaryNode,
  row: Row,
  scalar: Float64Array,
  scalarLeft: boolean,
): Row | undefined {
  const { operator, bool } = node;
  const { values, cells, from } = row;
  if (isArithmetic(operator)) {
    const out = new Float64Array(values.length);
    if (scalarLeft) calculateColumns(operator, scalar, from, values, 0, out);
    else calculateColumns(operator, values, 0, scalar, from, out);
    return { ...header(run, node, row), from, values: out, cells };
  }
  if (!isComparison(operator)) return undefined;
  const holds = new Uint8Array(values.length);
  if (scalarLeft) compareColumns(operator, scalar, from, values, 0, holds);
  else compareColumns(operator, values, 0, scalar, from, holds);
  if (bool) return { ...header(run, node, row), from, values: Float64Array.from(holds), cells };
  let any = false;
  for (let i = 0; i < holds.length; i += 1) {
    if (cells[i] === absent) holds[i] = absent;
    else if (holds[i] !== absent) any = true;
  }
  return any ? { ...header(run, node, row), from, values, cells: holds } : undefined;
}

function mixedRow(
  run: Evaluation,
  node: BinaryNode,
  row: Row,
  scalar: Float64Array,
  scalarLeft: boolean,
): Row | undefined {
  const { labels, dropName } = header(run, node, row);
  const draft = newRow(run, labels, dropName, row.from + row.cells.length);
  const comparison = isComparison(node.operator);
  for (let i = 0; i < row.cells.length; i += 1) {
    const cell = row.cells[i];
    if (cell === absent) continue;
    const step = row.from + i;
    const element: Element =
      (cell === histogram ? row.histograms?.get(step) : undefined) ?? row.values[i] ?? Number.NaN;
    const number = scalar[step] ?? Number.NaN;
    const result = scalarLeft
      ? combineElements(run, node, number, element)
      : combineElements(run, node, element, number);
    if (result === undefined) continue;
    if (node.bool) {
      putFloat(draft, step, result.holds ? 1 : 0);
      continue;
    }
    if (!result.holds) continue;
    const value = comparison ? element : result.value;
    if (typeof value === 'number') putFloat(draft, step, value);
    else putHistogram(draft, step, value);
  }
  return finishRow(draft);
}

/** Unary minus. */
export function negate(run: Evaluation, rows: readonly Row[], negateRow: (row: Row) => Row): readonly Row[] {
  const results = rows.map((row) => ({ ...negateRow(row), labels: resultLabels(run, row.labels), dropName: true }));
  return run.options.delayedNameRemoval ? results : mergeRows(results);
}
