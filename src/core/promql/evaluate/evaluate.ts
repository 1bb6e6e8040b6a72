import { Cancelled, type Checkpoint, noCheckpoint, unreachable } from '../../base/index.ts';
import { type Labels, multiplyHistogram, type Series } from '../../series/index.ts';
import type {
  AggregationNode,
  BinaryNode,
  CallNode,
  ConstantNode,
  PlanNode,
  RangeNode,
  SubqueryNode,
} from '../plan/nodes.ts';
import type { Plan } from '../plan/plan.ts';
import { QueryFailure } from '../query-failure.ts';
import { aggregate } from './aggregate.ts';
import { aggregateK } from './aggregate-k.ts';
import { countValues } from './aggregate-values.ts';
import { negate, scalarBinary, vectorScalarBinary } from './binary-scalar.ts';
import { setBinary } from './binary-set.ts';
import { vectorBinary } from './binary-vector.ts';
import { absentRows, callFunction, readsSamples, rowsOf, scalarOf } from './call.ts';
import { bytesIn, type Evaluation, hold, newEvaluation, samplesIn } from './evaluation.ts';
import { selectInstant } from './instant.ts';
import { queryValue, rangeValue } from './output.ts';
import { callExtended, callRange, isRangeFunction } from './range-call.ts';
import { type RangeSeries, selectRanges, subqueryRanges } from './ranges.ts';
import type { QueryError, QueryOutcome, QueryValue } from './result.ts';
import { allFloats, type Row, type Value } from './row.ts';
import { selectSmoothed } from './smoothed.ts';

/**
 * Computes the answer of a planned query from what its selections gave. It is synchronous and pure; `checkpoint` is polled and may throw
 * `Cancelled` to stop it. Other exceptions are bugs.
 */
export function evaluate(
  plan: Plan,
  data: readonly (readonly Series[])[],
  checkpoint: Checkpoint = noCheckpoint,
): QueryOutcome {
  if (plan.error !== undefined) return { ok: false, error: plan.error };
  const run = newEvaluation(plan.options, data, checkpoint);
  return attempt(() => {
    checkpoint();
    const value = topLevel(run, plan);
    return { ok: true, value, annotations: [...run.annotations.values()], stats: { samples: run.touched } };
  });
}

/** The labels of the series that a part of a plan gives. */
export function evaluateLabels(
  { options }: Plan,
  part: PlanNode,
  data: readonly (readonly Series[])[],
  checkpoint: Checkpoint,
): { readonly ok: true; readonly labels: readonly Labels[] } | { readonly ok: false; readonly error: QueryError } {
  return attempt(() => {
    const rows = rowsOf(evaluateNode(newEvaluation(options, data, checkpoint), part));
    return { ok: true, labels: rows.map(({ labels }) => labels) };
  });
}

/** Turns the exceptions that end an evaluation into an answer. */
function attempt<T>(work: () => T): T | { readonly ok: false; readonly error: QueryError } {
  try {
    return work();
  } catch (error) {
    if (error instanceof Cancelled) return { ok: false, error: { kind: 'cancelled', message: error.message } };
    if (!(error instanceof QueryFailure)) throw error;
    const { kind, message, span } = error;
    return { ok: false, error: span === undefined ? { kind, message } : { kind, message, span } };
  }
}

function topLevel(run: Evaluation, { root, time }: Plan): QueryValue {
  if (time.step !== 0 && (root.kind === 'range' || root.kind === 'subquery' || root.kind === 'string')) {
    const type = root.kind === 'string' ? 'string' : 'range vector';
    const message = `invalid expression type "${type}" for range query, must be Scalar or instant Vector`;
    throw new QueryFailure(message, root.span);
  }
  if (root.kind === 'range')
    return rangeValue(run, root.selector.extended === undefined ? selectRanges(run, root) : []);
  if (root.kind === 'subquery')
    return rangeValue(run, subqueryRanges(run, root, rowsOf(evaluateNode(run, root.inner))));
  return queryValue(run, root.grid, time, evaluateNode(run, root));
}

/** Evaluates a node. What it holds in memory afterwards is its own value; what its parts held is given back. */
function evaluateNode(run: Evaluation, node: PlanNode): Value {
  run.checkpoint();
  const { held, reserved } = run;
  const value = evaluateKind(run, node);
  const samples = samplesIn(value);
  hold(run, samples, node.span);
  run.held = held + samples;
  run.reserved = reserved + bytesIn(value);
  return value;
}

function evaluateKind(run: Evaluation, node: PlanNode): Value {
  switch (node.kind) {
    case 'number':
      return { kind: 'scalar', values: new Float64Array(node.grid.steps).fill(node.value) };
    case 'string':
      return { kind: 'string', value: node.value };
    case 'instant':
      return vector(node.selector.extended === 'smoothed' ? selectSmoothed(run, node) : selectInstant(run, node));
    case 'call':
      return evaluateCall(run, node);
    case 'aggregation':
      return evaluateAggregation(run, node);
    case 'binary':
      return evaluateBinary(run, node);
    case 'negation':
      return evaluateNegation(run, evaluateNode(run, node.inner));
    case 'constant':
      return repeat(node, evaluateNode(run, node.inner));
    case 'range':
    case 'subquery':
      throw new QueryFailure('a range vector stands where only a function of one may', node.span);
    default:
      return unreachable(node);
  }
}

