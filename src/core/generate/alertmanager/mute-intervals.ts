import { type Diagnostic, type Duration, day, duration, hour, minute, timestamp } from '../../base/index.ts';
import {
  clockTime,
  type Exclusion,
  instantOf,
  type RecurringTime,
  type Service,
  type SimpleRecurrence,
  simpleRecurrence,
  utcDate,
} from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { aboutService } from '../codes.ts';

/** A named stretch of time in which Alertmanager notifies nobody. */
export interface MuteInterval {
  readonly name: string;
  /** The objectives whose alerts it mutes, by name. */
  readonly slos: readonly string[];
  readonly timeIntervals: readonly YamlValue[];
}

export interface MuteIntervals {
  readonly intervals: readonly MuteInterval[];
  /** The exclusions that Alertmanager has no form for. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The exclusions of a service as time intervals of Alertmanager 0.24 and later. Those know weekdays, days of months and clocks in time zones,
 * but no beginning, no end and no "every other": exclusions that need these stay out of them.
 */
export function muteIntervals(service: Service): MuteIntervals {
  const intervals: MuteInterval[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const exclusion of service.exclusions) {
    if (exclusion.slos.length === 0) continue;
    const timeIntervals = timeIntervalsOf(exclusion);
    const name = `${service.name}-${exclusion.name}`;
    if (timeIntervals !== undefined) intervals.push({ name, slos: exclusion.slos, timeIntervals });
    else {
      const message = `the exclusion ${exclusion.name} can't be written as a time interval of Alertmanager`;
      diagnostics.push(aboutService(service, 'generate/mute', message));
    }
  }
  return { intervals, diagnostics };
}

function timeIntervalsOf({ when }: Exclusion): readonly YamlValue[] | undefined {
  if (when.kind === 'recurring') return recurring(when);
  const [from, to] = [instantOf(when.from), instantOf(when.to)];
  if (longestOnce < to - from || from % minute !== 0 || to % minute !== 0) return undefined;
  return pieces(clockTime(from), duration(to - from)).map(({ days, start, end }) => {
    const date = utcDate(timestamp(from - (from % day) + days * day));
    return {
      times: times(start, end),
      days_of_month: [String(date.day)],
      months: [String(date.month)],
      years: [String(date.year)],
    };
  });
}

/** An interval for each day; longer ones are better said by a silence. */
const longestOnce = 31 * day;

function recurring(when: RecurringTime): readonly YamlValue[] | undefined {
  const rule = simpleRecurrence(when);
  if (rule === undefined || rule.interval !== 1 || rule.last !== undefined) return undefined;
  const start = clockTime(rule.first);
  if (start % minute !== 0 || when.length % minute !== 0 || 7 * day < when.length) return undefined;
  const found = pieces(start, when.length).map((piece): YamlValue | undefined => {
    const days = daysOf(rule, piece.days);
    return days === undefined ? undefined : { times: times(piece.start, piece.end), ...days, location: when.timeZone };
  });
  return found.some((one) => one === undefined) ? undefined : found.flatMap((one) => one ?? []);
}

interface Piece {
  /** Days after the one of the start. */
  readonly days: number;
  readonly start: Duration;
  readonly end: Duration;
}

/** A stretch of time cut at midnights. */
function pieces(start: Duration, length: Duration): readonly Piece[] {
  const found: Piece[] = [];
  const end = start + length;
  for (let days = 0; days * day < end; days += 1) {
    const from = days === 0 ? start : duration(0);
    found.push({ days, start: from, end: duration(Math.min(day, end - days * day)) });
  }
  return found;
}

/** The days that lie so many days after those of a rule; undefined where Alertmanager can't name them. */
function daysOf(rule: SimpleRecurrence, later: number): Readonly<Record<string, YamlValue>> | undefined {
  switch (rule.frequency) {
    case 'daily':
      return {};
    case 'weekly':
      return { weekdays: rule.weekdays.map(({ weekday }) => weekdayName(weekday + later)) };
    case 'monthly': {
      const [only, ...more] = rule.weekdays;
      if (only === undefined) {
        // The day after the 28th is the first of the next month, sometimes.
        const isSafe = later === 0 || rule.monthDays.every((one) => 0 < one && one + later <= 28);
        return isSafe ? { days_of_month: rule.monthDays.map((one) => String(one + later)) } : undefined;
      }
      if (0 < later || 0 < more.length) return undefined;
      const weekdays = [weekdayName(only.weekday)];
      return only.place === 0 ? { weekdays } : { weekdays, days_of_month: [placeInMonth(only.place)] };
    }
  }
}

/** The days of a month among which is the first, second or last of any weekday. */
function placeInMonth(place: number): string {
  return 0 < place ? `${7 * place - 6}:${Math.min(31, 7 * place)}` : `${7 * place}:${7 * place + 6}`;
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function weekdayName(isoDay: number): string {
  return weekdays[(isoDay - 1) % 7] ?? '';
}

function times(start: Duration, end: Duration): YamlValue {
  return [{ start_time: clock(start), end_time: clock(end) }];
}

function clock(time: Duration): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(time / hour))}:${two(Math.floor((time % hour) / minute))}`;
}
