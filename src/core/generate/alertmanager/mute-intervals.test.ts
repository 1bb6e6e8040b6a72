import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { duration, hour, minute, timestamp } from '../../base/index.ts';
import { type ExclusionTime, isExcluded, plainService, type Service } from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { muteIntervals, ofOperator } from './mute-intervals.ts';

function recurring(rule: string, start: string, length: number, timeZone = 'Europe/Berlin'): ExclusionTime {
  return { kind: 'recurring', rule, start, length: duration(length), timeZone };
}

const said: readonly (readonly [name: string, when: ExclusionTime])[] = [
  ['a night of every week', recurring('FREQ=WEEKLY;BYDAY=SU', '2026-01-04T02:00', 2 * hour)],
  ['evenings over midnight', recurring('FREQ=WEEKLY;BYDAY=SA,SU', '2026-01-03T22:30', 4 * hour)],
  ['a weekend', recurring('FREQ=WEEKLY;BYDAY=FR', '2026-01-02T18:00', 60 * hour)],
  ['every day', recurring('FREQ=DAILY', '2026-01-01T23:15', hour, 'Australia/Lord_Howe')],
  ['days of a month', recurring('FREQ=MONTHLY;BYMONTHDAY=1,15', '2026-01-01T22:00', 3 * hour)],
  ['the last day of a month', recurring('FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-31T20:00', 4 * hour)],
  ['the second Tuesday', recurring('FREQ=MONTHLY;BYDAY=2TU', '2026-01-13T05:00', hour, 'America/New_York')],
  ['the last Thursday', recurring('FREQ=MONTHLY;BYDAY=-1TH', '2026-01-29T05:00', hour)],
  ['once', { kind: 'once', from: '2026-03-28T21:00:00Z', to: '2026-03-30T02:30:00Z' }],
];

describe.each(said)('%s', (_, when) => {
  test('mutes exactly while the exclusion holds', () => {
    const { intervals, diagnostics } = muteIntervals(serviceWith(when));
    expect(diagnostics).toEqual([]);
    const [interval] = intervals;
    expect(interval?.name).toBe('shop-maintenance');
    const written = plain(interval?.timeIntervals ?? []);
    for (let time = Date.UTC(2026, 1, 20); time < Date.UTC(2026, 3, 20); time += 195 * minute) {
      const mutes = written.some((one) => holds(one, time));
      expect(mutes, new Date(time).toISOString()).toBe(isExcluded(when, timestamp(time)));
    }
  });
});

describe.each([
  ...said,
  ['nights in Nepal', recurring('FREQ=WEEKLY;BYDAY=SA', '2026-01-03T03:00', 4 * hour, 'Asia/Kathmandu')],
  ['in the night of the change', recurring('FREQ=DAILY', '2026-01-01T01:30', 3 * hour)],
  ['over midnight in New York', recurring('FREQ=WEEKLY;BYDAY=SA,SU', '2026-01-03T21:30', 5 * hour, 'America/New_York')],
  [
    'last days in Lord Howe',
    recurring('FREQ=MONTHLY;BYMONTHDAY=-2', '2026-01-30T12:00', 2 * hour, 'Australia/Lord_Howe'),
  ],
] satisfies readonly (readonly [string, ExclusionTime])[])(
  '%s in an AlertmanagerConfig, which knows UTC only,',
  (_, when) => {
    test('mutes exactly while the exclusion holds', () => {
      const { intervals, diagnostics } = muteIntervals(serviceWith(when), ofOperator);
      expect(diagnostics).toEqual([]);
      const [interval] = intervals;
      const written = plain((interval?.timeIntervals ?? []).map(inAlertmanager));
      expect(written.length).toBeLessThan(250);
      for (const [from, to] of [
        [Date.UTC(2026, 1, 20), Date.UTC(2026, 3, 20)],
        [Date.UTC(2026, 9, 20), Date.UTC(2026, 10, 8)],
        [Date.UTC(2031, 2, 20), Date.UTC(2031, 3, 12)],
        [Date.UTC(2039, 11, 20), Date.UTC(2040, 0, 10)],
      ] as const) {
        for (let time = from; time < to; time += 155 * minute) {
          const mutes = written.some((one) => holds(one, time));
          expect(mutes, new Date(time).toISOString()).toBe(isExcluded(when, timestamp(time)));
        }
      }
    });
  },
);