function vector(rows: readonly Row[]): Value {
  return { kind: 'vector', rows };
}

function evaluateCall(run: Evaluation, node: CallNode): Value {
  if (!isRangeFunction(node.function)) {
    // timestamp() and start_timestamp() look at the samples that a selector finds, not at their values.
    const lazy = node.function === 'start_timestamp' || (node.function === 'timestamp' && readsSamples(node));
    return callFunction(run, { node, args: lazy ? [] : node.args.map((arg) => evaluateNode(run, arg)) });
  }
  const argument = node.args.find(isRange);
  if (argument === undefined) throw new QueryFailure(`${node.function} needs a range vector`, node.span);
  const params = node.args.filter((arg) => arg !== argument).map((arg) => scalarOf(evaluateNode(run, arg)));
  checkSmoothing(node, params);
  const call = { node, argument, params };
  if (argument.kind === 'range' && argument.selector.extended !== undefined) {
    return vector(callExtended(run, call, argument, argument.selector.extended));
  }
  const ranges = rangesOf(run, argument);
  const rows = callRange(run, call, ranges);
  return vector(node.function === 'absent_over_time' ? absentRows(node.grid.steps, rows, argument) : rows);
}

function isRange(node: PlanNode): node is RangeNode | SubqueryNode {
  return node.kind === 'range' || node.kind === 'subquery';
}

function rangesOf(run: Evaluation, node: RangeNode | SubqueryNode): Iterable<RangeSeries> {
  if (node.kind === 'range') return selectRanges(run, node);
  return subqueryRanges(run, node, rowsOf(evaluateNode(run, node.inner)));
}

function checkSmoothing(node: CallNode, params: readonly Float64Array[]): void {
  if (node.function !== 'double_exponential_smoothing') return;
  for (const [index, name] of ['smoothing', 'trend'].entries()) {
    const wrong = params[index]?.find((factor) => !(0 < factor && factor < 1));
    if (wrong === undefined) continue;
    const span = node.args[index + 1]?.span ?? node.span;
    throw new QueryFailure(
      `invalid ${name} factor. Expected: 0 < ${name === 'smoothing' ? 'sf' : 'tf'} < 1, got: ${wrong.toFixed(6)}`,
      span,
    );
  }
}

function evaluateAggregation(run: Evaluation, node: AggregationNode): Value {
  const param = node.param === undefined ? undefined : evaluateNode(run, node.param);
  const rows = rowsOf(evaluateNode(run, node.inner));
  switch (node.operator) {
    case 'count_values':
      return vector(countValues(run, node, rows, param?.kind === 'string' ? param.value : ''));
    case 'topk':
    case 'bottomk':
    case 'limitk':
    case 'limit_ratio':
      return vector(aggregateK(run, node, rows, scalarOf(param)));
    default:
      return vector(aggregate(run, node, rows, param === undefined ? undefined : scalarOf(param)));
  }
}

function evaluateBinary(run: Evaluation, node: BinaryNode): Value {
  const left = evaluateNode(run, node.left);
  const right = evaluateNode(run, node.right);
  if (left.kind === 'scalar' && right.kind === 'scalar')
    return { kind: 'scalar', values: scalarBinary(node, left.values, right.values) };
  if (left.kind === 'scalar') return vector(vectorScalarBinary(run, node, rowsOf(right), left.values, true));
  if (right.kind === 'scalar') return vector(vectorScalarBinary(run, node, rowsOf(left), right.values, false));
  const isSet = node.operator === 'and' || node.operator === 'or' || node.operator === 'unless';
  return vector((isSet ? setBinary : vectorBinary)(run, node, rowsOf(left), rowsOf(right)));
}

function evaluateNegation(run: Evaluation, value: Value): Value {
  if (value.kind === 'scalar') return { kind: 'scalar', values: value.values.map((one) => -one) };
  return vector(
    negate(run, rowsOf(value), (row) => {
      const values = row.values.map((one) => -one);
      if (row.histograms === undefined) return { ...row, values };
      return {
        ...row,
        values,
        histograms: new Map([...row.histograms].map(([step, one]) => [step, multiplyHistogram(one, -1)])),
      };
    }),
  );
}

/** Repeats what was computed for one step at every step. */
function repeat({ grid }: ConstantNode, value: Value): Value {
  const { steps } = grid;
  switch (value.kind) {
    case 'string':
      return value;
    case 'scalar':
      return { kind: 'scalar', values: new Float64Array(steps).fill(value.values[0] ?? Number.NaN) };
    case 'vector':
      return vector(value.rows.map((row) => repeatRow(row, steps)));
    default:
      return unreachable(value);
  }
}

function repeatRow(row: Row, steps: number): Row {
  const values = new Float64Array(steps).fill(row.values[0] ?? Number.NaN);
  const one = row.histograms?.get(0);
  const { labels, dropName } = row;
  if (one === undefined) return { labels, dropName, from: 0, values, cells: allFloats(steps) };
  const histograms = new Map(Array.from({ length: steps }, (_, step) => [step, one] as const));
  return { labels, dropName, from: 0, values, cells: new Uint8Array(steps).fill(row.cells[0] ?? 0), histograms };
}
