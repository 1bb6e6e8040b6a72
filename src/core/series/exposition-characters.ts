/** The characters of the exposition formats by their codes, as `charCodeAt` gives them. */
export const lineFeed: number = 10;
export const carriageReturn: number = 13;
const tab: number = 9;
const space: number = 32;
export const quote: number = 34;
export const hash: number = 35;
export const comma: number = 44;
export const zero: number = 48;
const nine: number = 57;
export const colon: number = 58;
export const equal: number = 61;
export const backslash: number = 92;
export const openBrace: number = 123;
export const closeBrace: number = 125;
/** What charCodeAt gives past the end has no code; this stands for it. */
export const endOfText: number = -1;

/** A space or a tab. */
export function isBlank(code: number): boolean {
  return code === space || code === tab;
}

/** What ends a value or a timestamp. */
export function isEndOfWord(code: number): boolean {
  return code === space || code === lineFeed || code === tab || code === carriageReturn || code === endOfText;
}

export function isDigit(code: number): boolean {
  return zero <= code && code <= nine;
}

/** A letter or an underscore: what names begin with. */
export function isLetter(code: number): boolean {
  return (97 <= code && code <= 122) || (65 <= code && code <= 90) || code === 95;
}
