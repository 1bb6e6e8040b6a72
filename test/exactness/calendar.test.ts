import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, timestamp } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { printRuleFile } from '../../src/core/rules/index.ts';
import { isStale, Labels, metricName, type Series } from '../../src/core/series/index.ts';
import { type CalendarPeriod, type CalendarUnit, periodContaining } from '../../src/core/slo/index.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { type EventKind, evaluateRules, isNamed } from './history.ts';
import { calendarObjective, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { type Scraped, scrape } from './traffic.ts';

/**
 * The figures of calendar periods at every evaluation against the events that became visible since the period's first moment, which
 * the calendar gives by another way. Evaluations are far apart, so that a quarter takes seconds.
 */
interface Case {
  readonly unit: CalendarUnit;
  readonly zone: string;
  readonly from: string;
  readonly days: number;
  readonly interval: number;
}

const short: readonly Case[] = [
  { unit: 'day', zone: 'Europe/Berlin', from: '2026-03-27T20:00Z', days: 3, interval: 3 * minute },
  { unit: 'week', zone: 'America/New_York', from: '2026-10-30T06:00Z', days: 11, interval: 5 * minute },
  { unit: 'month', zone: 'Asia/Kathmandu', from: '2026-02-26T06:00Z', days: 5, interval: 5 * minute },
  { unit: 'quarter', zone: 'UTC', from: '2026-06-29T06:00Z', days: 4, interval: 5 * minute },
  { unit: 'year', zone: 'Australia/Lord_Howe', from: '2026-12-30T06:00Z', days: 4, interval: 5 * minute },
];
const long: readonly Case[] = [
  { unit: 'day', zone: 'Australia/Lord_Howe', from: '2026-04-03T06:00Z', days: 3, interval: minute },
  { unit: 'day', zone: 'Africa/Cairo', from: '2026-10-28T06:00Z', days: 4, interval: minute },
  { unit: 'month', zone: 'Asia/Kathmandu', from: '2026-01-30T06:00Z', days: 33, interval: 5 * minute },
  { unit: 'month', zone: 'UTC', from: '2027-01-29T06:00Z', days: 36, interval: 5 * minute },
  { unit: 'month', zone: 'Europe/Berlin', from: '2026-09-30T12:00Z', days: 34, interval: 5 * minute },
  { unit: 'quarter', zone: 'America/New_York', from: '2026-03-29T06:00Z', days: 96, interval: 5 * minute },
];
const cases = process.env['NINES_LONG'] === '1' ? [...short, ...long] : short;

describe('a calendar period', () => {
  test.each(cases)('$unit in $zone from $from', { timeout: 900_000 }, async ({ unit, zone, from, days, interval }) => {
    const start = Date.parse(from);
    const end = start + days * day;
    const period: CalendarPeriod = { kind: 'calendar', unit, timeZone: zone, length: duration(30 * day) };
    const scraped = scrapeTrouble(start, end, interval);
    const slo = { ...objective('bad', period.length), period, alerts: [] };
    const { series } = await evaluateRules(rulesOf(shop(slo), duration(interval)), scraped.series, start, end);
    const calendar = { period, interval, start, scraped };
    expect(judgeTotals(series, 'total', calendar)).toBeGreaterThan(((end - start) / interval) * 0.9);
    judgeTotals(series, 'bad', calendar);
    judgePrevious(series, calendar);
    judgeElapsed(series, calendar);
  });
});

test('a real promtool sees the day turn at midnight in Kathmandu', { timeout: 120_000 }, async (context) => {
  const promtool = needServer(context, 'promtool');
  const interval = duration(5 * minute);
  const slo = { ...calendarObjective('day', 'Asia/Kathmandu'), alerts: [] };
  const rules = rulesOf(shop(slo), interval);
  // promtool counts from 1970; it is 18:15 in UTC when the next day begins there.
  const at = [18 * hour + 10 * minute, 18 * hour + 15 * minute, 18 * hour + 20 * minute, 20 * hour];
  const ticks = (20 * hour) / interval;
  const counters = [
    { code: '200', step: 30 },
    { code: '500', step: 1 },
  ];
  const raw = counters.map(({ code, step }) => ({
    labels: Labels.of({ [metricName]: 'requests_total', job: 'shop', instance: 'a', code }),
    timestamps: Float64Array.from({ length: ticks + 1 }, (_, i) => i * interval),
    values: Float64Array.from({ length: ticks + 1 }, (_, i) => i * step),
  }));
  const { series } = await evaluateRules(rules, raw, 0, 20 * hour);
  const figures: readonly (readonly [name: string, kind: EventKind])[] = [
    [recorded.periodEvents, 'total'],
    [recorded.periodEvents, 'bad'],
    [recorded.periodElapsed, ''],
    [recorded.previousErrorRatio, ''],
  ];
  const expected = figures.flatMap(([name, kind]) => {
    const samples = new Map(series.some((one) => isNamed(one, name, kind)) ? samplesOf(series, name, kind) : []);
    const labels = `service="shop",slo="${slo.name}"${kind === '' ? '' : `,events="${kind}"`}`;
    return at.map((time) => ({ kind, selector: `${name}{${labels}}`, time, value: samples.get(time) }));
  });
  expect(expected.find(({ kind, time }) => kind === 'total' && time === at[2])?.value).toBe(31);
  const tests = {
    rule_files: ['rules.yml'],
    evaluation_interval: '5m',
    group_eval_order: rules.groups.map(({ name }) => name),
    tests: [
      {
        interval: '5m',
        input_series: counters.map(({ code, step }) => ({
          series: `requests_total{job="shop",instance="a",code="${code}"}`,
          values: `0+${step}x${ticks}`,
        })),
        promql_expr_test: expected.map(({ selector, time, value }) => ({
          expr: selector,
          eval_time: `${time / 1000}s`,
          exp_samples: value === undefined ? [] : [{ labels: selector, value }],
        })),
      },
    ],
  };
  const folder = await mkdtemp(join(tmpdir(), 'nines-calendar-'));
  try {
    await writeFile(join(folder, 'rules.yml'), printRuleFile(rules));
    await writeFile(join(folder, 'tests.yml'), JSON.stringify(tests));
    const env = { ...process.env, ...serverEnvironment() };
    const { stdout } = await promisify(execFile)(promtool, ['test', 'rules', join(folder, 'tests.yml')], { env });
    expect(stdout).toContain('SUCCESS');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

interface Calendar {
  readonly period: CalendarPeriod;
  readonly interval: number;
  readonly start: number;
  readonly scraped: Scraped;
}

/** An increase belongs to the period in which it began. */
function judgeTotals(
  series: readonly Series[],
  which: 'bad' | 'total',
  { period, interval, start, scraped }: Calendar,
): number {
  let judged = 0;
  for (const [time, value] of samplesOf(series, recorded.periodEvents, which)) {
    const current = periodContaining(period, timestamp(time - interval));
    // In the first minutes after the rules were loaded nothing counts.
    const counted = Math.max(current.start, start + interval);
    const truth = scraped.visible(counted / 1000, time / 1000)[which];
    expect(value, `${which} at ${new Date(time).toISOString()}`).toBe(truth);
    judged += 1;
  }
  return judged;
}

function judgePrevious(series: readonly Series[], { period, interval, start, scraped }: Calendar): void {
  let judged = 0;
  for (const [time, value] of samplesOf(series, recorded.previousErrorRatio)) {
    const current = periodContaining(period, timestamp(time - interval));
    const previous = periodContaining(period, timestamp(current.start - 1));
    if (previous.start < start) continue;
    const truth = scraped.visible(previous.start / 1000, previous.end / 1000);
    expect(value, new Date(time).toISOString()).toBeCloseTo(truth.bad / truth.total, 12);
    judged += 1;
  }
  const whole = periodContaining(period, timestamp(start)).end;
  if (periodContaining(period, timestamp(whole)).end + 2 * hour < (series[0]?.timestamps.at(-1) ?? 0)) {
    expect(judged).toBeGreaterThan(0);
  }
}

function judgeElapsed(series: readonly Series[], { period, interval, start }: Calendar): void {
  for (const [time, value] of samplesOf(series, recorded.periodElapsed)) {
    const current = periodContaining(period, timestamp(time - interval));
    expect(value, new Date(time).toISOString()).toBe((time - interval - current.start) / 1000);
  }
  for (const [time, value] of samplesOf(series, recorded.periodFill)) {
    const current = periodContaining(period, timestamp(time - interval));
    if (start <= current.start) expect(value, new Date(time).toISOString()).toBe(1);
  }
}

function* samplesOf(
  series: readonly Series[],
  name: string,
  kind: EventKind = '',
): Generator<readonly [time: number, value: number]> {
  const [found, more] = series.filter((one) => isNamed(one, name, kind));
  if (found === undefined || more !== undefined) throw new Error(`${name} is not one series`);
  for (const [i, time] of found.timestamps.entries()) {
    if (!isStale(found, i)) yield [time, found.values[i] ?? Number.NaN];
  }
}

function scrapeTrouble(from: number, to: number, interval: number): Scraped {
  const span = { from: from / 1000, to: to / 1000, period: (to - from) / 1000 };
  const made = scenarios.find(({ name }) => name === 'diurnal 20:1, 3 % errors every night')?.make(span);
  if (made === undefined) throw new Error('no scenario');
  return scrape({ ...made, scrapeInterval: interval / 1000, from: span.from, to: span.to });
}
