import { Labels, quoteString } from '../../series/index.ts';
import { calculateColumns, compareColumns, isArithmetic, isComparison } from '../functions/operators.ts';
import type { BinaryNode } from '../plan/nodes.ts';
import { QueryFailure } from '../query-failure.ts';
import type { VectorMatching } from '../syntax/tree.ts';
import { combineElements, type Element } from './elements.ts';
import { type Evaluation, limitSeries, newRow, work } from './evaluation.ts';
import { defaultMatching, type MatchGroup, matchGroups, matchLabels, presence } from './matching.ts';
import { copyInto, dropMetadata } from './names.ts';
import { absent, finishRow, float, histogram, putFloat, putHistogram, type Row, type RowDraft } from './row.ts';

/** An arithmetic, comparison or trim operator between two vectors. Source: prometheus, promql/engine.go, VectorBinop. */
export function vectorBinary(
  run: Evaluation,
  node: BinaryNode,
  left: readonly Row[],
  right: readonly Row[],
): readonly Row[] {
  const matching = node.matching ?? defaultMatching;
  const fill = matching.fill ?? {};
  const outputs = new Map<string, Output>();
  const groups = matchGroups(left, right, matching);
  const sides: Sides = { run, node, matching, left, right };
  for (const group of groups) {
    refuseDuplicates(sides, group);
    const { steps } = node.grid;
    const leftRows =
      fill.left === undefined
        ? group.left
        : [...group.left, fillRow(group.left, group.right, fill.left, steps, matching)];
    const rightRows =
      fill.right === undefined
        ? group.right
        : [...group.right, fillRow(group.right, group.left, fill.right, steps, matching)];
    // One to one, a step may see only one match of a group; otherwise only one with the same result labels.
    const matched = matching.group === undefined && 1 < group.left.length ? new Uint8Array(steps) : undefined;
    for (const one of leftRows) {
      for (const other of rightRows) if (!(isFill(one) && isFill(other))) pair(sides, outputs, matched, one, other);
    }
  }
  limitSeries(run, outputs.size, node.span);
  const rows: Row[] = [];
  for (const output of outputs.values()) {
    const row = output.row ?? (output.draft === undefined ? undefined : finishRow(output.draft));
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

interface Sides {
  readonly run: Evaluation;
  readonly node: BinaryNode;
  readonly matching: VectorMatching;
  readonly left: readonly Row[];
  readonly right: readonly Row[];
}

/** One series of the result. The usual one comes from a single pair and is never copied; a second pair turns it into a draft. */
interface Output {
  row: Row | undefined;
  draft: RowDraft | undefined;
  /** The pairs that made it, for grouped matching: their steps must not overlap, not even where a filter drops the result. */
  readonly pairs: { readonly left: Row; readonly right: Row }[];
}

const fillMark: unique symbol = Symbol('fill');

interface FillRow extends Row {
  readonly [fillMark]: true;
}

function isFill(row: Row): boolean {
  return fillMark in row;
}

/** Stands in, with the fill value, wherever none of `missing` is present. Its labels are those that the group has in common. */
function fillRow(
  missing: readonly Row[],
  others: readonly Row[],
  value: number,
  steps: number,
  matching: VectorMatching,
): FillRow {
  const labels = matchLabels((others[0] ?? missing[0])?.labels ?? Labels.empty, matching);
  const cells = presence(missing, steps).map((present) => (present === 1 ? absent : float));
  return { labels, dropName: false, from: 0, values: new Float64Array(steps).fill(value), cells, [fillMark]: true };
}

/** Two series of the "one" side with the same signature at the same step: it is not clear which is meant. */
function refuseDuplicates({ node, matching, left, right }: Sides, group: MatchGroup): void {
  const oneIsLeft = matching.group?.side === 'right';
  const ones = oneIsLeft ? group.left : group.right;
  if (ones.length < 2) return;
  const many = presence(oneIsLeft ? right : left, node.grid.steps);
  const owner = new Int32Array(node.grid.steps).fill(-1);
  for (const [index, row] of ones.entries()) {
    for (let i = 0; i < row.cells.length; i += 1) {
      const step = row.from + i;
      if (row.cells[i] === absent || (many[step] === 0 && matching.fill === undefined)) continue;
      const other = ones[owner[step] ?? -1];
      owner[step] = index;
      if (other === undefined) continue;
      const names = [other.labels, row.labels].map(describeLabels).sort();
      const group = describeLabels(matchLabels(row.labels, matching));
      const side = oneIsLeft ? 'left' : 'right';
      const message = `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${names.join(', ')}];many-to-many matching not allowed: matching labels must be unique on one side`;
      throw new QueryFailure(message, node.span);
    }
  }
}

/** Go's form of a label set in messages: the metric name stands among the labels. */
function describeLabels(labels: Labels): string {
  return `{${[...labels.entries()].map(([name, value]) => `${name}=${quoteString(value)}`).join(', ')}}`;
}

function pair(
  sides: Sides,
  outputs: Map<string, Output>,
  matched: Uint8Array | undefined,
  left: Row,
  right: Row,
): void {
  const { run, node, matching } = sides;
  const from = Math.max(left.from, right.from);
  const to = Math.min(left.from + left.cells.length, right.from + right.cells.length);
  if (to <= from) return;
  work(run, to - from);
  if (matched !== undefined) refuseSecondMatch(matched, left, right, from, to, node);
  const { labels, dropName } = resultHeader(sides, left, right);
  const known = outputs.get(labels.key);
  if (known !== undefined && matching.group !== undefined) {
    for (const other of known.pairs) refuseOverlap(other, { left, right }, node);
  }
  const row = combineRows(run, node, left, right, from, to, { labels, dropName });
  if (known === undefined) {
    outputs.set(labels.key, { row, draft: undefined, pairs: [{ left, right }] });
    return;
  }
  known.pairs.push({ left, right });
  if (row === undefined) return;
  if (known.draft === undefined) {
    known.draft = newRow(run, labels, dropName, node.grid.steps);
    if (known.row !== undefined) copyInto(known.draft, known.row);
    known.row = undefined;
  }
  copyInto(known.draft, row);
}

function refuseSecondMatch(
  matched: Uint8Array,
  left: Row,
  right: Row,
  from: number,
  to: number,
  node: BinaryNode,
): void {
  for (let step = from; step < to; step += 1) {
    if (left.cells[step - left.from] === absent || right.cells[step - right.from] === absent) continue;
    if (matched[step] === 1) {
      const message = 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)';
      throw new QueryFailure(message, node.span);
    }
    matched[step] = 1;
  }
}

function refuseOverlap(
  a: { readonly left: Row; readonly right: Row },
  b: { readonly left: Row; readonly right: Row },
  node: BinaryNode,
): void {
  const rows = [a.left, a.right, b.left, b.right];
  const from = Math.max(...rows.map((row) => row.from));
  const to = Math.min(...rows.map((row) => row.from + row.cells.length));
  for (let step = from; step < to; step += 1) {
    if (rows.some((row) => row.cells[step - row.from] === absent)) continue;
    throw new QueryFailure('multiple matches for labels: grouping labels must ensure unique matches', node.span);
  }
}

/** The labels of the result of a pair: those of the "many" side (one to one: of the left), minus what does not match, plus what is included. */
function resultHeader({ run, node, matching }: Sides, left: Row, right: Row): Pick<Row, 'labels' | 'dropName'> {
  const { group } = matching;
  const [many, one] = group?.side === 'right' ? [right, left] : [left, right];
  let { labels } = many;
  if (isArithmetic(node.operator) || (node.bool && !run.options.delayedNameRemoval)) labels = dropMetadata(labels);
  if (group === undefined) {
    const named = new Set(matching.labels);
    if (matching.on) labels = labels.filter((name) => named.has(name));
    else if (named.size !== 0) labels = labels.filter((name) => !named.has(name));
  } else if (group.include.length !== 0) {
    labels = labels.merge(group.include.map((name) => [name, one.labels.get(name)] as const));
  }
  // With delayed name removal a filter gives back the name that it sees, as upstream.
  return { labels, dropName: node.bool };
}

function combineRows(
  run: Evaluation,
  node: BinaryNode,
  left: Row,
  right: Row,
  from: number,
  to: number,
  header: Pick<Row, 'labels' | 'dropName'>,
): Row | undefined {
  const { operator } = node;
  if (
    left.histograms !== undefined ||
    right.histograms !== undefined ||
    !(isArithmetic(operator) || isComparison(operator))
  ) {
    return combineMixed(run, node, left, right, from, to, header);
  }
  const leftAt = from - left.from;
  const rightAt = from - right.from;
  const length = to - from;
  const cells = new Uint8Array(length);
  if (isArithmetic(operator)) {
    const values = new Float64Array(length);
    calculateColumns(operator, left.values, leftAt, right.values, rightAt, values);
    return bothPresent(left, leftAt, right, rightAt, cells) ? { ...header, from, values, cells } : undefined;
  }
  const holds = new Uint8Array(length);
  compareColumns(operator, left.values, leftAt, right.values, rightAt, holds);
  if (!bothPresent(left, leftAt, right, rightAt, cells)) return undefined;
  if (node.bool) return { ...header, from, values: Float64Array.from(holds), cells };
  let any = false;
  for (let i = 0; i < length; i += 1) {
    if (holds[i] === 0) cells[i] = absent;
    else if (cells[i] !== absent) any = true;
  }
  return any ? { ...header, from, values: left.values.subarray(leftAt, leftAt + length), cells } : undefined;
}

/** Marks the cells that both sides have; tells whether there are any. */
function bothPresent(left: Row, leftAt: number, right: Row, rightAt: number, cells: Uint8Array): boolean {
  let any = 0;
  for (let i = 0; i < cells.length; i += 1) {
    const both = (left.cells[leftAt + i] ?? 0) & (right.cells[rightAt + i] ?? 0) & float;
    cells[i] = both;
    any |= both;
  }
  return any !== 0;
}

function combineMixed(
  run: Evaluation,
  node: BinaryNode,
  left: Row,
  right: Row,
  from: number,
  to: number,
  { labels, dropName }: Pick<Row, 'labels' | 'dropName'>,
): Row | undefined {
  const draft = newRow(run, labels, dropName, to);
  for (let step = from; step < to; step += 1) {
    const one = elementAt(left, step);
    const other = elementAt(right, step);
    if (one === undefined || other === undefined) continue;
    const result = combineElements(run, node, one, other);
    if (result === undefined) continue;
    if (node.bool) putFloat(draft, step, result.holds ? 1 : 0);
    else if (result.holds && typeof result.value === 'number') putFloat(draft, step, result.value);
    else if (result.holds && typeof result.value !== 'number') putHistogram(draft, step, result.value);
  }
  return finishRow(draft);
}

function elementAt(row: Row, step: number): Element | undefined {
  const cell = row.cells[step - row.from];
  if (cell === undefined || cell === absent) return undefined;
  return cell === histogram ? row.histograms?.get(step) : row.values[step - row.from];
}
