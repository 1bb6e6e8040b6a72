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
      return `${expr.operator}${printWithin(expr.expr, expr.expr.kind === 'literal' || looserThan(expr.expr, 3))}`;
    case 'arithmetic': {
      const own = precedence(expr.operator);
      const groupsRight = expr.operator === '^';
      const left = groupsRight ? isSigned(expr.left) || looserThan(expr.left, own + 1) : looserThan(expr.left, own);
      const right = looserThan(expr.right, groupsRight ? own : own + 1);
      return `${printWithin(expr.left, left)} ${expr.operator} ${printWithin(expr.right, right)}`;
    }
    case 'group':
      return `(${printDuration(expr.expr)})`;
  }
}

/** Prints a duration as it stands after `offset`, where arithmetic needs parentheses, or it would end at its first operand. */
export function printOffsetDuration(expr: DurationExpr): string {
  const operand = expr.kind === 'negation' ? expr.expr : expr;
  return printWithin(expr, operand.kind === 'arithmetic' || operand.kind === 'negation');
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

function printWithin(expr: DurationExpr, parens: boolean): string {
  return parens ? `(${printDuration(expr)})` : printDuration(expr);
}

function isSigned(expr: DurationExpr): boolean {
  return expr.kind === 'negation' || (expr.kind === 'literal' && (expr.seconds < 0 || Object.is(expr.seconds, -0)));
}

function looserThan(expr: DurationExpr, least: number): boolean {
  return expr.kind === 'arithmetic' && precedence(expr.operator) < least;
}

function precedence(operator: '+' | '-' | '*' | '/' | '%' | '^'): number {
  if (operator === '^') return 3;
  return operator === '+' || operator === '-' ? 1 : 2;
}
