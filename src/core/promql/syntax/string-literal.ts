/**
 * String literals in Go's form. PromQL strings are bytes that are usually UTF-8; `"\xff"` is a legal string that is not. Here such a
 * stray byte 0xNN is the lone surrogate U+DCNN, which no valid text contains (the convention of Python's surrogateescape).
 */

/** What a literal stands for, or what is wrong at which offset from its start. */
export type Unquoted =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Reads a literal with its quotes: `"..."` and `'...'` with escapes, backticks without. The lexer has made sure that it is closed. */
export function unquoteString(literal: string): Unquoted {
  const quote = literal[0];
  const body = literal.slice(1, -1);
  if (quote === '`' || !body.includes('\\')) return { ok: true, value: body };
  const out: string[] = [];
  const bytes: number[] = [];
  for (let at = 0; at < body.length; ) {
    const char = body[at] ?? '';
    if (char !== '\\') {
      flushBytes(bytes, out);
      out.push(char);
      at += 1;
      continue;
    }
    const escaped = readEscape(body, at + 1, quote ?? '');
    if (!escaped.ok) return { ok: false, message: escaped.message, offset: 1 + at };
    if (escaped.byte && 0x80 <= escaped.code) {
      bytes.push(escaped.code);
    } else {
      flushBytes(bytes, out);
      out.push(String.fromCodePoint(escaped.code));
    }
    at = escaped.end;
  }
  flushBytes(bytes, out);
  return { ok: true, value: out.join('') };
}

/** A string in double quotes as Go's strconv.Quote writes it; what `unquoteString` reads back. */
export function quoteGo(text: string): string {
  // Most strings need no escape at all, and this test is much cheaper than the loop.
  return plainText.test(text) ? `"${text}"` : `"${escapeText(text, '"')}"`;
}

/** The character at an offset in single quotes, as Go's %q shows a rune; past the end, Go's replacement character. */
export function quoteRune(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "'�'" : `'${escapeText(String.fromCodePoint(code), "'")}'`;
}

/** Whether a text is valid UTF-8 once encoded: Prometheus 3 takes any such text, if not empty, as the name of a label or metric. */
export function isUtf8(text: string): boolean {
  return !loneSurrogate.test(text);
}

const plainText = /^[ !#-[\]-~]*$/;
const loneSurrogate = /\p{Surrogate}/u;
/** What Go's unicode.IsPrint refuses: everything but letters, marks, numbers, punctuation, symbols and the plain space. */
const unprintable = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

const escapedChars: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\u000b', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\\', '\\\\'],
]);

const codesOfEscapes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['\\', 0x5c],
]);

function escapeText(text: string, quote: string): string {
  let escaped = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const known = escapedChars.get(char);
    if (char === quote) escaped += `\\${char}`;
    else if (known !== undefined) escaped += known;
    else if (!unprintable.test(char)) escaped += char;
    else if (0xdc80 <= code && code <= 0xdcff) escaped += `\\x${hex(code - 0xdc00, 2)}`;
    // A lone surrogate that stands for no byte can only come from a caller's own string; Go would have replaced it.
    else if (0xd800 <= code && code <= 0xdfff) escaped += '\ufffd';
    else if (code < 0x20 || code === 0x7f) escaped += `\\x${hex(code, 2)}`;
    else if (code <= 0xffff) escaped += `\\u${hex(code, 4)}`;
    else escaped += `\\U${hex(code, 8)}`;
  }
  return escaped;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

type Escape =
  | { readonly ok: true; readonly code: number; readonly byte: boolean; readonly end: number }
  | { readonly ok: false; readonly message: string };

/** Reads the escape whose backslash stands before `at`. */
function readEscape(body: string, at: number, quote: string): Escape {
  const char = body[at] ?? '';
  const simple = char === quote ? quote.charCodeAt(0) : codesOfEscapes.get(char);
  if (simple !== undefined) return { ok: true, code: simple, byte: false, end: at + 1 };
  switch (char) {
    case 'x':
      return readDigits(body, at + 1, 2, 16);
    case 'u':
      return readDigits(body, at + 1, 4, 16);
    case 'U':
      return readDigits(body, at + 1, 8, 16);
    case '':
      return { ok: false, message: 'escape sequence not terminated' };
    default:
      if ('0' <= char && char <= '7') return readDigits(body, at, 3, 8);
      return { ok: false, message: `unknown escape sequence ${describeRune(body, at)}` };
  }
}

function readDigits(body: string, from: number, count: number, base: 8 | 16): Escape {
  let code = 0;
  for (let at = from; at < from + count; at += 1) {
    const char = body[at];
    if (char === undefined) return { ok: false, message: 'escape sequence not terminated' };
    const digit = /^[0-9a-fA-F]$/.test(char) ? Number.parseInt(char, 16) : 16;
    if (base <= digit) return { ok: false, message: `illegal character ${describeRune(body, at)} in escape sequence` };
    code = code * base + digit;
  }
  const byte = count <= 3;
  if ((byte ? 0xff : 0x10ffff) < code || (0xd800 <= code && code <= 0xdfff)) {
    return { ok: false, message: 'escape sequence is an invalid Unicode code point' };
  }
  return { ok: true, code, byte, end: from + count };
}

/** A rune as Go's %#U shows it: `U+0071 'q'`. */
function describeRune(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const char = String.fromCodePoint(code);
  return unprintable.test(char) ? number : `${number} '${char}'`;
}

/** Decodes escaped bytes as UTF-8; a byte that belongs to no character becomes its surrogate. Empties `bytes`. */
function flushBytes(bytes: number[], out: string[]): void {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      out.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
      at += 1;
      continue;
    }
    let code = (bytes[at] ?? 0) & (0x7f >> length);
    for (let i = 1; i < length; i += 1) code = (code << 6) | ((bytes[at + i] ?? 0) & 0x3f);
    out.push(String.fromCodePoint(code));
    at += length;
  }
  bytes.length = 0;
}

/** How many bytes the well-formed UTF-8 sequence at an index has; 0 if there is none. Source: Unicode 16, table 3-7. */
function sequenceLength(bytes: readonly number[], at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i += 1) {
    const byte = bytes[at + i] ?? 0;
    if (byte < 0x80 || 0xbf < byte) return 0;
  }
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && 0x9f < second) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && 0x8f < second) return 0;
  return length;
}
