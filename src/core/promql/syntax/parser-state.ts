import type { Diagnostic, Span } from '../../base/index.ts';
import type { PromqlCode } from './codes.ts';
import { Lexer } from './lexer.ts';
import { remedyForToken } from './remedies.ts';
import { describeToken, type TokenKind } from './token.ts';
import type { Expr } from './tree.ts';

/**
 * What the parser functions share. The first syntax error stops the lexer, which then stands at the end of the text for good: every
 * function returns soon with some placeholder, and the tree is thrown away. Other errors are noted, and parsing goes on.
 */
export interface ParserState {
  readonly lexer: Lexer;
  readonly diagnostics: Diagnostic[];
  /** Whether the tree says what the text says. */
  complete: boolean;
  /** Whether the lexer has been stopped by an error. */
  failed: boolean;
  /** How deep the parser functions are nested now. */
  depth: number;
  /** How many nodes have children: an upper bound of the tree's height. */
  parents: number;
  /** How many aggregations are being read now; upstream names them as the place of an error that has no closer one. */
  aggregations: number;
  /** How many nodes the duration has that is being read. */
  durations: number;
}

/** Most levels of nesting. Every function that walks a tree may therefore recurse without fear for the stack. */
export const maxDepth = 500;

/** Most UTF-16 code units of an expression. */
export const maxLength = 1_000_000;

export function newParser(text: string): ParserState {
  return {
    lexer: new Lexer(text),
    diagnostics: [],
    complete: true,
    failed: false,
    depth: 0,
    parents: 0,
    aggregations: 0,
    durations: 0,
  };
}

/** Notes an error that leaves the rest of the text readable. After a failure there is no rest, and nothing more is noted. */
export function report(p: ParserState, code: PromqlCode, span: Span, message: string, help?: string): void {
  if (p.failed) return;
  p.diagnostics.push({ severity: 'error', code, message, ...(help !== undefined && { help }), span });
}

/** Notes an error after which the text makes no sense, and stops. Only the first one counts. */
export function fail(p: ParserState, code: PromqlCode, span: Span, message: string, help?: string): void {
  report(p, code, span, message, help);
  p.failed = true;
  p.complete = false;
  p.lexer.stop();
}

/** Fails at the current token, in upstream's words: `unexpected <by> in aggregation, expected "("`. */
export function unexpected(p: ParserState, closest = '', expected = ''): void {
  const { lexer } = p;
  if (failLexically(p)) return;
  const context = closest === '' && 0 < p.aggregations ? 'aggregation' : closest;
  const where = context === '' ? '' : ` in ${context}`;
  const instead = expected === '' ? '' : `, expected ${expected}`;
  const message = `unexpected ${describeToken(lexer.kind, lexer.value)}${where}${instead}`;
  fail(p, 'promql/syntax', lexer.span, message, remedyForToken(lexer.kind, context, expected));
}

/** Fails with what the lexer has found, if it has. */
export function failLexically(p: ParserState): boolean {
  const { error } = p.lexer;
  if (error === undefined) return false;
  fail(p, 'promql/syntax', error.span, error.message, error.help);
  return true;
}

/** Whether the current token is of the kind. */
export function at(p: ParserState, kind: TokenKind): boolean {
  return p.lexer.kind === kind;
}

/** Steps over the current token if it is of the kind. */
function accept(p: ParserState, kind: TokenKind): boolean {
  if (p.lexer.kind !== kind) return false;
  p.lexer.advance();
  return true;
}

/** Steps over a token that must be of the kind. */
export function expect(p: ParserState, kind: TokenKind, context = '', expected = ''): boolean {
  if (accept(p, kind)) return true;
  unexpected(p, context, expected);
  return false;
}

/** Counts a level of nesting; `leave` gives it back. */
export function enter(p: ParserState, span: Span): boolean {
  p.depth += 1;
  if (p.depth <= maxDepth) return true;
  failTooDeep(p, span);
  return false;
}

export function leave(p: ParserState): void {
  p.depth -= 1;
}

export function failTooDeep(p: ParserState, span: Span): void {
  const message = `expression is nested more than ${maxDepth} levels deep`;
  const help = 'split the expression into recording rules, or match several series with one regular expression';
  fail(p, 'promql/limit', span, message, help);
}

/** Stands in the tree where the parser has failed; it never gets out. */
export function placeholder(span: Span): Expr {
  return { kind: 'number', value: Number.NaN, asDuration: false, span };
}
