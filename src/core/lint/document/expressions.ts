import {
  type BinaryExpr,
  type ComparisonOperator,
  children,
  type Expr,
  mapExpr,
  metricNameOf,
  selectorsOf,
  unwrap,
  type VectorSelector,
  walk,
} from '../../promql/index.ts';
import { baseName } from './catalogue.ts';
import { statusClasses } from './status-classes.ts';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);

/** A comparison with a number at the top of an expression, the number on the right. */
export interface Bound {
  readonly operator: ComparisonOperator;
  readonly value: number;
  readonly left: Expr;
  readonly node: BinaryExpr;
}

const mirrored: Readonly<Record<string, ComparisonOperator>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' };

/** The comparisons with a number of which an expression is made: itself, or those that `and` and `or` join. */
export function boundsOf(expr: Expr): readonly Bound[] {
  const node = unwrap(expr);
  if (node.kind !== 'binary') return [];
  if (node.operator === 'and' || node.operator === 'or' || node.operator === 'unless')
    return [...boundsOf(node.left), ...boundsOf(node.right)];
  if (!isComparison(node.operator) || node.bool) return [];
  const right = numberOf(node.right);
  if (right !== undefined) return [{ operator: node.operator, value: right, left: node.left, node }];
  const left = numberOf(node.left);
  if (left === undefined) return [];
  return [{ operator: mirrored[node.operator] ?? node.operator, value: left, left: node.right, node }];
}

export function isComparison(operator: string): operator is ComparisonOperator {
  return comparisons.has(operator);
}

/** The value of an expression of numbers only. */
export function numberOf(expr: Expr): number | undefined {
  return resultOf(expr, () => undefined);
}

/**
 * What an expression gives if each of its parts that reads data has the value that `read` says, so that a formula can be tried out;
 * undefined if a part has none or the formula uses more than arithmetic.
 */
export function resultOf(expr: Expr, read: (part: Expr) => number | undefined): number | undefined {
  const known = read(expr);
  if (known !== undefined) return known;
  switch (expr.kind) {
    case 'number':
      return expr.value;
    case 'paren':
      return resultOf(expr.expr, read);
    case 'unary': {
      const inner = resultOf(expr.expr, read);
      if (inner === undefined) return undefined;
      return expr.operator === '-' ? -inner : inner;
    }
    case 'binary': {
      if (expr.operator === 'or') return resultOf(expr.left, read);
      const left = resultOf(expr.left, read);
      const right = resultOf(expr.right, read);
      if (left === undefined || right === undefined) return undefined;
      if (expr.operator === '+') return left + right;
      if (expr.operator === '-') return left - right;
      if (expr.operator === '*') return left * right;
      return expr.operator === '/' ? left / right : undefined;
    }
    case 'call': {
      const [first] = expr.args;
      if (/^clamp/.test(expr.function) && first !== undefined) return resultOf(first, read);
      return expr.function === 'vector' && first !== undefined ? resultOf(first, read) : undefined;
    }
    default:
      return undefined;
  }
}

/** A division of events by events of the same metric. */
export interface EventRatio {
  readonly node: BinaryExpr;
  readonly part: VectorSelector;
  readonly whole: VectorSelector;
  /** Seconds. */
  readonly range: number | undefined;
  /** Constants that the division also holds: `bad / (total * 0.001)` divides by a budget. */
  readonly budget: number | undefined;
}

export function ratiosOf(expr: Expr): readonly EventRatio[] {
  const known = ratiosKnown.get(expr);
  if (known !== undefined) return known;
  const found = findRatios(expr);
  ratiosKnown.set(expr, found);
  return found;
}

/** Many checks ask for them, some for each pair of objectives. */
const ratiosKnown = new WeakMap<Expr, readonly EventRatio[]>();

function findRatios(expr: Expr): readonly EventRatio[] {
  const found: EventRatio[] = [];
  walk(expr, (node) => {
    if (node.kind !== 'binary' || node.operator !== '/') return;
    const parts = selectorsOf(node.left);
    const wholes = selectorsOf(node.right);
    const [part] = parts;
    const [whole] = wholes;
    if (part === undefined || whole === undefined || parts.length !== 1 || wholes.length !== 1) return;
    const name = metricNameOf(part);
    if (name === undefined || baseName(name) !== baseName(metricNameOf(whole) ?? '')) return;
    found.push({ node, part, whole, range: rangeOf(node.left), budget: factorOf(node.right) });
  });
  return found;
}

/** The constant by which an expression is multiplied, if it is a product of data and numbers. */
function factorOf(expr: Expr): number | undefined {
  const node = unwrap(expr);
  if (node.kind !== 'binary' || node.operator !== '*') return undefined;
  return numberOf(node.right) ?? numberOf(node.left);
}

/** The length of the first range selector, in seconds. */
export function rangeOf(expr: Expr): number | undefined {
  return rangesOf(expr)[0];
}

export function rangesOf(expr: Expr): readonly number[] {
  const found: number[] = [];
  walk(expr, (node) => {
    if ((node.kind === 'matrix' || node.kind === 'subquery') && node.range.kind === 'literal')
      found.push(node.range.seconds);
  });
  return found;
}

/** The expression with the names of recording rules replaced by what they record. */
export function expanded(expr: Expr, recorded: ReadonlyMap<string, Expr>, depth = 3): Expr {
  if (recorded.size === 0 || depth === 0) return expr;
  return mapExpr(expr, (node) => {
    const below = node.kind === 'selector' && node.matchers.length === 0 ? recorded.get(node.name) : undefined;
    return below === undefined ? node : expanded(below, recorded, depth - 1);
  });
}

/** Status classes of the bad events of a ratio: those that its part names, or all that it leaves out. */
export function badClassesOf({ part, whole }: EventRatio): ReadonlySet<number> | undefined {
  const named = statusClasses(part.matchers);
  if (named === undefined) return undefined;
  const all = statusClasses(whole.matchers) ?? new Set([2, 3, 4, 5]);
  return named.has(2) ? new Set([...all].filter((one) => !named.has(one))) : named;
}

export function countsGood({ part }: EventRatio): boolean | undefined {
  return statusClasses(part.matchers)?.has(2);
}

/** Whether some part of the expression is a call of one of these functions. */
export function calls(expr: Expr, ...names: readonly string[]): boolean {
  return (
    (expr.kind === 'call' && names.includes(expr.function)) || children(expr).some((child) => calls(child, ...names))
  );
}

/** Whether the expression, without what is around it, still has a series for each of its source. */
export function isUnaggregated(expr: Expr): boolean {
  const node = unwrap(expr);
  if (node.kind === 'aggregation') return false;
  if (node.kind === 'selector' || node.kind === 'matrix') return true;
  if (node.kind === 'call' && /^(?:absent|absent_over_time|scalar|vector|time)$/.test(node.function)) return false;
  return children(node).some(isUnaggregated);
}

export function metricsOf(expr: Expr): readonly string[] {
  return [...new Set(selectorsOf(expr).flatMap((selector) => metricNameOf(selector) ?? []))];
}

export { baseName };
