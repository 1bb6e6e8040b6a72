import { unreachable } from '../../base/index.ts';
import { type Matcher, metricName, type Selection } from '../../series/index.ts';
import type { QueryError } from '../evaluate/result.ts';
import { QueryFailure } from '../query-failure.ts';
import type { AtModifier, Call, DurationExpr, Expr, Subquery, VectorSelector } from '../syntax/tree.ts';
import { children } from '../syntax/tree.ts';
import { durationMs, positiveDuration, type QuerySpan } from './duration.ts';
import { type Grid, queryGrid, singleStep, subqueryGrid } from './grid.ts';
import { infoMatchers, pathToFirstSelector } from './info.ts';
import { isStepInvariant } from './invariant.ts';
import type { InfoCall, InfoPlan, PlanNode, SelectorPlan } from './nodes.ts';
import { defaultEngineOptions, type EngineOptions, type QueryTime } from './options.ts';
import { type SelectionList, selectionList } from './selections.ts';

/** A query made ready: what to select, and what to compute from it. It holds times but no data, so it may be evaluated many times. */
export interface Plan {
  readonly time: QueryTime;
  readonly options: EngineOptions;
  /** What `evaluate` wants to be given, in this order. */
  readonly selections: readonly Selection[];
  readonly root: PlanNode;
  /** The calls of `info()`, inner ones first: knowing their argument, less may be selected for them than `selections` says. */
  readonly infoCalls: readonly InfoCall[];
  /** Why the query cannot run: a range that is not positive, too many steps. Then there is nothing to select. */
  readonly error?: QueryError;
}

/** Settles when everything in the expression happens, and what must be selected for it. The expression has passed `checkExpr`. */
export function plan(expr: Expr, time: QueryTime, options: Partial<EngineOptions> = {}): Plan {
  const settled = { ...defaultEngineOptions, ...options };
  const grid = queryGrid(time);
  const selections = selectionList();
  try {
    refuseExcess(expr, grid, settled);
    const query: QuerySpan = { step: time.step / 1000, range: (time.end - time.start) / 1000 };
    const infoCalls: InfoCall[] = [];
    const planning: Planning = {
      time,
      options: settled,
      query,
      selections,
      infoCalls,
      invariant: new Map(),
      histograms: 'unused',
    };
    const root = build(expr, grid, planning);
    return { time, options: settled, selections: selections.finish(), root, infoCalls };
  } catch (error) {
    if (!(error instanceof QueryFailure)) throw error;
    const reason: QueryError = {
      kind: error.kind,
      message: error.message,
      ...(error.span === undefined ? {} : { span: error.span }),
    };
    const nothing: PlanNode = { kind: 'number', value: Number.NaN, grid: singleStep(grid), span: expr.span };
    return { time, options: settled, selections: [], root: nothing, infoCalls: [], error: reason };
  }
}

interface Planning {
  readonly time: QueryTime;
  readonly options: EngineOptions;
  readonly query: QuerySpan;
  readonly selections: SelectionList;
  readonly infoCalls: InfoCall[];
  readonly invariant: Map<Expr, boolean>;
  /** What the functions around use of histograms. Source: prometheus, promql/engine.go, detectHistogramStatsDecoding. */
  readonly histograms: 'unused' | 'statistics' | 'buckets';
}

const statisticsFunctions: ReadonlySet<string> = new Set(['histogram_avg', 'histogram_count', 'histogram_sum']);
const bucketFunctions: ReadonlySet<string> = new Set(['histogram_fraction', 'histogram_quantile']);

/** How the arguments of a function are planned. Once buckets are needed they are needed all the way down. */
function inside(name: string, planning: Planning): Planning {
  if (planning.histograms === 'buckets') return planning;
  if (bucketFunctions.has(name)) return { ...planning, histograms: 'buckets' };
  return statisticsFunctions.has(name) ? { ...planning, histograms: 'statistics' } : planning;
}

/** Deeper trees than any person or generator writes; planning and evaluation recurse, and the stack is finite. */
const mostNesting = 1500;

