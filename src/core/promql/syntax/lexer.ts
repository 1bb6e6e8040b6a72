import type { Span } from '../../base/index.ts';
import {
  isDigit,
  isLetter,
  isSpace,
  isWordPart,
  scanNumber,
  scanRestOfDuration,
  skipBlank,
} from './lexer-characters.ts';
import { remedyForCharacter } from './remedies.ts';
import { quoteGo, quoteRune } from './string-literal.ts';
import { keywords, type TokenKind } from './token.ts';

/** What a lexer could not make a token of. Its span reaches from the place of the fault to the end of the text, as upstream's does. */
export interface LexicalError {
  readonly message: string;
  readonly help?: string;
  readonly span: Span;
}

/**
 * Reads tokens one by one: `kind`, `start` and `end` describe the current one. Texts are cut out only where the parser asks for
 * them. Braces and brackets change what is a token, so the lexer keeps track of them. After an error or the end of the text it
 * stands at `end` for good, so that a parser in trouble always comes to its end, too.
 * Source: prometheus, promql/parser/lex.go.
 */
export class Lexer {
  readonly text: string;
  kind: TokenKind = 'end';
  start = 0;
  end = 0;
  /** The end of the token before the current one. */
  previousEnd = 0;
  error: LexicalError | undefined;

  #inBraces = false;
  /** `start`: only a duration may follow; `rest`: a first number or duration was read; `outside`: not in brackets. */
  #brackets: 'outside' | 'start' | 'rest' = 'outside';
  #parenDepth = 0;
  #stopped = false;

  constructor(text: string) {
    this.text = text;
  }

  /** The text of the current token. */
  get value(): string {
    return this.text.slice(this.start, this.end);
  }

  get span(): Span {
    return { start: this.start, end: this.end };
  }

  /** Gives up: from now on the current token is the end of the text. */
  stop(): void {
    this.#stopped = true;
    this.kind = 'end';
  }

  /** Steps to the next token. */
  advance(): void {
    this.previousEnd = this.end;
    if (this.#stopped) return;
    const at = this.#brackets === 'start' ? skipSpaces(this.text, this.end) : skipBlank(this.text, this.end);
    this.start = at;
    this.end = at;
    if (this.text.length <= at) this.kind = this.#atEnd();
    else if (this.#inBraces) this.kind = this.#insideBraces(at);
    else if (this.#brackets !== 'outside') this.kind = this.#insideBrackets(at);
    else this.kind = this.#plain(at);
  }

  #emit(kind: TokenKind, length: number): TokenKind {
    this.end = this.start + length;
    return kind;
  }

  #fail(message: string, start: number = this.start): TokenKind {
    const help = remedyForCharacter(this.text[start] ?? '', this.#inBraces);
    this.error = { message, ...(help !== undefined && { help }), span: { start, end: this.text.length } };
    this.#stopped = true;
    return 'end';
  }

  #atEnd(): TokenKind {
    if (this.#inBraces) return this.#fail('unexpected end of input inside braces');
    if (this.#brackets === 'start') return this.#fail('unexpected end of input in duration expression');
    if (0 < this.#parenDepth) return this.#fail('unclosed left parenthesis');
    if (this.#brackets === 'rest') return this.#fail('unclosed left bracket');
    this.#stopped = true;
    return 'end';
  }

  #plain(at: number): TokenKind {
    const { text } = this;
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (isLetter(code) || code === 0x3a /* : */) return this.#word(at);
    if (isDigit(code) || (code === 0x2e /* . */ && isDigit(next))) return this.#numberOrDuration(at);
    switch (text[at]) {
      case '(':
        this.#parenDepth += 1;
        return this.#emit('(', 1);
      case ')':
        return this.#closeParen();
      case '{':
        this.#inBraces = true;
        return this.#emit('{', 1);
      case '[':
        this.#brackets = 'start';
        return this.#emit('[', 1);
      case ']':
        return this.#fail("unexpected right bracket ']'");
      case ',':
        return this.#emit(',', 1);
      case '@':
        return this.#emit('@', 1);
      case '+':
        return this.#emit('+', 1);
      case '-':
        return this.#emit('-', 1);
      case '*':
        return this.#emit('*', 1);
      case '/':
        return this.#emit('/', 1);
      case '%':
        return this.#emit('%', 1);
      case '^':
        return this.#emit('^', 1);
      case '=':
        if (next === 0x3d /* = */) return this.#emit('==', 2);
        return next === 0x7e /* ~ */ ? this.#fail("unexpected character after '=': '~'") : this.#emit('=', 1);
      case '!':
        if (next === 0x3d /* = */) return this.#emit('!=', 2);
        return this.#fail(`unexpected character after '!': ${quoteRune(text, at + 1)}`);
      case '<':
        if (next === 0x3d /* = */) return this.#emit('<=', 2);
        return next === 0x2f /* / */ ? this.#emit('</', 2) : this.#emit('<', 1);
      case '>':
        if (next === 0x3d /* = */) return this.#emit('>=', 2);
        return next === 0x2f /* / */ ? this.#emit('>/', 2) : this.#emit('>', 1);
      case '"':
      case "'":
      case '`':
        return this.#string(at, code);
      default:
        return this.#fail(`unexpected character: ${quoteRune(text, at)}`);
    }
  }

  /** Inside braces keywords are plain identifiers, and a colon ends a name. */
  #insideBraces(at: number): TokenKind {
    const { text } = this;
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (isLetter(code)) {
      let end = at + 1;
      while (isWordPart(text.charCodeAt(end))) end += 1;
      return this.#emit('identifier', end - at);
    }
    switch (text[at]) {
      case ',':
        return this.#emit(',', 1);
      case '"':
      case "'":
      case '`':
        return this.#string(at, code);
      case '=':
        return next === 0x7e /* ~ */ ? this.#emit('=~', 2) : this.#emit('=', 1);
      case '!':
        if (next === 0x7e /* ~ */) return this.#emit('!~', 2);
        if (next === 0x3d /* = */) return this.#emit('!=', 2);
        return this.#fail(`unexpected character after '!' inside braces: ${quoteRune(text, at + 1)}`);
      case '{':
        return this.#fail("unexpected left brace '{'");
      case '}':
        this.#inBraces = false;
        return this.#emit('}', 1);
      default:
        return this.#fail(`unexpected character inside braces: ${quoteRune(text, at)}`);
    }
  }

  /** Between brackets stand durations, arithmetic over them and the colon of a subquery. */
  #insideBrackets(at: number): TokenKind {
    const { text } = this;
    const code = text.charCodeAt(at);
    if (isDigit(code) || (code === 0x2e /* . */ && isDigit(text.charCodeAt(at + 1)))) {
      this.#brackets = 'rest';
      return this.#numberOrDuration(at);
    }
    if (isLetter(code)) return this.#durationWord(at);
    switch (text[at]) {
      case ']':
        this.#brackets = 'outside';
        return this.#emit(']', 1);
      case ':':
        return this.#brackets === 'start'
          ? this.#fail('unexpected colon before duration in duration expression', at + 1)
          : this.#emit(':', 1);
      case '(':
        this.#parenDepth += 1;
        return this.#emit('(', 1);
      case ')':
        return this.#closeParen();
      case '+':
        return this.#emit('+', 1);
      case '-':
        return this.#emit('-', 1);
      case '*':
        return this.#emit('*', 1);
      case '/':
        return this.#emit('/', 1);
      case '%':
        return this.#emit('%', 1);
      case '^':
        return this.#emit('^', 1);
      case ',':
        return this.#emit(',', 1);
      case '[':
        return this.#brackets === 'start' ? this.#unexpectedInDuration(at) : this.#fail("unexpected left bracket '['");
      default:
        return this.#unexpectedInDuration(at);
    }
  }

  #durationWord(at: number): TokenKind {
    const { text } = this;
    let end = at + 1;
    while (isWordPart(text.charCodeAt(end))) end += 1;
    const kind = durationWords.get(text.slice(at, end).toLowerCase());
    if (kind === undefined) return this.#unexpectedInDuration(at);
    this.#brackets = 'rest';
    return this.#emit(kind, end - at);
  }

  #unexpectedInDuration(at: number): TokenKind {
    const rune = quoteRune(this.text, at);
    if (this.#brackets === 'start') return this.#fail(`unexpected character in duration expression: ${rune}`);
    return this.#fail(`unexpected character: ${rune}, expected ':'`);
  }

  #closeParen(): TokenKind {
    this.#parenDepth -= 1;
    return this.#parenDepth < 0 ? this.#fail("unexpected right parenthesis ')'") : this.#emit(')', 1);
  }

