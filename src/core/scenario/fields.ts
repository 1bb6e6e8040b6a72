import {
  closest,
  type Diagnostic,
  type Duration,
  duration,
  parseDuration,
  parseInstant,
  type Ratio,
  ratio,
  type Severity,
  type Span,
} from '../base/index.ts';
import { compileRegex, type Matcher, RegexError } from '../series/index.ts';
import { firstLineOf, type YamlEntry, type YamlNode } from '../yaml/index.ts';
import type { Moment } from './model.ts';

/**
 * The readers of single values. Each gives a value or, after having said what is wrong, undefined; reading goes on, so that one run
 * shows everything.
 */
export interface Reading {
  readonly diagnostics: Diagnostic[];
}

/** Says what is wrong with a place. */
export function complain(
  reading: Reading,
  span: Span,
  code: string,
  message: string,
  help?: string,
  severity: Severity = 'error',
): undefined {
  const diagnostic = { severity, code: `scenario/${code}`, message, span };
  reading.diagnostics.push(help === undefined ? diagnostic : { ...diagnostic, help });
  return undefined;
}

/** The entries of a map by key; a key that is not allowed is reported with what was probably meant. */
export function readFields(
  reading: Reading,
  node: YamlNode,
  what: string,
  allowed: readonly string[],
): ReadonlyMap<string, YamlEntry> {
  const fields = new Map<string, YamlEntry>();
  for (const entry of readEntries(reading, node, what)) {
    if (allowed.includes(entry.key)) {
      fields.set(entry.key, entry);
      continue;
    }
    const meant = closest(entry.key, allowed);
    const help = meant === undefined ? `${what} has ${allowed.join(', ')}` : `did you mean \`${meant}\`?`;
    complain(reading, entry.keySpan, 'key', `${what} has no key \`${entry.key}\``, help);
  }
  return fields;
}

/** The entries of a map with free keys. */
export function readEntries(reading: Reading, node: YamlNode, what: string): readonly YamlEntry[] {
  if (node.kind === 'map') return node.entries;
  complain(reading, firstLineOf(node), 'value', `${what} must be a map`, 'write `key: value` lines');
  return [];
}

/** The items of a list; a single value counts as a list of one. */
export function itemsOf(node: YamlNode): readonly YamlNode[] {
  return node.kind === 'list' ? node.items : [node];
}

/** Calls the reader for a key if it is there. */
export function field<T>(
  fields: ReadonlyMap<string, YamlEntry>,
  key: string,
  read: (node: YamlNode) => T | undefined,
): T | undefined {
  const entry = fields.get(key);
  return entry === undefined ? undefined : read(entry.value);
}

/** The same for a key that must be there. */
export function required<T>(
  reading: Reading,
  fields: ReadonlyMap<string, YamlEntry>,
  key: string,
  at: Span,
  read: (node: YamlNode) => T | undefined,
): T | undefined {
  if (fields.has(key)) return field(fields, key, read);
  return complain(reading, at, 'missing', `\`${key}\` is missing`);
}

/** A text as written: numbers and booleans keep their characters, so that a label value `1.50` stays one. */
export function readText(reading: Reading, node: YamlNode): string | undefined {
  if (node.kind === 'scalar' && node.value !== null) return node.text;
  return complain(reading, firstLineOf(node), 'value', 'expected a text');
}

/** One of a few words. */
export function readWord<W extends string>(reading: Reading, node: YamlNode, words: readonly W[]): W | undefined {
  const text = node.kind === 'scalar' ? node.text : '';
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const meant = closest(text, words);
  const help = meant === undefined ? `one of ${words.join(', ')}` : `did you mean \`${meant}\`?`;
  return complain(reading, firstLineOf(node), 'value', `expected ${words.join(' or ')}`, help);
}

export function readFlag(reading: Reading, node: YamlNode): boolean | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  return complain(reading, firstLineOf(node), 'value', 'expected true or false');
}

/** A finite number within bounds, both included. */
export function readNumber(
  reading: Reading,
  node: YamlNode,
  least: number = Number.NEGATIVE_INFINITY,
  most: number = Number.POSITIVE_INFINITY,
): number | undefined {
  const value = node.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
  if (value !== undefined && Number.isFinite(value) && least <= value && value <= most) return value;
  return complain(reading, firstLineOf(node), 'value', `expected a number${bounds(least, most)}`);
}

