import { unreachable } from '../../base/index.ts';
import { calendarFunctions } from '../functions/calendar.ts';
import type { Expr } from '../syntax/tree.ts';

/**
 * Functions whose answer may differ from step to step even if their arguments do not.
 * Source: prometheus, promql/functions.go, AtModifierUnsafeFunctions.
 */
const stepDependent: ReadonlySet<string> = new Set([
  ...calendarFunctions.keys(),
  'predict_linear',
  'time',
  'timestamp',
]);

/**
 * Tells whether an expression gives the same at every step, because it selects nothing or everything it selects is pinned by `@`.
 * Such a part is evaluated once. The answers are remembered in `known`.
 */
export function isStepInvariant(expr: Expr, known: Map<Expr, boolean>): boolean {
  const before = known.get(expr);
  if (before !== undefined) return before;
  const answer = compute(expr, known);
  known.set(expr, answer);
  return answer;
}

function compute(expr: Expr, known: Map<Expr, boolean>): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return true;
    case 'selector':
    case 'subquery':
      return expr.at !== undefined;
    case 'matrix':
      return expr.selector.at !== undefined;
    case 'paren':
    case 'unary':
      return isStepInvariant(expr.expr, known);
    case 'binary':
      return isStepInvariant(expr.left, known) && isStepInvariant(expr.right, known);
    case 'aggregation':
      return isStepInvariant(expr.expr, known) && (expr.param === undefined || isStepInvariant(expr.param, known));
    case 'call':
      return !stepDependent.has(expr.function) && expr.args.every((arg) => isStepInvariant(arg, known));
    default:
      return unreachable(expr);
  }
}
