import type { Span } from '../../base/index.ts';
import { type DurationPlace, parseBracketDuration, parseOffsetDuration } from './parse-duration.ts';
import { readNumber } from './parse-literal.ts';
import { at, expect, type ParserState, report, unexpected } from './parser-state.ts';
import type { AtModifier, Expr, VectorSelector } from './tree.ts';

const afterBracket: DurationPlace = {
  context: 'subquery or range selector',
  expected: 'number, duration, step(), or range()',
};
const afterColon: DurationPlace = {
  context: 'subquery selector',
  expected: 'number, duration, step(), range(), or "]"',
};

/** What binds tightest, to the expression just before: ranges, subqueries, `offset`, `@`, `anchored`, `smoothed`, in any order. */
export function parseModifiers(p: ParserState, operand: Expr): Expr {
  let expr = operand;
  for (;;) {
    switch (p.lexer.kind) {
      case '[':
        expr = parseRange(p, expr);
        break;
      case 'offset':
        expr = parseOffset(p, expr);
        break;
      case '@':
        expr = parseAt(p, expr);
        break;
      case 'extended':
        expr = parseExtended(p, expr);
        break;
      default:
        return expr;
    }
  }
}

/** range = "[" duration "]" | "[" duration ":" [ duration ] "]" */
function parseRange(p: ParserState, expr: Expr): Expr {
  const { lexer } = p;
  const { start } = lexer;
  p.parents += 1;
  lexer.advance();
  const range = parseBracketDuration(p, afterBracket);
  if (!at(p, ':')) {
    if (!expect(p, ']', 'subquery or range', '":" or "]"')) return expr;
    return matrix(p, expr, range, { start, end: lexer.previousEnd });
  }
  lexer.advance();
  const hasStep = !at(p, ']');
  const step = hasStep ? parseBracketDuration(p, afterColon) : undefined;
  expect(p, ']', 'subquery selector', '"]"');
  const span = { start: expr.span.start, end: lexer.previousEnd };
  return { kind: 'subquery', expr, range, ...(step !== undefined && { step }), span };
}

function matrix(p: ParserState, expr: Expr, range: VectorRange, brackets: Span): Expr {
  if (expr.kind !== 'selector') {
    const help = 'a range of anything but a selector is a subquery: write [5m:] for the default step, or [5m:1m]';
    report(p, 'promql/range', brackets, 'ranges only allowed for vector selectors', help);
    p.complete = false;
    return expr;
  }
  const help = 'write it behind the range';
  if (expr.offset?.kind === 'literal') {
    report(p, 'promql/range', brackets, 'no offset modifiers allowed before range', help);
  } else if (expr.at?.kind === 'time') {
    report(p, 'promql/range', brackets, 'no @ modifiers allowed before range', help);
  }
  return { kind: 'matrix', selector: expr, range, span: { start: expr.span.start, end: brackets.end } };
}

type VectorRange = Extract<Expr, { kind: 'matrix' }>['range'];

const behindWhat = 'an instant vector selector or range vector selector or a subquery';

function parseOffset(p: ParserState, expr: Expr): Expr {
  const { lexer } = p;
  lexer.advance();
  const offset = parseOffsetDuration(p);
  const target = expr.kind === 'matrix' ? expr.selector : expr;
  if (target.kind !== 'selector' && target.kind !== 'subquery') {
    report(p, 'promql/modifier', expr.span, `offset modifier must be preceded by ${behindWhat}`);
    return expr;
  }
  if (target.offset !== undefined) {
    report(p, 'promql/modifier', expr.span, 'offset may not be set multiple times');
    return expr;
  }
  const span = { start: expr.span.start, end: lexer.previousEnd };
  if (offset === undefined) return { ...expr, span };
  if (expr.kind === 'matrix') return { ...expr, selector: { ...expr.selector, offset }, span };
  return { ...target, offset, span };
}

function parseAt(p: ParserState, expr: Expr): Expr {
  const { lexer } = p;
  lexer.advance();
  const at = parseTime(p, expr);
  const target = expr.kind === 'matrix' ? expr.selector : expr;
  if (target.kind !== 'selector' && target.kind !== 'subquery') {
    report(p, 'promql/modifier', expr.span, `@ modifier must be preceded by ${behindWhat}`);
    return expr;
  }
  if (target.at !== undefined) {
    report(p, 'promql/modifier', expr.span, '@ <timestamp> may not be set multiple times');
    return expr;
  }
  const span = { start: expr.span.start, end: lexer.previousEnd };
  if (expr.kind === 'matrix') return { ...expr, selector: { ...expr.selector, at }, span };
  return { ...target, at, span };
}

/** time = [ "+" | "-" ] ( number | duration ) | ( "start" | "end" ) "(" ")" */
function parseTime(p: ParserState, expr: Expr): AtModifier {
  const { lexer } = p;
  if (lexer.kind === 'query time') {
    const kind = lexer.value.toLowerCase() === 'start' ? 'start' : 'end';
    lexer.advance();
    if (expect(p, '(')) expect(p, ')');
    return { kind };
  }
  const { kind } = lexer;
  if (kind === '+' || kind === '-') lexer.advance();
  if (lexer.kind !== 'number' && lexer.kind !== 'duration') {
    unexpected(p, '@', 'timestamp');
    return { kind: 'time', seconds: 0 };
  }
  const seconds = readNumber(p) * (kind === '-' ? -1 : 1);
  if (!(Math.abs(seconds) < 2 ** 63)) {
    const shown = Number.isNaN(seconds)
      ? 'NaN'
      : Number.isFinite(seconds)
        ? seconds.toFixed(6)
        : signedInfinity(seconds);
    report(p, 'promql/modifier', expr.span, `timestamp out of bounds for @ modifier: ${shown}`);
    return { kind: 'time', seconds: 0 };
  }
  // Prometheus counts time in milliseconds and rounds away from zero.
  const ms = Math.round(Math.abs(seconds) * 1000);
  return { kind: 'time', seconds: ms === 0 ? 0 : (Math.sign(seconds) * ms) / 1000 };
}

function signedInfinity(value: number): string {
  return value < 0 ? '-Inf' : '+Inf';
}

function parseExtended(p: ParserState, expr: Expr): Expr {
  const { lexer } = p;
  const extended = lexer.value.toLowerCase() === 'anchored' ? 'anchored' : 'smoothed';
  lexer.advance();
  const span = { start: expr.span.start, end: lexer.previousEnd };
  switch (expr.kind) {
    case 'selector':
      return { ...extend(p, expr, extended, expr.span), span };
    case 'matrix':
      return { ...expr, selector: extend(p, expr.selector, extended, expr.span), span };
    case 'subquery':
      report(p, 'promql/modifier', expr.span, `${extended} modifier is not supported for subqueries`);
      return expr;
    default:
      report(p, 'promql/modifier', expr.span, `${extended} modifier not implemented`);
      return expr;
  }
}

function extend(
  p: ParserState,
  selector: VectorSelector,
  extended: 'anchored' | 'smoothed',
  span: Span,
): VectorSelector {
  if (selector.extended !== undefined && selector.extended !== extended) {
    report(p, 'promql/modifier', span, 'anchored and smoothed modifiers cannot be used together');
  }
  return { ...selector, extended };
}
