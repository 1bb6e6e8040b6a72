import { unreachable } from '../../base/index.ts';
import type { ArithmeticOperator, BinaryOperator, ComparisonOperator } from '../syntax/tree.ts';

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  switch (operator) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return true;
    default:
      return false;
  }
}

export function isArithmetic(operator: BinaryOperator): operator is ArithmeticOperator {
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
    case 'atan2':
      return true;
    default:
      return false;
  }
}

export function calculate(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return power(left, right);
    case 'atan2':
      return Math.atan2(left, right);
    default:
      return unreachable(operator);
  }
}

/** Whether a comparison of two numbers holds. */
export function compare(operator: ComparisonOperator, left: number, right: number): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return unreachable(operator);
  }
}

/** IEEE 754's pow, which Go has; JavaScript differs where the base is one in magnitude. */
export function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && (exponent === Number.POSITIVE_INFINITY || exponent === Number.NEGATIVE_INFINITY)) return 1;
  return base ** exponent;
}

/**
 * Calculates cell by cell: `out[i] = left[leftFrom + i] operator right[rightFrom + i]`. The operator is chosen once, outside the loop.
 * Cells that hold nothing give nonsense, which nobody reads.
 */
export function calculateColumns(
  operator: ArithmeticOperator,
  left: Float64Array,
  leftFrom: number,
  right: Float64Array,
  rightFrom: number,
  out: Float64Array,
): void {
  const n = out.length;
  switch (operator) {
    case '+':
      for (let i = 0; i < n; i += 1) out[i] = (left[leftFrom + i] ?? 0) + (right[rightFrom + i] ?? 0);
      return;
    case '-':
      for (let i = 0; i < n; i += 1) out[i] = (left[leftFrom + i] ?? 0) - (right[rightFrom + i] ?? 0);
      return;
    case '*':
      for (let i = 0; i < n; i += 1) out[i] = (left[leftFrom + i] ?? 0) * (right[rightFrom + i] ?? 0);
      return;
    case '/':
      for (let i = 0; i < n; i += 1) out[i] = (left[leftFrom + i] ?? 0) / (right[rightFrom + i] ?? 0);
      return;
    default:
      for (let i = 0; i < n; i += 1) out[i] = calculate(operator, left[leftFrom + i] ?? 0, right[rightFrom + i] ?? 0);
  }
}

/** Compares cell by cell into `out`: 1 where the comparison holds, otherwise 0. */
export function compareColumns(
  operator: ComparisonOperator,
  left: Float64Array,
  leftFrom: number,
  right: Float64Array,
  rightFrom: number,
  out: Uint8Array,
): void {
  const n = out.length;
  switch (operator) {
    case '>':
      for (let i = 0; i < n; i += 1) out[i] = (left[leftFrom + i] ?? 0) > (right[rightFrom + i] ?? 0) ? 1 : 0;
      return;
    case '<':
      for (let i = 0; i < n; i += 1) out[i] = (left[leftFrom + i] ?? 0) < (right[rightFrom + i] ?? 0) ? 1 : 0;
      return;
    default:
      for (let i = 0; i < n; i += 1) {
        out[i] = compare(operator, left[leftFrom + i] ?? 0, right[rightFrom + i] ?? 0) ? 1 : 0;
      }
  }
}