  /** A name, a keyword (whatever its case), or the special numbers Inf and NaN. */
  #word(at: number): TokenKind {
    const { text } = this;
    let end = at;
    let colon = false;
    let upper = false;
    for (;;) {
      const code = text.charCodeAt(end);
      if (code === 0x3a /* : */) colon = true;
      else if (!isWordPart(code)) break;
      else if (code <= 0x5a && 0x41 <= code) upper = true;
      end += 1;
    }
    const length = end - at;
    if (colon) return this.#emit('metric identifier', length);
    if (length <= longestKeyword) {
      const word = text.slice(at, end);
      const keyword = keywords.get(upper ? word.toLowerCase() : word);
      // So that metrics called fill keep their name, the fill modifiers are keywords only in front of a parenthesis.
      if (keyword !== undefined && (keyword !== 'fill' || this.#parenFollows(end))) return this.#emit(keyword, length);
    }
    return this.#emit('identifier', length);
  }

  #parenFollows(from: number): boolean {
    return this.text[skipSpaces(this.text, from)] === '(';
  }

  #numberOrDuration(at: number): TokenKind {
    const { text } = this;
    const scanned = scanNumber(text, at);
    if (scanned.ok) return this.#emit('number', scanned.end - at);
    const duration = scanRestOfDuration(text, scanned.end);
    if (duration.ok) return this.#emit('duration', duration.end - at);
    return this.#fail(`bad number or duration syntax: ${quoteGo(text.slice(at, duration.end))}`);
  }

  #string(at: number, quote: number): TokenKind {
    const { text } = this;
    const raw = quote === 0x60; /* ` */
    for (let end = at + 1; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === quote) return this.#emit('string', end + 1 - at);
      if (0xd800 <= code && code <= 0xdfff) {
        if (!isSurrogatePair(code, text.charCodeAt(end + 1))) return this.#fail('invalid UTF-8 rune', end);
        end += 1;
        continue;
      }
      if (raw) continue;
      if (code === 0x0a /* line feed */) break;
      if (code !== 0x5c /* \ */) continue;
      end += 1;
      if (text.length <= end) return this.#fail('escape sequence not terminated');
    }
    return this.#fail(raw ? 'unterminated raw string' : 'unterminated quoted string');
  }
}

const durationWords: ReadonlyMap<string, TokenKind> = new Map([
  ['step', 'query value'],
  ['range', 'query value'],
  ['min_of', 'extreme'],
  ['max_of', 'extreme'],
]);

const longestKeyword = Math.max(...[...keywords.keys()].map((word) => word.length));

/** Right after a bracket comments are not allowed. */
function skipSpaces(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function isSurrogatePair(high: number, low: number): boolean {
  return high < 0xdc00 && 0xdc00 <= low && low <= 0xdfff;
}
