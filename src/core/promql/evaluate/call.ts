import { Labels, type Matcher, metricName } from '../../series/index.ts';
import { calendarFunctions } from '../functions/calendar.ts';
import { elementwise, roundTo } from '../functions/elementwise.ts';
import type { CallNode, InstantNode, PlanNode } from '../plan/nodes.ts';
import { QueryFailure } from '../query-failure.ts';
import { type Evaluation, work } from './evaluation.ts';
import { fractions, histogramStatistic, labelledQuantiles, mapHistograms, quantiles } from './histogram-call.ts';
import { addInfo } from './info-call.ts';
import { selectInstant } from './instant.ts';
import { labelJoin, labelReplace } from './label-call.ts';
import { presence } from './matching.ts';
import { mergeRows, resultLabels } from './names.ts';
import { absent, allFloats, float, type Row, type Value } from './row.ts';
import { sortByLabels, sortByValue } from './sort-call.ts';

/** A call whose arguments other than range vectors have been evaluated. */
interface EvaluatedCall {
  readonly node: CallNode;
  readonly args: readonly Value[];
}

/** Evaluates a function that takes no range vector. */
export function callFunction(run: Evaluation, call: EvaluatedCall): Value {
  const scalar = scalarFunction(call);
  return scalar === undefined
    ? { kind: 'vector', rows: vectorFunction(run, call) }
    : { kind: 'scalar', values: scalar };
}

/** The functions that give a scalar. */
function scalarFunction({ node, args }: EvaluatedCall): Float64Array | undefined {
  const { grid } = node;
  switch (node.function) {
    case 'time':
      return bySteps(grid.steps, (step) => (grid.start + step * grid.step) / 1000);
    case 'pi':
      return new Float64Array(grid.steps).fill(Math.PI);
    case 'scalar':
      return onlyFloat(rowsOf(args[0]), grid.steps);
    case 'min_of':
    case 'max_of': {
      const left = scalarOf(args[0]);
      const right = scalarOf(args[1]);
      const pick = node.function === 'min_of' ? Math.min : Math.max;
      return bySteps(grid.steps, (step) => pick(left[step] ?? Number.NaN, right[step] ?? Number.NaN));
    }
    default:
      return undefined;
  }
}

function vectorFunction(run: Evaluation, call: EvaluatedCall): readonly Row[] {
  const { node, args } = call;
  const { steps } = node.grid;
  const name = node.function;
  const plain = elementwise.get(name);
  if (plain !== undefined) return mapFloats(run, rowsOf(args[0]), (value) => plain(value));
  const statistic = histogramStatistic(name);
  if (statistic !== undefined) return mapHistograms(run, rowsOf(args[0]), statistic);
  const calendar = calendarFunctions.get(name);
  if (calendar !== undefined)
    return mapFloats(run, args.length === 0 ? timeRow(node) : rowsOf(args[0]), (value) => calendarOf(calendar, value));
  switch (name) {
    case 'clamp':
      return clamp(run, rowsOf(args[0]), scalarOf(args[1]), scalarOf(args[2]));
    case 'clamp_min':
      return clamp(run, rowsOf(args[0]), scalarOf(args[1]), new Float64Array(steps).fill(Number.POSITIVE_INFINITY));
    case 'clamp_max':
      return clamp(run, rowsOf(args[0]), new Float64Array(steps).fill(Number.NEGATIVE_INFINITY), scalarOf(args[1]));
    case 'round': {
      const nearest = args[1] === undefined ? undefined : scalarOf(args[1]);
      return mapFloats(run, rowsOf(args[0]), (value, step) => roundTo(value, nearest?.[step] ?? 1));
    }
    case 'vector':
      return [{ labels: Labels.empty, dropName: false, from: 0, values: scalarOf(args[0]), cells: allFloats(steps) }];
    case 'absent':
      return absentRows(steps, rowsOf(args[0]), node.args[0]);
    case 'timestamp':
      return timestamps(run, node, rowsOf(args[0]));
    case 'start_timestamp':
      return startTimestamps(run, node);
    case 'sort':
    case 'sort_desc':
      return sortByValue(run, node, rowsOf(args[0]), name === 'sort_desc');
    case 'sort_by_label':
    case 'sort_by_label_desc':
      return sortByLabels(run, node, rowsOf(args[0]), textsOf(args), name === 'sort_by_label_desc');
    case 'label_replace':
      return labelReplace(run, rowsOf(args[0]), textsOf(args), node.span);
    case 'label_join':
      return labelJoin(run, rowsOf(args[0]), textsOf(args), node.span);
    case 'histogram_quantile':
      return quantiles(run, node, scalarOf(args[0]), rowsOf(args[1]));
    case 'histogram_quantiles':
      return labelledQuantiles(run, node, rowsOf(args[0]), textsOf(args)[0] ?? '', args.slice(2).map(scalarOf));
    case 'histogram_fraction':
      return fractions(run, node, scalarOf(args[0]), scalarOf(args[1]), rowsOf(args[2]));
    case 'info':
      return node.info === undefined ? rowsOf(args[0]) : addInfo(run, node, node.info, rowsOf(args[0]));
    default:
      throw new QueryFailure(`unknown function with name "${name}"`, node.span);
  }
}

