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
  return lineOf(expr, printExpr);
}

/** An expression on one line, made of the lines of its operands, which are asked for from left to right. */
function lineOf(expr: Expr, print: (operand: Expr) => string): string {
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
      return `${inParens(print(expr.expr), !isPostfixOperand(expr.expr))}${printSubquerySuffix(expr)}`;
    case 'call':
      return `${expr.function}(${expr.args.map(print).join(', ')})`;
    case 'aggregation': {
      const param = expr.param === undefined ? '' : `${print(expr.param)}, `;
      return `${printAggregationHead(expr)}(${param}${print(expr.expr)})`;
    }
    case 'binary': {
      const left = inParens(print(expr.left), needsParens(expr, 'left'));
      return `${left} ${printOperator(expr)} ${inParens(print(expr.right), needsParens(expr, 'right'))}`;
    }
    case 'unary':
      return `${expr.operator}${inParens(print(expr.expr), bindsLooserThanSign(expr.expr))}`;
    case 'paren':
      return `(${print(expr.expr)})`;
  }
}

function inParens(text: string, parens: boolean): string {
  return parens ? `(${text})` : text;
}

/** A line of an expression that is printed on several. */
export interface PrintedLine {
  /** By how many levels it is indented. */
  readonly level: number;
  readonly text: string;
}

/** Prints an expression on several lines where one would be longer than 100 bytes. Source: prometheus, promql/parser/prettier.go. */
export function prettyExpr(expr: Expr): string {
  return prettyLines(expr)
    .map(({ level, text }) => '  '.repeat(level) + text)
    .join('\n');
}

/** The same line by line. None is empty, and none has line feeds or spaces at its ends. */
export function prettyLines(expr: Expr): readonly PrintedLine[] {
  const whole = laid(expr);
  const lines: PrintedLine[] = [];
  addLines(lines, whole, 0, isAscii.test(whole.line) ? fitsAscii : fits);
  return lines;
}

const isAscii = /^[\x20-\x7e]*$/;

/** A node with its line and its operands, from left to right: what is not short is broken without being printed again at each level. */
interface Laid {
  readonly expr: Expr;
  readonly line: string;
  readonly operands: readonly Laid[];
}

function laid(expr: Expr): Laid {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'matrix':
      return { expr, line: printExpr(expr), operands: [] };
    default: {
      const operands: Laid[] = [];
      const line = lineOf(expr, (operand) => {
        const inner = laid(operand);
        operands.push(inner);
        return inner.line;
      });
      return { expr, line, operands };
    }
  }
}

const longestLine = 100;

/** Whether a line fits, in bytes of UTF-8. */
function fits(line: string): boolean {
  return line.length <= longestLine && byteLength(line) <= longestLine;
}

/** The same for text of one byte a character, which need not be counted. */
function fitsAscii(line: string): boolean {
  return line.length <= longestLine;
}

function addLines(
  lines: PrintedLine[],
  { expr, line, operands }: Laid,
  level: number,
  isShort: (line: string) => boolean,
): void {
  const [first, second] = operands;
  if (first === undefined || isShort(line)) {
    lines.push({ level, text: line });
    return;
  }
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'matrix':
      lines.push({ level, text: line });
      return;
    case 'aggregation':
      addArguments(lines, printAggregationHead(expr), operands, level, isShort);
      return;
    case 'call':
      addArguments(lines, expr.function, operands, level, isShort);
      return;
    case 'binary': {
      if (second === undefined) return;
      addOperand(lines, first, needsParens(expr, 'left'), level + 1, isShort);
      lines.push({ level, text: printOperator(expr) });
      addOperand(lines, second, needsParens(expr, 'right'), level + 1, isShort);
      return;
    }
    case 'subquery': {
      addOperand(lines, first, !isPostfixOperand(expr.expr), level, isShort);
      const last = lines.pop();
      if (last !== undefined) lines.push({ ...last, text: `${last.text}${printSubquerySuffix(expr)}` });
      return;
    }
    case 'unary': {
      const at = lines.length;
      addOperand(lines, first, bindsLooserThanSign(expr.expr), level, isShort);
      const text = lines[at]?.text ?? '';
      lines[at] = { level, text: `${expr.operator}${text}` };
      return;
    }
    case 'paren':
      addOperand(lines, first, true, level, isShort);
  }
}

/** What stands before the parentheses of a function or an aggregation, and its arguments between them. */
function addArguments(
  lines: PrintedLine[],
  head: string,
  operands: readonly Laid[],
  level: number,
  isShort: (line: string) => boolean,
): void {
  lines.push({ level, text: `${head}(` });
  for (const [index, operand] of operands.entries()) {
    addLines(lines, operand, level + 1, isShort);
    const last = index === operands.length - 1 ? undefined : lines.pop();
    if (last !== undefined) lines.push({ ...last, text: `${last.text},` });
  }
  lines.push({ level, text: ')' });
}

function addOperand(
  lines: PrintedLine[],
  operand: Laid,
  parens: boolean,
  level: number,
  isShort: (line: string) => boolean,
): void {
  if (!parens) {
    addLines(lines, operand, level, isShort);
    return;
  }
  lines.push({ level, text: '(' });
  addLines(lines, operand, level + 1, isShort);
  lines.push({ level, text: ')' });
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
  return expr.kind === 'unary' || (expr.kind === 'number' && isSigned(expr.value));
}

/** `-1`, `-0`, and `+Inf`, which has to be told from a metric of that name. */
function isSigned(value: number): boolean {
  return value < 0 || Object.is(value, -0) || value === Number.POSITIVE_INFINITY;
}

/** A sign would become a part of a bare number, and takes only powers with it. */
function bindsLooserThanSign(expr: Expr): boolean {
  return expr.kind === 'number' || (expr.kind === 'binary' && precedenceOf(expr.operator) <= signPrecedence);
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
