import {
  type Duration,
  day,
  duration,
  formatDuration,
  hour,
  minute,
  type Timestamp,
  timestamp,
} from '../../base/index.ts';
import {
  type CalendarUnit,
  calendarPeriod,
  defaultPeriod,
  isTimeZone,
  longestCalendarPeriod,
  monthLength,
  type Period,
  periodContaining,
  periodText,
  startOfYear,
} from '../../slo/index.ts';
import type { YamlPath, YamlValue } from '../../yaml/index.ts';
import { type Reading, reportKey } from '../definition/reading.ts';
import { checkKeys, flagAt, isThere, itemsAt, reportMissing, requiredText, say, sayLost } from '../dialect-reading.ts';
import { periodAt, sayUnsupported } from '../dialect-service.ts';
import type { OpensloObject } from './objects.ts';

/** One unit of the calendar, as OpenSLO counts them. */
const letters: Readonly<Record<string, CalendarUnit>> = { d: 'day', w: 'week', M: 'month', Q: 'quarter', Y: 'year' };

/** The units of version 1alpha, by their words in lower case. */
const alphaLetters: Readonly<Record<string, string>> = {
  hour: 'h',
  day: 'd',
  week: 'w',
  month: 'M',
  quarter: 'Q',
  year: 'Y',
};

/** Reads over what an objective is judged: the last days up to now, or a unit of the calendar. */
export function readTimeWindow({ reading, path, version }: OpensloObject): Period | undefined {
  const key = version === 'v1alpha' ? 'timeWindows' : 'timeWindow';
  const [at, second] = itemsAt(reading, [...path, 'spec', key]);
  if (at === undefined) {
    // The software development kit of OpenSLO decodes such documents, though its validation asks for a window.
    const message = `there is no \`${key}\`; the last ${periodText(defaultPeriod)} are taken`;
    const remark = {
      severity: 'warning',
      code: 'dialect/assumed',
      message,
      help: `write \`${key}:\` to say so`,
    } as const;
    if (!reading.misspelt.has([...path, 'spec', key].join('/'))) reportKey(reading, [...path, 'spec'], remark);
    return defaultPeriod;
  }
  if (second !== undefined)
    say(reading, second, 'error', 'dialect/type', 'an objective has one time window', 'make an objective of each');
  const length = version === 'v1alpha' ? ['unit', 'count'] : ['duration'];
  checkKeys(reading, at, [...length, 'isRolling', 'calendar']);
  const rolling = flagAt(reading, [...at, 'isRolling']);
  const hasCalendar = isThere(reading, [...at, 'calendar']);
  if (rolling === true && hasCalendar) {
    const message = 'what rolls has no start in the calendar';
    say(
      reading,
      [...at, 'isRolling'],
      'error',
      'dialect/type',
      message,
      'remove `calendar`, or write `isRolling: false`',
    );
    return undefined;
  }
  if (rolling === undefined && !hasCalendar)
    reportKey(reading, at, {
      severity: 'info',
      code: 'dialect/assumed',
      message: 'the time window is taken for a rolling one',
      help: 'write `isRolling: true` to say so',
    });
  const text = version === 'v1alpha' ? alphaLength(reading, at) : requiredText(reading, [...at, 'duration']);
  if (text === undefined) return undefined;
  const place = [...at, version === 'v1alpha' ? 'unit' : 'duration'];
  return hasCalendar || rolling === false
    ? readCalendar(reading, at, place, text)
    : readRolling(reading, place, text, version === 'v1alpha');
}

function alphaLength(reading: Reading, at: YamlPath): string | undefined {
  const unit = requiredText(reading, [...at, 'unit']);
  const count = requiredText(reading, [...at, 'count']);
  if (unit === undefined || count === undefined) return undefined;
  const letter = alphaLetters[unit.toLowerCase()];
  if (letter !== undefined && /^\d{1,5}$/.test(count)) return `${count}${letter}`;
  const message = `\`${count} ${unit}\` is no length of time`;
  say(
    reading,
    [...at, 'unit'],
    'error',
    'dialect/type',
    message,
    'write a number of Hour, Day, Week, Month, Quarter or Year',
  );
  return undefined;
}

function readRolling(reading: Reading, place: YamlPath, text: string, isAlpha: boolean): Period | undefined {
  if (/^\d+[MQY]$/.test(text)) {
    const help = 'write days or weeks, such as 30d, or `isRolling: false` and a `calendar`';
    return sayUnsupported(reading, place, `\`${text}\` is no fixed length of time`, help);
  }
  if (!isAlpha) return periodAt(reading, place);
  const [, count = '', letter = ''] = /^(\d+)([hdw])$/.exec(text) ?? [];
  const unit = letter === 'h' ? hour : letter === 'd' ? day : 7 * day;
  const length = duration(Number(count) * unit);
  return { kind: 'rolling', length };
}

