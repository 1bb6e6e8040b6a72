import type { Span } from '../../base/index.ts';
import { type Matcher, type MatchOperator, metricName } from '../../series/index.ts';
import { readString } from './parse-literal.ts';
import { at, type ParserState, unexpected } from './parser-state.ts';
import type { TokenKind } from './token.ts';
import type { VectorSelector } from './tree.ts';

/** selector = name [ matchers ] | matchers */
export function parseSelector(p: ParserState): VectorSelector {
  const { lexer } = p;
  const { start } = lexer;
  let name = '';
  if (!at(p, '{')) {
    name = lexer.value;
    lexer.advance();
  }
  const matchers: Matcher[] = [];
  if (!at(p, '{')) return { kind: 'selector', name, matchers, span: { start, end: lexer.previousEnd } };
  const matcherSpans: Span[] = [];
  parseMatchers(p, matchers, matcherSpans);
  return { kind: 'selector', name, matchers, matcherSpans, span: { start, end: lexer.previousEnd } };
}

/** matchers = "{" [ matcher { "," matcher } [ "," ] ] "}" */
function parseMatchers(p: ParserState, matchers: Matcher[], spans: Span[]): void {
  const { lexer } = p;
  lexer.advance();
  while (!at(p, '}')) {
    const { start } = lexer;
    const matcher = parseMatcher(p);
    if (matcher === undefined) return;
    matchers.push(matcher);
    spans.push({ start, end: lexer.previousEnd });
    if (at(p, ',')) {
      lexer.advance();
    } else if (!at(p, '}')) {
      unexpected(p, 'label matching', '"," or "}"');
      return;
    }
  }
  lexer.advance();
}

/** matcher = ( identifier | string ) operator string | string */
function parseMatcher(p: ParserState): Matcher | undefined {
  const { lexer } = p;
  const quoted = lexer.kind === 'string';
  if (!quoted && lexer.kind !== 'identifier') {
    unexpected(p, 'label matching', 'identifier or "}"');
    return undefined;
  }
  const name = quoted ? readString(p) : lexer.value;
  if (!quoted) lexer.advance();
  const operator = matchOperator(lexer.kind);
  if (operator === undefined) {
    // A string that stands alone is the metric's name.
    if (quoted) return { name: metricName, operator: '=', value: name };
    unexpected(p, 'label matching', 'label matching operator');
    return undefined;
  }
  lexer.advance();
  if (lexer.kind !== 'string') {
    unexpected(p, 'label matching', 'string');
    return undefined;
  }
  return { name, operator, value: readString(p) };
}

function matchOperator(kind: TokenKind): MatchOperator | undefined {
  switch (kind) {
    case '=':
    case '!=':
    case '=~':
    case '!~':
      return kind;
    default:
      return undefined;
  }
}