function refuseExcess(expr: Expr, grid: Grid, options: EngineOptions): void {
  if (options.maxSteps < grid.steps) {
    const message = `the query has ${grid.steps} steps, more than the limit of ${options.maxSteps}; take a longer step, a shorter range, or raise maxSteps`;
    throw new QueryFailure(message, expr.span, 'limit');
  }
  let level: readonly Expr[] = [expr];
  for (let depth = 0; level.length !== 0; depth += 1) {
    if (mostNesting < depth) {
      throw new QueryFailure(
        `the expression is nested deeper than ${mostNesting} levels; split it into recording rules`,
        expr.span,
        'limit',
      );
    }
    level = level.flatMap(children);
  }
}

/** Plans one node. A part that is the same at every step is planned for one step and repeated. */
function build(expr: Expr, grid: Grid, planning: Planning): PlanNode {
  if (expr.kind === 'paren' || (expr.kind === 'unary' && expr.operator === '+'))
    return build(expr.expr, grid, planning);
  const pinned = 1 < grid.steps && repeats(expr) && isStepInvariant(expr, planning.invariant);
  if (!pinned) return buildHere(expr, grid, planning);
  return { kind: 'constant', inner: buildHere(expr, singleStep(grid), planning), grid, span: expr.span };
}

/** Literals are cheap anyway; a range vector belongs to the function it is given to and has no steps of its own. */
function repeats(expr: Expr): boolean {
  return expr.kind !== 'number' && expr.kind !== 'string' && expr.kind !== 'matrix' && expr.kind !== 'subquery';
}

function buildHere(expr: Expr, grid: Grid, planning: Planning): PlanNode {
  const { span } = expr;
  switch (expr.kind) {
    case 'number':
      return { kind: 'number', value: expr.value, grid, span };
    case 'string':
      return { kind: 'string', value: expr.value, grid, span };
    case 'selector': {
      const { lookbackDelta } = planning.options;
      const selector = selectorPlan(
        expr,
        grid,
        lookbackDelta,
        expr.extended === 'smoothed' ? lookbackDelta : 0,
        planning,
      );
      return { kind: 'instant', selector, grid, span };
    }
    case 'matrix': {
      const range = positiveDuration(expr.range, planning.query);
      const { lookbackDelta } = planning.options;
      const { extended } = expr.selector;
      const back = extended === undefined ? range : range + lookbackDelta;
      const ahead = extended === 'smoothed' ? lookbackDelta : 0;
      return { kind: 'range', selector: selectorPlan(expr.selector, grid, back, ahead, planning), range, grid, span };
    }
    case 'subquery':
      return buildSubquery(expr, grid, planning);
    case 'call':
      return buildCall(expr, grid, planning);
    case 'aggregation': {
      const param = expr.param === undefined ? undefined : build(expr.param, grid, planning);
      const inner = build(expr.expr, grid, planning);
      return { kind: 'aggregation', operator: expr.operator, param, inner, grouping: expr.grouping, grid, span };
    }
    case 'binary': {
      const left = build(expr.left, grid, planning);
      const right = build(expr.right, grid, planning);
      const { operator, bool, matching } = expr;
      return { kind: 'binary', operator, left, right, bool, matching, grid, span };
    }
    case 'unary':
      return { kind: 'negation', inner: build(expr.expr, grid, planning), grid, span };
    case 'paren':
      return build(expr.expr, grid, planning);
    default:
      return unreachable(expr);
  }
}

function buildSubquery(expr: Subquery, grid: Grid, planning: Planning): PlanNode {
  const range = positiveDuration(expr.range, planning.query);
  const step =
    expr.step === undefined ? planning.options.defaultSubqueryStep : positiveDuration(expr.step, planning.query);
  const offset = offsetOf(expr.offset, planning);
  const at = atTime(expr.at, planning);
  const { first, last } = referenceTimes(grid, offset, at);
  const innerGrid = grid.steps === 0 ? { start: first, step, steps: 0 } : subqueryGrid(first - range, last, step);
  if (planning.options.maxSteps < innerGrid.steps) {
    const message = `the subquery has ${innerGrid.steps} steps, more than the limit of ${planning.options.maxSteps}; take a longer step, a shorter range, or raise maxSteps`;
    throw new QueryFailure(message, expr.span, 'limit');
  }
  // Resets must be found among the subquery's own points, which takes the buckets.
  const inner = build(expr.expr, innerGrid, { ...planning, histograms: 'buckets' });
  return { kind: 'subquery', inner, range, offset, at, grid, span: expr.span };
}

