import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, ratio, second } from '../../src/core/base/index.ts';
import { Labels, metricName, type Series } from '../../src/core/series/index.ts';
import type { AlertCondition, ConditionAlert, ErrorBudgetPolicy, Metric, Service } from '../../src/core/slo/index.ts';
import { evaluateRules } from './history.ts';
import { expr, objective, rulesOf, shop } from './rules.ts';

/** Samples and evaluations every half minute for an hour and a half; in minutes from the first one, alerts fire and end. */
const interval = duration(30 * second);
const start = 1_700_000_100_000;
const length = 90;

type Value = (minute: number) => number | undefined;
type Named = readonly [labels: Readonly<Record<string, string>>, value: Value];
type Fired = readonly [from: number, to: number | undefined];

const up: Named = [{ [metricName]: 'up' }, () => 1];
const depth = (value: Value): Named => [{ [metricName]: 'queue_depth' }, value];
const beats = (value: Value): Named => [{ [metricName]: 'beats_total' }, value];
const deep: AlertCondition = { kind: 'threshold', value: expr('queue_depth'), operator: '>', bound: 50 };
const stalled: AlertCondition = {
  kind: 'progress',
  counter: expr('beats_total'),
  within: duration(5 * minute),
  fires: 'stalled',
};
const increased: AlertCondition = { ...stalled, fires: 'increased' };
const relative: AlertCondition = {
  kind: 'relative',
  counter: expr('beats_total'),
  window: duration(5 * minute),
  baselineWindow: duration(10 * minute),
  baselineOffset: duration(30 * minute),
  factor: 3,
  floor: 0.1,
};
const absent: AlertCondition = { kind: 'absent', series: expr('queue_depth') };
const between = (from: number, to: number, at: number): boolean => from <= at && at < to;
/** A counter that counts so many events a minute. */
const counting = (rate: Value): Value => {
  const sums = new Map<number, number>();
  let sum = 100;
  for (let i = 0; i <= 2 * length; i += 1) {
    sum += (rate(i / 2) ?? 0) / 2;
    sums.set(i / 2, sum);
  }
  return (at) => sums.get(at);
};

const cases: readonly (readonly [
  name: string,
  alert: Partial<ConditionAlert> & Pick<ConditionAlert, 'when'>,
  series: readonly Named[],
  fired: readonly Fired[],
])[] = [
  ['a threshold', { when: deep }, [depth((at) => (between(60, 70, at) ? 51 : 50))], [[60, 70]]],
  [
    'a threshold that must be passed for five minutes',
    { when: deep, holdFor: duration(5 * minute) },
    [depth((at) => (between(40, 44, at) || between(60, 70, at) ? 51 : 50))],
    [[65, 70]],
  ],
  [
    'a threshold whose alert goes on for ten minutes',
    { when: deep, keepFiringFor: duration(10 * minute) },
    [depth((at) => (between(60, 62, at) ? 51 : 50))],
    [[60, 72]],
  ],
  ['a counter that goes on', { when: stalled }, [up, beats((at) => Math.floor(at / 3))], []],
  ['a counter that stands still', { when: stalled }, [up, beats((at) => Math.min(at, 60))], [[65, undefined]]],
  ['a counter that never was', { when: stalled }, [up], [[5, undefined]]],
  ['a counter that should stand still', { when: increased }, [up, beats((at) => (at < 60 ? 3 : 4))], [[60, 65]]],
  [
    'a counter born with what should not happen',
    { when: increased },
    [up, beats((at) => (at < 60 ? undefined : 1))],
    [[60, 65]],
  ],
  ['a counter that restarts', { when: increased }, [up, beats((at) => (at < 60 ? 3 : 0))], []],
  [
    'four times the rate',
    { when: relative },
    [up, beats(counting((at) => (between(60, 70, at) ? 40 : 10)))],
    [[63, 71]],
  ],
  ['twice the rate', { when: relative }, [up, beats(counting((at) => (60 < at ? 20 : 10)))], []],
  ['many times a tiny rate', { when: relative }, [up, beats(counting((at) => (60 < at ? 5 : 0.1)))], []],
  [
    'nothing to compare with: the floor decides',
    { when: relative },
    [up, beats((at) => (at < 60 ? undefined : 20 * (at - 60)))],
    [[62, undefined]],
  ],
  ['a series that is gone', { when: absent }, [depth((at) => (at < 60 ? 1 : undefined))], [[60, undefined]]],
  [
    'both of two',
    { when: { kind: 'all', of: [deep, stalled] } },
    [up, depth((at) => (between(50, 70, at) ? 51 : 1)), beats((at) => Math.min(at, 55))],
    [[60, 70]],
  ],
  [
    'either of two',
    { when: { kind: 'any', of: [absent, stalled] } },
    [up, depth(() => 1), beats((at) => Math.min(at, 55))],
    [[60, undefined]],
  ],
];

