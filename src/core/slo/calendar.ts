import { Temporal } from 'temporal-polyfill';
import { type Duration, day, duration, hour, type Timestamp, timestamp, unreachable } from '../base/index.ts';
import type { CalendarPeriod, CalendarUnit } from './model.ts';

/**
 * The length of a month (1 to 12) of the Gregorian calendar, in a zone without summer time: 28 to 31 days, so that 99.9 % allows 40.32 to
 * 44.64 minutes.
 */
export function monthLength(year: number, month: number): Duration {
  const days = [31, isLeapYear(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (days === undefined || !Number.isInteger(year)) throw new RangeError(`not a month: ${year}-${month}`);
  return duration(days * day);
}

/** The length of a quarter (1 to 4): 90 to 92 days. */
export function quarterLength(year: number, quarter: number): Duration {
  const last = 3 * quarter;
  return duration(monthLength(year, last - 2) + monthLength(year, last - 1) + monthLength(year, last));
}

/** The length of a year. */
export function yearLength(year: number): Duration {
  return duration((isLeapYear(year) ? 366 : 365) * day);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** From one turn of the calendar up to the next. */
export interface CalendarStretch {
  readonly start: Timestamp;
  /** Exclusive: the start of the next period. */
  readonly end: Timestamp;
}

/**
 * The calendar period around an instant, by the clocks of its time zone: a day of a change of clocks has 23 or 25 hours, and where midnight
 * is skipped the day begins when the clocks have been changed.
 */
export function periodContaining({ unit, timeZone }: CalendarPeriod, instant: Timestamp): CalendarStretch {
  const date = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate();
  const first = firstDate(unit, date);
  const startOf = (one: Temporal.PlainDate): Timestamp => timestamp(one.toZonedDateTime(timeZone).epochMilliseconds);
  return { start: startOf(first), end: startOf(first.add(lengths[unit])) };
}

const lengths: Readonly<Record<CalendarUnit, Temporal.DurationLikeObject>> = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
};

/** When a year begins in a time zone. */
export function startOfYear(year: number, timeZone: string): Timestamp {
  return timestamp(Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(timeZone).epochMilliseconds);
}

/** The date of an instant in UTC. */
export function utcDate(instant: Timestamp): { readonly year: number; readonly month: number; readonly day: number } {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('UTC');
}

/** An instant as RFC 3339 writes it in UTC. */
export function instantText(instant: Timestamp): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toString();
}

/** The most that a period of the unit can last: the hour is that of an autumn night. */
export function longestCalendarPeriod(unit: CalendarUnit): Duration {
  const days: Readonly<Record<CalendarUnit, number>> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };
  return duration(days[unit] * day + (unit === 'year' ? 0 : hour));
}

/** The first date of the period with a date. */
function firstDate(unit: CalendarUnit, date: Temporal.PlainDate): Temporal.PlainDate {
  switch (unit) {
    case 'day':
      return date;
    case 'week':
      return date.subtract({ days: date.dayOfWeek - 1 });
    case 'month':
      return date.with({ day: 1 });
    case 'quarter':
      return date.with({ day: 1, month: date.month - ((date.month - 1) % 3) });
    case 'year':
      return date.with({ day: 1, month: 1 });
    default:
      return unreachable(unit);
  }
}

/** What a time zone's clocks are ahead of UTC: at first, and from each change on. */
export interface ZoneOffsets {
  readonly first: Duration;
  readonly changes: readonly { readonly at: Timestamp; readonly offset: Duration }[];
}

/** The years for which changes of clocks are written into rules; before and after them the first and the last offset hold. */
export const calendarYears = { first: 2024, last: 2040 } as const;

/** The offsets of a time zone over `calendarYears`. Changes of the zone's name alone are none. */
export function zoneOffsets(timeZone: string): ZoneOffsets {
  const known = offsetsByZone.get(timeZone);
  if (known !== undefined) return known;
  const offsets = readOffsets(timeZone);
  offsetsByZone.set(timeZone, offsets);
  return offsets;
}

/** The same as `periodContaining`, but as generated rules have it: before `calendarYears` the clocks go as at their start. */
export function periodOfRules(period: CalendarPeriod, instant: Timestamp): CalendarStretch {
  if (startOfYear(calendarYears.first, period.timeZone) <= instant) return periodContaining(period, instant);
  const { first } = zoneOffsets(period.timeZone);
  const { start, end } = periodContaining({ ...period, timeZone: 'UTC' }, timestamp(instant + first));
  return { start: timestamp(start - first), end: timestamp(end - first) };
}

/**
 * The offsets at the start of the period around each month, January first, where they are the same in all `calendarYears`: clocks are
 * changed in the same months every year nearly everywhere. Undefined where they are not, and for days and weeks.
 */
export function offsetsAtStart(period: CalendarPeriod): readonly Duration[] | undefined {
  if (period.unit === 'day' || period.unit === 'week') return undefined;
  const key = `${period.unit} ${period.timeZone}`;
  const known = startsByPeriod.get(key);
  if (known !== undefined) return known.offsets;
  const offsets = readOffsetsAtStart(period);
  startsByPeriod.set(key, { offsets });
  return offsets;
}

const startsByPeriod = new Map<string, { readonly offsets: readonly Duration[] | undefined }>();

function readOffsetsAtStart({ unit, timeZone }: CalendarPeriod): readonly Duration[] | undefined {
  const offsets: Duration[] = [];
  for (let year: number = calendarYears.first; year <= calendarYears.last; year += 1) {
    for (let month = 1; month <= 12; month += 1) {
      const start = firstDate(unit, Temporal.PlainDate.from({ year, month, day: 1 })).toZonedDateTime(timeZone);
      const offset = duration(start.offsetNanoseconds / 1_000_000);
      if ((offsets[month - 1] ?? offset) !== offset) return undefined;
      offsets[month - 1] = offset;
    }
  }
  return offsets;
}

/** Looking up a zone's changes takes tens of milliseconds, and ten thousand objectives share a few zones. */
const offsetsByZone = new Map<string, ZoneOffsets>();

function readOffsets(timeZone: string): ZoneOffsets {
  let moment = Temporal.Instant.fromEpochMilliseconds(startOfYear(calendarYears.first, timeZone)).toZonedDateTimeISO(
    timeZone,
  );
  const offsetOf = (one: Temporal.ZonedDateTime): Duration => duration(one.offsetNanoseconds / 1_000_000);
  const first = offsetOf(moment);
  const changes: { readonly at: Timestamp; readonly offset: Duration }[] = [];
  let before = first;
  for (;;) {
    const next = moment.getTimeZoneTransition('next');
    if (next === null || calendarYears.last < next.year) return { first, changes };
    const offset = offsetOf(next);
    if (offset !== before) changes.push({ at: timestamp(next.epochMilliseconds), offset });
    before = offset;
    moment = next;
  }
}
