/** Where a scan ended, and whether it found what it sought; if not, `end` tells how far it got. */
export interface Scan {
  readonly ok: boolean;
  readonly end: number;
}

export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

export function isDigit(code: number): boolean {
  return 0x30 <= code && code <= 0x39;
}

/** An ASCII letter or an underscore. */
export function isLetter(code: number): boolean {
  return (0x61 <= code && code <= 0x7a) || (0x41 <= code && code <= 0x5a) || code === 0x5f;
}

/** A letter, an underscore or a digit. */
export function isWordPart(code: number): boolean {
  return isLetter(code) || isDigit(code);
}

/** The next offset that is neither white space nor in a comment. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) at += 1;
    else if (code === 0x23 /* # */) at = endOfLine(text, at);
    else return at;
  }
}

/**
 * Scans a number in any of its forms: decimal, octal (a leading zero), hexadecimal, with a fraction, an exponent and underscores
 * between digits. What it lets pass is not always a number; `parseNumber` has the last word.
 * Source: prometheus, promql/parser/lex.go, scanNumber.
 */
export function scanNumber(text: string, from: number): Scan {
  let at = from;
  let hex = false;
  if (text[at] === '0') {
    at += 1;
    if (text[at] === 'x' || text[at] === 'X') {
      at += 1;
      hex = true;
      if (text[at] === '_') at += 1;
    }
  }
  let dot = text[at] === '.';
  if (dot) at += 1;
  // The first digit is taken for itself, so that 0xe is not an exponent without digits.
  if (hex && isHexDigit(text.charCodeAt(at))) at += 1;
  let exponent = false;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x2e /* . */) {
      if (dot || hex) return { ok: false, end: at + 1 };
      dot = true;
      at += 1;
      if (text[at] === '_' || text[at] === '.') return { ok: false, end: at + 1 };
    } else if (code === 0x65 || code === 0x45 /* e E */) {
      if (exponent) return { ok: false, end: at + 1 };
      exponent = true;
      at += 1;
      if (text[at] === '+' || text[at] === '-') at += 1;
      if (isSeparator(text.charCodeAt(at))) return { ok: false, end: at + 1 };
      if (text.length <= at) return { ok: false, end: at };
    } else if (code === 0x5f /* _ */) {
      at += 1;
      if (isSeparator(text.charCodeAt(at))) return { ok: false, end: at + 1 };
      if (text.length <= at) return { ok: false, end: at };
    } else if (isDigit(code) || (hex && isHexDigit(code))) {
      while (isDigit(text.charCodeAt(at)) || (hex && isHexDigit(text.charCodeAt(at)))) at += 1;
    } else {
      break;
    }
  }
  return { ok: from < at && !isWordPart(text.charCodeAt(at)), end: at };
}

/**
 * Scans what follows the first number of a duration: a unit, and further numbers with units. Whether the units are in order is for
 * `parseDuration` to say. Source: prometheus, promql/parser/lex.go, acceptRemainingDuration.
 */
export function scanRestOfDuration(text: string, from: number): Scan {
  let at = from;
  if (!isUnit(text.charCodeAt(at))) return { ok: false, end: at };
  at += 1;
  if (text[at] === 's') at += 1;
  while (isDigit(text.charCodeAt(at))) {
    while (isDigit(text.charCodeAt(at))) at += 1;
    // Years can only come first.
    if (!isUnit(text.charCodeAt(at)) || text[at] === 'y') return { ok: false, end: at };
    at += 1;
    if (text[at] === 's') at += 1;
  }
  return isWordPart(text.charCodeAt(at)) ? { ok: false, end: at + 1 } : { ok: true, end: at };
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 0x0a && text.charCodeAt(at) !== 0x0d) at += 1;
  return at;
}

function isHexDigit(code: number): boolean {
  return (0x61 <= code && code <= 0x66) || (0x41 <= code && code <= 0x46);
}

/** A dot, an underscore or an e: none may follow an exponent or an underscore. */
function isSeparator(code: number): boolean {
  return code === 0x2e || code === 0x5f || code === 0x65 || code === 0x45;
}

function isUnit(code: number): boolean {
  switch (code) {
    case 0x73: // s
    case 0x6d: // m
    case 0x68: // h
    case 0x64: // d
    case 0x77: // w
    case 0x79: // y
      return true;
    default:
      return false;
  }
}
