import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, second, timestamp } from '../../base/index.ts';
import { parseExpr, printExpr, runQuery } from '../../promql/index.ts';
import { Labels, memorySource, metricName } from '../../series/index.ts';
import {
  type ExclusionTime,
  isExcluded,
  plainService,
  plainSlo,
  readTarget,
  type Service,
  type Slo,
  zoneOffsets,
} from '../../slo/index.ts';
import { recorded } from '../names.ts';
import { excludedRules, exclusionProblems } from './exclusion-rules.ts';

/** The expression that says whether an exclusion holds against the recurrence library by the clocks of the zone. */
const interval = duration(30 * second);

function recurring(rule: string, start: string, length: number, timeZone = 'Europe/Berlin'): ExclusionTime {
  return { kind: 'recurring', rule, start, length: duration(length), timeZone };
}

const cases: readonly (readonly [name: string, when: ExclusionTime])[] = [
  ['Sunday nights', recurring('FREQ=WEEKLY;BYDAY=SU', '2026-01-04T02:00', 2 * hour)],
  ['over midnight', recurring('FREQ=DAILY', '2026-01-04T23:30', hour)],
  ['workdays', recurring('FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR', '2026-01-07T12:00', 45 * minute)],
  ['every other Wednesday and Friday', recurring('FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,FR', '2026-01-08T22:00', 4 * hour)],
  ['a long weekend', recurring('FREQ=WEEKLY;BYDAY=FR', '2026-01-02T18:00', 60 * hour)],
  ['every third day', recurring('FREQ=DAILY;INTERVAL=3', '2026-01-04T05:15', 3 * hour, 'Asia/Kathmandu')],
  ['the first Sunday of a month', recurring('FREQ=MONTHLY;BYDAY=1SU', '2026-01-04T23:00', 3 * hour)],
  ['the last Thursday of a month', recurring('FREQ=MONTHLY;BYDAY=-1TH', '2026-01-29T01:00', 6 * hour, 'Africa/Cairo')],
  [
    'the last day of every other month',
    recurring('FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1', '2026-01-31T20:00', 8 * hour),
  ],
  ['the fifteenth', recurring('FREQ=MONTHLY', '2026-01-15T00:00', day, 'Australia/Lord_Howe')],
  ['five times', recurring('FREQ=WEEKLY;COUNT=5', '2026-03-15T02:00', 2 * hour)],
  ['until May', recurring('FREQ=DAILY;UNTIL=20260501T030000', '2026-03-15T02:00', 2 * hour)],
  ['once a year', recurring('FREQ=YEARLY', '2025-12-31T22:00', 4 * hour)],
  ['in summer only', recurring('FREQ=MONTHLY;BYMONTH=6,7,8;BYMONTHDAY=1', '2026-06-01T00:00', 2 * hour)],
  ['once', { kind: 'once', from: '2026-03-29T00:30:00+01:00', to: '2026-03-29T05:00:00+02:00' }],
];

describe.each(cases)('%s', (_, when) => {
  test('holds at the evaluations at which the calendar says so', async () => {
    const instants = fc.oneof(
      fc.integer({ min: Date.UTC(2025, 11, 20), max: Date.UTC(2027, 1, 1) }),
      // Nights in which clocks are changed, and turns of months.
      fc
        .constantFrom('2026-03-29', '2026-10-25', '2026-04-05', '2026-10-29', '2026-02-01')
        .chain((date) =>
          fc.integer({ min: -20, max: 20 }).map((quarters) => Date.parse(`${date}T00:00Z`) + quarters * 15 * minute),
        ),
    );
    await fc.assert(
      fc.asyncProperty(instants, async (instant) => {
        const time = Math.floor(instant / interval) * interval;
        expect(await evaluate(when, time), new Date(time).toISOString()).toBe(
          isExcluded(when, timestamp(time - interval)) ? 1 : 0,
        );
      }),
      { numRuns: 60 },
    );
  });
});

test('a night of maintenance is excluded from its first evaluation to its last, by the clock', async () => {
  const sunday = recurring('FREQ=WEEKLY;BYDAY=SU', '2026-01-04T02:00', 2 * hour);
  const held = async (from: string, to: string): Promise<number> => {
    let count = 0;
    for (let time = Date.parse(from); time < Date.parse(to); time += minute)
      count += (await evaluate(sunday, time)) ?? 0;
    return count;
  };
  expect(await held('2026-01-11T00:00+01:00', '2026-01-11T06:00+01:00')).toBe(120);
  // From 02:00 to 04:00 it is one hour in spring, and three in autumn.
  expect(await held('2026-03-29T00:00+01:00', '2026-03-29T06:00+02:00')).toBe(60);
  expect(await held('2026-10-25T00:00+02:00', '2026-10-25T06:00+01:00')).toBe(180);
});

test.each([
  ['every minute', recurring('FREQ=MINUTELY', '2026-01-01T00:00', 10 * second)],
  ['no rule', recurring('FREQ=SOMETIMES', '2026-01-01T00:00', hour)],
])('%s cannot be expressed, and that is said', (_, when) => {
  const service = serviceWith(when);
  expect(exclusionProblems(service, slo).map(({ code }) => code)).toEqual(['generate/exclusion']);
});

const target = readTarget('99.9%');
if (!target.ok) throw new Error('no target');
const slo: Slo = {
  ...plainSlo,
  name: 'availability',
  title: 'Availability',
  indicator: { kind: 'ratio', counts: 'bad', events: expr('failed_total'), total: expr('all_total') },
  target: target.value,
  period: { kind: 'rolling', length: duration(30 * day) },
  alerts: [],
  minimumBadEvents: 3,
  noData: 'unknown',
  absentFor: minute,
  labels: new Map(),
};

function serviceWith(when: ExclusionTime): Service {
  const exclusion = { name: 'maintenance', reason: 'planned', owner: 'us', slos: [slo.name], when };
  const own = { name: 'shop', title: 'Shop', owner: 'us', job: 'shop', metrics: new Map(), slos: [slo] };
  return { ...plainService, ...own, exclusions: [exclusion] };
}

/** The value of the recorded expression, with the zone's offset recorded as it is at the evaluation before. */
async function evaluate(when: ExclusionTime, time: number): Promise<number | undefined> {
  const [rule] = excludedRules(serviceWith(when), slo, interval);
  if (rule === undefined) throw new Error('no rule');
  const zone = when.kind === 'recurring' ? when.timeZone : 'UTC';
  const { first, changes } = zoneOffsets(zone);
  const offset = changes.findLast(({ at }) => at <= time - interval)?.offset ?? first;
  const labels = { [metricName]: recorded.zoneOffset, service: 'shop', slo: slo.name, time_zone: zone };
  const series = {
    labels: Labels.of(labels),
    timestamps: Float64Array.of(time),
    values: Float64Array.of(offset / 1000),
  };
  const at = timestamp(time);
  const outcome = await runQuery(memorySource([series]), rule.expr, { start: at, end: at, step: duration(0) });
  if (!outcome.ok || outcome.value.kind !== 'vector') throw new Error(printExpr(rule.expr));
  return outcome.value.samples[0]?.value;
}

function expr(text: string) {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
