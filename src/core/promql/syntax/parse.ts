import { type Diagnostic, failure, type Outcome, success } from '../../base/index.ts';
import { checkExpr } from '../check/check.ts';
import { parseExpression } from './parse-expression.ts';
import {
  at,
  fail,
  failLexically,
  failTooDeep,
  maxDepth,
  maxLength,
  newParser,
  type ParserState,
  unexpected,
} from './parser-state.ts';
import { children, type Expr } from './tree.ts';

/** Reads and checks a PromQL expression, as Prometheus does when it loads a rule or answers a query. */
export function parseExpr(text: string): Outcome<Expr> {
  const parsed = parseTree(text);
  if (!parsed.ok) return parsed;
  const diagnostics = checkExpr(parsed.value);
  return diagnostics.length === 0 ? parsed : failure(...diagnostics);
}

/** Reads an expression without checking types, functions and matching: for those who do something with a tree that is still wrong. */
export function parseTree(text: string): Outcome<Expr> {
  const { expr, diagnostics } = parse(text);
  return expr === undefined || 0 < diagnostics.length ? failure(...diagnostics) : success(expr);
}

/** What can be said about an expression: its tree if the text is one as far as syntax goes, and all that is wrong with it. */
export interface Analysis {
  readonly expr: Expr | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads an expression and reports all its problems at once, those of syntax and those of types, sorted by where they are. */
export function analyzeExpr(text: string): Analysis {
  const { expr, diagnostics } = parse(text);
  if (expr === undefined) return { expr, diagnostics };
  const found = checkExpr(expr).filter((diagnostic) => !diagnostics.some((known) => tellsMore(known, diagnostic)));
  return { expr, diagnostics: [...diagnostics, ...found].toSorted((a, b) => a.span.start - b.span.start) };
}

/** Whether the parser has reported the same thing with a place of its own. */
function tellsMore(known: Diagnostic, { code, message, span }: Diagnostic): boolean {
  return (
    known.code === code && known.message === message && span.start <= known.span.start && known.span.end <= span.end
  );
}

function parse(text: string): Analysis {
  const p = newParser(text);
  if (maxLength < text.length) {
    const message = `expression is longer than ${maxLength} characters`;
    fail(p, 'promql/limit', { start: 0, end: text.length }, message, 'split the expression into recording rules');
    return { expr: undefined, diagnostics: p.diagnostics };
  }
  const expr = parseWhole(p);
  return { expr: p.complete ? expr : undefined, diagnostics: p.diagnostics };
}

function parseWhole(p: ParserState): Expr | undefined {
  const { lexer } = p;
  lexer.advance();
  if (at(p, 'end')) {
    if (!failLexically(p)) fail(p, 'promql/syntax', { start: 0, end: 0 }, 'no expression found in input');
    return undefined;
  }
  const expr = parseExpression(p);
  if (!at(p, 'end')) unexpected(p);
  else failLexically(p);
  // Chains of operators make deep trees without nesting; they are rare enough to be measured only where it may matter.
  if (p.complete && maxDepth < p.parents && maxDepth < heightOf(expr)) failTooDeep(p, expr.span);
  return expr;
}

/** The height of a tree, found without recursion because it may be too high for that. Durations count as one level. */
function heightOf(root: Expr): number {
  let height = 0;
  let level: readonly Expr[] = [root];
  while (0 < level.length) {
    height += 1;
    level = level.flatMap(children);
  }
  return height;
}
