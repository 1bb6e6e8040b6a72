import { duration, formatDuration } from '../../base/index.ts';
import { formatNumber } from './number-literal.ts';
import type { DurationExpr } from './tree.ts';

/** Prints a duration of a range, step or offset as it stands between brackets. */
export function printDuration(expr: DurationExpr): string {
  switch (expr.kind) {
    case 'literal':
      return expr.asDuration ? printSeconds(expr.seconds) : formatNumber(expr.seconds);
    case 'step':
    case 'range':
      return `${expr.kind}()`;
    case 'extreme':
      return `${expr.function}(${printDuration(expr.left)}, ${printDuration(expr.right)})`;
    case 'negation':
      return `${expr.operator}${printOperand(expr.expr, 3)}`;
    case 'arithmetic': {
      const own = precedence(expr);
      const right = expr.operator === '^' ? own : own + 1;
      const left = expr.operator === '^' ? own + 1 : own;
      return `${printOperand(expr.left, left)} ${expr.operator} ${printOperand(expr.right, right)}`;
    }
    case 'group':
      return `(${printDuration(expr.expr)})`;
  }
}

/** Prints seconds as a duration if it is whole milliseconds, as only those can be written so, and otherwise as a number. */
export function printSeconds(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const exact = Math.abs(ms) < 2 ** 53 && (ms / 1000 === seconds || closeTo(ms, seconds));
  return exact && ms !== 0 ? formatDuration(duration(ms)) : ms === 0 && seconds === 0 ? '0s' : formatNumber(seconds);
}

/** Seconds that came from a duration are the sum of whole seconds and milliseconds, which may be rounded otherwise than the quotient. */
function closeTo(ms: number, seconds: number): boolean {
  return Math.trunc(ms / 1000) + (ms % 1000) / 1000 === seconds;
}

function printOperand(expr: DurationExpr, least: number): string {
  const text = printDuration(expr);
  const signed = expr.kind === 'negation' || (expr.kind === 'literal' && text.startsWith('-'));
  const torn = expr.kind === 'arithmetic' ? precedence(expr) < least : signed && 3 <= least;
  return torn ? `(${text})` : text;
}

function precedence({ operator }: Extract<DurationExpr, { kind: 'arithmetic' }>): number {
  if (operator === '^') return 3;
  return operator === '+' || operator === '-' ? 1 : 2;
}
