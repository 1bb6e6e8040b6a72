import { afterAll, describe, expect, test } from 'vitest';
import { type Duration, day, duration, hour, minute, ratio, timestamp } from '../../src/core/base/index.ts';
import { rawName, recorded } from '../../src/core/generate/index.ts';
import { runQuery } from '../../src/core/promql/index.ts';
import type { RuleFile } from '../../src/core/rules/index.ts';
import { isStale, Labels, memorySource, metricName, type Series } from '../../src/core/series/index.ts';
import {
  type CalendarPeriod,
  type CompositeIndicator,
  type Exclusion,
  type ExclusionTime,
  inSeries,
  isExcluded,
  type Period,
  periodContaining,
  type Service,
  type Slo,
  weightedMean,
} from '../../src/core/slo/index.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { compareRules } from './agreement.ts';
import { type EventKind, evaluateRules, isNamed } from './history.ts';
import { openMetrics, withoutStaleMarkers } from './openmetrics.ts';
import { expr, objective, rulesOf, shop } from './rules.ts';
import { type Scraped, scrape } from './traffic.ts';

/**
 * The figures of composites over calendar periods, several periods and exclusions, at every evaluation, against the maths of what became
 * visible of each member, which the calendar and the recurrence give by another way.
 */
const combines = ['weighted', 'worst', 'series', 'pooled'] as const;
type Combine = (typeof combines)[number];
const weights = { busy: 3, quiet: 1 };
const berlin: CalendarPeriod = { kind: 'calendar', unit: 'day', timeZone: 'Europe/Berlin', length: day };

let server: RunningServer | undefined;
afterAll(() => server?.stop());

