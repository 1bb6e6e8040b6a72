import { describe, expect, test } from 'vitest';
import { type Duration, day, duration, hour, minute, ratio, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { isStale, Labels, metricName, type Series } from '../../src/core/series/index.ts';
import type { Condition, Measure, Slo } from '../../src/core/slo/index.ts';
import { type EventKind, evaluateRules, evaluateWithGaps, isNamed } from './history.ts';
import { expr, objective, rulesOf, shop } from './rules.ts';

/** Samples and evaluations every half minute for two hours; slices of a minute unless a case says otherwise. Judged is the last hour. */
const interval = duration(30 * second);
const start = 1_700_000_100_000;
const steps = 240;
const end = start + steps * interval;

type Sample = number | 'stale' | undefined;
type Named = readonly [labels: Readonly<Record<string, string>>, values: (step: number) => Sample];

const queue: Condition = { kind: 'comparison', value: expr('queue_depth'), operator: '<', bound: 50 };
const heartbeat: Condition = { kind: 'progress', counter: expr('beats_total'), within: duration(5 * minute) };
const corruption: Condition = { kind: 'invariant', counter: expr('lost_total'), within: minute };
const up: Named = [{ [metricName]: 'up' }, () => 1];
const depth = (values: (step: number) => Sample): Named => [{ [metricName]: 'queue_depth' }, values];
const beats = (values: (step: number) => Sample): Named => [{ [metricName]: 'beats_total' }, values];
const lost = (values: (step: number) => Sample, id = '1'): Named => [{ [metricName]: 'lost_total', id }, values];
/** From the step 160 on, an hour before the end less ten minutes. */
const at = 160;
const between = (from: number, to: number, step: number): boolean => from <= step && step < to;

interface Case {
  readonly name: string;
  readonly condition: Condition;
  readonly series: readonly Named[];
  readonly noData?: Slo['noData'];
  readonly slice?: Duration;
  readonly total: number;
  readonly bad: number;
}

const cases: readonly Case[] = [
  { name: 'a gauge within its bound', condition: queue, series: [depth(() => 49)], total: 60, bad: 0 },
  { name: 'one sample beyond', condition: queue, series: [depth((i) => (i === at ? 50 : 9))], total: 60, bad: 1 },
  {
    name: 'three samples beyond, from the second half of a slice on',
    condition: queue,
    series: [depth((i) => (between(at + 1, at + 4, i) ? 50 : 9))],
    total: 60,
    bad: 2,
  },
  {
    name: 'one of two series beyond',
    condition: queue,
    series: [depth(() => 9), [{ [metricName]: 'queue_depth', queue: 'b' }, (i) => (between(at, at + 20, i) ? 99 : 1)]],
    total: 60,
    bad: 10,
  },
  {
    name: 'ten minutes without samples: not counted',
    condition: queue,
    series: [depth(missing(at, at + 20))],
    total: 50,
    bad: 0,
  },
  {
    name: 'ten minutes without samples that count as bad',
    condition: queue,
    series: [depth(missing(at, at + 20))],
    noData: 'bad',
    total: 60,
    bad: 10,
  },
  {
    name: 'ten minutes without samples that count as good',
    condition: queue,
    series: [depth(missing(at, at + 20))],
    noData: 'good',
    total: 60,
    bad: 0,
  },
  {
    name: 'half a slice without samples: the other half says how it was',
    condition: queue,
    series: [depth(missing(at, at + 1))],
    noData: 'bad',
    total: 60,
    bad: 0,
  },
  { name: 'never any samples', condition: queue, series: [up], total: 0, bad: 0 },
  { name: 'never any samples, which is bad', condition: queue, series: [up], noData: 'bad', total: 60, bad: 60 },
  {
    name: 'a ratio of nothing to nothing says nothing',
    condition: { ...queue, value: expr('busy / workers'), operator: '<=', bound: 0.9 },
    series: [
      [{ [metricName]: 'busy' }, (i) => (between(at, at + 20, i) ? 0 : 1)],
      [{ [metricName]: 'workers' }, (i) => (between(at, at + 20, i) ? 0 : 2)],
    ],
    total: 50,
    bad: 0,
  },
  {
    name: 'slices as long as an evaluation',
    condition: queue,
    series: [depth((i) => (between(at, at + 3, i) ? 50 : 9))],
    slice: interval,
    total: 120,
    bad: 3,
  },
  {
    name: 'slices of ten minutes',
    condition: queue,
    series: [depth((i) => (i === at ? 50 : 9))],
    slice: duration(10 * minute),
    total: 6,
    bad: 1,
  },
  { name: 'a heartbeat', condition: heartbeat, series: [up, beats((i) => Math.floor(i / 8))], total: 60, bad: 0 },
  {
    name: 'a heartbeat stops for ten minutes: five of them are within its time',
    condition: heartbeat,
    series: [up, beats((i) => Math.min(i, at) + Math.max(0, i - at - 20))],
    total: 60,
    bad: 6,
  },
  {
    name: 'a heartbeat restarts again and again, with one beat in each life',
    condition: heartbeat,
    series: [up, beats((i) => (i % 8 < 4 ? 0 : 1))],
    total: 60,
    bad: 0,
  },
  {
    name: 'a restart is no beat',
    condition: heartbeat,
    series: [up, beats((i) => (i < at ? i : 0))],
    total: 60,
    bad: 36,
  },
  { name: 'a heartbeat that never was', condition: heartbeat, series: [up], total: 60, bad: 60 },
  {
    name: 'a heartbeat whose target is gone',
    condition: heartbeat,
    series: [
      [{ [metricName]: 'up' }, (i) => (i < at ? 1 : 0)],
      beats((i) => (i < at ? i : i === at ? 'stale' : undefined)),
    ],
    total: 60,
    bad: 36,
  },
  {
    name: 'what should never happen does not',
    condition: corruption,
    series: [up, lost(() => 3)],
    total: 60,
    bad: 0,
  },
  {
    name: 'what should never happen happens, in a series of its own that begins with it',
    condition: corruption,
    series: [up, lost(() => 3), lost((i) => (i < at ? undefined : 1), '2')],
    total: 60,
    bad: 1,
  },
  {
    name: 'it has never been counted: the target says so',
    condition: corruption,
    series: [up],
    total: 60,
    bad: 0,
  },
  {
    name: 'it is counted for the first time',
    condition: corruption,
    series: [up, lost((i) => (i < at ? undefined : 1))],
    total: 60,
    bad: 1,
  },
  {
    name: 'its target does not answer: nothing is known',
    condition: corruption,
    series: [
      [{ [metricName]: 'up' }, (i) => (between(at, at + 20, i) ? 0 : 1)],
      lost((i) => (i === at ? 'stale' : between(at, at + 20, i) ? undefined : 3)),
    ],
    // Instances are looked back for by one evaluation, because some servers write late.
    total: 51,
    bad: 0,
  },
  {
    name: 'all of two: one is broken, the other unknown',
    condition: { kind: 'all', of: [queue, { ...queue, value: expr('missing') }] },
    series: [depth((i) => (between(at, at + 20, i) ? 50 : 9))],
    total: 10,
    bad: 10,
  },
  {
    name: 'any of two: one holds, the other is unknown',
    condition: { kind: 'any', of: [queue, { ...queue, value: expr('missing') }] },
    series: [depth((i) => (between(at, at + 20, i) ? 50 : 9))],
    total: 50,
    bad: 0,
  },
  {
    name: 'all of one and any of two',
    condition: { kind: 'all', of: [queue, { kind: 'any', of: [{ ...queue, bound: 20 }, heartbeat] }] },
    series: [up, depth((i) => (between(at, at + 20, i) ? 30 : 9)), beats((i) => Math.min(i, at))],
    total: 60,
    bad: 5,
  },
];

describe('the slices of an hour', () => {
  test.each(cases)('$name', async ({ condition, series, noData = 'unknown', slice = minute, total, bad }) => {
    const slo = judgedBy(condition, noData, slice);
    const evaluated = await evaluateRules(rulesOf(shop(slo), interval), series.map(seriesOf), start, end);
    expect(slicesOf(evaluated.series)).toEqual({ total, bad });
    const isNaNRecorded = evaluated.series.some((one) =>
      [...one.values].some(
        (value, i) => one.labels.get(metricName).startsWith('slo:') && Number.isNaN(value) && !isStale(one, i),
      ),
    );
    expect(isNaNRecorded).toBe(false);
  });

  test.each([
    ['unknown', 41, 1],
    ['bad', 60, 20],
    ['good', 60, 1],
  ] as const)(
    'rules are not evaluated for twenty minutes from within a bad slice on, which is %s',
    async (noData, total, bad) => {
      const rules = rulesOf(shop(judgedBy(queue, noData, minute)), interval);
      const raw = [seriesOf(depth((i) => (i === at ? 50 : 9)))];
      const gaps = [{ from: start + at * interval, to: start + (at + 40) * interval }];
      const series = await evaluateWithGaps(rules, raw, start, end, gaps, interval);
      expect(slicesOf(series)).toEqual({ total, bad });
    },
  );
});

describe('a new objective for which time without data is bad', () => {
  test.each<[name: string, condition: Condition, series: readonly Named[]]>([
    ['a gauge that is scraped after the first evaluation', queue, [depth((i) => (i < 2 ? undefined : 9))]],
    ['a heartbeat', heartbeat, [up, beats((i) => i)]],
    ['an invariant', corruption, [up, lost(() => 0)]],
  ])('does not begin with slices that nobody could have kept: %s', async (_, condition, series) => {
    const slo = judgedBy(condition, 'bad', minute);
    const evaluated = await evaluateRules(rulesOf(shop(slo), interval), series.map(seriesOf), start, end);
    const bad = evaluated.series.find((one) => isNamed(one, recorded.eventsIncrease, 'bad'));
    expect([...(bad?.values ?? [])].filter((value) => 0 < value)).toEqual([]);
    expect(bad?.values.length).toBeGreaterThan(steps - 20);
  });
});

/** What was counted from one sample to the next: ten requests, of which some fail. */
const requests = (bad: (step: number) => number, rate: (step: number) => number = () => 10): readonly Named[] => {
  const sums = (of: (step: number) => number) => (step: number) => {
    let sum = 1000;
    for (let i = 1; i <= step; i += 1) sum += of(i);
    return sum;
  };
  return [
    [{ [metricName]: 'requests_total', code: '200' }, sums((i) => rate(i) - bad(i))],
    [{ [metricName]: 'requests_total', code: '500' }, sums(bad)],
  ];
};

describe('slices of events', () => {
  const slices: Measure = { kind: 'slices', length: minute, sliceTarget: ratio(0.9) };
  const table: readonly (readonly [
    name: string,
    measure: Measure,
    noData: Slo['noData'],
    series: readonly Named[],
    total: number,
    bad: number,
  ])[] = [
    ['one in ten fails: that is what a slice may', slices, 'unknown', requests(() => 1), 60, 0],
    [
      'two in ten fail for ten minutes',
      slices,
      'unknown',
      requests((i) => (between(at + 1, at + 21, i) ? 2 : 0)),
      60,
      10,
    ],
    [
      'no requests for ten minutes',
      slices,
      'unknown',
      requests(
        () => 0,
        (i) => (between(at + 1, at + 21, i) ? 0 : 10),
      ),
      50,
      0,
    ],
    [
      'no requests for ten minutes, which is bad',
      slices,
      'bad',
      requests(
        () => 0,
        (i) => (between(at + 1, at + 21, i) ? 0 : 10),
      ),
      60,
      10,
    ],
    [
      'the mean of the ratios of slices, whatever their traffic',
      { kind: 'slice-ratios', length: minute },
      'unknown',
      requests(
        (i) => (between(at + 1, at + 21, i) ? 1 : 0),
        (i) => (between(at + 1, at + 21, i) ? 4 : 10),
      ),
      60,
      2.5,
    ],
  ];
  test.each(table)('%s', async (_, measure, noData, series, total, bad) => {
    const slo = { ...objective('bad', duration(30 * day)), measure, noData };
    const evaluated = await evaluateRules(rulesOf(shop(slo), interval), series.map(seriesOf), start, end);
    expect(slicesOf(evaluated.series)).toEqual({ total, bad });
  });
});

function judgedBy(condition: Condition, noData: Slo['noData'], length: Duration): Slo {
  const measure = { kind: 'slices', length } as const;
  return {
    ...objective('bad', duration(30 * day), '99%'),
    indicator: { kind: 'condition', condition },
    measure,
    noData,
  };
}

function missing(from: number, to: number): (step: number) => Sample {
  return (step) => (step === from ? 'stale' : between(from, to, step) ? undefined : 9);
}

function slicesOf(series: readonly Series[]): { readonly total: number; readonly bad: number } {
  const last = (kind: EventKind): number => {
    const found = series.find((one) => isNamed(one, recorded.windowEvents, kind) && one.labels.get('window') === '1h');
    return found !== undefined && found.timestamps.at(-1) === end ? (found.values.at(-1) ?? 0) : 0;
  };
  return { total: last('total'), bad: last('bad') };
}

function seriesOf([labels, values]: Named): Series {
  const present = Array.from({ length: steps + 1 }, (_, step) => ({
    value: values(step),
    time: start + step * interval,
  })).filter(({ value }) => value !== undefined);
  const stale = present.flatMap(({ value }, index) => (value === 'stale' ? [index] : []));
  return {
    labels: Labels.of({ job: 'shop', instance: 'a', ...labels }),
    timestamps: Float64Array.from(present, ({ time }) => time),
    values: Float64Array.from(present, ({ value }) => (typeof value === 'number' ? value : Number.NaN)),
    ...(0 < stale.length && { staleMarkers: Int32Array.from(stale) }),
  };
}

/** The judged hour is the last of two. */
if (steps * interval !== 2 * hour) throw new Error('the cases count on two hours');