function buildCall(expr: Call, grid: Grid, planning: Planning): PlanNode {
  const folded = queryContext(expr.function, planning);
  if (folded !== undefined) return { kind: 'number', value: folded, grid, span: expr.span };
  const call = { kind: 'call', function: expr.function, grid, span: expr.span } as const;
  const within = inside(expr.function, planning);
  if (expr.function !== 'info') return { ...call, args: expr.args.map((arg) => build(arg, grid, within)) };
  const args = expr.args.slice(0, 1).map((arg) => build(arg, grid, planning));
  const info = infoPlan(expr, grid, planning);
  if (args[0] !== undefined) planning.infoCalls.push({ argument: args[0], info });
  return { ...call, args, info };
}

/** `start()`, `end()`, `range()` and `step()` tell about the query, in seconds. */
function queryContext(name: string, { time, query }: Planning): number | undefined {
  switch (name) {
    case 'start':
      return time.start / 1000;
    case 'end':
      return time.end / 1000;
    case 'range':
      return query.range;
    case 'step':
      return query.step;
    default:
      return undefined;
  }
}

/** `info()` reads its info series as of the time at which the first selector of its argument reads. */
function infoPlan(expr: Call, grid: Grid, planning: Planning): InfoPlan {
  const matchers = infoMatchers(expr.args[1], (selector) => (selector.kind === 'selector' ? matchersOf(selector) : []));
  let offset = 0;
  let at: number | undefined;
  for (const node of expr.args[0] === undefined ? [] : pathToFirstSelector(expr.args[0])) {
    if (node.kind !== 'selector' && node.kind !== 'subquery') continue;
    const pinned = atTime(node.at, planning);
    if (pinned !== undefined) {
      at = pinned;
      offset = 0;
    }
    offset += offsetOf(node.offset, planning);
  }
  const { first, last } = referenceTimes(grid, offset, at);
  const selection = planning.selections.addOwn(matchers, first - planning.options.lookbackDelta + 1, last);
  return { selection, matchers, offset, at };
}

/** Plans a selector that needs samples later than `back` before each reference time, up to `ahead` after it. */
function selectorPlan(expr: VectorSelector, grid: Grid, back: number, ahead: number, planning: Planning): SelectorPlan {
  const offset = offsetOf(expr.offset, planning);
  const at = atTime(expr.at, planning);
  const matchers = matchersOf(expr);
  const { first, last } = referenceTimes(grid, offset, at);
  const selection = planning.selections.add(matchers, first - back + 1, last + ahead);
  return { selection, matchers, offset, at, extended: expr.extended, statistics: planning.histograms === 'statistics' };
}

function referenceTimes(
  grid: Grid,
  offset: number,
  at: number | undefined,
): { readonly first: number; readonly last: number } {
  if (at !== undefined) return { first: at - offset, last: at - offset };
  return { first: grid.start - offset, last: grid.start + Math.max(grid.steps - 1, 0) * grid.step - offset };
}

function matchersOf(selector: VectorSelector): readonly Matcher[] {
  if (selector.name === '') return selector.matchers;
  return [{ name: metricName, operator: '=', value: selector.name }, ...selector.matchers];
}

function offsetOf(offset: DurationExpr | undefined, { query }: Planning): number {
  return offset === undefined ? 0 : durationMs(offset, query);
}

function atTime(at: AtModifier | undefined, { time }: Planning): number | undefined {
  if (at === undefined) return undefined;
  switch (at.kind) {
    case 'time':
      return Math.round(at.seconds * 1000);
    case 'start':
      return time.start;
    case 'end':
      return time.end;
    default:
      return unreachable(at);
  }
}