describe('composites', () => {
  test.each([
    ['days in Berlin when clocks go forward', berlin, '2026-03-28T20:00Z', 0.5, 5],
    ['months in Kathmandu', { ...berlin, unit: 'month', timeZone: 'Asia/Kathmandu' }, '2026-02-28T13:00Z', 0.35, 5],
    ['years in New York', { ...berlin, unit: 'year', timeZone: 'America/New_York' }, '2026-12-31T23:00Z', 0.6, 5],
  ] as const)('over %s', { timeout: 240_000 }, async (_, period, from, days, minutes) => {
    const interval = duration(minutes * minute);
    const start = Date.parse(from);
    const end = start + days * day;
    const traffic = bothTraffics(start, end, interval);
    const service = shop(...membersWith({ period }), ...combines.map((combine) => composite(combine, { period })));
    const { series } = await evaluateRules(rulesOf(service, interval), seriesOf(traffic), start, end);
    for (const combine of combines) {
      const lag = combine === 'pooled' ? interval : 0;
      let judged = 0;
      for (const [time, value] of samplesOf(series, recorded.periodErrorRatio, combine)) {
        const counted = time - lag;
        const current = periodContaining(period, timestamp(counted - interval));
        const began = Math.max(current.start, start + interval);
        const truth = jointTruth(combine, traffic, [[began, counted]]);
        expectClose(value, truth.errors, `${combine} at ${new Date(time).toISOString()}`);
        judged += 1;
      }
      expect(judged).toBeGreaterThan(((end - start) / interval) * 0.9);
      for (const [time, value] of samplesOf(series, recorded.periodEvents, combine, 'total')) {
        const counted = time - lag;
        const current = periodContaining(period, timestamp(counted - interval));
        const began = Math.max(current.start, start + interval);
        expect(value, `${combine} ${time}`).toBe(jointTruth(combine, traffic, [[began, counted]]).total);
      }
      for (const [time, value] of samplesOf(series, recorded.periodElapsed, combine)) {
        const current = periodContaining(period, timestamp(time - lag - interval));
        expect(value, combine).toBe((time - lag - interval - current.start) / 1000);
      }
      const turned = periodContaining(period, timestamp(start)).end;
      for (const [time, value] of samplesOf(series, recorded.periodFill, combine)) {
        if (turned + 2 * interval < time) expectClose(value, 1, `${combine} fill at ${time}`);
      }
      judged = 0;
      for (const [time, value] of samplesOf(series, recorded.previousErrorRatio, combine)) {
        const current = periodContaining(period, timestamp(time - lag - interval));
        const previous = periodContaining(period, timestamp(current.start - 1));
        const truth = jointTruth(combine, traffic, [[Math.max(previous.start, start + interval), previous.end]]);
        expectClose(value, truth.errors, `${combine} before ${new Date(time).toISOString()}`);
        judged += 1;
      }
      expect(judged, combine).toBeGreaterThan(0);
    }
  });

  test('of several periods, with exclusions, groups and composites as members', { timeout: 240_000 }, async () => {
    const { series, traffic, interval, end } = await recordedMany();
    const at = (combine: Combine): number => (combine === 'pooled' ? end - interval : end);
    const today = Date.UTC(2026, 9, 25, 23);
    for (const combine of combines) {
      const until = at(combine);
      const excluded = jointTruth(combine, traffic, withoutNights(today, until, interval));
      const raw = jointTruth(combine, traffic, [[today, until]]);
      expect(excluded.errors).not.toBeCloseTo(raw.errors, 6);
      const period = { period: 'calendar-day-Europe/Berlin' };
      expectClose(newest(series, recorded.periodErrorRatio, combine, period), excluded.errors, combine);
      expectClose(newest(series, rawName(recorded.periodErrorRatio), combine, period), raw.errors, `raw ${combine}`);
      const hours = jointTruth(combine, traffic, withoutNights(until - 12 * hour, until, interval));
      expectClose(newest(series, recorded.periodErrorRatio, combine), hours.errors, `${combine} 12h`);
      expect(newest(series, recorded.periodEvents, combine, { kind: 'total' })).toBe(hours.total);
    }
    // Each code is a group: all events of one are bad, none of the other, and both have a say.
    const groups = [0, 1].map((bad) => ({ ratio: ratio(bad), weight: 0.5 * 3 }));
    const quiet = traffic.quiet.visible((end - 12 * hour) / 1000, end / 1000);
    const mean = weightedMean([...groups, { ratio: ratio(quiet.bad / quiet.total), weight: 1 }]);
    expectClose(newest(series, recorded.periodErrorRatio, 'grouped'), mean ?? Number.NaN, 'grouped');
    // A composite of a composite takes its share like that of any other member, of what it recorded last.
    const worst = jointTruth('worst', traffic, withoutNights(end - 12 * hour, end, interval)).errors;
    expectClose(newest(series, recorded.periodErrorRatio, 'nested'), Math.max(worst, 0.001), 'nested', 0.02);
    expect(newest(series, recorded.errorRatio, 'nested', { window: '6h' })).toBeGreaterThan(0);
  });

  test('ask a real Prometheus, which gives what the engine gives', { timeout: 240_000 }, async (context) => {
    const { series, file, interval, end } = await recordedMany();
    const stored = withoutStaleMarkers(series);
    const flags = ['--query.lookback-delta=4m59s999ms'];
    server = await startPrometheus(context, { history: openMetrics(stored), flags });
    const groups = file.groups.filter(({ rules }) => rules.some(({ labels }) => labels.get('slo') !== 'busy'));
    const compared = await compareRules(server, { groups }, stored, {
      evaluations: 2,
      end,
      length: 16 * hour,
      interval,
    });
    expect(compared).toBeGreaterThan(400);
  });
});

test('a member that is still in the month before has no say in the new one', async () => {
  const interval = duration(minute);
  const period: CalendarPeriod = { kind: 'calendar', unit: 'month', timeZone: 'UTC', length: duration(30 * day) };
  const service = shop(...membersWith({ period }), composite('worst', { period }));
  const own = rulesOf(service, interval).groups.find(({ name }) => name === 'nines-shop-worst');
  const time = Date.UTC(2026, 10, 1, 0, 1, 30);
  // The groups of the members are evaluated at different moments of a minute; that of `quiet` has its turn in a second.
  const said = [
    { slo: 'busy', at: time - 20_000, elapsed: 10, errors: 0.25, total: 100 },
    { slo: 'quiet', at: time - 59_000, elapsed: 31 * 86_400 - 29, errors: 0.75, total: 1_000_000 },
  ].flatMap(({ slo, at, elapsed, errors, total }) => [
    sample(recorded.periodElapsed, slo, at, elapsed),
    sample(recorded.periodErrorRatio, slo, at, errors),
    sample(recorded.periodEvents, slo, at, total, { events: 'total' }),
    sample(recorded.periodObserved, slo, at, elapsed),
  ]);
  const known = [...said, sample(recorded.periodElapsed, 'worst', time, 10)];
  const ask = async (name: string, kind: EventKind, more: readonly Series[] = []): Promise<number | undefined> => {
    const rule = own?.rules.find(
      (each) => each.kind === 'recording' && each.record === name && (each.labels.get('events') ?? '') === kind,
    );
    if (rule === undefined) throw new Error(`no rule ${name}`);
    const at = timestamp(time);
    const outcome = await runQuery(memorySource([...known, ...more]), rule.expr, {
      start: at,
      end: at,
      step: duration(0),
    });
    if (!outcome.ok || outcome.value.kind !== 'vector') throw new Error(name);
    return outcome.value.samples[0]?.value;
  };
  expect(await ask(recorded.periodElapsed, '')).toBe(10);
  expect(await ask(recorded.periodEvents, 'total')).toBe(100);
  expect(await ask(recorded.periodObserved, '')).toBe(10);
  const total = sample(recorded.periodEvents, 'worst', time, 100, { events: 'total' });
  expect(await ask(recorded.periodEvents, 'bad', [total])).toBe(25);
});

