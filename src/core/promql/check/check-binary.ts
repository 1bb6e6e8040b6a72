import { isComparison, isSetOperator } from '../syntax/operators.ts';
import type { BinaryExpr, ValueType, VectorMatching } from '../syntax/tree.ts';
import type { Report } from './report.ts';

/** Checks an operator against the types of its operands and against its modifiers, and gives the type of the result. */
export function checkBinary(expr: BinaryExpr, left: ValueType, right: ValueType, report: Report): ValueType {
  const { operator, bool, matching, span } = expr;
  const operatorSpan = expr.operatorSpan ?? span;
  const comparison = isComparison(operator);
  if (bool && !comparison) {
    report('promql/operator', operatorSpan, 'bool modifier can only be used on comparison operators');
  }
  if (comparison && !bool && left === 'scalar' && right === 'scalar') {
    const help = `two numbers have nothing to filter; write ${operator} bool for 0 or 1`;
    report('promql/operator', operatorSpan, 'comparisons between scalars must use BOOL modifier', help);
  }
  for (const [operand, type] of [[expr.left, left] as const, [expr.right, right] as const]) {
    if (type === 'scalar' || type === 'vector') continue;
    const help = type === 'matrix' ? 'apply a function over the range first, such as rate()' : undefined;
    const message = 'binary expression must contain only scalar and instant vector types';
    report('promql/type', operand.span, message, help);
  }
  if (matching !== undefined) checkMatching(expr, matching, left === 'vector' && right === 'vector', report);
  if (isSetOperator(operator) && (left === 'scalar' || right === 'scalar')) {
    const help = 'vector() makes a vector of a scalar';
    report('promql/operator', span, `set operator "${operator}" not allowed in binary scalar expression`, help);
  }
  return left === 'scalar' && right === 'scalar' ? 'scalar' : 'vector';
}

function checkMatching(expr: BinaryExpr, matching: VectorMatching, betweenVectors: boolean, report: Report): void {
  const { operator, span } = expr;
  const operatorSpan = expr.operatorSpan ?? span;
  const { on, labels, group, fill } = matching;
  if (on && group !== undefined) {
    for (const label of labels.filter((label) => group.include.includes(label))) {
      const message = `label "${label}" must not occur in ON and GROUP clause at once`;
      report('promql/matching', operatorSpan, message, 'labels to match on are on both sides anyway');
    }
  }
  if (!betweenVectors) {
    if (0 < labels.length) report('promql/matching', span, 'vector matching only allowed between instant vectors');
    if (fill !== undefined) {
      report('promql/matching', span, 'filling in missing series only allowed between instant vectors');
    }
    return;
  }
  if (!isSetOperator(operator)) return;
  if (group !== undefined) {
    const help = 'and, or and unless match many elements with many';
    report('promql/matching', span, `no grouping allowed for "${operator}" operation`, help);
  }
  if (fill !== undefined) report('promql/matching', span, 'filling in missing series not allowed for set operators');
}