export function rowsOf(value: Value | undefined): readonly Row[] {
  return value?.kind === 'vector' ? value.rows : [];
}

export function scalarOf(value: Value | undefined): Float64Array {
  return value?.kind === 'scalar' ? value.values : new Float64Array(0);
}

/** The string arguments, in order. */
function textsOf(args: readonly Value[]): readonly string[] {
  return args.flatMap((value) => (value.kind === 'string' ? [value.value] : []));
}

function bySteps(steps: number, valueAt: (step: number) => number): Float64Array {
  const values = new Float64Array(steps);
  for (let step = 0; step < steps; step += 1) values[step] = valueAt(step);
  return values;
}

/** scalar(): the value of the only float of the vector, NaN if there is none or more than one. */
function onlyFloat(rows: readonly Row[], steps: number): Float64Array {
  const values = new Float64Array(steps).fill(Number.NaN);
  const counts = new Uint8Array(steps);
  for (const row of rows) {
    for (let i = 0; i < row.cells.length; i += 1) {
      if (row.cells[i] !== float) continue;
      const step = row.from + i;
      const count = counts[step] ?? 0;
      values[step] = count === 0 ? (row.values[i] ?? Number.NaN) : Number.NaN;
      counts[step] = Math.min(count + 1, 2);
    }
  }
  return values;
}

/** Maps every float; histograms are left out. */
function mapFloats(
  run: Evaluation,
  rows: readonly Row[],
  map: (value: number, step: number) => number,
): readonly Row[] {
  const results: Row[] = [];
  for (const row of rows) {
    work(run, row.cells.length);
    const { from } = row;
    const cells = row.histograms === undefined ? row.cells : row.cells.map((cell) => (cell === float ? float : absent));
    const values = new Float64Array(cells.length);
    let any = row.histograms === undefined;
    for (let i = 0; i < cells.length; i += 1) {
      if (cells[i] === absent) continue;
      any = true;
      values[i] = map(row.values[i] ?? Number.NaN, from + i);
    }
    if (any) results.push({ labels: resultLabels(run, row.labels), dropName: true, from, values, cells });
  }
  return run.options.delayedNameRemoval ? results : mergeRows(results);
}

/** Steps at which the maximum is below the minimum have no answer. */
function clamp(run: Evaluation, rows: readonly Row[], least: Float64Array, most: Float64Array): readonly Row[] {
  const clamped = mapFloats(run, rows, (value, step) =>
    larger(least[step] ?? Number.NaN, smaller(most[step] ?? Number.NaN, value)),
  );
  const inverted = least.some((value, step) => (most[step] ?? Number.NaN) < value);
  if (!inverted) return clamped;
  return clamped.flatMap((row) => {
    const cells = row.cells.map((cell, i) => ((most[row.from + i] ?? 0) < (least[row.from + i] ?? 0) ? absent : cell));
    return cells.some((cell) => cell !== absent) ? [{ ...row, cells }] : [];
  });
}

