import { legacyLabelName, type Matcher, metricName } from '../../series/index.ts';
import { formatNumber, formatShortest } from './number-literal.ts';
import { precedenceOf, signPrecedence } from './operators.ts';
import { byteLength } from './position.ts';
import { printDuration, printOffsetDuration, printSeconds } from './print-duration.ts';
import { quoteGo } from './string-literal.ts';
import { isPlainMetricName } from './token.ts';
import type { Aggregation, BinaryExpr, Expr, MatrixSelector, Subquery, VectorSelector } from './tree.ts';

/**
 * Prints an expression on one line in Prometheus's canonical form, the one that rules and its API show. What is printed reads back as
 * the same tree; only where a built tree lacks parentheses that its meaning needs are they put in.
 * Source: prometheus, promql/parser/printer.go.
 */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return expr.asDuration ? printSeconds(expr.value) : formatNumber(expr.value);
    case 'string':
      return quoteGo(expr.value);
    case 'selector':
      return `${printBareSelector(expr)}${printAt(expr.at)}${printExtended(expr)}${printOffset(expr.offset)}`;
    case 'matrix':
      return `${printBareSelector(expr.selector)}${printRangeSuffix(expr)}`;
    case 'subquery':
      return `${printSubqueryOperand(expr.expr)}${printSubquerySuffix(expr)}`;
    case 'call':
      return `${expr.function}(${expr.args.map(printExpr).join(', ')})`;
    case 'aggregation': {
      const param = expr.param === undefined ? '' : `${printExpr(expr.param)}, `;
      return `${printAggregationHead(expr)}(${param}${printExpr(expr.expr)})`;
    }
    case 'binary':
      return `${printLeft(expr)} ${printOperator(expr)} ${printRight(expr)}`;
    case 'unary':
      return `${expr.operator}${printSigned(expr.expr)}`;
    case 'paren':
      return `(${printExpr(expr.expr)})`;
  }
}

/** Prints an expression on several lines where one would be longer than 100 bytes. Source: prometheus, promql/parser/prettier.go. */
export function prettyExpr(expr: Expr): string {
  return pretty(expr, 0);
}

const longestLine = 100;

function pretty(expr: Expr, level: number): string {
  const line = printExpr(expr);
  const indent = '  '.repeat(level);
  if (byteLength(line) <= longestLine) return `${indent}${line}`;
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'matrix':
      return `${indent}${line}`;
    case 'aggregation': {
      const param = expr.param === undefined ? '' : `${pretty(expr.param, level + 1)},\n`;
      return `${indent}${printAggregationHead(expr)}(\n${param}${pretty(expr.expr, level + 1)}\n${indent})`;
    }
    case 'call': {
      const args = expr.args.map((arg) => pretty(arg, level + 1)).join(',\n');
      return `${indent}${expr.function}(\n${args}\n${indent})`;
    }
    case 'binary': {
      const left = needsParens(expr, 'left') ? prettyParens(expr.left, level + 1) : pretty(expr.left, level + 1);
      const right = needsParens(expr, 'right') ? prettyParens(expr.right, level + 1) : pretty(expr.right, level + 1);
      return `${left}\n${indent}${printOperator(expr)}\n${right}`;
    }
    case 'subquery': {
      const inner = isPostfixOperand(expr.expr) ? pretty(expr.expr, level) : prettyParens(expr.expr, level);
      return `${inner}${printSubquerySuffix(expr)}`;
    }
    case 'unary': {
      const inner = bindsLooserThanSign(expr.expr) ? prettyParens(expr.expr, level) : pretty(expr.expr, level);
      return `${indent}${expr.operator}${inner.trimStart()}`;
    }
    case 'paren':
      return prettyParens(expr.expr, level);
  }
}

function prettyParens(inner: Expr, level: number): string {
  const indent = '  '.repeat(level);
  return `${indent}(\n${pretty(inner, level + 1)}\n${indent})`;
}

function printAggregationHead({ operator, grouping }: Aggregation): string {
  if (grouping.without) return `${operator} without (${printLabels(grouping.labels)}) `;
  return grouping.labels.length === 0 ? operator : `${operator} by (${printLabels(grouping.labels)}) `;
}

function printLabels(labels: readonly string[]): string {
  // Inf and NaN are numbers here, unless they stand in quotes. Upstream forgets that.
  return labels.map((label) => (/^(?:inf|nan)$/i.test(label) ? quoteGo(label) : printLabel(label))).join(', ');
}

