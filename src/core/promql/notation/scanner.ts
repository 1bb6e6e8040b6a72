import { type Diagnostic, parseDuration, type Span } from '../../base/index.ts';

/** What stops reading a notation: one mistake, with its place. Never leaves this folder. */
export class NotationError extends Error {
  override readonly name: string = 'NotationError';
  readonly span: Span;
  readonly help: string | undefined;

  constructor(message: string, span: Span, help?: string) {
    super(message);
    this.span = span;
    this.help = help;
  }

  toDiagnostic(): Diagnostic {
    const { message, span, help } = this;
    const diagnostic = { severity: 'error', code: 'promql/series-notation', message, span } as const;
    return help === undefined ? diagnostic : { ...diagnostic, help };
  }
}

/** A place in a text that moves forward as things are read. */
export class Scanner {
  readonly text: string;
  position: number;

  constructor(text: string, position = 0) {
    this.text = text;
    this.position = position;
  }

  get atEnd(): boolean {
    return this.text.length <= this.position;
  }

  get next(): string {
    return this.text[this.position] ?? '';
  }

  /** Takes the word if it is next. */
  accept(word: string): boolean {
    if (!this.text.startsWith(word, this.position)) return false;
    this.position += word.length;
    return true;
  }

  /** Takes what a sticky pattern matches here; the empty string if nothing. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  skipSpaces(): boolean {
    return this.match(/\s+/y) !== '';
  }

  expect(word: string, where: string): void {
    if (!this.accept(word)) throw this.unexpected(`"${word}" ${where}`);
  }

  /** An error about what stands here in place of what should. */
  unexpected(wanted: string, help?: string): NotationError {
    const got = this.match(/\S{1,20}|\s/y);
    this.position -= got.length;
    return this.error(`expected ${wanted}, got ${got === '' ? 'the end' : `"${got}"`}`, help, got.length);
  }

  /** An error about the next `length` characters. */
  error(message: string, help?: string, length = 1): NotationError {
    const end = Math.min(this.text.length, this.position + length);
    return new NotationError(message, { start: this.position, end: Math.max(end, this.position) }, help);
  }

  errorSince(start: number, message: string, help?: string): NotationError {
    return new NotationError(message, { start, end: Math.max(start, this.position) }, help);
  }
}

/**
 * Reads a number without sign: decimal with optional exponent and underscores, `Inf`, `NaN`, or a duration, which stands for its seconds.
 * Hexadecimal is not read: `0x3` means zero and three times more. Undefined if no number is next.
 */
export function scanNumber(scanner: Scanner): number | undefined {
  const duration = scanner.match(/(?:\d+(?:ms|[ywdhms]))+/y);
  if (duration !== '') {
    const length = parseDuration(duration);
    if (length === undefined) {
      scanner.position -= duration.length;
      throw scanner.error(
        `not a duration: ${duration}`,
        'units go from the longest to the shortest, each once',
        duration.length,
      );
    }
    return length / 1000;
  }
  const digits = scanner.match(/(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y);
  if (digits !== '') return Number(digits.replaceAll('_', ''));
  const word = scanner.match(/inf(?:inity)?|nan/iy).toLowerCase();
  if (word === '') return undefined;
  return word === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
}

/** Reads `+` or `-` if it is next. */
export function scanSign(scanner: Scanner): 1 | -1 | undefined {
  if (scanner.accept('-')) return -1;
  return scanner.accept('+') ? 1 : undefined;
}

/** Reads a number with an optional sign. */
export function scanSigned(scanner: Scanner, what: string): number {
  const sign = scanSign(scanner) ?? 1;
  const value = scanNumber(scanner);
  if (value === undefined) throw scanner.unexpected(what);
  return sign * value;
}

/** The most samples that one line may stand for, so that `1x9999999999` is an error and not an exhausted memory. */
export const mostSamples = 10_000_000;

/** Reads the repetitions after `x`. */
export function scanTimes(scanner: Scanner): number {
  const digits = scanner.match(/\d+/y);
  if (digits === '') throw scanner.unexpected('how many times after "x"');
  const times = Number(digits);
  if (mostSamples < times) {
    scanner.position -= digits.length;
    throw scanner.error(`too many samples: ${digits}`, `at most ${mostSamples} a line`, digits.length);
  }
  return times;
}
