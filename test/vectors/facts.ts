import {
  type Duration,
  day,
  duration,
  hour,
  minute,
  parseDuration,
  type Ratio,
  ratio,
  second,
} from '../../src/core/base/index.ts';
import { type BurnRateTier, readTarget, type Target } from '../../src/core/slo/index.ts';
import type { Json } from './vector.ts';

/** What a vector's input says, under whichever of the known names. Asking for what it doesn't say throws `Unanswered`. */
export type Facts = { readonly [key: string]: Json };

/** Why a vector can't be answered: its input lacks something, or has a form that is not known. */
export class Unanswered extends Error {}

/** Whether it is a table of figures by name. */
export function isTable(value: Json): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of these that there is and is not null. */
export function find(facts: Facts, ...names: readonly string[]): Json | undefined {
  return names.map((name) => facts[name]).find((value) => value !== undefined && value !== null);
}

/** Whether there is any of these. */
export function has(facts: Facts, ...names: readonly string[]): boolean {
  return find(facts, ...names) !== undefined;
}

export function number(facts: Facts, ...names: readonly string[]): number {
  const value = find(facts, ...names);
  if (typeof value !== 'number') throw new Unanswered(`the input has no number called ${names.join(' or ')}`);
  return value;
}

export function text(facts: Facts, ...names: readonly string[]): string {
  const value = find(facts, ...names);
  if (typeof value !== 'string') throw new Unanswered(`the input has no text called ${names.join(' or ')}`);
  return value;
}

export function numbers(facts: Facts, ...names: readonly string[]): readonly number[] {
  return list(facts, ...names).map((value) => {
    if (typeof value !== 'number') throw new Unanswered(`${names.join(' or ')} is not a list of numbers`);
    return value;
  });
}

export function list(facts: Facts, ...names: readonly string[]): readonly Json[] {
  const value = find(facts, ...names);
  if (!Array.isArray(value)) throw new Unanswered(`the input has no list called ${names.join(' or ')}`);
  return value;
}

const units: readonly (readonly [suffix: string, unit: Duration])[] = [
  ['Milliseconds', duration(1)],
  ['Ms', duration(1)],
  ['Seconds', second],
  ['Sec', second],
  ['Minutes', minute],
  ['Min', minute],
  ['Hours', hour],
  ['Days', day],
  ['Weeks', duration(7 * day)],
];

/** A length of time under one of the names with a unit behind it (`windowHours`), or as Prometheus writes it (`window: "1h"`). */
export function time(facts: Facts, ...names: readonly string[]): Duration {
  const found = findTime(facts, ...names);
  if (found === undefined) throw new Unanswered(`the input has no length of time called ${names.join(' or ')}`);
  return found;
}

export function findTime(facts: Facts, ...names: readonly string[]): Duration | undefined {
  for (const name of names) {
    for (const [suffix, unit] of units) {
      const value = find(facts, name + suffix);
      if (typeof value === 'number') return duration(value * unit);
    }
    const written = find(facts, name);
    const read = typeof written === 'string' ? readTime(written) : undefined;
    if (read !== undefined) return read;
  }
  return undefined;
}

/** A length as people and Prometheus write it: `1h`, `1h30m`, `5 min`, `30 days`, `1.5 h`. */
export function readTime(written: string): Duration | undefined {
  const parsed = parseDuration(written.trim());
  if (parsed !== undefined) return parsed;
  const [, count = '', name = ''] = /^([\d.]+)[ -]?([a-z]+)$/i.exec(written.trim()) ?? [];
  const unit = unitCalled(name);
  return unit === undefined || count === '' ? undefined : duration(Number(count) * unit);
}

/** The unit of time that a word means. */
export function unitCalled(word: string): Duration | undefined {
  const lower = word.toLowerCase();
  if (/^(s|secs?|seconds?)$/.test(lower)) return second;
  if (/^(m|mins?|minutes?)$/.test(lower)) return minute;
  if (/^(h|hours?)$/.test(lower)) return hour;
  if (/^(d|days?)$/.test(lower)) return day;
  return /^(w|weeks?)$/.test(lower) ? duration(7 * day) : undefined;
}

