import { calculate } from '../functions/operators.ts';
import type { DurationExpr } from '../syntax/tree.ts';
import type { Report } from './report.ts';

/** A range or step must be positive. Only what does not depend on the query's step and range can be known here. */
export function checkPositive(expr: DurationExpr, report: Report): void {
  const seconds = constantSeconds(expr);
  if (seconds === undefined || 0 < seconds) return;
  report('promql/duration', expr.span, 'duration must be greater than 0');
}

/** The value of a duration without `step()` and `range()`; undefined if it is not constant. */
function constantSeconds(expr: DurationExpr): number | undefined {
  switch (expr.kind) {
    case 'literal':
      return expr.seconds;
    case 'step':
    case 'range':
      return undefined;
    case 'group':
      return constantSeconds(expr.expr);
    case 'negation': {
      const seconds = constantSeconds(expr.expr);
      return seconds === undefined || expr.operator === '+' ? seconds : -seconds;
    }
    case 'extreme': {
      const left = constantSeconds(expr.left);
      const right = constantSeconds(expr.right);
      if (left === undefined || right === undefined) return undefined;
      return expr.function === 'min_of' ? Math.min(left, right) : Math.max(left, right);
    }
    case 'arithmetic': {
      const left = constantSeconds(expr.left);
      const right = constantSeconds(expr.right);
      return left === undefined || right === undefined ? undefined : calculate(expr.operator, left, right);
    }
  }
}
