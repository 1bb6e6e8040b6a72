import type { Duration, Span } from '../../base/index.ts';
import { type Matcher, type MatchOperator, metricName } from '../../series/index.ts';
import { aggregationTable } from './aggregations.ts';
import { precedenceOf, signPrecedence } from './operators.ts';
import { recent } from './recent.ts';
import { isPlainMetricName } from './token.ts';
import type {
  Aggregation,
  AggregationOperator,
  BinaryExpr,
  BinaryOperator,
  Call,
  ComparisonOperator,
  DurationExpr,
  Expr,
  Grouping,
  MatrixSelector,
  NumberLiteral,
  Paren,
  StringLiteral,
  Subquery,
  UnaryExpr,
  VectorMatching,
  VectorSelector,
} from './tree.ts';

/** The span of everything that was built and not parsed. */
export const emptySpan: Span = { start: 0, end: 0 };

/** A number; plain numbers are welcome wherever an expression is. */
export function number(value: number): NumberLiteral {
  return { kind: 'number', value, asDuration: false, span: emptySpan };
}

/** A number of seconds written as a duration: `5m`. */
export function durationNumber(length: Duration): NumberLiteral {
  return { kind: 'number', value: length / 1000, asDuration: true, span: emptySpan };
}

export function string(value: string): StringLiteral {
  return { kind: 'string', value, span: emptySpan };
}

/** What builders take for an operand. */
export type Operand = Expr | number;

/** Conditions on labels, by name: a plain value means `=`, an array `['=~', '5..']` any other operator. */
export type Conditions = Readonly<Record<string, string | readonly [MatchOperator, string]>>;

/** `selector('up', { job: 'api', status: ['=~', '5..'] })`. A name that PromQL would not take before braces becomes a condition. */
export function selector(name: string, conditions: Conditions | readonly Matcher[] = []): VectorSelector {
  const matchers = isMatchers(conditions) ? conditions : toMatchers(conditions);
  if (name === '' || isPlainMetricName(name)) return { kind: 'selector', name, matchers, span: emptySpan };
  const named: Matcher = { name: metricName, operator: '=', value: name };
  return { kind: 'selector', name: '', matchers: [named, ...matchers], span: emptySpan };
}

/** The same selector with further conditions. */
export function withConditions(base: VectorSelector, conditions: Conditions | readonly Matcher[]): VectorSelector {
  const added = isMatchers(conditions) ? conditions : toMatchers(conditions);
  const { matcherSpans: _, ...rest } = base;
  return { ...rest, matchers: [...base.matchers, ...added] };
}

/** `range(selector, length)` is `selector[length]`. */
export function range(base: VectorSelector, length: Duration): MatrixSelector {
  return { kind: 'matrix', selector: base, range: durationLiteral(length), span: emptySpan };
}

/** `expr[length:step]`; without a step the engine's default holds. */
export function subquery(expr: Expr, length: Duration, step?: Duration): Subquery {
  return {
    kind: 'subquery',
    expr: expr.kind === 'binary' || expr.kind === 'unary' ? paren(expr) : expr,
    range: durationLiteral(length),
    ...(step !== undefined && { step: durationLiteral(step) }),
    span: emptySpan,
  };
}

/** The same selection, so long ago. */
export function offset<T extends VectorSelector | MatrixSelector | Subquery>(base: T, length: Duration): T {
  if (length === 0) return base;
  if (base.kind === 'matrix') return { ...base, selector: offset(base.selector, length) };
  const ago = durationLiteral(length);
  // What is not there yet is added ten times faster before the copy than behind it.
  return base.offset === undefined ? { offset: ago, ...base } : { ...base, offset: ago };
}

/** `call('rate', range(...))`. */
export function call(name: string, ...args: readonly Operand[]): Call {
  return { kind: 'call', function: name, args: args.map(toExpr), span: emptySpan };
}

/** An aggregation over everything; `topk` and its kin take their parameter before the operand. */
export function aggregate(operator: AggregationOperator, grouping: Grouping, expr: Expr, param?: Operand): Aggregation {
  if ((param !== undefined) !== (aggregationTable[operator].param !== undefined)) {
    throw new RangeError(`${operator} ${param === undefined ? 'needs a' : 'takes no'} parameter`);
  }
  // Written out twice, here and below: to add a property to a copy takes many times as long, and rules are built by the million.
  if (param === undefined) return { kind: 'aggregation', operator, expr, grouping, span: emptySpan };
  return { kind: 'aggregation', operator, param: toExpr(param), expr, grouping, span: emptySpan };
}

/** `sum(expr)`. */
export function sum(expr: Expr): Aggregation {
  return aggregate('sum', by(), expr);
}

/** `sum by (labels) (expr)`. */
export function sumBy(labels: readonly string[], expr: Expr): Aggregation {
  return aggregate('sum', by(...labels), expr);
}

/** `sum without (labels) (expr)`. */
export function sumWithout(labels: readonly string[], expr: Expr): Aggregation {
  return aggregate('sum', without(...labels), expr);
}

export function by(...labels: readonly string[]): Grouping {
  return { without: false, labels };
}

export function without(...labels: readonly string[]): Grouping {
  return { without: true, labels };
}

/** Modifiers of a binary operator. */
export interface BinaryOptions {
  readonly bool?: boolean;
  readonly matching?: VectorMatching;
}

