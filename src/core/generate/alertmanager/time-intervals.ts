import { type Duration, day, duration, minute, timestamp } from '../../base/index.ts';
import {
  clockTime,
  type Exclusion,
  instantOf,
  type RecurringTime,
  type SimpleRecurrence,
  simpleRecurrence,
  utcDate,
} from '../../slo/index.ts';
import type { DayRange, TimeInterval } from './interval.ts';
import { type Season, utcSeasons } from './utc-seasons.ts';

/** Whether an interval may name its time zone, or has to be said in UTC. */
export type ZoneForm = 'named' | 'utc';

/** An exclusion as time intervals; undefined where they have no form for it. */
export function timeIntervalsOf({ when }: Exclusion, zones: ZoneForm): readonly TimeInterval[] | undefined {
  if (when.kind === 'recurring') return recurring(when, zones);
  const [from, to] = [instantOf(when.from), instantOf(when.to)];
  if (longestOnce < to - from || from % minute !== 0 || to % minute !== 0) return undefined;
  return pieces(clockTime(from), duration(to - from)).map(({ days, start, end }) => {
    const date = utcDate(timestamp(from - (from % day) + days * day));
    return { start, end, days: [only(date.day)], months: [date.month], years: [date.year] };
  });
}

/** An interval for each day; longer ones are better said by a silence. */
const longestOnce = 31 * day;

function recurring(when: RecurringTime, zones: ZoneForm): readonly TimeInterval[] | undefined {
  const rule = simpleRecurrence(when);
  if (rule === undefined || rule.interval !== 1 || rule.last !== undefined) return undefined;
  const start = clockTime(rule.first);
  if (start % minute !== 0 || when.length % minute !== 0 || 7 * day < when.length) return undefined;
  const local = pieces(start, when.length);
  const found =
    zones === 'named'
      ? local.map((piece) => onDays(rule, piece, { timeZone: when.timeZone }))
      : utcSeasons(when.timeZone).flatMap((season) => inSeason(rule, local, season));
  return found.some((one) => one === undefined) ? undefined : found.flatMap((one) => one ?? []);
}

interface Piece {
  /** Days after the one of the start. */
  readonly days: number;
  readonly start: Duration;
  readonly end: Duration;
}

/** A stretch of time cut at midnights; it may begin on the day before. */
function pieces(start: number, length: number): readonly Piece[] {
  const found: Piece[] = [];
  const end = start + length;
  for (let days = Math.floor(start / day); days * day < end; days += 1) {
    const from = Math.max(start, days * day) - days * day;
    found.push({ days, start: duration(from), end: duration(Math.min(day, end - days * day)) });
  }
  return found;
}

/** An interval on the days of a rule, so many days later; undefined where Alertmanager can't name them. */
function onDays(rule: SimpleRecurrence, piece: Piece, more: Partial<TimeInterval>): TimeInterval | undefined {
  const days = daysOf(rule, piece.days);
  return days === undefined ? undefined : { start: piece.start, end: piece.end, ...days, ...more };
}

/** The days that lie so many days after those of a rule; undefined where Alertmanager can't name them. */
function daysOf(rule: SimpleRecurrence, later: number): Pick<TimeInterval, 'weekdays' | 'days'> | undefined {
  switch (rule.frequency) {
    case 'daily':
      return {};
    case 'weekly':
      return { weekdays: rule.weekdays.map(({ weekday }) => ((((weekday + later - 1) % 7) + 7) % 7) + 1) };
    case 'monthly': {
      const [first, ...more] = rule.weekdays;
      if (first === undefined)
        return rule.monthDays.every((one) => isSafe(one, later))
          ? { days: rule.monthDays.map((one) => only(one + later)) }
          : undefined;
      if (later !== 0 || 0 < more.length) return undefined;
      const weekdays = [first.weekday];
      return first.place === 0 ? { weekdays } : { weekdays, days: [placeInMonth(first.place)] };
    }
  }
}

/** Whether so many days after a day of a month there is always the same day of the same month. */
function isSafe(monthDay: number, later: number): boolean {
  const shifted = monthDay + later;
  if (later === 0) return true;
  return monthDay < 0 ? -shortestMonth <= shifted && shifted < 0 : 0 < shifted && shifted <= shortestMonth;
}

const shortestMonth = 28;

function only(monthDay: number): DayRange {
  return { start: monthDay, end: monthDay };
}

/** The days of a month among which is the first, second or last of any weekday. */
function placeInMonth(place: number): DayRange {
  return 0 < place ? { start: 7 * place - 6, end: Math.min(31, 7 * place) } : { start: 7 * place, end: 7 * place + 6 };
}

/** The stretches of a rule in UTC, as long as clocks are ahead by one offset. */
function inSeason(
  rule: SimpleRecurrence,
  local: readonly Piece[],
  season: Season,
): readonly (TimeInterval | undefined)[] {
  const { offset, from, to, months, years } = season;
  return local
    .flatMap((piece) => pieces(piece.days * day + piece.start - offset, piece.end - piece.start))
    .map(({ start, end, ...piece }) => ({ ...piece, start: later(start, from), end: earlier(end, to) }))
    .filter(({ start, end }) => start < end)
    .flatMap((piece): readonly (TimeInterval | undefined)[] => {
      const own = onDays(rule, piece, {
        ...(0 < months.length && { months }),
        ...(years !== undefined && { years: years.map(({ year }) => year) }),
      });
      return own === undefined ? [undefined] : within(own, season);
    });
}

/** Only the days of a season that are also those of an interval. */
function within(own: TimeInterval, { days, years }: Season): readonly TimeInterval[] {
  if (days === undefined || years === undefined) return [own];
  // Months of other lengths have other last days.
  const lengths = [...new Set(years.map(({ monthDays }) => monthDays))];
  return lengths.flatMap((length) => {
    const same = years.filter(({ monthDays }) => monthDays === length);
    const common = (own.days ?? [days]).flatMap((range) => {
      const start = Math.max(days.start, fromStart(range.start, length));
      const end = Math.min(days.end, fromStart(range.end, length));
      return start <= end ? [{ start, end }] : [];
    });
    const isOn = (monthStart: number): boolean =>
      days.start < days.end || (own.weekdays?.includes(weekdayOf(monthStart + (days.start - 1) * day)) ?? true);
    const left = same.filter(({ monthStart }) => isOn(monthStart)).map(({ year }) => year);
    return common.length === 0 || left.length === 0 ? [] : [{ ...own, days: common, years: left }];
  });
}

function fromStart(monthDay: number, length: number): number {
  return monthDay < 0 ? length + 1 + monthDay : monthDay;
}

/** The first of January 1970 was a Thursday. */
function weekdayOf(instant: number): number {
  return ((Math.floor(instant / day) + 3) % 7) + 1;
}

function later(a: Duration, b: Duration): Duration {
  return a < b ? b : a;
}

function earlier(a: Duration, b: Duration): Duration {
  return a < b ? a : b;
}
