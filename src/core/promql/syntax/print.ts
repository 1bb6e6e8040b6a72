import { legacyLabelName, type Matcher, metricName } from '../../series/index.ts';
import { formatNumber, formatShortest } from './number-literal.ts';
import { precedenceOf, signPrecedence } from './operators.ts';
import { byteLength } from './position.ts';
import { printDuration, printOffsetDuration, printSeconds } from './print-duration.ts';
import { recent } from './recent.ts';
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
    case 'call': {
      // To join a list would copy the texts of all operands, at each level once more.
      let args = '';
      for (const arg of expr.args) args = args === '' ? print(arg) : `${args}, ${print(arg)}`;
      return `${expr.function}(${args})`;
    }
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
  const { lines, levels } = prettyLines(expr);
  return lines.map((line, index) => '  '.repeat(levels[index] ?? 0) + line).join('\n');
}

/** An expression line by line: none is empty, and none has line feeds or spaces at its ends. */
export interface PrettyLines {
  readonly lines: readonly string[];
  /** By how many levels each line is indented. */
  readonly levels: readonly number[];
  /** Whether it is all in ASCII. */
  readonly isAscii: boolean;
}

/** The same as `prettyExpr`, for those who indent the lines themselves. */
export function prettyLines(expr: Expr): PrettyLines {
  const one: string[] = [];
  const ends: number[] = [];
  // What is too long is broken without being printed again at each level.
  const print = (operand: Expr): string => {
    const at = one.length;
    one.push('');
    ends.push(0);
    const line = lineOf(operand, print);
    one[at] = line;
    ends[at] = one.length;
    return line;
  };
  print(expr);
  const breaking: Breaking = { one, ends, lines: [], levels: [] };
  addLines(breaking, expr, 0, 0);
  const { lines, levels } = breaking;
  return { lines, levels, isAscii: lines.every((line) => onlyAscii.test(line)) };
}

const onlyAscii = /^[\x20-\x7e]*$/;

/** The state of breaking an expression into lines. */
interface Breaking {
  /** Each node on one line, before its operands from left to right. */
  readonly one: readonly string[];
  /** For each of them where the nodes below it end. */
  readonly ends: readonly number[];
  readonly lines: string[];
  readonly levels: number[];
}

const longestLine = 100;

/** Whether a line fits, in bytes of UTF-8; those of ASCII need not be counted. */
function fits(line: string): boolean {
  return line.length <= longestLine && (onlyAscii.test(line) || byteLength(line) <= longestLine);
}

function addLine({ lines, levels }: Breaking, text: string, level: number): void {
  lines.push(text);
  levels.push(level);
}

/** Adds the lines of an expression, the one at `at` of all nodes. */
function addLines(breaking: Breaking, expr: Expr, at: number, level: number): void {
  const { one, ends, lines, levels } = breaking;
  const line = one[at] ?? '';
  if (ends[at] === at + 1 || fits(line)) {
    addLine(breaking, line, level);
    return;
  }
  const first = at + 1;
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'matrix':
      addLine(breaking, line, level);
      return;
    case 'aggregation': {
      const args = expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
      addArguments(breaking, printAggregationHead(expr), args, first, level);
      return;
    }
    case 'call':
      addArguments(breaking, expr.function, expr.args, first, level);
      return;
    case 'binary':
      addOperand(breaking, expr.left, needsParens(expr, 'left'), first, level + 1);
      addLine(breaking, printOperator(expr), level);
      addOperand(breaking, expr.right, needsParens(expr, 'right'), ends[first] ?? first, level + 1);
      return;
    case 'subquery':
      addOperand(breaking, expr.expr, !isPostfixOperand(expr.expr), first, level);
      lines.push(`${lines.pop() ?? ''}${printSubquerySuffix(expr)}`);
      return;
    case 'unary': {
      const start = lines.length;
      addOperand(breaking, expr.expr, bindsLooserThanSign(expr.expr), first, level);
      lines[start] = `${expr.operator}${lines[start] ?? ''}`;
      levels[start] = level;
      return;
    }
    case 'paren':
      addOperand(breaking, expr.expr, true, first, level);
  }
}

/** What stands before the parentheses of a function or an aggregation, and its arguments between them. */
function addArguments(breaking: Breaking, head: string, args: readonly Expr[], first: number, level: number): void {
  const { ends, lines } = breaking;
  addLine(breaking, `${head}(`, level);
  let at = first;
  args.forEach((arg, index) => {
    addLines(breaking, arg, at, level + 1);
    at = ends[at] ?? at;
    if (index < args.length - 1) lines.push(`${lines.pop() ?? ''},`);
  });
  addLine(breaking, ')', level);
}

function addOperand(breaking: Breaking, operand: Expr, parens: boolean, at: number, level: number): void {
  if (!parens) {
    addLines(breaking, operand, at, level);
    return;
  }
  addLine(breaking, '(', level);
  addLines(breaking, operand, at, level + 1);
  addLine(breaking, ')', level);
}

function printAggregationHead({ operator, grouping }: Aggregation): string {
  if (grouping.without) return `${operator} without (${printLabels(grouping.labels)}) `;
  return grouping.labels.length === 0 ? operator : `${operator} by (${printLabels(grouping.labels)}) `;
}

function printLabels(labels: readonly string[]): string {
  let text = '';
  for (const label of labels) text += text === '' ? printLabel(label) : `, ${printLabel(label)}`;
  return text;
}

/** Inf and NaN are numbers in lists of labels, unless they stand in quotes. Upstream forgets that. */
function printLabel(label: string): string {
  return legacyLabelName.test(label) && !(label.length === 3 && numberWord.test(label)) ? label : quoteGo(label);
}

const numberWord = /^(?:inf|nan)$/i;

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
  if (!isPlainMetricName(name)) {
    const named: readonly Matcher[] = name === '' ? [] : [{ name: metricName, operator: '=', value: name }];
    return printConditions([...matchers, ...named]);
  }
  return matchers.length === 0 ? name : `${name}${printConditions(matchers)}`;
}

/** Selectors that are built for one objective have most of their conditions in common. */
const printConditions = recent((matchers: readonly Matcher[]): string => {
  const conditions = matchers.map(printMatcher);
  if (conditions.some((condition, index) => condition < (conditions[index - 1] ?? ''))) conditions.sort();
  return `{${conditions.join(',')}}`;
});

function printMatcher({ name, operator, value }: Matcher): string {
  const label = legacyLabelName.test(name) ? name : quoteGo(name);
  return `${label}${operator}${quoteGo(value)}`;
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
