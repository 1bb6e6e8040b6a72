/**
 * Go counts, cuts and indexes strings by their UTF-8 bytes; JavaScript holds them as UTF-16. These functions give Go's view where it
 * shows: in columns of error messages, in `len`, `index` and `slice`.
 */

/** How many bytes a text takes in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair counts two of its four bytes.
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (0xd800 <= unit && unit <= 0xdfff)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

/** The bytes of a text in UTF-8. */
export function encodeUtf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
  }
  return bytes;
}

/** The text that bytes encode; U+FFFD stands for each byte that is no UTF-8. */
export function decodeUtf8(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    let code = length === 1 ? first : first & (0xff >> (length + 1));
    let whole = 0 < length && i + length <= bytes.length;
    for (let k = 1; k < length && whole; k += 1) {
      const next = bytes[i + k] ?? 0;
      whole = (next & 0xc0) === 0x80;
      code = (code << 6) | (next & 0x3f);
    }
    const valid = whole && leastCode(length) <= code && code <= 0x10ffff && !(0xd800 <= code && code <= 0xdfff);
    text += valid ? String.fromCodePoint(code) : '\ufffd';
    i += valid ? length : 1;
  }
  return text;
}

/** The bytes `from` to `to` (excluded) of a text. */
export function sliceBytes(text: string, from: number, to: number): string {
  return decodeUtf8(encodeUtf8(text).slice(from, to));
}

function leastCode(length: number): number {
  return length === 4 ? 0x10000 : length === 3 ? 0x800 : length === 2 ? 0x80 : 0;
}
