import type { Span } from '../../base/index.ts';
import { unreachable } from '../../base/index.ts';
import { calculate } from '../functions/operators.ts';
import { QueryFailure } from '../query-failure.ts';
import type { DurationExpr } from '../syntax/tree.ts';

/** What `step()` and `range()` stand for, in seconds: the query's step and its length. */
export interface QuerySpan {
  readonly step: number;
  readonly range: number;
}

/** Computes a range or a subquery step in milliseconds; it must be positive. Source: prometheus, promql/durations.go. */
export function positiveDuration(expr: DurationExpr, query: QuerySpan): number {
  const ms = durationMs(expr, query);
  if (ms <= 0) throw new QueryFailure('duration must be greater than 0', expr.span);
  return ms;
}

/** Computes an offset in milliseconds, of any sign. */
export function durationMs(expr: DurationExpr, query: QuerySpan): number {
  const ms = seconds(expr, query) * 1000;
  // Prometheus counts durations in 64-bit nanoseconds.
  if (!(Math.abs(ms) < 2 ** 63 / 1e6)) throw new QueryFailure('duration is out of range', expr.span);
  // A literal like 4m59s999ms is whole milliseconds but for the rounding of its seconds; a computed rest is cut off.
  const nearest = Math.round(ms);
  return Math.abs(ms - nearest) < 1e-4 ? nearest : Math.trunc(ms);
}

function seconds(expr: DurationExpr, query: QuerySpan): number {
  switch (expr.kind) {
    case 'literal':
      return expr.seconds;
    case 'step':
      return query.step;
    case 'range':
      return query.range;
    case 'group':
      return seconds(expr.expr, query);
    case 'negation': {
      const value = seconds(expr.expr, query);
      return expr.operator === '-' ? -value : value;
    }
    case 'extreme': {
      const left = seconds(expr.left, query);
      const right = seconds(expr.right, query);
      return expr.function === 'min_of' ? Math.min(left, right) : Math.max(left, right);
    }
    case 'arithmetic':
      return arithmetic(expr.operator, seconds(expr.left, query), seconds(expr.right, query), expr.span);
    default:
      return unreachable(expr);
  }
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%' | '^', left: number, right: number, span: Span): number {
  if (right === 0 && operator === '/') throw new QueryFailure('division by zero', span);
  if (right === 0 && operator === '%') throw new QueryFailure('modulo by zero', span);
  return calculate(operator, left, right);
}
