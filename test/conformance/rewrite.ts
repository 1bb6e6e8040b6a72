import { children, type Expr } from '../../src/core/promql/index.ts';

/** Functions whose result depends on the evaluation time even where their arguments are pinned. */
const timeDependent = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
  'start',
  'end',
  'range',
  'step',
]);

/** Whether pinning every selector makes the expression give the same at all times. */
export function canBePinned(expr: Expr): boolean {
  return !(expr.kind === 'call' && timeDependent.has(expr.function)) && children(expr).every(canBePinned);
}

/** Pins selectors and outermost subqueries that have no `@ <time>` to a time. What is inside a subquery stays as it is. */
export function pinned(expr: Expr, seconds: number): Expr {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return expr;
    case 'selector':
    case 'subquery':
      return expr.at?.kind === 'time' ? expr : { ...expr, at: { kind: 'time', seconds } };
    case 'matrix': {
      const { selector } = expr;
      return selector.at?.kind === 'time'
        ? expr
        : { ...expr, selector: { ...selector, at: { kind: 'time', seconds } } };
    }
    case 'call':
      return { ...expr, args: expr.args.map((arg) => pinned(arg, seconds)) };
    case 'aggregation': {
      const inner = { ...expr, expr: pinned(expr.expr, seconds) };
      return expr.param === undefined ? inner : { ...inner, param: pinned(expr.param, seconds) };
    }
    case 'binary':
      return { ...expr, left: pinned(expr.left, seconds), right: pinned(expr.right, seconds) };
    case 'unary':
    case 'paren':
      return { ...expr, expr: pinned(expr.expr, seconds) };
  }
}
