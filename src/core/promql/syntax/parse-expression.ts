import type { Span } from '../../base/index.ts';
import { aggregationTable, isAggregation } from './aggregations.ts';
import { isWordPart, skipBlank } from './lexer-characters.ts';
import { binaryOperator, precedenceOf, signPrecedence } from './operators.ts';
import { readNumber, readString } from './parse-literal.ts';
import { parseLabels, parseMatching } from './parse-matching.ts';
import { parseModifiers } from './parse-modifier.ts';
import { parseSelector } from './parse-selector.ts';
import { at, enter, expect, leave, type ParserState, placeholder, report, unexpected } from './parser-state.ts';
import { metricNameKinds } from './token.ts';
import type { Expr, Grouping } from './tree.ts';

/** expression = operand { operator modifiers expression }, by precedence climbing (Pratt); `^` alone groups to the right. */
export function parseExpression(p: ParserState, minPrecedence = 1): Expr {
  const { lexer } = p;
  let left = parseOperand(p);
  for (;;) {
    const operator = binaryOperator(lexer.kind);
    if (operator === undefined) return left;
    const precedence = precedenceOf(operator);
    if (precedence < minPrecedence) return left;
    const { start } = lexer;
    lexer.advance();
    const bool = at(p, 'bool');
    if (bool) lexer.advance();
    const matching = parseMatching(p);
    const operatorSpan = { start, end: lexer.previousEnd };
    if (!enter(p, operatorSpan)) return left;
    p.parents += 1;
    const right = parseExpression(p, operator === '^' ? precedence : precedence + 1);
    leave(p);
    const span = { start: left.span.start, end: right.span.end };
    left =
      matching === undefined
        ? { kind: 'binary', operator, left, right, bool, operatorSpan, span }
        : { kind: 'binary', operator, left, right, bool, matching, operatorSpan, span };
  }
}

/** operand = sign expression | primary modifiers; a sign binds as tightly as a product. */
function parseOperand(p: ParserState): Expr {
  const { lexer } = p;
  const { kind } = lexer;
  if (kind !== '+' && kind !== '-') return parseModifiers(p, parsePrimary(p));
  const { start } = lexer;
  if (!enter(p, lexer.span)) return placeholder(lexer.span);
  lexer.advance();
  const expr = parseExpression(p, signPrecedence + 1);
  leave(p);
  const span = { start, end: expr.span.end };
  // A sign in front of a number is a part of it.
  if (expr.kind === 'number') return { ...expr, value: kind === '-' ? -expr.value : expr.value, span };
  p.parents += 1;
  return { kind: 'unary', operator: kind, expr, span };
}

/** primary = number | string | "(" expression ")" | aggregation | call | selector */
function parsePrimary(p: ParserState): Expr {
  const { lexer } = p;
  const { kind, span } = lexer;
  switch (kind) {
    case 'number':
    case 'duration':
      return { kind: 'number', value: readNumber(p), asDuration: kind === 'duration', span };
    case 'string':
      return { kind: 'string', value: readString(p), span };
    case '(':
      return parseParen(p, span);
    case 'aggregator':
      return parseAggregation(p, span);
    case 'identifier':
    case 'query time':
    case 'query value':
    case 'extreme':
      return parseCallOrSelector(p, span);
    default:
      if (kind === '{' || metricNameKinds.has(kind)) return parseSelector(p);
      unexpected(p);
      return placeholder(span);
  }
}

function parseParen(p: ParserState, { start }: Span): Expr {
  const { lexer } = p;
  if (!enter(p, lexer.span)) return placeholder(lexer.span);
  lexer.advance();
  const expr = parseExpression(p);
  expect(p, ')');
  leave(p);
  p.parents += 1;
  return { kind: 'paren', expr, span: { start, end: lexer.previousEnd } };
}

/** call = identifier "(" [ arguments ] ")"; without the parenthesis it is the name of a metric. */
function parseCallOrSelector(p: ParserState, { start }: Span): Expr {
  const { lexer } = p;
  if (!parenFollows(lexer.text, lexer.end)) return parseSelector(p);
  // Upstream reads reserved words in any case, but the names of its other functions as they stand.
  const name = lexer.kind === 'identifier' ? lexer.value : lexer.value.toLowerCase();
  lexer.advance();
  const args = parseArguments(p);
  return { kind: 'call', function: name, args, span: { start, end: lexer.previousEnd } };
}

/** Comments may stand between a name and its parenthesis, too. */
function parenFollows(text: string, from: number): boolean {
  return text[skipBlank(text, from)] === '(';
}

/** arguments = "(" [ expression { "," expression } ] ")" */
function parseArguments(p: ParserState): readonly Expr[] {
  const { lexer } = p;
  const args: Expr[] = [];
  if (!enter(p, lexer.span)) return args;
  p.parents += 1;
  if (expect(p, '(') && !at(p, ')')) {
    args.push(parseExpression(p));
    while (at(p, ',')) {
      const { span } = lexer;
      lexer.advance();
      if (at(p, ')') || at(p, ',')) {
        report(p, 'promql/syntax', span, 'trailing commas not allowed in function call args');
      } else {
        args.push(parseExpression(p));
      }
    }
  }
  expect(p, ')');
  leave(p);
  return args;
}

/** aggregation = operator [ grouping ] arguments | operator arguments [ grouping ]; otherwise it is the name of a metric. */
function parseAggregation(p: ParserState, { start }: Span): Expr {
  const { lexer } = p;
  const { text, end } = lexer;
  if (!parenFollows(text, end) && !groupingFollows(text, end)) return parseSelector(p);
  const operator = lexer.value.toLowerCase();
  lexer.advance();
  p.aggregations += 1;
  let grouping = parseGrouping(p);
  const args = parseArguments(p);
  p.aggregations -= 1;
  grouping ??= parseGrouping(p);
  const span = { start, end: lexer.previousEnd };
  if (!isAggregation(operator)) return placeholder(span);
  const wanted = aggregationTable[operator].param === undefined ? 1 : 2;
  const expr = args[wanted - 1];
  if (args.length !== wanted || expr === undefined) {
    const message =
      args.length === 0
        ? 'no arguments for aggregate expression provided'
        : `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`;
    if (p.complete) report(p, 'promql/arguments', span, message);
    p.complete = false;
    return placeholder(span);
  }
  const param = wanted === 2 ? args[0] : undefined;
  return {
    kind: 'aggregation',
    operator,
    ...(param !== undefined && { param }),
    expr,
    grouping: grouping ?? everything,
    span,
  };
}

const everything: Grouping = { without: false, labels: [] };

function groupingFollows(text: string, from: number): boolean {
  const start = skipBlank(text, from);
  let end = start;
  while (isWordPart(text.charCodeAt(end)) || text[end] === ':') end += 1;
  const word = text.slice(start, end).toLowerCase();
  return word === 'by' || word === 'without';
}

function parseGrouping(p: ParserState): Grouping | undefined {
  const { lexer } = p;
  if (lexer.kind !== 'by' && lexer.kind !== 'without') return undefined;
  const without = lexer.kind === 'without';
  lexer.advance();
  return { without, labels: parseLabels(p) };
}
