import { Lexer } from './lexer.ts';
import type { Token } from './token.ts';

/** The tokens of a template with room to put some back: three are needed to tell `$x := 1` from `$x foo`. */
export class TokenStream {
  readonly #lexer: Lexer;
  /** Tokens put back, the next one last. */
  readonly #ahead: Token[] = [];
  #last: Token = { kind: 'eof', position: 0, text: '', line: 1 };

  constructor(text: string) {
    this.#lexer = new Lexer(text);
  }

  /** The token taken last, at which an error is reported. */
  get last(): Token {
    return this.#last;
  }

  next(): Token {
    const token = this.#ahead.pop() ?? this.#lexer.next();
    this.#last = token;
    return token;
  }

  peek(): Token {
    const token = this.next();
    this.#ahead.push(token);
    return token;
  }

  nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.#ahead.push(token);
    return token;
  }

  /** Puts tokens back that were taken, given in the order in which they are to be taken again. */
  putBack(...tokens: readonly Token[]): void {
    for (const token of tokens.toReversed()) this.#ahead.push(token);
  }
}
