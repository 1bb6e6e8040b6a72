import type { ExpositionFormat } from './exposition.ts';
import { formatGoFloat } from './histogram-text.ts';

/** A number as Go's ParseFloat reads it, without hexadecimal and underscores; undefined for anything else. */
export function parseFloatText(word: string): number | undefined {
  if (decimal.test(word)) return Number(word);
  const [, sign, magnitude = ''] = special.exec(word) ?? [];
  const value = specialNumbers.get(magnitude.toLowerCase());
  return value !== undefined && sign === '-' ? -value : value;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const special = /^([+-]?)(inf|infinity|nan)$/i;
const specialNumbers: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

/** A bucket's bound or a quantile as OpenMetrics writes it, which is how Prometheus 3 stores it: always with a point or an exponent. */
export function formatBound(value: number): string {
  const text = formatGoFloat(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** A quoted text without its escapes. */
export function unescapeValue(raw: string): string {
  return raw.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** A HELP text without its escapes; the classic format leaves quotes alone. */
export function unescapeHelp(raw: string, format: ExpositionFormat): string {
  if (format === 'openmetrics') return unescapeValue(raw);
  return raw.replace(/\\([\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** A label value or quoted name with the escapes that the formats ask for. */
export function escapeValue(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}

/** A HELP text with the escapes of its format. */
export function escapeHelp(text: string, format: ExpositionFormat): string {
  return format === 'openmetrics' ? escapeValue(text) : text.replace(/[\\\n]/g, (c) => (c === '\n' ? '\\n' : '\\\\'));
}
