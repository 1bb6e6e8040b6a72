import { type Expr, printExpr, selectorsOf, unwrap, type VectorSelector } from '../promql/index.ts';
import type { ComparisonOperator } from './model/indicator.ts';
import type { Metric } from './model.ts';

/** Between which values a figure lies, both included. */
export interface ValueRange {
  readonly least: number;
  readonly most: number;
}

/** What a comparison does for values of a range: it never holds, it always does, or that depends. */
export type Reach = 'never' | 'always' | 'depends';

const anything: ValueRange = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
const notNegative: ValueRange = { least: 0, most: Number.POSITIVE_INFINITY };
const share: ValueRange = { least: 0, most: 1 };

/** Whether values of a range can pass a bound. */
export function reachOf({ least, most }: ValueRange, operator: ComparisonOperator, bound: number): Reach {
  switch (operator) {
    case '>':
      return most <= bound ? 'never' : bound < least ? 'always' : 'depends';
    case '>=':
      return most < bound ? 'never' : bound <= least ? 'always' : 'depends';
    case '<':
      return bound <= least ? 'never' : most < bound ? 'always' : 'depends';
    case '<=':
      return bound < least ? 'never' : most <= bound ? 'always' : 'depends';
    case '==':
      return bound < least || most < bound ? 'never' : least === most ? 'always' : 'depends';
    case '!=':
      return bound < least || most < bound ? 'always' : least === most ? 'never' : 'depends';
  }
}

/** Functions that give values from among those that they are given. */
const keeping: ReadonlySet<string> = new Set([
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'last_over_time',
  'first_over_time',
  'quantile_over_time',
  'sort',
  'sort_desc',
  'label_replace',
  'label_join',
]);

/** Functions whose values are never below zero. */
const positive: ReadonlySet<string> = new Set([
  'rate',
  'increase',
  'irate',
  'abs',
  'changes',
  'resets',
  'count_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'histogram_count',
  'sqrt',
  'exp',
]);

/**
 * Between which values an expression lies, as far as its form and the catalogue tell: counters and their rates are not negative, a figure
 * in `ratio` is at most one, and so is a part of something divided by the whole. It never says less than is possible.
 */
export function valueRange(expr: Expr, metricOf: (name: string) => Metric | undefined): ValueRange {
  switch (expr.kind) {
    case 'number':
      return { least: expr.value, most: expr.value };
    case 'selector':
      return selectorRange(expr, metricOf);
    case 'matrix':
      return selectorRange(expr.selector, metricOf);
    case 'paren':
    case 'subquery':
      return valueRange(expr.expr, metricOf);
    case 'unary': {
      const inner = valueRange(expr.expr, metricOf);
      return expr.operator === '-' ? { least: -inner.most, most: -inner.least } : inner;
    }
    case 'call': {
      if (positive.has(expr.function)) return notNegative;
      const subject = expr.function === 'quantile_over_time' ? expr.args[1] : expr.args[0];
      return keeping.has(expr.function) && subject !== undefined ? valueRange(subject, metricOf) : anything;
    }
    case 'aggregation': {
      const inner = valueRange(expr.expr, metricOf);
      switch (expr.operator) {
        case 'avg':
        case 'min':
        case 'max':
        case 'topk':
        case 'bottomk':
        case 'quantile':
          return inner;
        case 'sum':
          return 0 <= inner.least ? { ...notNegative, least: inner.least } : anything;
        case 'count':
          return { least: 1, most: Number.POSITIVE_INFINITY };
        default:
          return anything;
      }
    }
    case 'binary':
      return binaryRange(expr, metricOf);
    case 'string':
      return anything;
  }
}

function selectorRange(selector: VectorSelector, metricOf: (name: string) => Metric | undefined): ValueRange {
  if (selector.name === 'up') return share;
  const metric = metricOf(selector.name);
  if (metric === undefined) return anything;
  if (metric.type !== 'gauge') return notNegative;
  // Seconds and bytes may be differences or zones; shares are what their unit says.
  return metric.unit === 'ratio' ? share : metric.unit === 'percent' ? { least: 0, most: 100 } : anything;
}

function binaryRange(
  expr: Extract<Expr, { kind: 'binary' }>,
  metricOf: (name: string) => Metric | undefined,
): ValueRange {
  const left = valueRange(expr.left, metricOf);
  const right = valueRange(expr.right, metricOf);
  if (expr.bool) return share;
  switch (expr.operator) {
    case '+':
      return tidy(left.least + right.least, left.most + right.most);
    case '-':
      return tidy(left.least - right.most, left.most - right.least);
    case '*':
      return right.least === right.most && 0 < right.least
        ? tidy(left.least * right.least, left.most * right.least)
        : 0 <= left.least && 0 <= right.least
          ? notNegative
          : anything;
    case '/':
      if (isPartOf(expr.left, expr.right)) return share;
      return right.least === right.most && 0 < right.least
        ? tidy(left.least / right.least, left.most / right.least)
        : 0 <= left.least && 0 <= right.least
          ? notNegative
          : anything;
    case 'and':
    case 'unless':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return left;
    case 'or':
      return { least: Math.min(left.least, right.least), most: Math.max(left.most, right.most) };
    default:
      return anything;
  }
}

function tidy(least: number, most: number): ValueRange {
  return Number.isNaN(least) || Number.isNaN(most) ? anything : { least, most };
}

/** Whether two sums of the same counters over the same range differ only in that the first has more conditions. */
function isPartOf(part: Expr, whole: Expr): boolean {
  const [one, another] = selectorsOf(part);
  const [all, second] = selectorsOf(whole);
  if (one === undefined || all === undefined || another !== undefined || second !== undefined) return false;
  // Only sums of rates: of gauges a part may be negative.
  if (!/^sum(?: by \([^)]*\))? ?\((?:rate|increase)\(/.test(printExpr(unwrap(part)))) return false;
  const key = ({ name, operator, value }: VectorSelector['matchers'][number]): string => `${name}${operator}${value}`;
  const own = new Set(one.matchers.map(key));
  if (!all.matchers.every((matcher) => own.has(key(matcher)))) return false;
  return printExpr(unwrap(part)).replace(printExpr(one), printExpr(all)) === printExpr(unwrap(whole));
}
