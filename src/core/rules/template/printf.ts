import { encodeUtf8 } from './bytes.ts';
import { formatFloat } from './float-text.ts';
import { printArgument, printComposite, printValue } from './print-value.ts';
import { goQuote, goQuoteCharacter, isPrintable } from './quote.ts';
import { typeName, type Value } from './value.ts';

/** What stands between the percent sign and the verb. */
interface Directive {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** Widths and precisions beyond this are refused, as in Go. */
const mostWidth = 1_000_000;

/** Go's fmt.Sprintf, for the types that occur in templates. Source: Go, fmt/print.go. */
export function sprintf(format: string, values: readonly Value[]): string {
  const state: Arguments = { values, next: 0, reordered: false, broken: false };
  let text = '';
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at);
    if (percent === -1) {
      text += format.slice(at);
      break;
    }
    text += format.slice(at, percent);
    const { printed, end } = directive(format, percent + 1, state);
    text += printed;
    at = end;
  }
  if (!state.reordered && state.next < values.length) text += extra(values.slice(state.next));
  return text;
}

interface Arguments {
  readonly values: readonly Value[];
  next: number;
  /** Whether an argument was chosen by number; then none counts as superfluous. */
  reordered: boolean;
  broken: boolean;
}

function extra(values: readonly Value[]): string {
  const named = values.map((value) => (isNil(value) ? '<nil>' : `${typeName(value)}=${printArgument(value)}`));
  return `%!(EXTRA ${named.join(', ')})`;
}

function directive(
  format: string,
  start: number,
  state: Arguments,
): { readonly printed: string; readonly end: number } {
  let at = start;
  state.broken = false;
  const flags = /[-+# 0]*/y;
  flags.lastIndex = at;
  const written = flags.exec(format)?.[0] ?? '';
  at += written.length;
  at = argumentNumber(format, at, state);
  let minus = written.includes('-');
  let prefix = '';
  let width: number | undefined;
  if (format[at] === '*') {
    width = intArgument(state);
    at += 1;
    if (width === undefined) prefix += '%!(BADWIDTH)';
    else if (width < 0) {
      minus = true;
      width = -width;
    }
  } else {
    ({ number: width, end: at } = decimal(format, at));
  }
  let precision: number | undefined;
  if (format[at] === '.') {
    at = argumentNumber(format, at + 1, state);
    if (format[at] === '*') {
      precision = intArgument(state);
      at += 1;
      if (precision === undefined || precision < 0) {
        precision = undefined;
        prefix += '%!(BADPREC)';
      }
    } else {
      const read = decimal(format, at);
      precision = read.number ?? 0;
      at = read.end;
    }
  }
  at = argumentNumber(format, at, state);
  const verb = String.fromCodePoint(format.codePointAt(at) ?? 0);
  if (format.length <= at) return { printed: `${prefix}%!(NOVERB)`, end: at };
  const end = at + verb.length;
  if (verb === '%') return { printed: `${prefix}%`, end };
  if (state.broken) return { printed: `${prefix}%!${verb}(BADINDEX)`, end };
  const value = state.values[state.next];
  if (value === undefined) return { printed: `${prefix}%!${verb}(MISSING)`, end };
  state.next += 1;
  const has = (flag: string): boolean => written.includes(flag);
  const spec = { minus, plus: has('+'), sharp: has('#'), space: has(' '), zero: has('0') && !minus, width, precision };
  return { printed: prefix + formatVerb(value, verb, spec), end };
}

function argumentNumber(format: string, at: number, state: Arguments): number {
  const match = /\[([^\]]*)\]/y;
  match.lastIndex = at;
  const found = match.exec(format);
  if (found === null) return at;
  state.reordered = true;
  const index = Number(found[1]) - 1;
  if (/^\d+$/.test(found[1] ?? '') && 0 <= index && index < state.values.length) state.next = index;
  else state.broken = true;
  return at + found[0].length;
}

function intArgument(state: Arguments): number | undefined {
  const value = state.values[state.next];
  if (value === undefined) return undefined;
  state.next += 1;
  if (value.kind !== 'int') return undefined;
  const number = Number(value.value);
  return Math.abs(number) <= mostWidth ? number : undefined;
}

function decimal(format: string, at: number): { readonly number: number | undefined; readonly end: number } {
  const match = /\d+/y;
  match.lastIndex = at;
  const digits = match.exec(format)?.[0];
  if (digits === undefined) return { number: undefined, end: at };
  const number = Number(digits);
  return { number: number <= mostWidth ? number : undefined, end: at + digits.length };
}

function isNil(value: Value): boolean {
  return value.kind === 'missing' || (value.kind === 'nil' && value.type === 'interface {}');
}

function formatVerb(value: Value, verb: string, spec: Directive): string {
  if (isNil(value))
    return verb === 'v' || verb === 'T' || verb === inBrackets ? pad('<nil>', spec) : badVerb(value, verb, spec);
  if (verb === 'T') return formatText(typeName(value), 's', spec);
  // `%+v` names the fields of structs and puts no sign before numbers; inside of a bad verb's brackets a sign is a sign.
  if (verb === 'v' && spec.plus) return formatVerb(value, 'v', { ...spec, plus: false });
  switch (value.kind) {
    case 'bool':
      return verb === 't' || isPlainVerb(verb) ? pad(String(value.value), spec) : badVerb(value, verb, spec);
    case 'int':
      return formatInteger(value.value, value, verb, spec);
    case 'named int':
      return isTextVerb(verb) ? formatText(value.name, verb, spec) : formatInteger(value.value, value, verb, spec);
    case 'float':
      return formatFloatVerb(value.value, value, verb, spec);
    case 'string':
      return isTextVerb(verb) ? formatText(value.value, verb, spec) : badVerb(value, verb, spec);
    case 'histogram':
    case 'time':
    case 'duration':
      return isTextVerb(verb) ? formatText(printValue(value), verb, spec) : badVerb(value, verb, spec);
    case 'sample':
      // A pointer at the top level shows as one.
      return `&${printComposite(value, (part) => formatVerb(part, verb, spec))}`;
    case 'map':
    case 'samples':
    case 'data':
      return printComposite(value, (part) => formatVerb(part, verb, spec));
    case 'nil':
    case 'missing':
      return pad('<nil>', spec);
  }
}

