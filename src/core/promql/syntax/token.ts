import { quoteGo } from './string-literal.ts';

/** The kinds of tokens. Punctuation and operators stand for themselves. */
export type TokenKind =
  | 'end'
  | 'identifier'
  | 'metric identifier'
  | 'number'
  | 'duration'
  | 'string'
  | '('
  | ')'
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':'
  | '@'
  | '='
  | '=~'
  | '!~'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '</'
  | '>/'
  | 'and'
  | 'or'
  | 'unless'
  | 'atan2'
  /** sum, avg, ... */
  | 'aggregator'
  | 'by'
  | 'without'
  | 'on'
  | 'ignoring'
  | 'group_left'
  | 'group_right'
  /** fill, fill_left, fill_right, each only in front of a parenthesis */
  | 'fill'
  | 'bool'
  | 'offset'
  /** anchored, smoothed */
  | 'extended'
  /** start, end */
  | 'query time'
  /** step, range */
  | 'query value'
  /** min_of, max_of */
  | 'extreme';

/** The reserved words, in lower case; the language takes them in any case. Source: prometheus, promql/parser/lex.go. */
export const keywords: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ['and', 'and'],
  ['or', 'or'],
  ['unless', 'unless'],
  ['atan2', 'atan2'],
  ['sum', 'aggregator'],
  ['avg', 'aggregator'],
  ['count', 'aggregator'],
  ['min', 'aggregator'],
  ['max', 'aggregator'],
  ['group', 'aggregator'],
  ['stddev', 'aggregator'],
  ['stdvar', 'aggregator'],
  ['topk', 'aggregator'],
  ['bottomk', 'aggregator'],
  ['count_values', 'aggregator'],
  ['quantile', 'aggregator'],
  ['limitk', 'aggregator'],
  ['limit_ratio', 'aggregator'],
  ['offset', 'offset'],
  ['smoothed', 'extended'],
  ['anchored', 'extended'],
  ['by', 'by'],
  ['without', 'without'],
  ['on', 'on'],
  ['ignoring', 'ignoring'],
  ['group_left', 'group_left'],
  ['group_right', 'group_right'],
  ['fill', 'fill'],
  ['fill_left', 'fill'],
  ['fill_right', 'fill'],
  ['bool', 'bool'],
  ['start', 'query time'],
  ['end', 'query time'],
  ['step', 'query value'],
  ['range', 'query value'],
  ['min_of', 'extreme'],
  ['max_of', 'extreme'],
  ['inf', 'number'],
  ['nan', 'number'],
]);

/** Tokens that are words, and yet may be the name of a metric. */
export const metricNameKinds: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'identifier',
  'metric identifier',
  'aggregator',
  'by',
  'without',
  'and',
  'or',
  'unless',
  'offset',
  'extended',
  'fill',
  'query time',
  'query value',
  'extreme',
]);

/** Tokens that may be a label in `by (..)`, `on (..)` and their like. A name with a colon is refused there later. */
export const labelNameKinds: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...metricNameKinds,
  'bool',
  'group_left',
  'group_right',
  'ignoring',
  'on',
  'atan2',
]);

const operatorKinds: ReadonlySet<TokenKind> = new Set<TokenKind>([
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '</',
  '>/',
  '=~',
  '!~',
  '@',
  'and',
  'or',
  'unless',
  'atan2',
]);

const keywordKinds: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'by',
  'extended',
  'fill',
  'group_left',
  'group_right',
  'ignoring',
  'offset',
  'on',
  'without',
]);

/** A token as upstream's messages call it: `<op:==>`, `identifier "x"`, `end of input`. */
export function describeToken(kind: TokenKind, value: string): string {
  if (kind === 'end') return 'end of input';
  if (kind === 'identifier' || kind === 'metric identifier') return `${kind} ${quoteGo(value)}`;
  if (keywordKinds.has(kind)) return `<${value}>`;
  if (operatorKinds.has(kind)) return `<op:${value}>`;
  if (kind === 'aggregator') return `<aggr:${value}>`;
  const shown = 10 < value.length ? `${quoteGo(value.slice(0, 10))}...` : quoteGo(value);
  return kind === 'number' || kind === 'duration' || kind === 'string' ? `${kind} ${shown}` : shown;
}

/** Whether a name can stand before the braces of a selector. Words that mean something else there, and others, are conditions. */
export function isPlainMetricName(name: string): boolean {
  return plainMetricName.test(name);
}

const plainMetricName = /^(?!(?:bool|on|ignoring|group_left|group_right|atan2|inf|nan)$)[a-z_:][a-z0-9_:]*$/i;
