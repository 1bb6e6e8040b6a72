import { parseDuration } from '../../base/index.ts';

/** What is measured in a unit, and how many base units it is: 10^`power` times `factor`. */
interface Unit {
  readonly of: 'time' | 'size' | 'share' | 'other';
  readonly factor: number;
  readonly power: number;
}

const second: Unit = { of: 'time', factor: 1, power: 0 };
const byte: Unit = { of: 'size', factor: 1, power: 0 };

/** The units that metrics and bounds are written in, with the words people use for them. */
const units: ReadonlyMap<string, Unit> = new Map([
  ...named(['ns', 'nanoseconds'], { ...second, power: -9 }),
  ...named(['us', 'µs', 'μs', 'microseconds'], { ...second, power: -6 }),
  ...named(['ms', 'milliseconds'], { ...second, power: -3 }),
  ...named(['s', 'sec', 'second', 'seconds'], second),
  ...named(['m', 'min', 'minute', 'minutes'], { ...second, factor: 60 }),
  ...named(['h', 'hour', 'hours'], { ...second, factor: 3600 }),
  ...named(['d', 'day', 'days'], { ...second, factor: 86_400 }),
  ...named(['B', 'byte', 'bytes'], byte),
  ...named(['kB', 'KB', 'kilobytes'], { ...byte, power: 3 }),
  ...named(['MB', 'megabytes'], { ...byte, power: 6 }),
  ...named(['GB', 'gigabytes'], { ...byte, power: 9 }),
  ...named(['KiB', 'kibibytes'], { ...byte, factor: 2 ** 10 }),
  ...named(['MiB', 'mebibytes'], { ...byte, factor: 2 ** 20 }),
  ...named(['GiB', 'gibibytes'], { ...byte, factor: 2 ** 30 }),
  ...named(['ratio'], { of: 'share', factor: 1, power: 0 }),
  ...named(['%', 'percent'], { of: 'share', factor: 1, power: -2 }),
]);

function named(names: readonly string[], unit: Unit): readonly (readonly [string, Unit])[] {
  return names.map((name) => [name, unit]);
}

/** The word that a metric's unit is kept by: Prometheus names base units in full, `seconds`. Unknown words stay as they are. */
export function unitName(word: string): string {
  const unit = units.get(word);
  if (unit === undefined) return word;
  return [...units].findLast(([, other]) => other === unit)?.[0] ?? word;
}

/** The unit that the name of a metric tells, by Prometheus's rules for names. */
export function unitOfName(metric: string): string | undefined {
  const [, word] =
    /_(seconds|milliseconds|microseconds|nanoseconds|bytes|ratio|percent)(?:_total)?$/.exec(metric) ?? [];
  return word;
}

/** A bound in the unit of a metric, or why it cannot be had. */
export type Conversion =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'sign' }
  | { readonly kind: 'unknown-unit'; readonly unit: string }
  | { readonly kind: 'metric-without-unit'; readonly unit: string }
  | { readonly kind: 'other-quantity'; readonly unit: string };

/** Reads a bound such as `500ms`, `1m30s` or `0.5` and gives it in the unit of the metric; a plain number is in that unit already. */
export function convertBound(text: string, metricUnit: string | undefined): Conversion {
  const trimmed = text.trim();
  if (/^(?:[<>≤≥=]|-)/.test(trimmed)) return { kind: 'sign' };
  const [, digits = '', word = ''] = /^((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%|[a-zA-Zµμ]*)$/i.exec(trimmed) ?? [];
  if (digits === '') return convertLength(trimmed, metricUnit);
  if (word === '') return { kind: 'value', value: Number(digits) };
  const unit = units.get(word);
  if (unit === undefined) return { kind: 'unknown-unit', unit: word };
  return convert(digits, unit, word, metricUnit);
}

/** Several units together, `1m30s`, as Prometheus writes lengths of time. */
function convertLength(text: string, metricUnit: string | undefined): Conversion {
  const length = parseDuration(text);
  if (length === undefined) return { kind: 'unreadable' };
  return convert(String(length), { ...second, power: -3 }, text, metricUnit);
}

function convert(digits: string, unit: Unit, word: string, metricUnit: string | undefined): Conversion {
  if (metricUnit === undefined) return { kind: 'metric-without-unit', unit: word };
  const wanted = units.get(metricUnit);
  if (wanted === undefined || wanted.of !== unit.of) return { kind: 'other-quantity', unit: word };
  // Moving the decimal point in the text keeps 0.3 ms at 0.0003 s; multiplying by 0.001 would not.
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e');
  const shifted = Number(`${mantissa}e${Number(exponent) + unit.power - wanted.power}`);
  return { kind: 'value', value: (shifted * unit.factor) / wanted.factor };
}
