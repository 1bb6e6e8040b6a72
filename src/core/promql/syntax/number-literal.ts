/** A number, or why the text is none. */
export type ParsedNumber =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string };

/**
 * Reads a number as Go's strconv does for upstream's parser: a whole number with Go's prefixes first (a leading zero makes it octal),
 * otherwise a decimal. Underscores may stand between digits. Source: prometheus, promql/parser/parse.go, number.
 */
export function parseNumber(text: string): ParsedNumber {
  const special = specialNumbers.get(text.toLowerCase());
  if (special !== undefined) return { ok: true, value: special };
  if (decimal.test(text) && !(octal.test(text) && text !== '0')) {
    const value = Number(text.includes('_') ? text.replaceAll('_', '') : text);
    if (Number.isFinite(value)) return { ok: true, value };
    return { ok: false, message: notANumber(text, 'value out of range') };
  }
  if (octal.test(text)) {
    const value = Number.parseInt(text.replaceAll('_', ''), 8);
    // Octal numbers beyond 64 bits are read as decimal ones, which is what remains when the integer reader gives up.
    return { ok: true, value: value < 2 ** 63 ? value : Number(text.replaceAll('_', '')) };
  }
  if (hexadecimal.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    if (value < 2 ** 63) return { ok: true, value };
  }
  return { ok: false, message: notANumber(text, 'invalid syntax') };
}

/** Prints a number with all its digits and never with an exponent, as Go's FormatFloat(v, 'f', -1, 64). */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return Object.is(value, -0) ? '-0' : String(value);
  if (!Number.isFinite(value)) return formatSpecial(value);
  const text = String(value);
  const at = text.indexOf('e');
  return at === -1 ? text : expandExponent(text.slice(0, at), Number(text.slice(at + 1)));
}

/** Prints a number as Go's %v: the shortest form, with an exponent below 1e-4 and from 1e21 on. */
export function formatShortest(value: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  if (Object.is(value, -0)) return '-0';
  const magnitude = Math.abs(value);
  if (value === 0 || (1e-4 <= magnitude && magnitude < 1e21)) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

const specialNumbers: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

const decimal = /^(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const octal = /^0(?:_?[0-7])*$/;
const hexadecimal = /^0[xX](?:_?[0-9a-fA-F])+$/;

function notANumber(text: string, reason: string): string {
  return `error parsing number: strconv.ParseFloat: parsing "${text}": ${reason}`;
}

function formatSpecial(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value < 0 ? '-Inf' : '+Inf';
}

function expandExponent(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.');
  const digits = whole + fraction;
  const point = whole.length + exponent;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