function printLabel(label: string): string {
  return legacyLabelName.test(label) ? label : quoteGo(label);
}

function printOperator({ operator, bool, matching }: BinaryExpr): string {
  let text: string = bool ? `${operator} bool` : operator;
  if (matching === undefined) return text;
  const { on, labels, group, fill } = matching;
  if (on || 0 < labels.length || group !== undefined) text += ` ${on ? 'on' : 'ignoring'} (${printLabels(labels)})`;
  if (group !== undefined) text += ` group_${group.side} (${printLabels(group.include)})`;
  if (fill?.left !== undefined && Object.is(fill.left, fill.right))
    return `${text} fill (${formatShortest(fill.left)})`;
  if (fill?.left !== undefined) text += ` fill_left (${formatShortest(fill.left)})`;
  if (fill?.right !== undefined) text += ` fill_right (${formatShortest(fill.right)})`;
  return text;
}

function printLeft(expr: BinaryExpr): string {
  const text = printExpr(expr.left);
  return needsParens(expr, 'left') ? `(${text})` : text;
}

function printRight(expr: BinaryExpr): string {
  const text = printExpr(expr.right);
  return needsParens(expr, 'right') ? `(${text})` : text;
}

/** Whether an operand would be torn apart by its operator. Parsed trees never need it: they have their parentheses as nodes. */
function needsParens({ operator, left, right }: BinaryExpr, side: 'left' | 'right'): boolean {
  const own = precedenceOf(operator);
  const groupsRight = operator === '^';
  if (side === 'left') {
    if (startsWithSign(left)) return signPrecedence < own;
    return (
      left.kind === 'binary' && (groupsRight ? precedenceOf(left.operator) <= own : precedenceOf(left.operator) < own)
    );
  }
  if (right.kind !== 'binary') return false;
  return groupsRight ? precedenceOf(right.operator) < own : precedenceOf(right.operator) <= own;
}

function startsWithSign(expr: Expr): boolean {
  return expr.kind === 'unary' || (expr.kind === 'number' && /^[+-]/.test(printExpr(expr)));
}

function printSigned(expr: Expr): string {
  const text = printExpr(expr);
  return bindsLooserThanSign(expr) ? `(${text})` : text;
}

/** A sign would become a part of a bare number, and takes only powers with it. */
function bindsLooserThanSign(expr: Expr): boolean {
  return expr.kind === 'number' || (expr.kind === 'binary' && precedenceOf(expr.operator) <= signPrecedence);
}

function printSubqueryOperand(expr: Expr): string {
  const text = printExpr(expr);
  return isPostfixOperand(expr) ? text : `(${text})`;
}

/** What a range binds to as a whole. */
function isPostfixOperand(expr: Expr): boolean {
  return expr.kind !== 'binary' && expr.kind !== 'unary' && !startsWithSign(expr);
}

/** Name and conditions, the conditions sorted as texts. A name that needs quotes is printed as a condition. */
function printBareSelector({ name, matchers }: VectorSelector): string {
  const plain = isPlainMetricName(name);
  const conditions = matchers.map(printMatcher);
  if (name !== '' && !plain) conditions.push(printMatcher({ name: metricName, operator: '=', value: name }));
  const head = plain ? name : '';
  if (conditions.length === 0) return plain ? head : '{}';
  return `${head}{${conditions.sort().join(',')}}`;
}

function printMatcher({ name, operator, value }: Matcher): string {
  return `${printLabel(name)}${operator}${quoteGo(value)}`;
}

function printRangeSuffix({ selector, range }: MatrixSelector): string {
  return `[${printDuration(range)}]${printExtended(selector)}${printAt(selector.at)}${printOffset(selector.offset)}`;
}

function printSubquerySuffix({ range, step, at, offset }: Subquery): string {
  const stepText = step === undefined ? '' : printDuration(step);
  return `[${printDuration(range)}:${stepText}]${printAt(at)}${printOffset(offset)}`;
}

function printExtended({ extended }: VectorSelector): string {
  return extended === undefined ? '' : ` ${extended}`;
}

function printAt(at: VectorSelector['at']): string {
  if (at === undefined) return '';
  return at.kind === 'time' ? ` @ ${at.seconds.toFixed(3)}` : ` @ ${at.kind}()`;
}

function printOffset(offset: VectorSelector['offset']): string {
  return offset === undefined ? '' : ` offset ${printOffsetDuration(offset)}`;
}
