import { describe, expect, test } from 'vitest';
import { day, duration, minute, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { bucketsFrom, emptyHistogram, isStale, Labels, metricName, type Series } from '../../src/core/series/index.ts';
import { type EventKind, evaluateRules, evaluateWithGaps, isNamed } from './history.ts';
import { expr, objective, rulesOf, shop } from './rules.ts';

/** Small troubles one by one: counters sampled every half minute from 0 on, and the events that an hour of it holds. */
const interval = duration(30 * second);
const start = 1_700_000_100_000;
const hour = 120;

/** A counter's samples by step; undefined is no sample, `stale` its end. */
type Values = readonly (number | 'stale' | undefined)[];

interface Edge {
  readonly name: string;
  readonly series: readonly (readonly [labels: Readonly<Record<string, string>>, values: Values])[];
  readonly total: number;
  readonly bad: number;
}

const ok = { [metricName]: 'requests_total', instance: 'a', code: '200' };
const failed = { ...ok, code: '500' };
const up = { [metricName]: 'up', instance: 'a' };
const started = { [metricName]: 'process_start_time_seconds', instance: 'a' };
/** Steps before the one at which things happen: enough for the SLO to be known. */
const before = 20;
const after = hour - before;

const edges: readonly Edge[] = [
  {
    name: 'nothing happens: the counters from before the rules do not count',
    series: [[ok, line(1_000_000, 3, hour + 1)]],
    total: 3 * hour,
    bad: 0,
  },
  {
    name: 'the first failure creates its series',
    series: [
      [ok, line(1000, 3, hour + 1)],
      [failed, [...gap(before), ...line(7, 0, after + 1)]],
    ],
    total: 3 * hour + 7,
    bad: 7,
  },
  {
    name: 'the process restarts',
    series: [
      [ok, [...line(1000, 3, before), ...line(2, 3, after + 1)]],
      [failed, [...line(50, 0, before), ...line(1, 0, after + 1)]],
    ],
    total: 3 * (before - 1) + 2 + 1 + 3 * after,
    bad: 1,
  },
  {
    name: 'the process restarts a minute after the rules were loaded',
    series: [[ok, [...line(1000, 3, 2), ...line(2, 3, hour - 1)]]],
    total: 3 + 2 + 3 * (hour - 2),
    bad: 0,
  },
  {
    name: 'an exporter counts for something else: what it counts restarts, its process does not',
    series: [
      [ok, [...line(1000, 3, before), ...line(2, 3, after + 1)]],
      [started, line(start / 1000 - 86_400, 0, hour + 1)],
    ],
    total: 3 * (before - 1) + 2 + 3 * after,
    bad: 0,
  },
  {
    name: 'scrapes fail for five minutes while it goes on counting',
    series: [[ok, [...line(1000, 3, before), 'stale', ...gap(9), ...line(1000 + 3 * (before + 10), 3, after - 9)]]],
    total: 3 * hour,
    bad: 0,
  },
  {
    name: 'it restarts while scrapes fail',
    series: [[ok, [...line(1000, 3, before), 'stale', ...gap(9), ...line(8, 3, after - 9)]]],
    total: 3 * (before - 1) + 8 + 3 * (after - 10),
    bad: 0,
  },
  {
    name: 'a pod is added',
    series: [
      [ok, line(1000, 3, hour + 1)],
      [{ ...ok, instance: 'b' }, [...gap(before), ...line(9, 3, after + 1)]],
    ],
    total: 3 * hour + 9 + 3 * after,
    bad: 0,
  },
  {
    name: 'a pod takes the place of another',
    series: [
      [ok, [...line(1000, 3, before), 'stale']],
      [{ ...ok, instance: 'b' }, [...gap(before), ...line(9, 3, after + 1)]],
    ],
    total: 3 * (before - 1) + 9 + 3 * after,
    bad: 0,
  },
  {
    name: 'a target with an old process is found: its past does not count',
    series: [
      [ok, line(1000, 3, hour + 1)],
      [{ ...ok, instance: 'b' }, [...gap(before), ...line(5_000_000, 3, after + 1)]],
      [{ ...started, instance: 'b' }, [...gap(before), ...line(start / 1000 - 86_400, 0, after + 1)]],
    ],
    total: 3 * hour + 3 * after,
    bad: 0,
  },
  {
    name: 'an old process counts its first event: the target was known, so it is new',
    series: [
      [up, line(1, 0, hour + 1)],
      [started, line(start / 1000 - 86_400, 0, hour + 1)],
      [ok, [...gap(before), ...line(1, 0, after + 1)]],
    ],
    total: 1,
    bad: 0,
  },
  {
    name: 'series get another label, the old ones end',
    series: [
      [ok, [...line(1000, 3, before), 'stale']],
      [{ ...ok, zone: 'x' }, [...gap(before), ...line(1000 + 3 * before, 3, after + 1)]],
    ],
    total: 3 * hour,
    bad: 0,
  },
  {
    name: 'series get another label, the old ones stay for five minutes: only that moment is lost',
    series: [
      [ok, line(1000, 3, before)],
      [{ ...ok, zone: 'x' }, [...gap(before), ...line(1000 + 3 * before, 3, after + 1)]],
    ],
    total: 3 * hour - 3,
    bad: 0,
  },
  {
    name: 'a series stops without a stale marker, as some agents leave it: what the instance counts in that moment is lost',
    series: [
      [ok, line(1000, 3, hour + 1)],
      [{ ...ok, code: '404' }, line(500, 0, before)],
    ],
    total: 3 * hour - 3,
    bad: 0,
  },
  {
    name: 'an exporter drops a series that counted much',
    series: [
      [ok, line(1000, 3, hour + 1)],
      [{ ...ok, code: '404' }, [...line(500, 0, before), 'stale']],
    ],
    total: 3 * hour,
    bad: 0,
  },
  {
    name: 'all of it appears at once, as when Prometheus is installed',
    series: [[ok, [...gap(before), ...line(5_000_000, 3, after + 1)]]],
    total: 3 * after,
    bad: 0,
  },
  {
    name: 'no traffic',
    series: [[ok, line(1000, 0, hour + 1)]],
    total: 0,
    bad: 0,
  },
];

const former = { ...ok, [metricName]: 'http_requests_total' };

/** A metric that gets another name: `http_requests_total` becomes `requests_total`. */
const renames: readonly Edge[] = [
  {
    name: 'a process still has the former name, another has the new one already',
    series: [
      [former, line(1000, 3, hour + 1)],
      [{ ...ok, instance: 'b' }, line(500, 2, hour + 1)],
    ],
    total: 5 * hour,
    bad: 0,
  },
  {
    name: 'a process counts under both names: it counts once',
    series: [
      [former, line(1000, 3, hour + 1)],
      [{ ...former, code: '500' }, line(10, 1, hour + 1)],
      [ok, line(1000, 3, hour + 1)],
      [failed, line(10, 1, hour + 1)],
    ],
    total: 4 * hour,
    bad: hour,
  },
  {
    name: 'a process restarts with the new name',
    series: [
      [former, [...line(1000, 3, before), 'stale']],
      [{ ...former, code: '500' }, [...line(50, 0, before), 'stale']],
      [ok, [...gap(before), ...line(2, 3, after + 1)]],
      [failed, [...gap(before), ...line(1, 0, after + 1)]],
    ],
    total: 3 * (before - 1) + 2 + 1 + 3 * after,
    bad: 1,
  },
  {
    name: 'failures under the former name do not count where there is the new one',
    series: [
      [ok, line(1000, 3, hour + 1)],
      [{ ...former, code: '500' }, line(50, 1, hour + 1)],
    ],
    total: 3 * hour,
    bad: 0,
  },
];

describe('the events of an hour', () => {
  test.each(edges)('$name', async ({ series, total, bad }) => {
    const rules = rulesOf(shop(objective('bad', duration(30 * day))), interval);
    const evaluated = await evaluateRules(rules, series.map(seriesOf), start, start + hour * interval);
    expect(eventsOf(evaluated.series)).toEqual({ total, bad });
    const isNaNRecorded = evaluated.series.some((one) =>
      [...one.values].some((value, index) => Number.isNaN(value) && !isStale(one, index)),
    );
    expect(isNaNRecorded).toBe(false);
  });

  test.each(renames)('$name', async ({ series, total, bad }) => {
    const metric = { name: 'requests_total', type: 'counter', labels: new Map(), buckets: [] } as const;
    const aliased = new Map([['requests_total', { ...metric, aliases: ['http_requests_total'] }]]);
    const service = { ...shop(objective('bad', duration(30 * day))), metrics: aliased };
    const raw = series.map(seriesOf);
    const evaluated = await evaluateRules(rulesOf(service, interval), raw, start, start + hour * interval);
    expect(eventsOf(evaluated.series)).toEqual({ total, bad });
  });

  test('a native histogram: observations up to a bound within its buckets, and a restart', async () => {
    const indicator = { kind: 'distribution', histogram: expr('request_seconds'), below: 1 } as const;
    const slo = { ...objective('bad', duration(30 * day)), indicator };
    const metric = {
      name: 'request_seconds',
      type: 'histogram',
      native: true,
      labels: new Map(),
      buckets: [],
    } as const;
    const service = { ...shop(slo), metrics: new Map([['request_seconds', metric]]) };
    // Three observations of (0.5, 1] and one of (1, 2] a step; the process restarts at step 20.
    const samples = Array.from({ length: hour + 1 }, (_, step) => (step < before ? 100 + step : step - before + 1));
    const raw: Series = {
      labels: Labels.of({ [metricName]: 'request_seconds', job: 'shop', instance: 'a' }),
      timestamps: Float64Array.from(samples, (_, step) => start + step * interval),
      values: Float64Array.from(samples, () => Number.NaN),
      histograms: new Map(samples.map((steps, i) => [i, { ...emptyHistogram, ...filled(steps) }])),
    };
    const evaluated = await evaluateRules(rulesOf(service, interval), [raw], start, start + hour * interval);
    const { total, bad } = eventsOf(evaluated.series);
    expect(total).toBe(4 * hour);
    expect(bad).toBeCloseTo(hour, 6);
  });

  test('rules are not evaluated for twenty minutes', async () => {
    const rules = rulesOf(shop(objective('bad', duration(30 * day))), interval);
    const raw = [seriesOf([ok, line(1000, 3, hour + 1)]), seriesOf([failed, [...gap(50), ...line(7, 0, hour - 49)]])];
    const gaps = [{ from: start + 20 * minute, to: start + 40 * minute }];
    const series = await evaluateWithGaps(rules, raw, start, start + hour * interval, gaps, interval);
    expect(eventsOf(series)).toEqual({ total: 3 * hour + 7, bad: 7 });
  });

  test('the definition changes: history stays, and no counter is compared with another', async () => {
    const narrow = objective('bad', duration(30 * day));
    const wide = { ...objective('good', duration(30 * day)), name: narrow.name };
    const raw = [seriesOf([ok, line(1_000_000, 3, hour + 1)]), seriesOf([failed, line(5000, 1, hour + 1)])];
    const middle = start + (hour / 2) * interval;
    const first = await evaluateRules(rulesOf(shop(narrow), interval), raw, start, middle);
    const recordedBefore = first.series.slice(raw.length);
    const second = await evaluateRules(
      rulesOf(shop(wide), interval),
      first.series,
      middle + interval,
      start + hour * interval,
    );
    const after = second.series.slice(first.series.length);
    const increases = [...recordedBefore, ...after].filter(
      ({ labels }) => labels.get(metricName) === recorded.eventsIncrease,
    );
    expect(increases.map(({ labels }) => labels.get('service'))).toEqual(['shop', 'shop', 'shop', 'shop']);
    for (const { values } of increases) expect(Math.max(...values)).toBeLessThanOrEqual(4);
  });
});

/** A native histogram after so many steps. */
function filled(steps: number) {
  return { count: 4 * steps, sum: 4 * steps, positive: bucketsFrom(0, [3 * steps, steps]) };
}

function eventsOf(series: readonly Series[]): { readonly total: number | undefined; readonly bad: number | undefined } {
  const last = (kind: EventKind): number | undefined =>
    series.find((one) => isNamed(one, recorded.windowEvents, kind) && one.labels.get('window') === '1h')?.values.at(-1);
  return { total: last('total'), bad: last('bad') };
}

function line(first: number, step: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => first + i * step);
}

function gap(count: number): readonly undefined[] {
  return Array.from({ length: count }, () => undefined);
}

function seriesOf([labels, values]: Edge['series'][number]): Series {
  const present = values.flatMap((value, step) =>
    value === undefined ? [] : [{ value, time: start + step * interval }],
  );
  const stale = present.flatMap(({ value }, index) => (value === 'stale' ? [index] : []));
  return {
    labels: Labels.of({ job: 'shop', ...labels }),
    timestamps: Float64Array.from(present, ({ time }) => time),
    values: Float64Array.from(present, ({ value }) => (value === 'stale' ? Number.NaN : value)),
    ...(0 < stale.length && { staleMarkers: Int32Array.from(stale) }),
  };
}
