import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { type Duration, day, duration, parseInstant, type Timestamp, timestamp } from '../base/index.ts';
import { calendarYears } from './calendar.ts';
import type { ExclusionTime } from './model/policy.ts';

/** Time that recurs by a rule of RFC 5545. */
export type RecurringTime = Extract<ExclusionTime, { kind: 'recurring' }>;

/**
 * A time by the clocks of a zone, as milliseconds since 1970 by the same clocks. Rules are expanded in such times: they know no changes of
 * clocks.
 */
export type LocalTime = number;

/** A rule with one occurrence in each day, week or month, in parts that arithmetic on the clock can decide. */
export interface SimpleRecurrence {
  readonly frequency: 'daily' | 'weekly' | 'monthly';
  /** Every so many days, weeks or months, counted from the first. */
  readonly interval: number;
  readonly first: LocalTime;
  /** Months from the year 0 to that of the first. */
  readonly firstMonth: number;
  /** The start of the last occurrence; absent if it goes on for ever. */
  readonly last?: LocalTime;
  /** ISO numbers from Monday, 1; of monthly rules with their place in the month: 1 the first, -1 the last one; 0 for all. */
  readonly weekdays: readonly { readonly weekday: number; readonly place: number }[];
  /** Days of the month; negative ones count from its end. */
  readonly monthDays: readonly number[];
}

/** A rule as its starts in local time from the first one on, for the years that rules know. */
export interface ListedRecurrence {
  readonly starts: readonly LocalTime[];
  /** Whether there are more than were listed. */
  readonly isCut: boolean;
}

/** More starts than this are not listed. */
const mostStarts = 400;

/** Reads a rule; undefined if it is none of RFC 5545. */
export function readRecurrence(time: RecurringTime): RRuleTemporal<Temporal.ZonedDateTime> | undefined {
  try {
    // In UTC, which has no changes of clocks, local times stay what they are.
    const dtstart = Temporal.PlainDateTime.from(time.start).toZonedDateTime('UTC');
    const text = dtstart.toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
    return new RRuleTemporal({
      rruleString: `DTSTART:${text}Z\nRRULE:${floating(time.rule)}`,
      temporal: Temporal,
      strict: true,
    });
  } catch {
    return undefined;
  }
}

/** An end in local time, as in the start, is read as one by UTC's clocks. */
function floating(rule: string): string {
  return rule.replace(/UNTIL=(\d{8})(?:T(\d{6}))?Z?/, (_, date: string, clock = '235959') => `UNTIL=${date}T${clock}Z`);
}

/** The rule in parts, if it is simple enough: neither years nor hours, nothing picked out of a set. */
export function simpleRecurrence(time: RecurringTime): SimpleRecurrence | undefined {
  const rule = readRecurrence(time);
  if (rule === undefined) return undefined;
  const { freq, interval = 1, count, until, byDay = [], byMonthDay = [], ...more } = rule.options();
  const picked = [
    more.byHour,
    more.byMinute,
    more.bySecond,
    more.byMonth,
    more.byYearDay,
    more.byWeekNo,
    more.bySetPos,
  ];
  if (picked.some((list) => list !== undefined && 0 < list.length)) return undefined;
  if (more.wkst !== undefined && more.wkst !== 'MO' && 1 < interval) return undefined;
  const frequency = ({ DAILY: 'daily', WEEKLY: 'weekly', MONTHLY: 'monthly' } as const)[String(freq)];
  if (frequency === undefined || (frequency !== 'monthly' && 0 < byMonthDay.length)) return undefined;
  if (frequency === 'monthly' && 0 < byDay.length && 0 < byMonthDay.length) return undefined;
  const first = localTime(time.start);
  const weekdays = byDay.map(readWeekday);
  if (frequency !== 'monthly' && weekdays.some(({ place }) => place !== 0)) return undefined;
  if (frequency === 'daily' && 0 < weekdays.length && interval !== 1) return undefined;
  const end = count === undefined && until === undefined ? 'never' : lastOf(rule);
  if (end === undefined) return undefined;
  const last = end === 'never' ? undefined : end;
  const own = Temporal.PlainDateTime.from(time.start);
  const isBare = weekdays.length === 0 && byMonthDay.length === 0;
  return {
    frequency: frequency === 'daily' && 0 < weekdays.length ? 'weekly' : frequency,
    interval,
    first,
    firstMonth: 12 * own.year + own.month,
    ...(last !== undefined && { last }),
    weekdays: frequency === 'weekly' && isBare ? [{ weekday: own.dayOfWeek, place: 0 }] : weekdays,
    monthDays: frequency === 'monthly' && isBare ? [own.day] : byMonthDay,
  };
}

