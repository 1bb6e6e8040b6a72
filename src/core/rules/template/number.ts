import { goQuote, goUnquoteCharacter } from './quote.ts';
import type { NumberOperand } from './tree.ts';

const leastInteger = -(2n ** 63n);
const greatestInteger = 2n ** 63n - 1n;

/**
 * Reads a number or a character constant of a template, or says what is wrong with it.
 * Source: Go, text/template/parse/node.go, newNumber. Complex numbers, which no alert needs, are refused.
 */
export function readNumber(text: string, position: number): NumberOperand | string {
  if (text.startsWith("'")) {
    const code = goUnquoteCharacter(text);
    if (code === undefined)
      return /^'(?:[^\\']|\\.)./.test(text.slice(0, -1)) ? `malformed character constant: ${text}` : 'invalid syntax';
    return { kind: 'number', position, text, integer: BigInt(code), float: code };
  }
  if (text.endsWith('i')) return `illegal number syntax: ${goQuote(text)}`;
  const integer = parseGoInteger(text);
  if (integer !== undefined && leastInteger <= integer && integer <= greatestInteger) {
    return { kind: 'number', position, text, integer, float: Number(integer) };
  }
  // Too large for a signed integer, though not for an unsigned one: an error only where it is used.
  if (integer !== undefined && 0n < integer && integer < 2n ** 64n) {
    return { kind: 'number', position, text, integer: undefined, float: Number(integer) };
  }
  if (integer !== undefined) return `integer overflow: ${goQuote(text)}`;
  const float = parseGoFloat(text);
  if (float === undefined) return `illegal number syntax: ${goQuote(text)}`;
  const whole = Number.isInteger(float) && Math.abs(float) < 2 ** 63 ? BigInt(float) : undefined;
  return { kind: 'number', position, text, integer: whole, float };
}

/** Whether a number literal makes a float where nothing says what type it should have. */
export function isFloatLiteral({ text }: NumberOperand): boolean {
  if (text.startsWith("'") || /^0[xX][^pP]*$/.test(text)) return false;
  return /[.eEpP]/.test(text);
}

/** Go's strconv.ParseInt with base 0: `42`, `0x2a`, `0o52`, `052`, `0b101010`, underscores between digits. */
function parseGoInteger(text: string): bigint | undefined {
  const match =
    /^([+-]?)(?:(0[xX])(_?[\da-fA-F]+(?:_[\da-fA-F]+)*)|0[oO](_?[0-7]+(?:_[0-7]+)*)|(0[bB])(_?[01]+(?:_[01]+)*)|(0)(_?[0-7]+(?:_[0-7]+)*)|(0|[1-9]\d*(?:_\d+)*))$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, sign, , hexadecimal, octal, , binary, , oldOctal, decimal] = match;
  const digits =
    hexadecimal !== undefined
      ? `0x${hexadecimal}`
      : octal !== undefined
        ? `0o${octal}`
        : binary !== undefined
          ? `0b${binary}`
          : oldOctal !== undefined
            ? `0o${oldOctal}`
            : (decimal ?? '0');
  const value = BigInt(digits.replaceAll('_', ''));
  return sign === '-' ? -value : value;
}

/** Go's strconv.ParseFloat: decimal and hexadecimal floats, Inf and NaN in any case; undefined if the text is no number. */
export function parseGoFloat(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (/^[+-]?inf(?:inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const match = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', power] = match;
  if (whole + fraction === '') return undefined;
  const value = Number(`0x${whole}${fraction}`) * 2 ** (Number(power) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}