describe('alerts on conditions', () => {
  test.each(cases)('%s', async (_, alert, series, fired) => {
    const owned: Service = { ...shop(), alerts: [alertOf(alert)] };
    expect(await firings(owned, series)).toEqual(fired);
    const ofObjective = shop({
      ...objective('bad', duration(30 * day)),
      alerts: [],
      conditionAlerts: [alertOf(alert)],
    });
    expect(await firings(ofObjective, series)).toEqual(fired);
  });

  test('a metric that does not exist yet is not missed, and is once it was there', async () => {
    const metric: Metric = {
      name: 'queue_depth',
      type: 'gauge',
      labels: new Map(),
      buckets: [],
      pendingOn: 'release 2',
    };
    const service = { ...shop(), alerts: [alertOf({ when: absent })], metrics: new Map([['queue_depth', metric]]) };
    expect(await firings(service, [up])).toEqual([]);
    expect(await firings(service, [depth((at) => (between(20, 40, at) ? 1 : undefined))])).toEqual([[40, undefined]]);
  });

  test('the state of a policy turns alerts on', async () => {
    const series = [
      up,
      depth(() => 99),
      [{ [metricName]: 'requests_total', code: '200' }, counting(() => 1000)],
      [{ [metricName]: 'requests_total', code: '500' }, counting((at) => (60 < at && at <= 61 ? 100 : 0))],
    ] as const;
    const slo = { ...objective('bad', duration(30 * day)), alerts: [] };
    const alert = alertOf({ when: deep, profile: 'enhanced' });
    const policies = [policy(slo.name)];
    const turnedOn = [[60.5, undefined]];
    expect(await firings({ ...shop({ ...slo, conditionAlerts: [alert] }), policies }, series)).toEqual(turnedOn);
    const ofService = await firings({ ...shop(slo), alerts: [alert], policies }, series);
    expect(ofService.map(([from]) => Math.floor(from))).toEqual([61]);
  });
});

function alertOf(alert: Partial<ConditionAlert> & Pick<ConditionAlert, 'when'>): ConditionAlert {
  const none = duration(0);
  const plain = {
    severity: 'page',
    holdFor: none,
    keepFiringFor: none,
    profile: 'standard',
    steps: [],
    dependsOn: [],
  } as const;
  return { ...plain, name: 'Judged', labels: new Map(), ...alert };
}

function policy(slo: string): ErrorBudgetPolicy {
  const changes = { low: 'allow', medium: 'allow', high: 'allow' } as const;
  const state = { actions: [], changes, always: [], notify: [], opensIncident: false } as const;
  return {
    name: 'budget',
    title: 'Budget',
    slos: [slo],
    combine: 'worst',
    wording: 'remaining',
    states: [
      { ...state, name: 'healthy', above: ratio(0.5), profile: 'standard' },
      { ...state, name: 'spent', profile: 'maximum' },
    ],
    exceptions: [],
  };
}

async function firings(service: Service, series: readonly Named[]): Promise<readonly Fired[]> {
  const end = start + length * minute;
  const { alerts } = await evaluateRules(rulesOf(service, interval), series.map(seriesOf), start, end);
  const minutes = (time: number): number => (time - start) / minute;
  return alerts
    .filter(({ rule }) => rule.alert === 'Judged')
    .flatMap(({ episodes }) =>
      episodes.flatMap(({ firedAt, endedAt }): readonly Fired[] =>
        firedAt === undefined ? [] : [[minutes(firedAt), endedAt === undefined ? undefined : minutes(endedAt)]],
      ),
    );
}

/** A series ends with a stale marker at the first sample that it lacks. */
function seriesOf([labels, value]: Named): Series {
  const samples: { readonly time: number; readonly value: number; readonly stale: boolean }[] = [];
  for (let i = 0; i <= 2 * length; i += 1) {
    const here = value(i / 2);
    const time = start + i * interval;
    if (here !== undefined) samples.push({ time, value: here, stale: false });
    else if (samples.at(-1)?.stale === false) samples.push({ time, value: Number.NaN, stale: true });
  }
  const markers = samples.flatMap(({ stale }, index) => (stale ? [index] : []));
  return {
    labels: Labels.of({ job: 'shop', instance: 'a', ...labels }),
    timestamps: Float64Array.from(samples, ({ time }) => time),
    values: Float64Array.from(samples, (sample) => sample.value),
    ...(0 < markers.length && { staleMarkers: Int32Array.from(markers) }),
  };
}

if (length * minute < hour) throw new Error('the cases count on more than an hour');