/** Names of periods as the downtime tables have them (SRE book, appendix A). */
const periods: Readonly<Record<string, Duration>> = {
  year: duration(365 * day),
  quarter: duration(90 * day),
  month: duration(30 * day),
  week: duration(7 * day),
  day,
  hour,
};

/** The period, 30 days where nothing is said. */
export function period(facts: Facts): Duration {
  const found = findTime(facts, 'period', 'calendar', 'slo', 'objective');
  if (found !== undefined) return found;
  if (has(facts, 'weeks')) return duration(number(facts, 'weeks') * 7 * day);
  if (has(facts, 'days')) return duration(number(facts, 'days') * day);
  const named = find(facts, 'period');
  if (named === undefined) return duration(30 * day);
  const length = typeof named === 'string' ? periods[named] : undefined;
  if (length === undefined) throw new Unanswered(`${JSON.stringify(named)} is no period that is known`);
  return length;
}

/** The target, read from its decimal text. */
export function target(facts: Facts): Target {
  const percent = find(facts, 'targetPercent', 'sloPercent');
  const value = percent === undefined ? find(facts, 'target', 'slo', 'objective') : `${percent}%`;
  return targetOf(value === undefined ? '' : String(value));
}

export function targetOf(written: string): Target {
  const read = readTarget(written);
  if (!read.ok) throw new Unanswered(read.diagnostics.map(({ message }) => message).join('; '));
  return read.value;
}

/** The error budget, from the target or as it is given. */
export function budget(facts: Facts): Ratio {
  const given = find(facts, 'budget', 'errorBudget');
  return typeof given === 'number' ? ratio(given) : target(facts).errorBudget;
}

export function burnRate(facts: Facts): number {
  return number(facts, 'burn', 'burnRate', 'factor');
}

/** A share of the budget. */
export function budgetShare(facts: Facts): Ratio {
  const percent = find(facts, 'budgetPercent', 'budgetPercentPerHour');
  return ratio(
    typeof percent === 'number' ? percent / 100 : number(facts, 'budgetFraction', 'fraction', 'budgetShare'),
  );
}

/** A tier with the name that the vectors give its windows: `1h/5m`. */
export interface NamedTier extends BurnRateTier {
  readonly name: string;
}

/** Tiers as `14.4@1h/5m`; without a short window the long one stands alone. */
export function readTiers(written: string): readonly NamedTier[] {
  return written.split(',').map((each) => {
    const [, rate, name = '', long = '', short = long] = /^([\d.]+)[x×]?@((\w+)(?:\/(\w+))?)$/.exec(each.trim()) ?? [];
    const longWindow = parseDuration(long);
    const shortWindow = parseDuration(short);
    if (longWindow === undefined || shortWindow === undefined) throw new Unanswered(`\`${each}\` is not a tier`);
    return { name, severity: 'page', burnRate: Number(rate), longWindow, shortWindow, holdFor: duration(0) };
  });
}

/** The workbook's tiers, as vectors that don't list any mean them. */
export const usualTiers = '14.4@1h/5m,6@6h/30m,3@24h/2h,1@3d/6h';

/** How a vector compares with thresholds: strictly, as Prometheus's rules do, where it says nothing. */
export function comparison(facts: Facts): '>' | '>=' {
  const written = find(facts, 'compare', 'comparison') ?? '>';
  if (written === '>') return '>';
  if (written === '>=' || written === '≥') return '>=';
  throw new Unanswered(`\`${JSON.stringify(written)}\` is no comparison that is known`);
}

/** A length of time under a name with each unit: `exhaustHours`, `exhaustDays`; by the unit alone if the name is empty. */
export function inUnits(
  name: string,
  calculate: () => Duration | undefined,
): Readonly<Record<string, () => number | null>> {
  return Object.fromEntries(
    units.map(([suffix, unit]) => [
      name === '' ? suffix.toLowerCase() : name + suffix,
      () => {
        const length = calculate();
        return length === undefined ? null : length / unit;
      },
    ]),
  );
}