export function readWhole(reading: Reading, node: YamlNode, least: number, most: number): number | undefined {
  const value = readNumber(reading, node, least, most);
  if (value === undefined || Number.isInteger(value)) return value;
  return complain(reading, firstLineOf(node), 'value', 'expected a whole number');
}

/** A fraction of one: `0.5%`, or `0.005`. The decimal point of a percentage is moved in the text, so that no digit is lost. */
export function readRatio(reading: Reading, node: YamlNode): Ratio | undefined {
  const text = node.kind === 'scalar' ? node.text : '';
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  const value = percent === undefined ? (/^[\d.]/.test(text) ? Number(text) : Number.NaN) : Number(`${percent}e-2`);
  if (0 <= value && value <= 1) return ratio(value);
  return complain(
    reading,
    firstLineOf(node),
    'value',
    'expected a share between 0% and 100%',
    'for example 0.5%, or 0.005',
  );
}

export function readDuration(reading: Reading, node: YamlNode): Duration | undefined {
  const length = node.kind === 'scalar' ? parseDuration(node.text) : undefined;
  if (length !== undefined) return length;
  return complain(reading, firstLineOf(node), 'value', 'expected a duration', 'for example 30s, 5m, 1h30m or 30d');
}

/** A length in seconds: a duration with a unit, or a bare number of the metric's base unit. */
export function readQuantity(reading: Reading, node: YamlNode): number | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const length = parseDuration(node.value);
    if (length !== undefined && 0 < length) return length / 1000;
    return complain(
      reading,
      firstLineOf(node),
      'value',
      'expected a number or a duration',
      'for example 0.25, or 250ms',
    );
  }
  return readNumber(reading, node, Number.MIN_VALUE);
}

/** `-3d` and `+10m` count from the end of history; `2026-11-10T14:00:00Z` is absolute. */
export function readMoment(reading: Reading, node: YamlNode): Moment | undefined {
  const text = node.kind === 'scalar' ? node.text : '';
  const length = /^[+-]/.test(text) ? parseDuration(text.slice(1)) : undefined;
  if (length !== undefined) {
    const offset = text.startsWith('-') ? duration(0 - length) : length;
    return { kind: 'relative', offset };
  }
  const time = parseInstant(text);
  if (time !== undefined) return { kind: 'absolute', time };
  const help = 'for example -3d (before the end of history), +10m (after it) or 2026-11-10T14:00:00Z';
  return complain(reading, firstLineOf(node), 'value', 'expected a moment', help);
}

/** A time of day in UTC: `14:30`. */
export function readTimeOfDay(reading: Reading, node: YamlNode): Duration | undefined {
  const [, hours = '', minutes = ''] = (node.kind === 'scalar' ? /^(\d\d?):(\d\d)$/.exec(node.text) : null) ?? [];
  if (hours !== '' && Number(hours) < 24 && Number(minutes) < 60)
    return duration((Number(hours) * 60 + Number(minutes)) * 60_000);
  return complain(
    reading,
    firstLineOf(node),
    'value',
    'expected a time of day in UTC',
    'for example "14:30", in quotes',
  );
}

/** `4/s`, `90/m`, `12/h` or `3/d`: events a second. */
export function readRate(reading: Reading, node: YamlNode): number | undefined {
  const [, digits = '', unit = ''] =
    (node.kind === 'scalar' ? /^(\d+(?:\.\d+)?)\s*\/\s*([smhd])$/.exec(node.text) : null) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  if (seconds !== undefined) return Number(digits) / seconds;
  return complain(reading, firstLineOf(node), 'value', 'expected a rate', 'for example 20/s, 90/m, 12/h or 3/d');
}

/** Regular expressions by label, matched against the whole value as in PromQL's `=~`. */
export function readMatch(reading: Reading, node: YamlNode): readonly Matcher[] {
  return readEntries(reading, node, '`match`').flatMap(({ key, value }): readonly Matcher[] => {
    const pattern = readText(reading, value);
    if (pattern === undefined) return [];
    try {
      compileRegex(pattern);
      return [{ name: key, operator: '=~', value: pattern }];
    } catch (error) {
      if (!(error instanceof RegexError)) throw error;
      complain(reading, firstLineOf(value), 'regex', `not a regular expression: ${error.message}`);
      return [];
    }
  });
}

function bounds(least: number, most: number): string {
  if (Number.isFinite(least) && Number.isFinite(most)) return ` from ${least} to ${most}`;
  if (least === Number.MIN_VALUE) return ' above 0';
  return Number.isFinite(least) ? ` of at least ${least}` : '';
}