interface Recorded {
  readonly series: readonly Series[];
  readonly traffic: Traffics;
  readonly file: RuleFile;
  readonly interval: Duration;
  readonly end: number;
}

let many: Promise<Recorded> | undefined;

/** A day and more of `manyPeriods`, evaluated once for all who look at it. Nothing in it has ended, so stale markers don't matter. */
function recordedMany(): Promise<Recorded> {
  many ??= (async () => {
    const interval = duration(5 * minute);
    const end = Date.UTC(2026, 9, 26, 12);
    const start = end - 0.75 * day;
    const traffic = bothTraffics(start, end, interval);
    const file = rulesOf(manyPeriods(), interval);
    const { series } = await evaluateRules(file, withoutStaleMarkers(seriesOf(traffic)), start, end);
    return { series, traffic, file, interval, end };
  })();
  return many;
}

const nights: ExclusionTime = {
  kind: 'recurring',
  rule: 'FREQ=DAILY;BYDAY=SU,MO',
  start: '2026-01-04T01:00',
  length: duration(3 * hour),
  timeZone: 'Europe/Berlin',
};

/** Composites over half a day and over the calendar's day, of members of which each night is excluded. */
function manyPeriods(): Service {
  const half: Period = { kind: 'rolling', length: duration(12 * hour) };
  const periods = { period: half, furtherPeriods: [berlin] };
  const slos = [
    ...membersWith({ period: berlin, furtherPeriods: [half] }),
    ...combines.map((combine) => composite(combine, periods)),
  ];
  const exclusion: Exclusion = {
    name: 'nights',
    reason: 'planned',
    owner: 'shop-team',
    slos: slos.map(({ name }) => name),
    when: nights,
  };
  const [busy, quiet] = membersWith({ period: half });
  if (busy === undefined || quiet === undefined) throw new Error('no members');
  const byCode = { ...busy, name: 'by-code', groupBy: ['code'] };
  const open = { ...quiet, name: 'open' };
  const members = [
    { service: 'shop', slo: 'by-code', weight: 3 },
    { service: 'shop', slo: 'open', weight: 1 },
  ];
  const tiers = busy.alerts.slice(1, 2);
  const grouped = { ...composite('weighted', { period: half }), name: 'grouped' };
  const nested = {
    ...composite('worst', { period: half }),
    name: 'nested',
    alerts: objective('bad', half.length).alerts.slice(1, 2),
  };
  return {
    ...shop(
      ...slos,
      byCode,
      open,
      { ...grouped, alerts: tiers, indicator: { kind: 'composite', combine: 'weighted', members } },
      {
        ...nested,
        indicator: { kind: 'composite', combine: 'worst', members: [{ service: 'shop', slo: 'worst', weight: 1 }] },
      },
    ),
    exclusions: [exclusion],
  };
}

type Periods = Partial<Pick<Slo, 'period' | 'furtherPeriods'>>;

function membersWith(periods: Periods): readonly Slo[] {
  return Object.keys(weights).map((name): Slo => {
    const total = expr(`requests_total{job="${name}"}`);
    const events = expr(`requests_total{job="${name}",code="500"}`);
    const indicator = { kind: 'ratio', counts: 'bad', events, total } as const;
    return { ...objective('bad', duration(30 * day)), name, indicator, alerts: [], ...periods };
  });
}

