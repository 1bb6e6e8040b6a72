import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, timestamp } from '../base/index.ts';
import { calendarYears, longestCalendarPeriod, periodContaining, zoneOffsets } from './calendar.ts';
import type { CalendarPeriod, CalendarUnit } from './model.ts';

const units: readonly CalendarUnit[] = ['day', 'week', 'month', 'quarter', 'year'];
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'America/Santiago',
  'Pacific/Chatham',
];

describe('the period around an instant', () => {
  const cases: readonly (readonly [unit: CalendarUnit, zone: string, instant: string, start: string, end: string])[] = [
    ['day', 'Europe/Berlin', '2026-03-29T12:00Z', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    ['day', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
    ['day', 'Australia/Lord_Howe', '2026-04-04T16:00Z', '2026-04-04T13:00Z', '2026-04-05T13:30Z'],
    // The clocks go from 23:59:59 to 01:00 here, and a night of autumn has its last hour twice.
    ['day', 'Africa/Cairo', '2026-04-24T00:00Z', '2026-04-23T22:00Z', '2026-04-24T21:00Z'],
    ['day', 'Africa/Cairo', '2026-10-29T21:30Z', '2026-10-28T21:00Z', '2026-10-29T22:00Z'],
    ['week', 'America/New_York', '2026-03-08T12:00Z', '2026-03-02T05:00Z', '2026-03-09T04:00Z'],
    ['month', 'Asia/Kathmandu', '2026-02-28T18:14Z', '2026-01-31T18:15Z', '2026-02-28T18:15Z'],
    ['month', 'Asia/Kathmandu', '2026-02-28T18:15Z', '2026-02-28T18:15Z', '2026-03-31T18:15Z'],
    ['quarter', 'UTC', '2028-02-29T00:00Z', '2028-01-01T00:00Z', '2028-04-01T00:00Z'],
    ['year', 'Australia/Lord_Howe', '2026-12-31T13:00Z', '2026-12-31T13:00Z', '2027-12-31T13:00Z'],
  ];
  test.each(cases)('a %s in %s at %s', (unit, timeZone, instant, start, end) => {
    const found = periodContaining(periodOf(unit, timeZone), timestamp(Date.parse(instant)));
    expect([found.start, found.end]).toEqual([Date.parse(start), Date.parse(end)]);
  });

  test('holds the instant, is followed by the next one, and is never longer than the longest', () => {
    const instants = fc.integer({ min: Date.UTC(2024, 0, 2), max: Date.UTC(2040, 11, 30) });
    fc.assert(
      fc.property(fc.constantFrom(...units), fc.constantFrom(...zones), instants, (unit, timeZone, instant) => {
        const period = periodOf(unit, timeZone);
        const { start, end } = periodContaining(period, timestamp(instant));
        expect(start).toBeLessThanOrEqual(instant);
        expect(instant).toBeLessThan(end);
        expect(end - start).toBeLessThanOrEqual(longestCalendarPeriod(unit));
        expect(periodContaining(period, end).start).toBe(end);
        expect(periodContaining(period, timestamp(start - 1)).end).toBe(start);
      }),
      { numRuns: 300 },
    );
  });
});

test('the offsets of a zone are those of its clocks', () => {
  const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2040, 11, 31) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
      const { first, changes } = zoneOffsets(zone);
      const offset = changes.findLast(({ at }) => at <= instant)?.offset ?? first;
      const clock = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
      expect(offset).toBe(clock.offsetNanoseconds / 1e6);
    }),
    { numRuns: 300 },
  );
});

test('every zone keeps whole quarters of an hour, and its years begin at the same minute of an hour', () => {
  const odd = Intl.supportedValuesOf('timeZone').filter((zone) => {
    const { first, changes } = zoneOffsets(zone);
    const offsets = [first, ...changes.map(({ offset }) => offset)];
    const minutes = new Set<number>();
    for (let year = calendarYears.first + 1; year <= calendarYears.last; year += 1) {
      const { start } = periodContaining(periodOf('year', zone), timestamp(Date.UTC(year, 5)));
      minutes.add(start % hour);
    }
    return offsets.some((offset) => offset % (15 * minute) !== 0) || 1 < minutes.size;
  });
  expect(odd).toEqual([]);
});

function periodOf(unit: CalendarUnit, timeZone: string): CalendarPeriod {
  return { kind: 'calendar', unit, timeZone, length: duration(30 * day) };
}
