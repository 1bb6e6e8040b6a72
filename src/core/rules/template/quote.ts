import { decodeUtf8, encodeUtf8 } from './bytes.ts';

/** A text in double quotes as Go writes it (`%q`, strconv.Quote); with `ascii` everything beyond ASCII is escaped (`%+q`). */
export function goQuote(text: string, ascii = false): string {
  return `"${escapeCharacters(text, '"', ascii)}"`;
}

/** A character in single quotes (`%q` of a number). */
export function goQuoteCharacter(character: string, ascii = false): string {
  return `'${escapeCharacters(character, "'", ascii)}'`;
}

/** A text in back quotes where Go can write it so, otherwise in double quotes (regexp's way of showing a pattern). */
export function goBackquote(text: string): string {
  return /^[^`\p{Cc}\ufeff]*$/u.test(text.replaceAll('\t', '')) ? `\`${text}\`` : goQuote(text);
}

/** Whether Go prints a character as it is: letters, marks, numbers, punctuation, symbols and the plain space. */
export function isPrintable(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
}

/** Reads a quoted Go string, `"a\n"` or raw in back quotes, or gives undefined if it is none. */
export function goUnquote(quoted: string): string | undefined {
  const body = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return body.replaceAll('\r', '');
  return unescapeCharacters(body, '"');
}

/** The code point of a Go character constant like `'x'` or `'\n'`, or undefined if it is not one character. */
export function goUnquoteCharacter(quoted: string): number | undefined {
  const text = unescapeCharacters(quoted.slice(1, -1), "'");
  if (text === undefined || [...text].length !== 1) return undefined;
  return text.codePointAt(0);
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

function escapeCharacters(text: string, quote: string, ascii: boolean): string {
  let escaped = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const short = shortEscapes.get(character);
    if (character === quote || character === '\\') escaped += `\\${character}`;
    else if (short !== undefined) escaped += short;
    else if (isPrintable(character) && (!ascii || code < 0x80)) escaped += character;
    else if (code < 0x20 || code === 0x7f) escaped += `\\x${hex(code, 2)}`;
    else escaped += code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  }
  return escaped;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}

const unescapes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 92],
]);

/** Octal and `\x` escapes name bytes, the others characters, so the text is put together from bytes. */
function unescapeCharacters(body: string, quote: string): string | undefined {
  if (!body.includes('\\')) return body.includes(quote) || body.includes('\n') ? undefined : body;
  const bytes: number[] = [];
  for (let i = 0; i < body.length; ) {
    const character = String.fromCodePoint(body.codePointAt(i) ?? 0);
    if (character === quote || character === '\n') return undefined;
    if (character !== '\\') {
      bytes.push(...encodeUtf8(character));
      i += character.length;
      continue;
    }
    const rest = body.slice(i + 1);
    const short = rest[0] === quote ? quote.charCodeAt(0) : unescapes.get(rest[0] ?? '');
    if (short !== undefined) {
      bytes.push(short);
      i += 2;
      continue;
    }
    const coded = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3}))/.exec(rest);
    if (coded === null) return undefined;
    const [whole, byte, shortCode, longCode, octal] = coded;
    const code =
      octal === undefined ? Number.parseInt(byte ?? shortCode ?? longCode ?? '', 16) : Number.parseInt(octal, 8);
    if (byte !== undefined || octal !== undefined) {
      if (0xff < code) return undefined;
      bytes.push(code);
    } else {
      if (0x10ffff < code || (0xd800 <= code && code <= 0xdfff)) return undefined;
      bytes.push(...encodeUtf8(String.fromCodePoint(code)));
    }
    i += 1 + whole.length;
  }
  return decodeUtf8(bytes);
}
