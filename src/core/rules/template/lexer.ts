import { goQuote, isPrintable } from './quote.ts';
import { keywords, type Token, type TokenKind } from './token.ts';

const leftDelimiter = '{{';
const rightDelimiter = '}}';
const endOfText = '';

/**
 * Cuts a template into tokens, one at a time. Outside of actions there is only text; comments and the white space that `{{-` and `-}}`
 * trim never reach the parser. Source: Go, text/template/parse/lex.go.
 */
export class Lexer {
  readonly #input: string;
  #position = 0;
  /** Where the token being read begins. */
  #start = 0;
  #line = 1;
  #insideAction = false;
  #openParens = 0;
  #failed = false;

  constructor(input: string) {
    this.#input = input;
  }

  /** The next token. After an error and at the end of the text it is `eof` for ever. */
  next(): Token {
    if (this.#failed) return { kind: 'eof', position: 0, text: 'EOF', line: this.#line };
    return this.#insideAction ? this.#action() : this.#text();
  }

  #text(): Token {
    for (;;) {
      const open = this.#input.indexOf(leftDelimiter, this.#position);
      if (open === -1) {
        this.#position = this.#input.length;
        return this.#start < this.#position ? this.#emit('text') : this.#emit('eof');
      }
      const trims = isLeftTrim(this.#input, open + leftDelimiter.length);
      const text = this.#input.slice(this.#start, open);
      const kept = trims ? text.trimEnd().length + leadingOther(text) : text.length;
      if (0 < kept) {
        this.#position = this.#start + kept;
        const token = this.#emit('text');
        this.#skipTo(open);
        return token;
      }
      this.#skipTo(open);
      const body = open + leftDelimiter.length + (trims ? 2 : 0);
      if (!this.#input.startsWith('/*', body)) return this.#openAction(body);
      this.#skipTo(body);
      const problem = this.#comment();
      if (problem !== undefined) return problem;
    }
  }

  #openAction(body: number): Token {
    this.#position = this.#start + leftDelimiter.length;
    const token = this.#emit('left delimiter');
    this.#skipTo(body);
    this.#insideAction = true;
    this.#openParens = 0;
    return token;
  }

  /** Skips a comment up to the text behind its action, or says why it cannot. */
  #comment(): Token | undefined {
    const close = this.#input.indexOf('*/', this.#position + 2);
    if (close === -1) return this.#error('unclosed comment');
    this.#position = close + 2;
    const end = this.#rightDelimiter();
    if (end === undefined) return this.#error('comment ends before closing delimiter');
    this.#skipTo(end.trims ? this.#afterSpaces(end.after) : end.after);
    return undefined;
  }

  /** Whether a right delimiter, possibly with a trim marker before it, stands here; and where it ends. */
  #rightDelimiter(at = this.#position): { readonly after: number; readonly trims: boolean } | undefined {
    if (isSpace(this.#input[at]) && this.#input.startsWith(`-${rightDelimiter}`, at + 1))
      return { after: at + 4, trims: true };
    return this.#input.startsWith(rightDelimiter, at) ? { after: at + 2, trims: false } : undefined;
  }

  #closeAction(end: { readonly after: number; readonly trims: boolean }): Token {
    if (end.trims) this.#skipTo(this.#position + 2);
    this.#position = end.after;
    const token = this.#emit('right delimiter');
    if (end.trims) this.#skipTo(this.#afterSpaces(end.after));
    this.#insideAction = false;
    return token;
  }