/** The start of a rule's last occurrence. What ends after ten thousand occurrences, which are 27 years of days, ends for no one who reads it. */
function lastOf(rule: RRuleTemporal<Temporal.ZonedDateTime>): LocalTime | 'never' | undefined {
  const found = searched(() => rule.all().at(-1)?.epochMilliseconds);
  return found === undefined ? 'never' : found.value;
}

const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

function readWeekday(text: string): { readonly weekday: number; readonly place: number } {
  return { weekday: weekdayNames.indexOf(text.slice(-2)) + 1, place: Number(text.slice(0, -2)) };
}

/** Whether a rule has an occurrence at all: the thirtieth of February has none, and looking for it never ends. */
export function occurs(time: RecurringTime): boolean {
  const rule = readRecurrence(time);
  const found = rule === undefined ? undefined : searched(() => rule.all((_, index) => index === 0));
  return found !== undefined && 0 < found.value.length;
}

/** What a search among occurrences finds; undefined if the library gave it up after ten thousand steps. */
function searched<Found>(search: () => Found): { readonly value: Found } | undefined {
  try {
    return { value: search() };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Maximum iterations')) return undefined;
    throw error;
  }
}

/** The starts of any rule up to the last year that rules know. */
export function listedRecurrence(time: RecurringTime): ListedRecurrence {
  const rule = readRecurrence(time);
  const end = Temporal.PlainDate.from({ year: calendarYears.last + 1, month: 1, day: 1 }).toZonedDateTime('UTC');
  const starts: LocalTime[] = [];
  let isCut = false;
  const found = searched(() =>
    rule?.all((occurrence) => {
      isCut = starts.length === mostStarts;
      if (isCut || end.epochMilliseconds <= occurrence.epochMilliseconds) return false;
      starts.push(occurrence.epochMilliseconds);
      return true;
    }),
  );
  return { starts, isCut: isCut || found === undefined };
}

/** A text of local time as a number. */
export function localTime(text: string): LocalTime {
  return Temporal.PlainDateTime.from(text).toZonedDateTime('UTC').epochMilliseconds;
}

/**
 * Whether an exclusion holds at an instant. Recurring ones go by the clocks on the wall: one of two hours from 02:00 on ends at 04:00, even in
 * the nights in which clocks are changed.
 */
export function isExcluded(when: ExclusionTime, instant: Timestamp): boolean {
  if (when.kind === 'once') return instantOf(when.from) <= instant && instant < instantOf(when.to);
  const rule = readRecurrence(when);
  if (rule === undefined) return false;
  const clock = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(when.timeZone).toPlainDateTime();
  const now = clock.toZonedDateTime('UTC');
  const latest = searched(() => rule.previous(now, true))?.value;
  if (latest === undefined || latest === null) return false;
  return now.epochMilliseconds < latest.epochMilliseconds + when.length;
}

/** When an exclusion ends for the first time from an instant on, or for the last time if it has none after it. */
export function endFrom(when: ExclusionTime, instant: Timestamp): Timestamp | undefined {
  if (when.kind === 'once') return instantOf(when.to);
  const rule = readRecurrence(when);
  const after = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('UTC');
  const found = searched(() => rule?.next(after, true) ?? rule?.previous(after, true))?.value;
  if (found === undefined || found === null) return undefined;
  const end = found.add({ milliseconds: when.length }).toPlainDateTime();
  return timestamp(end.toZonedDateTime(when.timeZone).epochMilliseconds);
}

/** A text of an instant with offset, or of a date in UTC. */
export function instantOf(text: string): Timestamp {
  const instant = parseInstant(text.includes('T') ? text : `${text}T00:00Z`);
  if (instant === undefined) throw new RangeError(`not an instant: ${text}`);
  return instant;
}

/** How far a local time is into its day. */
export function clockTime(local: LocalTime): Duration {
  return duration(((local % day) + day) % day);
}
