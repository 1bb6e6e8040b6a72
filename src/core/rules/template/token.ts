import { goQuote } from './quote.ts';

export type TokenKind =
  | 'error'
  | 'bool'
  | 'char'
  | 'character constant'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'left delimiter'
  | 'left paren'
  | 'number'
  | 'pipe'
  | 'raw string'
  | 'right delimiter'
  | 'right paren'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | Keyword;

export type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'define'
  | 'dot'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

/** A piece of a template as the lexer cuts it. */
export interface Token {
  readonly kind: TokenKind;
  /** UTF-16 offset of its first character. */
  readonly position: number;
  /** The characters of it; of an error, what is wrong. */
  readonly text: string;
  /** The line it begins on, from 1. */
  readonly line: number;
}

/** The words with a meaning of their own; `.` is one of them. */
export const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['.', 'dot'],
  ['block', 'block'],
  ['break', 'break'],
  ['continue', 'continue'],
  ['define', 'define'],
  ['else', 'else'],
  ['end', 'end'],
  ['if', 'if'],
  ['nil', 'nil'],
  ['range', 'range'],
  ['template', 'template'],
  ['with', 'with'],
]);

/** A token as it is named in an error message. Source: Go, text/template/parse/lex.go, item.String. */
export function describeToken(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  if (token.kind === 'error') return token.text;
  if (keywordKinds.has(token.kind)) return `<${token.text}>`;
  const characters = [...token.text];
  return characters.length <= 10 ? goQuote(token.text) : `${goQuote(characters.slice(0, 10).join(''))}...`;
}

const keywordKinds: ReadonlySet<string> = new Set(keywords.values());