/** The verb of a value in the brackets of a bad verb: `%v`, except that a sign flag still counts. */
const inBrackets = 'value';

function isPlainVerb(verb: string): boolean {
  return verb === 'v' || verb === inBrackets;
}

function isTextVerb(verb: string): boolean {
  return isPlainVerb(verb) || verb === 's' || verb === 'q' || verb === 'x' || verb === 'X';
}

/** The value in brackets is printed with the width and precision that were asked for, as Go does. */
function badVerb(value: Value, verb: string, spec: Directive): string {
  return isNil(value)
    ? `%!${verb}(<nil>)`
    : `%!${verb}(${typeName(value)}=${formatVerb(value, inBrackets, { ...spec, sharp: false })})`;
}

function formatText(text: string, verb: string, spec: Directive): string {
  const kept = spec.precision === undefined ? text : [...text].slice(0, spec.precision).join('');
  switch (verb) {
    case 'q':
      return pad(spec.sharp && !/[`\n\r]/.test(kept) ? `\`${kept}\`` : goQuote(kept, spec.plus), spec);
    case 'v':
      return pad(spec.sharp ? goQuote(kept) : kept, spec);
    case 'x':
    case 'X': {
      const bytes = encodeUtf8(text).slice(0, spec.precision);
      const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(spec.space ? ' ' : '');
      const prefixed = spec.sharp && hex !== '' ? `0x${hex}` : hex;
      return pad(verb === 'X' ? prefixed.toUpperCase() : prefixed, spec);
    }
    default:
      return pad(kept, spec);
  }
}

function formatInteger(integer: bigint, value: Value, verb: string, spec: Directive): string {
  switch (verb) {
    case 'v':
    case inBrackets:
    case 'd':
      return digits(integer, 10, '', spec);
    case 'b':
      return digits(integer, 2, spec.sharp ? '0b' : '', spec);
    case 'o':
      return digits(integer, 8, spec.sharp ? '0' : '', spec);
    case 'O':
      return digits(integer, 8, '0o', spec);
    case 'x':
      return digits(integer, 16, spec.sharp ? '0x' : '', spec);
    case 'X':
      return digits(integer, 16, spec.sharp ? '0x' : '', spec).toUpperCase();
    case 'c':
      return pad(character(integer), spec);
    case 'q':
      return pad(goQuoteCharacter(character(integer), spec.plus), spec);
    case 'U': {
      const code = `U+${integer.toString(16).toUpperCase().padStart(4, '0')}`;
      return pad(spec.sharp && isPrintable(character(integer)) ? `${code} '${character(integer)}'` : code, spec);
    }
    default:
      return badVerb(value, verb, spec);
  }
}

function character(code: bigint): string {
  const valid = 0n <= code && code <= 0x10ffffn && !(0xd800n <= code && code <= 0xdfffn);
  return valid ? String.fromCodePoint(Number(code)) : '\ufffd';
}

function digits(integer: bigint, base: number, prefix: string, spec: Directive): string {
  const negative = integer < 0n;
  let text = (negative ? -integer : integer).toString(base);
  if (spec.precision === 0 && integer === 0n) text = '';
  const sign = negative ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  // Zeros that fill the width stand behind the sign; a precision switches them off.
  const filled = spec.precision ?? (spec.zero && spec.width !== undefined ? spec.width - sign.length : 0);
  text = text.padStart(filled, '0');
  return pad(sign + prefix + text, { ...spec, zero: false });
}

function formatFloatVerb(number: number, value: Value, verb: string, spec: Directive): string {
  const lower = verb.toLowerCase();
  if (!isPlainVerb(verb) && !'eEfFgGxX'.includes(verb)) return badVerb(value, verb, spec);
  const form = lower === 'e' || lower === 'f' || lower === 'x' ? lower : 'g';
  const precision = spec.precision ?? (form === 'g' || form === 'x' ? undefined : 6);
  let text = formatFloat(number, form, precision);
  if ('EGX'.includes(verb) && Number.isFinite(number)) text = text.toUpperCase();
  if (!text.startsWith('-') && !text.startsWith('+')) text = `+${text}`;
  if (spec.space && text.startsWith('+') && !spec.plus) text = ` ${text.slice(1)}`;
  if (!Number.isFinite(number)) {
    if (Number.isNaN(number) && !spec.space && !spec.plus) text = text.slice(1);
    return pad(text, { ...spec, zero: false });
  }
  if (text.startsWith('+') && !spec.plus) return pad(text.slice(1), spec);
  if (!spec.zero || spec.width === undefined) return pad(text, spec);
  return text.slice(0, 1) + text.slice(1).padStart(spec.width - 1, '0');
}

/** Fills up to the width with spaces (or zeros) on the left, or with spaces on the right; a character counts once. */
function pad(text: string, { width, minus, zero }: Directive): string {
  const lack = (width ?? 0) - [...text].length;
  if (lack <= 0) return text;
  return minus ? text + ' '.repeat(lack) : (zero ? '0' : ' ').repeat(lack) + text;
}
