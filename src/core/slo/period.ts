import {
  day,
  duration,
  formatDuration,
  hour,
  type Outcome,
  parseDuration,
  success,
  unreachable,
} from '../base/index.ts';
import type { CalendarUnit, ContinuousPeriod, Period } from './model.ts';

/** A service level objective is judged over thirty days where nothing else is said, as in the workbook's tables. */
export const defaultPeriod: Period = { kind: 'rolling', length: duration(30 * day) };

/** The zone of calendar periods where none is said. */
export const defaultTimeZone = 'UTC';

const shortest = hour;
const longest = duration(366 * day);

/** The usual lengths of the units, by which alerts are scaled. */
const unitDays: Readonly<Record<CalendarUnit, number>> = { day: 1, week: 7, month: 30, quarter: 90, year: 365 };

/** What people write for the periods they have in mind, with the unit that it stands for. */
const words: Readonly<Record<string, CalendarUnit>> = {
  day: 'day',
  daily: 'day',
  week: 'week',
  weekly: 'week',
  month: 'month',
  monthly: 'month',
  quarter: 'quarter',
  quarterly: 'quarter',
  year: 'year',
  yearly: 'year',
  annually: 'year',
};

/**
 * Reads a period: rolling (`30d`, `4w`, `24h`), of the calendar (`calendar month`, in the zone given), or `continuous`, which may say over
 * what it is shown (`continuous over 7d`). Spans count from the start of the text.
 */
export function readPeriod(text: string, timeZone: string = defaultTimeZone): Outcome<Period> {
  const trimmed = text.trim();
  const [, calendar] = /^calendar[ -](\w+)$/i.exec(trimmed) ?? [];
  const unit = calendar === undefined ? undefined : words[calendar.toLowerCase()];
  if (unit !== undefined) return success(calendarPeriod(unit, timeZone));
  const [, over] = /^continuous(?: over (.+))?$/i.exec(trimmed) ?? [];
  if (over === undefined && /^continuous$/i.test(trimmed)) return success(continuousPeriod);
  const length = parseDuration(over ?? trimmed);
  if (length !== undefined && shortest <= length && length <= longest)
    return success({ kind: over === undefined ? 'rolling' : 'continuous', length });
  const [message, help] =
    length === undefined
      ? unreadable(trimmed)
      : [
          `a period of ${formatDuration(length)} is too ${length < shortest ? 'short' : 'long'}`,
          'write a length from 1h to 1y, for example 30d',
        ];
  return {
    ok: false,
    diagnostics: [{ severity: 'error', code: 'slo/period', message, help, span: { start: 0, end: text.length } }],
  };
}

/** A period of the calendar in a zone of the IANA database. */
export function calendarPeriod(unit: CalendarUnit, timeZone: string): Period {
  return { kind: 'calendar', unit, timeZone, length: duration(unitDays[unit] * day) };
}

/** The period of an invariant, shown over thirty days. */
export const continuousPeriod: ContinuousPeriod = { kind: 'continuous', length: duration(30 * day) };

/** A period as definitions write it, without its time zone: `30d`, `calendar month`, `continuous`. */
export function periodText(period: Period): string {
  switch (period.kind) {
    case 'rolling':
      return formatDuration(period.length);
    case 'calendar':
      return `calendar ${period.unit}`;
    case 'continuous':
      return period.length === continuousPeriod.length
        ? 'continuous'
        : `continuous over ${formatDuration(period.length)}`;
    default:
      return unreachable(period);
  }
}

/** Whether the IANA database has a zone of this name. */
export function isTimeZone(name: string): boolean {
  // Offsets such as +01:00 are no names: they know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function unreadable(text: string): readonly [message: string, help: string] {
  const unit = words[text.toLowerCase().replace(/^1 ?/, '')];
  if (unit !== undefined) {
    return [
      `\`${text}\` may be the last ${unitDays[unit]} days up to now, or the ${unit} of the calendar`,
      `write \`${unitDays[unit]}d\` or \`calendar ${unit}\``,
    ];
  }
  if (/^calendar\b/i.test(text))
    return [`\`${text}\` is no period of the calendar`, 'write calendar day, week, month, quarter or year'];
  const spaced = /^(\d+) ?(hour|day|week|year)s?$/i.exec(text);
  const [, count = '', letter = ''] = spaced ?? [];
  return [
    `\`${text}\` is not a length of time`,
    `write ${spaced === null ? 'for example 30d' : `${count}${letter.slice(0, 1).toLowerCase()}`}`,
  ];
}