function readCalendar(reading: Reading, at: YamlPath, place: YamlPath, text: string): Period | undefined {
  const calendar = [...at, 'calendar'];
  const unit = /^1[dwMQY]$/.test(text) ? letters[text.slice(1)] : undefined;
  if (unit === undefined) {
    const message = `\`${text}\` is no unit of the calendar`;
    return sayUnsupported(reading, place, message, 'write 1d, 1w, 1M, 1Q or 1Y');
  }
  if (!isThere(reading, calendar)) {
    reportMissing(reading, calendar);
    return undefined;
  }
  checkKeys(reading, calendar, ['startTime', 'timeZone']);
  const start = requiredText(reading, [...calendar, 'startTime']);
  const timeZone = requiredText(reading, [...calendar, 'timeZone']);
  if (start === undefined || timeZone === undefined) return undefined;
  if (!isTimeZone(timeZone)) {
    const message = `there is no time zone \`${timeZone}\``;
    say(
      reading,
      [...calendar, 'timeZone'],
      'error',
      'dialect/type',
      message,
      'write a name such as Europe/Berlin or UTC',
    );
    return undefined;
  }
  checkStart(reading, [...calendar, 'startTime'], start, unit);
  return calendarPeriod(unit, timeZone);
}

/** Units of ours begin where the calendar has them begin, not at any time. */
function checkStart(reading: Reading, path: YamlPath, text: string, unit: CalendarUnit): void {
  const [, year, month = '', date = '', time = ''] =
    /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)Z?)?$/.exec(text.trim()) ?? [];
  const instant = year === undefined ? undefined : startOfDate(Number(year), Number(month), Number(date));
  if (instant === undefined) {
    const message = `\`${text}\` is no date with a time`;
    say(reading, path, 'error', 'dialect/type', message, 'write for example `2024-01-01 00:00:00`');
    return;
  }
  const length = longestCalendarPeriod(unit);
  const first = periodContaining({ kind: 'calendar', unit, timeZone: 'UTC', length }, instant).start;
  const isMidnight = /^(00:00(:00)?)?$/.test(time);
  if (isMidnight && first === instant) return;
  const begins = unit === 'week' ? 'on Monday at 00:00' : unit === 'day' ? 'at 00:00' : 'on its first day at 00:00';
  const message = `\`${text}\` is not kept: the ${unit} of the calendar begins ${begins}`;
  sayLost(reading, path, message, 'check that the other turn will do');
}

/** The first instant of a date in UTC; undefined where there is no such date. */
function startOfDate(year: number, month: number, date: number): Timestamp | undefined {
  if (month < 1 || 12 < month || date < 1 || monthLength(year, month) < date * day) return undefined;
  const before = Array.from({ length: month - 1 }, (_, index) => monthLength(year, index + 1));
  return timestamp(startOfYear(year, 'UTC') + before.reduce((sum, each) => sum + each, 0) + (date - 1) * day);
}

/** A time window; undefined for what holds continuously, for which there is none. */
export function timeWindowOf(period: Period): YamlValue | undefined {
  switch (period.kind) {
    case 'rolling':
      return [{ duration: lengthText(period.length), isRolling: true }];
    case 'calendar':
      return [
        {
          duration: `1${letterOf(period.unit)}`,
          isRolling: false,
          // The first of January 2024 was a Monday, so that every unit begins on it.
          calendar: { startTime: '2024-01-01 00:00:00', timeZone: period.timeZone },
        },
      ];
    case 'continuous':
      return undefined;
  }
}

function letterOf(unit: CalendarUnit): string {
  return unit === 'day' || unit === 'week' ? unit.slice(0, 1) : unit.slice(0, 1).toUpperCase();
}

/** The units of OpenSLO's durations that have a fixed length; it has no seconds. */
const units: readonly (readonly [letter: string, length: Duration])[] = [
  ['d', day],
  ['h', hour],
  ['m', minute],
];

/** One number with one unit, as OpenSLO writes durations; undefined where no unit fits. */
export function shorthandOf(length: Duration): string | undefined {
  if (length === 0) return '0m';
  const unit = units.find(([, unitLength]) => length % unitLength === 0 && unitLength <= length);
  return unit === undefined ? undefined : `${length / unit[1]}${unit[0]}`;
}

/** The duration as it is written, with or without a unit of OpenSLO. */
export function lengthText(length: Duration): string {
  return shorthandOf(length) ?? formatDuration(length);
}
