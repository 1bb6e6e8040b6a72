import { type Duration, duration, minute } from '../../base/index.ts';
import { comparison, renamedTo } from '../../generate/index.ts';
import { build, children, type Expr, metricNameOf, typeOf, type VectorSelector } from '../../promql/index.ts';
import {
  type ComparisonCondition,
  type Condition,
  type InvariantCondition,
  namesBeside,
  type ProgressCondition,
  type Service,
} from '../../slo/index.ts';
import type { ConditionSelector, Movement, StatementFacts } from './facts.ts';
import { type Examination, inTurn, metricFacts, seriesOf } from './gather.ts';

const { aggregate, by, call, compare, range, subquery, sum } = build;

type Statement = ComparisonCondition | ProgressCondition | InvariantCondition;

/** The statements of a condition, from left to right. */
export function statementsOf(condition: Condition): readonly Statement[] {
  return 'of' in condition ? condition.of.flatMap(statementsOf) : [condition];
}

/** What there is of a statement. */
export async function statementFacts(
  asked: Examination,
  service: Service,
  statement: Statement,
): Promise<StatementFacts> {
  const isComparison = statement.kind === 'comparison';
  const written = isComparison ? statement.value : statement.counter;
  const selectors = await inTurn(selectorsIn(written, false), (one) => selectorFacts(asked, service, one));
  if (isComparison) return { condition: statement, selectors, ...(await comparisonFacts(asked, service, statement)) };
  const counters = selectors.flatMap(({ selector }) => underAllNames(service, selector));
  const holds =
    statement.kind === 'progress'
      ? await movedWithin(asked, counters, statement.within, 1)
      : await movedWithin(asked, counters, asked.range.step, 0);
  return { condition: statement, selectors, holds, movement: await movementOf(asked, counters) };
}

/** In which share of each step a condition held, by what is known of its statements in their order; of several at least that of the worst one. */
export function heldOf(condition: Condition, facts: readonly StatementFacts[]): Float64Array {
  const rest = facts.map(({ holds }) => holds);
  const held = (part: Condition): Float64Array => {
    if (!('of' in part)) return rest.shift() ?? new Float64Array();
    const parts = part.of.map(held);
    const decisive = part.kind === 'all' ? 0 : 1;
    return (parts[0] ?? new Float64Array()).map((_, step) => {
      const values = parts.map((row) => row[step] ?? Number.NaN);
      if (values.includes(decisive)) return decisive;
      if (values.some(Number.isNaN)) return Number.NaN;
      return part.kind === 'all' ? Math.min(...values) : Math.max(...values);
    });
  };
  return held(condition);
}

interface PlacedSelector {
  readonly selector: VectorSelector;
  readonly isInAbsent: boolean;
}

function selectorsIn(expr: Expr, isInAbsent: boolean): readonly PlacedSelector[] {
  if (expr.kind === 'selector') return [{ selector: expr, isInAbsent }];
  const isAbsent = isInAbsent || (expr.kind === 'call' && expr.function.startsWith('absent'));
  return children(expr).flatMap((child) => selectorsIn(child, isAbsent));
}

async function selectorFacts(
  asked: Examination,
  service: Service,
  { selector, isInAbsent }: PlacedSelector,
): Promise<ConditionSelector> {
  const { offset: _, ...plain } = selector;
  const names = underAllNames(service, plain);
  const rows = await inTurn(names, (name) => seriesOf(asked, name));
  const series = (rows[0] ?? new Float64Array()).map((_count, i) => rows.reduce((all, row) => all + (row[i] ?? 0), 0));
  const isSilent = !series.some((value) => 0 < value);
  const missingLabels = isSilent ? (await metricFacts(asked, plain)).missingLabels : [];
  return { selector: plain, series, isInAbsent, missingLabels };
}

function underAllNames(service: Service, selector: VectorSelector): readonly VectorSelector[] {
  const former = namesBeside(metricNameOf(selector) ?? '', service.metrics);
  return [selector, ...former.map((name) => renamedTo(selector, name))];
}

/** A comparison is looked at this often within a step. */
const looksInStep = 5;

async function comparisonFacts(
  asked: Examination,
  service: Service,
  statement: ComparisonCondition,
): Promise<Pick<StatementFacts, 'holds' | 'values' | 'divisors' | 'mismatch'>> {
  const { step } = asked.range;
  const often = duration(Math.max(minute, step / looksInStep));
  const looks = subquery(comparison(service, statement, []), duration(step - 1), often);
  const holds = await asked.rowOf(call('avg_over_time', looks));
  if (typeOf(statement.value) !== 'vector') return { holds };
  const all = await seriesOf(asked, statement.value);
  const known = await seriesOf(asked, compare('<=', statement.value, Number.POSITIVE_INFINITY));
  const mismatch = all.some((value) => 0 < value) ? undefined : await firstMismatch(asked, statement.value);
  const divisors = await inTurn(divisorsIn(statement.value), async (expr) => ({
    expr,
    all: await seriesOf(asked, expr),
    zero: await seriesOf(asked, compare('==', expr, 0)),
  }));
  return { holds, values: { all, known }, divisors, ...(mismatch !== undefined && { mismatch }) };
}

function divisorsIn(expr: Expr): readonly Expr[] {
  const inside = children(expr).flatMap(divisorsIn);
  const divides = expr.kind === 'binary' && expr.operator === '/' && typeOf(expr.right) === 'vector';
  return divides ? [...inside, expr.right] : inside;
}

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^', 'atan2']);

/** The innermost operation on two vectors with values that has none itself. */
async function firstMismatch(asked: Examination, expr: Expr): Promise<Expr | undefined> {
  for (const child of children(expr)) {
    const inner = await firstMismatch(asked, child);
    if (inner !== undefined) return inner;
  }
  if (expr.kind !== 'binary' || !arithmetic.has(expr.operator)) return undefined;
  const sides = [expr.left, expr.right];
  if (sides.some((side) => typeOf(side) !== 'vector')) return undefined;
  const hasValues = async (one: Expr): Promise<boolean> => (await seriesOf(asked, one)).some((value) => 0 < value);
  for (const side of sides) if (!(await hasValues(side))) return undefined;
  return (await hasValues(expr)) ? undefined : expr;
}

/** At each step whether counters increased within a length of time before it; `if they did` is 1 or 0. */
async function movedWithin(
  asked: Examination,
  counters: readonly VectorSelector[],
  within: Duration,
  ifMoved: 0 | 1,
): Promise<Float64Array> {
  const rows = await inTurn(counters, (one) => asked.rowOf(sum(call('increase', range(one, within)))));
  return (rows[0] ?? new Float64Array()).map((_, step) => {
    const known = rows.map((row) => row[step] ?? Number.NaN).filter((value) => !Number.isNaN(value));
    if (known.length === 0) return Number.NaN;
    return known.some((value) => 0 < value) ? ifMoved : 1 - ifMoved;
  });
}

async function movementOf(asked: Examination, counters: readonly VectorSelector[]): Promise<Movement> {
  const length = duration(asked.range.to - asked.range.from);
  const added = async (name: string): Promise<number> => {
    const values = await inTurn(counters, (one) => asked.valueAt(sum(call(name, range(one, length))), asked.range.to));
    return values.reduce((all, value) => all + value, 0);
  };
  const least = await inTurn(counters, (one) =>
    asked.valueAt(aggregate('min', by(), call('min_over_time', range(one, length))), asked.range.to),
  );
  return { resets: await added('resets'), changes: await added('changes'), least: Math.min(0, ...least) };
}