  #action(): Token {
    const end = this.#rightDelimiter();
    if (end !== undefined) return this.#openParens === 0 ? this.#closeAction(end) : this.#error('unclosed left paren');
    const char = this.#take();
    if (char === endOfText) return this.#error('unclosed action');
    if (isSpace(char)) return this.#space();
    switch (char) {
      case '=':
        return this.#emit('assign');
      case ':':
        return this.#take() === '=' ? this.#emit('declare') : this.#error('expected :=');
      case '|':
        return this.#emit('pipe');
      case '"':
        return this.#quoted('"', 'string', 'unterminated quoted string');
      case "'":
        return this.#quoted("'", 'character constant', 'unterminated character constant');
      case '`':
        return this.#rawString();
      case '$':
        return this.#fieldOrVariable('variable');
      case '(':
        this.#openParens += 1;
        return this.#emit('left paren');
      case ')':
        this.#openParens -= 1;
        return this.#openParens < 0 ? this.#error('unexpected right paren') : this.#emit('right paren');
      default:
        return this.#word(char);
    }
  }

  #word(char: string): Token {
    const next = this.#input[this.#position];
    if (char === '.' && next !== undefined && !isDigit(next)) return this.#fieldOrVariable('field');
    if (char === '.' || char === '+' || char === '-' || isDigit(char)) {
      this.#position -= 1;
      return this.#number();
    }
    if (isAlphaNumeric(char)) return this.#identifier();
    if (char < '\u0080' && isPrintable(char)) return this.#emit('char');
    return this.#error(`unrecognized character in action: ${describeCharacter(char)}`);
  }

  #space(): Token {
    while (isSpace(this.#input[this.#position])) this.#take();
    // The last space may belong to a trimming right delimiter.
    if (this.#rightDelimiter(this.#position - 1) === undefined) return this.#emit('space');
    this.#back();
    return this.#start === this.#position ? this.#action() : this.#emit('space');
  }

  #identifier(): Token {
    this.#takeAlphaNumeric();
    const word = this.#input.slice(this.#start, this.#position);
    if (!this.#atTerminator()) return this.#badCharacter();
    const keyword = keywords.get(word);
    if (keyword !== undefined) return this.#emit(keyword);
    return this.#emit(word === 'true' || word === 'false' ? 'bool' : 'identifier');
  }

  #fieldOrVariable(kind: 'field' | 'variable'): Token {
    if (this.#atTerminator()) return this.#emit(kind === 'variable' ? 'variable' : 'dot');
    this.#takeAlphaNumeric();
    return this.#atTerminator() ? this.#emit(kind) : this.#badCharacter();
  }

  #badCharacter(): Token {
    return this.#error(`bad character ${describeCharacter(this.#peek())}`);
  }

  /** `$x+2` is refused, so that arithmetic may be added to the language one day. */
  #atTerminator(): boolean {
    const char = this.#peek();
    return (
      char === endOfText ||
      isSpace(char) ||
      '.,|:)('.includes(char) ||
      this.#input.startsWith(rightDelimiter, this.#position)
    );
  }

  #quoted(quote: string, kind: TokenKind, problem: string): Token {
    for (;;) {
      let char = this.#take();
      if (char === '\\') {
        char = this.#take();
        if (char !== endOfText && char !== '\n') continue;
      }
      if (char === endOfText || char === '\n') return this.#error(problem);
      if (char === quote) return this.#emit(kind);
    }
  }

  #rawString(): Token {
    const close = this.#input.indexOf('`', this.#position);
    if (close === -1) return this.#error('unterminated raw quoted string');
    this.#position = close + 1;
    return this.#emit('raw string');
  }

  #number(): Token {
    if (!this.#scanNumber()) return this.#badNumber();
    const sign = this.#input[this.#position];
    if (sign !== '+' && sign !== '-') return this.#emit('number');
    return this.#scanNumber() && this.#input[this.#position - 1] === 'i' ? this.#emit('complex') : this.#badNumber();
  }

  #badNumber(): Token {
    return this.#error(`bad number syntax: ${goQuote(this.#input.slice(this.#start, this.#position))}`);
  }

  /** Takes what looks like a number; whether it is one the parser finds out. */
  #scanNumber(): boolean {
    const pattern =
      /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/y;
    pattern.lastIndex = this.#position;
    this.#position += pattern.exec(this.#input)?.[0].length ?? 0;
    if (!isAlphaNumeric(this.#peek())) return true;
    this.#take();
    return false;
  }

  #takeAlphaNumeric(): void {
    while (isAlphaNumeric(this.#peek())) this.#take();
  }

  #peek(): string {
    const code = this.#input.codePointAt(this.#position);
    return code === undefined ? endOfText : String.fromCodePoint(code);
  }

  #take(): string {
    const char = this.#peek();
    this.#position += char.length;
    return char;
  }

  #back(): void {
    this.#position -= 1;
  }

  #afterSpaces(from: number): number {
    let at = from;
    while (isSpace(this.#input[at])) at += 1;
    return at;
  }

  #skipTo(position: number): void {
    this.#line += lineFeeds(this.#input, this.#start, position);
    this.#position = position;
    this.#start = position;
  }

  #emit(kind: TokenKind): Token {
    const text = kind === 'eof' ? 'EOF' : this.#input.slice(this.#start, this.#position);
    const token = { kind, position: this.#start, text, line: this.#line };
    this.#skipTo(this.#position);
    return token;
  }

  #error(text: string): Token {
    this.#failed = true;
    return { kind: 'error', position: this.#start, text, line: this.#line };
  }
}

function isLeftTrim(input: string, at: number): boolean {
  return input[at] === '-' && isSpace(input[at + 1]);
}

/** `trimEnd` drops more kinds of white space than Go does (`" \t\r\n"`); this many of its drops Go would keep. */
function leadingOther(text: string): number {
  const dropped = text.slice(text.trimEnd().length);
  return dropped.replace(/[ \t\r\n]+$/, '').length;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n';
}

function isDigit(char: string): boolean {
  return '0' <= char && char <= '9';
}

function isAlphaNumeric(char: string): boolean {
  return /^[\p{L}\p{Nd}_]$/u.test(char);
}

function lineFeeds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** As Go's `%#U`: `U+0023 '#'`. */
function describeCharacter(char: string): string {
  if (char === endOfText) return 'U+FFFFFFFFFFFFFFFF';
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrintable(char) ? `${code} '${char}'` : code;
}