function composite(combine: Combine, periods: Periods): Slo {
  const members = Object.entries(weights).map(([slo, weight]) => ({ service: 'shop', slo, weight }));
  const indicator: CompositeIndicator = { kind: 'composite', combine, members };
  return { ...objective('bad', duration(30 * day)), name: combine, indicator, alerts: [], ...periods };
}

type Traffics = Readonly<Record<keyof typeof weights, Scraped>>;

function bothTraffics(from: number, to: number, interval: number): Traffics {
  const of = (job: string, rate: number, errorRatio: number, seed: number): Scraped => {
    const instance = { name: 'a', from: from / 1000, to: to / 1000 + 86_400, restarts: [], fails: () => false };
    const hourly = (time: number): number => 0.5 + ((time / 3600) % 24) / 24;
    const scraped = scrape({
      from: from / 1000,
      to: to / 1000,
      scrapeInterval: interval / 1000,
      instances: [instance],
      rate: () => rate,
      errorRatio: (time) => errorRatio * hourly(time),
      lazy: false,
      seed,
    });
    return { ...scraped, series: scraped.series.map((one) => ({ ...one, labels: one.labels.with('job', job) })) };
  };
  return { busy: of('busy', 2, 0.004, 1), quiet: of('quiet', 0.5, 0.05, 2) };
}

function seriesOf({ busy, quiet }: Traffics): readonly Series[] {
  return [...busy.series, ...quiet.series];
}

/** What a composite should show of stretches of time. */
function jointTruth(
  combine: Combine,
  traffic: Traffics,
  stretches: readonly (readonly [from: number, to: number])[],
): { readonly errors: number; readonly total: number } {
  const shown = [traffic.busy, traffic.quiet].map(({ visible }) =>
    stretches
      .map(([from, to]) => visible(from / 1000, to / 1000))
      .reduce((sum, { bad, total }) => ({ bad: sum.bad + bad, total: sum.total + total }), { bad: 0, total: 0 }),
  );
  const total = shown.reduce((sum, one) => sum + one.total, 0);
  const known = shown.map(({ bad, total: all }, i) => ({ share: bad / all, weight: Object.values(weights)[i] ?? 1 }));
  const shares = known.filter(({ share }) => !Number.isNaN(share));
  const errors = {
    weighted: weightedMean(shares.map(({ share, weight }) => ({ ratio: ratio(share), weight }))) ?? 0,
    worst: Math.max(...shares.map(({ share }) => share)),
    series: 1 - inSeries(shares.map(({ share }) => ratio(1 - share))),
    pooled: shown.reduce((sum, one) => sum + one.bad, 0) / total,
  }[combine];
  return { errors, total };
}

/** The evaluations of a stretch that no exclusion touches. */
function withoutNights(from: number, to: number, interval: number): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  for (let time = from; time < to; time += interval) {
    if (!isExcluded(nights, timestamp(time))) stretches.push([time, time + interval]);
  }
  return stretches;
}

function sample(
  name: string,
  slo: string,
  at: number,
  value: number,
  more: Readonly<Record<string, string>> = {},
): Series {
  return {
    labels: Labels.of({ [metricName]: name, service: 'shop', slo, ...more }),
    timestamps: Float64Array.of(at),
    values: Float64Array.of(value),
  };
}

function* samplesOf(
  series: readonly Series[],
  name: string,
  slo: string,
  kind: EventKind = '',
): Generator<readonly [time: number, value: number]> {
  const [found, more] = series.filter((one) => isNamed(one, name, kind) && one.labels.get('slo') === slo);
  if (found === undefined || more !== undefined) throw new Error(`${name} of ${slo} is not one series`);
  for (const [i, time] of found.timestamps.entries()) {
    if (!isStale(found, i)) yield [time, found.values[i] ?? Number.NaN];
  }
}

function newest(
  series: readonly Series[],
  name: string,
  slo: string,
  {
    kind = '',
    period = '',
    window = '',
  }: { readonly kind?: EventKind; readonly period?: string; readonly window?: string } = {},
): number {
  const found = series.find(
    (one) =>
      isNamed(one, name, kind) &&
      one.labels.get('slo') === slo &&
      one.labels.get('period') === period &&
      one.labels.get('window') === window,
  );
  return found?.values.at(-1) ?? Number.NaN;
}

/** To nine digits. */
function expectClose(value: number, truth: number, what: string, within = 1e-9): void {
  if (!(Math.abs(value / truth - 1) <= within)) expect(value, what).toBe(truth);
}
