import type { Span } from '../../base/index.ts';
import { readNumber } from './parse-literal.ts';
import { enter, expect, failTooDeep, leave, maxDepth, type ParserState, report, unexpected } from './parser-state.ts';
import type { TokenKind } from './token.ts';
import type { DurationExpr } from './tree.ts';

const afterOffset: DurationPlace = { context: 'offset', expected: 'number, duration, step(), or range()' };

type DurationOperator = '+' | '-' | '*' | '/' | '%' | '^';

/** Where a duration stands and what could stand there, for messages. */
export interface DurationPlace {
  readonly context: string;
  readonly expected: string;
}

/** A range or a step between brackets: an expression over durations. */
export function parseBracketDuration(p: ParserState, where: DurationPlace): DurationExpr {
  p.durations = 0;
  return standAlone(parseSum(p, 1, where));
}

/**
 * What follows `offset`. A literal ends it, so that `x offset 1m + 1m` is a sum and `x offset -2 ^ 2` a power; arithmetic needs
 * parentheses. An offset of zero is none.
 *
 * offset = [ sign ] ( number | duration | query value | extreme | "(" arithmetic ")" )
 */
export function parseOffsetDuration(p: ParserState): DurationExpr | undefined {
  const { lexer } = p;
  const { start } = lexer;
  p.durations = 0;
  const sign = readSign(p);
  const operand = parseOperand(p, afterOffset);
  const offset = applySign(sign, start, operand);
  return offset.kind === 'literal' && offset.seconds === 0 ? undefined : standAlone(offset);
}

/** arithmetic = [ sign ] operand { operator arithmetic }, with the precedence of ordinary expressions. */
function parseSum(p: ParserState, minPrecedence: number, where: DurationPlace): DurationExpr {
  let left = parseSigned(p, where);
  for (;;) {
    const operator = durationOperator(p.lexer.kind);
    if (operator === undefined) return left;
    const precedence = durationPrecedence(operator);
    if (precedence < minPrecedence) return left;
    const operatorSpan = p.lexer.span;
    p.lexer.advance();
    const right = parseSum(p, operator === '^' ? precedence : precedence + 1, where);
    if (right.kind === 'literal' && right.seconds === 0 && (operator === '/' || operator === '%')) {
      report(p, 'promql/duration', operatorSpan, operator === '/' ? 'division by zero' : 'modulo by zero');
    }
    const span = { start: left.span.start, end: right.span.end };
    left = { kind: 'arithmetic', operator, left, right, span };
  }
}

/** A sign binds as tightly as a product: `-2^2` is `-(2^2)`. */
function parseSigned(p: ParserState, where: DurationPlace): DurationExpr {
  const { start } = p.lexer;
  const sign = readSign(p);
  if (sign === undefined) return parseOperand(p, where);
  if (!enter(p, p.lexer.span)) return zero(p.lexer.span);
  const operand = parseSum(p, durationPrecedence('^'), where);
  leave(p);
  return applySign(sign, start, operand);
}

function readSign(p: ParserState): '+' | '-' | undefined {
  const { kind } = p.lexer;
  if (kind !== '+' && kind !== '-') return undefined;
  p.lexer.advance();
  return kind;
}

function applySign(sign: '+' | '-' | undefined, start: number, operand: DurationExpr): DurationExpr {
  if (sign === undefined) return operand;
  const span = { start, end: operand.span.end };
  if (operand.kind === 'literal')
    return { ...operand, seconds: sign === '-' ? -operand.seconds : operand.seconds, span };
  if (sign === '+') return operand;
  return { kind: 'negation', operator: '-', expr: operand, span };
}

function parseOperand(p: ParserState, where: DurationPlace): DurationExpr {
  const { lexer } = p;
  const { kind, span } = lexer;
  p.durations += 1;
  if (maxDepth < p.durations) failTooDeep(p, span);
  switch (kind) {
    case 'number':
    case 'duration':
      return parseLiteral(p, span);
    case 'query value': {
      const name = lexer.value.toLowerCase();
      lexer.advance();
      if (expectIn(p, '(', where)) expectIn(p, ')', where);
      return { kind: name === 'step' ? 'step' : 'range', span: { start: span.start, end: lexer.previousEnd } };
    }
    case 'extreme':
      return parseExtreme(p, span.start, where);
    case '(': {
      if (!enter(p, span)) return zero(span);
      lexer.advance();
      const expr = parseSum(p, 1, where);
      expectIn(p, ')', where);
      leave(p);
      return { kind: 'group', expr, span: { start: span.start, end: lexer.previousEnd } };
    }
    default:
      unexpected(p, where.context, where.expected);
      return zero(span);
  }
}

function parseLiteral(p: ParserState, span: Span): DurationExpr {
  const asDuration = p.lexer.kind === 'duration';
  const seconds = readNumber(p);
  // Prometheus counts durations in 64-bit nanoseconds.
  if (2 ** 63 / 1e9 < Math.abs(seconds) || Number.isNaN(seconds)) {
    report(p, 'promql/duration', span, 'duration out of range');
    return zero(span);
  }
  return { kind: 'literal', seconds, asDuration, span };
}

/** extreme = ( "min_of" | "max_of" ) "(" arithmetic "," arithmetic ")" */
function parseExtreme(p: ParserState, start: number, where: DurationPlace): DurationExpr {
  const { lexer } = p;
  const name = lexer.value.toLowerCase();
  if (!enter(p, lexer.span)) return zero(lexer.span);
  lexer.advance();
  expectIn(p, '(', where);
  const left = parseSum(p, 1, where);
  expectIn(p, ',', where);
  const right = parseSum(p, 1, where);
  expectIn(p, ')', where);
  leave(p);
  const span = { start, end: lexer.previousEnd };
  return { kind: 'extreme', function: name === 'min_of' ? 'min_of' : 'max_of', left, right, span };
}

/** A literal that stands alone is printed as a duration, however it was written, if it is whole milliseconds: `[300]` as `[5m]`. */
function standAlone(duration: DurationExpr): DurationExpr {
  if (duration.kind !== 'literal') return duration;
  const ms = Math.round(duration.seconds * 1000);
  const asDuration = ms !== 0 && ms / 1000 === duration.seconds && Math.abs(ms) < 2 ** 53;
  return asDuration === duration.asDuration ? duration : { ...duration, asDuration };
}

function expectIn(p: ParserState, kind: TokenKind, { context, expected }: DurationPlace): boolean {
  return expect(p, kind, context, expected);
}

function zero(span: Span): DurationExpr {
  return { kind: 'literal', seconds: 0, asDuration: false, span };
}

function durationPrecedence(operator: DurationOperator): number {
  switch (operator) {
    case '+':
    case '-':
      return 1;
    case '*':
    case '/':
    case '%':
      return 2;
    case '^':
      return 3;
  }
}

function durationOperator(kind: TokenKind): DurationOperator | undefined {
  switch (kind) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return kind;
    default:
      return undefined;
  }
}