/** Go's math.Max and math.Min: an infinity on its own side beats even NaN. */
function larger(a: number, b: number): number {
  return a === Number.POSITIVE_INFINITY || b === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.max(a, b);
}

function smaller(a: number, b: number): number {
  return a === Number.NEGATIVE_INFINITY || b === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : Math.min(a, b);
}

/** Date functions without argument are about the evaluation time. */
function timeRow({ grid }: CallNode): readonly Row[] {
  const values = bySteps(grid.steps, (step) => Math.trunc((grid.start + step * grid.step) / 1000));
  return [{ labels: Labels.empty, dropName: false, from: 0, values, cells: allFloats(grid.steps) }];
}

function calendarOf(calendar: (epochSeconds: number) => number, value: number): number {
  return Number.isFinite(value) ? calendar(value) : Number.NaN;
}

/** timestamp(): of a selector the time of each sample itself, of anything else the evaluation time. */
function timestamps(run: Evaluation, node: CallNode, rows: readonly Row[]): readonly Row[] {
  const selector = selectorIn(node.args[0]);
  if (selector !== undefined && selector.selector.extended === undefined) {
    const found = selectInstant(run, { ...selector, grid: node.grid }, 'timestamp');
    return mapFloats(run, found, (value) => value);
  }
  const { grid } = node;
  const times = rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => (cell === absent ? absent : float)),
    histograms: undefined,
  }));
  return mapFloats(
    run,
    times.map(({ histograms: _, ...row }) => row),
    (_value, step) => (grid.start + step * grid.step) / 1000,
  );
}

/** start_timestamp(): when the counting behind each sample of a selector began. Known only if the engine is told to look. */
function startTimestamps(run: Evaluation, node: CallNode): readonly Row[] {
  const selector = selectorIn(node.args[0]);
  if (selector === undefined || !run.options.useStartTimestamps) return [];
  const found = selectInstant(run, { ...selector, grid: node.grid }, 'start timestamp');
  return mapFloats(run, found, (value) => value);
}

/** Whether timestamp() is asked about samples as they were taken, which is of a selector only. */
export function readsSamples({ args }: CallNode): boolean {
  const selector = selectorIn(args[0]);
  return selector !== undefined && selector.selector.extended === undefined;
}

function selectorIn(node: PlanNode | undefined): InstantNode | undefined {
  if (node?.kind === 'constant') return selectorIn(node.inner);
  return node?.kind === 'instant' ? node : undefined;
}

/** absent() and absent_over_time(): 1 where nothing is there, with the labels that the selector pins. */
export function absentRows(steps: number, rows: readonly Row[], argument: PlanNode | undefined): readonly Row[] {
  const cells = presence(rows, steps).map((present) => (present === 1 ? absent : float));
  if (!cells.includes(float)) return [];
  return [{ labels: pinnedLabels(argument), dropName: false, from: 0, values: new Float64Array(steps).fill(1), cells }];
}

/** The labels that equality matchers of a selector give; one named twice is left out. */
function pinnedLabels(argument: PlanNode | undefined): Labels {
  if (argument?.kind === 'constant') return pinnedLabels(argument.inner);
  if (argument?.kind !== 'instant' && argument?.kind !== 'range') return Labels.empty;
  const pinned = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, operator, value } of argument.selector.matchers satisfies readonly Matcher[]) {
    if (name === metricName) continue;
    if (operator === '=' && !seen.has(name)) {
      pinned.set(name, value);
      seen.add(name);
    } else {
      pinned.delete(name);
    }
  }
  return Labels.from(pinned);
}