test.each([
  ['a place in the month that is another day in UTC', recurring('FREQ=MONTHLY;BYDAY=1MO', '2026-01-05T00:30', hour)],
  ['the first of a month, the last one in UTC', recurring('FREQ=MONTHLY;BYMONTHDAY=1', '2026-01-01T00:30', hour)],
] satisfies readonly (readonly [string, ExclusionTime])[])('%s is beyond an AlertmanagerConfig', (_, when) => {
  expect(muteIntervals(serviceWith(when)).diagnostics).toEqual([]);
  expect(muteIntervals(serviceWith(when), ofOperator).diagnostics.map(({ code }) => code)).toEqual(['generate/mute']);
});

test.each([
  ['every other week', recurring('FREQ=WEEKLY;INTERVAL=2', '2026-01-04T02:00', hour)],
  ['an end', recurring('FREQ=WEEKLY;COUNT=3', '2026-01-04T02:00', hour)],
  ['over midnight at the end of a month', recurring('FREQ=MONTHLY;BYMONTHDAY=31', '2026-01-31T23:00', 2 * hour)],
  ['seconds', recurring('FREQ=DAILY', '2026-01-04T02:00:30', hour)],
  ['once a year', recurring('FREQ=YEARLY', '2026-01-04T02:00', hour)],
  ['half a year', { kind: 'once', from: '2026-01-01', to: '2026-07-01' }],
] satisfies readonly (readonly [string, ExclusionTime])[])('%s is beyond Alertmanager, and that is said', (_, when) => {
  const { intervals, diagnostics } = muteIntervals(serviceWith(when));
  expect(intervals).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual(['generate/mute']);
});

function serviceWith(when: ExclusionTime): Service {
  const exclusion = { name: 'maintenance', reason: 'planned', owner: 'us', slos: ['up'], when };
  const own = { name: 'shop', title: 'Shop', owner: 'us', job: 'shop', metrics: new Map(), slos: [] };
  return { ...plainService, ...own, exclusions: [exclusion] };
}

/** What the operator makes of an interval. Source: prometheus-operator, pkg/alertmanager/amcfg.go, convertMuteTimeInterval. */
function inAlertmanager(interval: YamlValue): YamlValue {
  const { times, daysOfMonth, ...rest } = JSON.parse(JSON.stringify(interval));
  return {
    ...rest,
    times: times.map((one: { startTime: string; endTime: string }) => ({
      start_time: one.startTime,
      end_time: one.endTime,
    })),
    days_of_month: daysOfMonth?.map(({ start, end }: { start: number; end: number }) => `${start}:${end}`),
  };
}

/** The intervals as they are read again. */
function plain(intervals: readonly YamlValue[]): readonly WrittenInterval[] {
  return JSON.parse(JSON.stringify(intervals));
}

/** What `holds` reads of an interval. */
interface WrittenInterval {
  readonly times: readonly { readonly start_time: string; readonly end_time: string }[];
  readonly weekdays?: readonly string[];
  readonly days_of_month?: readonly string[];
  readonly months?: readonly string[];
  readonly years?: readonly string[];
  readonly location?: string;
}

let newest: { readonly time: number; readonly zone: string; readonly clock: Temporal.ZonedDateTime } | undefined;

/** What the clocks of a zone show; many intervals ask for the same. */
function clockAt(time: number, zone: string): Temporal.ZonedDateTime {
  if (newest?.time !== time || newest.zone !== zone)
    newest = { time, zone, clock: Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone) };
  return newest.clock;
}

/** Whether an interval of Alertmanager holds. Source: alertmanager, timeinterval/timeinterval.go, ContainsTime. */
function holds(one: WrittenInterval, time: number): boolean {
  const clock = clockAt(time, one.location ?? 'UTC');
  const minutes = clock.hour * 60 + clock.minute;
  const names = ['', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const within = (range: string, value: number): boolean => {
    const [from = 0, to = from] = range
      .split(':')
      .map(Number)
      .map((bound) => (bound < 0 ? clock.daysInMonth + bound + 1 : bound));
    return from <= value && value <= to;
  };
  const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return (
    one.times.some((part) => minutesOf(part.start_time) <= minutes && minutes < minutesOf(part.end_time)) &&
    (one.weekdays?.includes(names[clock.dayOfWeek] ?? '') ?? true) &&
    (one.days_of_month?.some((range) => within(range, clock.day)) ?? true) &&
    (one.months?.some((range) => within(range, clock.month)) ?? true) &&
    (one.years?.some((range) => within(range, clock.year)) ?? true)
  );
}