/** `left operator right`, with parentheses around operands that need them. */
export function binary(
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
  options: BinaryOptions = {},
): BinaryExpr {
  const { bool = false, matching } = options;
  const first = leftOperand(operator, toExpr(left));
  const second = rightOperand(operator, toExpr(right));
  if (matching === undefined) return { kind: 'binary', operator, left: first, right: second, bool, span: emptySpan };
  return { kind: 'binary', operator, left: first, right: second, bool, matching, span: emptySpan };
}

export function add(left: Operand, right: Operand, matching?: VectorMatching): BinaryExpr {
  return binary('+', left, right, matched(matching));
}

export function subtract(left: Operand, right: Operand, matching?: VectorMatching): BinaryExpr {
  return binary('-', left, right, matched(matching));
}

export function multiply(left: Operand, right: Operand, matching?: VectorMatching): BinaryExpr {
  return binary('*', left, right, matched(matching));
}

export function divide(left: Operand, right: Operand, matching?: VectorMatching): BinaryExpr {
  return binary('/', left, right, matched(matching));
}

/** A comparison that filters: `compare('>', expr, 5)`. */
export function compare(
  operator: ComparisonOperator,
  left: Operand,
  right: Operand,
  matching?: VectorMatching,
): BinaryExpr {
  return binary(operator, left, right, matched(matching));
}

/** A comparison that gives 0 or 1. */
export function compareBool(
  operator: ComparisonOperator,
  left: Operand,
  right: Operand,
  matching?: VectorMatching,
): BinaryExpr {
  return binary(operator, left, right, { bool: true, ...matched(matching) });
}

/** All of them joined by `and`; the first one's values remain. */
export function and(first: Expr, ...rest: readonly Expr[]): Expr {
  return rest.reduce((left, right) => binary('and', left, right), first);
}

/** All of them joined by `or`. */
export function or(first: Expr, ...rest: readonly Expr[]): Expr {
  return rest.reduce((left, right) => binary('or', left, right), first);
}

export function unless(left: Expr, right: Expr, matching?: VectorMatching): BinaryExpr {
  return binary('unless', left, right, matched(matching));
}

export function on(...labels: readonly string[]): VectorMatching {
  return { on: true, labels };
}

export function ignoring(...labels: readonly string[]): VectorMatching {
  return { on: false, labels };
}

/** Many elements of the left side for one of the right, whose labels `include` come along. */
export function groupLeft(matching: VectorMatching, ...include: readonly string[]): VectorMatching {
  return { ...matching, group: { side: 'left', include } };
}

/** Many elements of the right side for one of the left. */
export function groupRight(matching: VectorMatching, ...include: readonly string[]): VectorMatching {
  return { ...matching, group: { side: 'right', include } };
}

/** `-expr`. */
export function negate(expr: Expr): Expr {
  if (expr.kind === 'number') return { ...expr, value: -expr.value };
  const loose = expr.kind === 'binary' && precedenceOf(expr.operator) <= signPrecedence;
  const negated: UnaryExpr = { kind: 'unary', operator: '-', expr: loose ? paren(expr) : expr, span: emptySpan };
  return negated;
}

/** `(expr)`; an expression in parentheses stays as it is. */
export function paren(expr: Expr): Paren {
  return expr.kind === 'paren' ? expr : { kind: 'paren', expr, span: emptySpan };
}

/** A duration as it stands in ranges, steps and offsets. */
export function durationLiteral(length: Duration): DurationExpr {
  return { kind: 'literal', seconds: length / 1000, asDuration: true, span: emptySpan };
}

function toExpr(operand: Operand): Expr {
  return typeof operand === 'number' ? number(operand) : operand;
}

function matched(matching: VectorMatching | undefined): BinaryOptions {
  return matching === undefined ? {} : { matching };
}

function leftOperand(operator: BinaryOperator, expr: Expr): Expr {
  const own = precedenceOf(operator);
  const signed = expr.kind === 'unary' || (expr.kind === 'number' && (expr.value < 0 || Object.is(expr.value, -0)));
  if (signed || (expr.kind === 'number' && expr.value === Number.POSITIVE_INFINITY)) {
    return signPrecedence < own ? paren(expr) : expr;
  }
  if (expr.kind !== 'binary') return expr;
  const theirs = precedenceOf(expr.operator);
  return theirs < own || (operator === '^' && theirs === own) ? paren(expr) : expr;
}

function rightOperand(operator: BinaryOperator, expr: Expr): Expr {
  if (expr.kind !== 'binary') return expr;
  const own = precedenceOf(operator);
  const theirs = precedenceOf(expr.operator);
  return theirs < own || (operator !== '^' && theirs === own) ? paren(expr) : expr;
}

function isMatchers(conditions: Conditions | readonly Matcher[]): conditions is readonly Matcher[] {
  return Array.isArray(conditions);
}

/** Whoever builds several selectors with the same conditions has them share one list, which is then printed once. */
const toMatchers = recent((conditions: Conditions): readonly Matcher[] =>
  Object.entries(conditions).map(
    ([name, condition]): Matcher =>
      typeof condition === 'string'
        ? { name, operator: '=', value: condition }
        : { name, operator: condition[0], value: condition[1] },
  ),
);
