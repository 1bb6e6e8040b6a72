import { describe, expect, test } from 'vitest';
import { type Duration, day, duration, hour, minute, ratio, second } from '../../src/core/base/index.ts';
import { alertNames, recorded } from '../../src/core/generate/index.ts';
import { isStale, Labels, metricName, type Series } from '../../src/core/series/index.ts';
import {
  type Condition,
  continuousPeriod,
  invariantAlerts,
  invariantTarget,
  type Slo,
} from '../../src/core/slo/index.ts';
import { type EventKind, evaluateRules, isNamed } from './history.ts';
import { expr, objective, rulesOf, shop } from './rules.ts';

/** A grouped objective on slices must say of each group what an objective that selects the group says. Two hours in half minutes. */
const interval = duration(30 * second);
const start = 1_700_000_100_000;
const steps = 240;
const end = start + steps * interval;
const at = 160;
const tenants = ['a', 'b'];

type Values = (step: number) => number | 'stale' | undefined;

const series: readonly Series[] = [
  seriesOf('up', {}, () => 1),
  seriesOf('depth', { tenant: 'a' }, () => 10),
  seriesOf('depth', { tenant: 'b' }, (i) => (at <= i && i < at + 20 ? 99 : 10)),
  seriesOf('depth', { tenant: 'b', queue: 'two' }, (i) => (i === at + 50 ? 99 : 10)),
  seriesOf('beats_total', { tenant: 'a' }, (i) => i),
  seriesOf('beats_total', { tenant: 'b' }, (i) => Math.min(i, at)),
  seriesOf('requests_total', { tenant: 'a', code: '200' }, (i) => 10 * i),
  seriesOf('requests_total', { tenant: 'b', code: '200' }, (i) => 10 * i - 2 * Math.max(0, i - at)),
  seriesOf('requests_total', { tenant: 'b', code: '500' }, (i) => (i <= at ? undefined : 2 * (i - at))),
];

const queue = (where = ''): Condition => ({
  kind: 'comparison',
  value: expr(`depth${where}`),
  operator: '<',
  bound: 50,
});
const heartbeat = (where = ''): Condition => ({
  kind: 'progress',
  counter: expr(`beats_total${where}`),
  within: duration(5 * minute),
});

const conditions: readonly (readonly [string, (where?: string) => Condition])[] = [
  ['a comparison', queue],
  ['progress', heartbeat],
  ['all of two', (where) => ({ kind: 'all', of: [queue(where), heartbeat(where)] })],
];

describe.each(conditions)('groups of %s', (_, condition) => {
  test.each(['unknown', 'bad', 'good'] as const)('where no data is %s', async (noData) => {
    const grouped = { ...judgedBy(condition(), noData), name: 'grouped', groupBy: ['tenant'] };
    const alone = tenants.map((tenant) => ({
      ...judgedBy(condition(`{tenant="${tenant}"}`), noData),
      name: `alone-${tenant}`,
    }));
    await compare(grouped, alone);
  });
});

test('groups of slices of events', async () => {
  const measure = { kind: 'slices', length: minute, sliceTarget: ratio(0.9) } as const;
  const counts = (where: string): Slo['indicator'] => ({
    kind: 'ratio',
    counts: 'bad',
    events: expr(`requests_total{${where}code="500"}`),
    total: expr(`requests_total{${where}}`),
  });
  const sliced = { ...objective('bad', duration(30 * day)), measure };
  const grouped = { ...sliced, name: 'grouped', indicator: counts(''), groupBy: ['tenant'] };
  const alone = tenants.map((one) => ({ ...sliced, name: `alone-${one}`, indicator: counts(`tenant="${one}",`) }));
  await compare(grouped, alone);
});

/** What must never happen: the series of a group is born with its first violation. */
describe('groups of an invariant', () => {
  const condition: Condition = { kind: 'invariant', counter: expr('lost_total'), within: minute };
  const slo: Slo = {
    ...judgedBy(condition, 'unknown'),
    name: 'grouped',
    target: invariantTarget,
    period: continuousPeriod,
    alerts: [],
    groupBy: ['tenant'],
  };
  const promised = { ...slo, conditionAlerts: invariantAlerts('shop', slo) };

  test('a group exists from its first violation on, which counts and raises the alert of the group alone', async () => {
    const raw = [
      seriesOf('up', {}, () => 1),
      seriesOf('lost_total', { tenant: 'a' }, () => 3),
      seriesOf('lost_total', { tenant: 'b' }, (i) => (i < at ? undefined : 1)),
    ];
    const evaluated = await evaluateRules(rulesOf(shop(promised), interval), raw, start, end);
    expect(eventsOf(evaluated.series, recorded.periodEvents, 'bad', 'b').at(-1)).toBe(1);
    expect(eventsOf(evaluated.series, recorded.periodEvents, 'bad', 'a').at(-1)).toBe(0);
    expect(valuesOf(evaluated.series, recorded.periodBudgetRemaining, 'b').at(-1)).toBe(0);
    expect(valuesOf(evaluated.series, recorded.periodBudgetRemaining, 'a').at(-1)).toBe(1);
    expect(valuesOf(evaluated.series, recorded.condition, 'b')).toHaveLength(steps - at + 1);
    const fired = evaluated.alerts.flatMap(({ rule, episodes }) =>
      episodes.map(({ labels, firedAt }) => [rule.alert, labels.get('tenant'), firedAt]),
    );
    expect(fired).toEqual([['ShopGroupedBroken', 'b', start + at * interval]]);
  });

  test('no group at all is nothing missing while targets answer', async () => {
    const answering = await evaluateRules(rulesOf(shop(promised), interval), [seriesOf('up', {}, () => 1)], start, end);
    expect(answering.alerts.flatMap(({ episodes }) => episodes)).toEqual([]);
    expect(answering.series.some(({ labels }) => labels.get(metricName) === recorded.condition)).toBe(false);
    const gone = [seriesOf('up', {}, (i) => (i < at ? 1 : 0))];
    const { alerts } = await evaluateRules(rulesOf(shop(promised), interval), gone, start, end);
    const fired = alerts.flatMap(({ rule, episodes }) =>
      episodes.map(({ labels }) => [rule.alert, labels.get('reason')]),
    );
    expect(fired).toEqual([[alertNames.missing, 'no-target']]);
  });
});

/** Judged is the last hour: an objective without groups has slices from its first evaluation on, a group once it is known. */
async function compare(grouped: Slo, alone: readonly Slo[]): Promise<void> {
  const evaluated = await evaluateRules(rulesOf(shop(grouped, ...alone), interval), series, start, end);
  for (const [index, tenant] of tenants.entries()) {
    for (const kind of ['total', 'bad'] as const) {
      const ours = eventsOf(evaluated.series, recorded.eventsIncrease, kind, tenant).slice(-120);
      expect(ours, `${kind} ${tenant}`).toHaveLength(120);
      expect(ours, `${kind} ${tenant}`).toEqual(
        eventsOf(evaluated.series, recorded.eventsIncrease, kind, '', alone[index]?.name).slice(-120),
      );
    }
    expect(eventsOf(evaluated.series, recorded.periodEvents, 'total', tenant).at(-1)).toBeGreaterThanOrEqual(110);
  }
  expect(eventsOf(evaluated.series, recorded.periodEvents, 'bad', 'b').at(-1)).toBeGreaterThan(5);
  expect(eventsOf(evaluated.series, recorded.periodEvents, 'bad', 'a').at(-1)).toBe(0);
}

function judgedBy(condition: Condition, noData: Slo['noData'], length: Duration = minute): Slo {
  return {
    ...objective('bad', duration(6 * hour), '99%'),
    indicator: { kind: 'condition', condition },
    measure: { kind: 'slices', length },
    noData,
  };
}

function valuesOf(all: readonly Series[], name: string, tenant: string): readonly number[] {
  return eventsOf(all, name, '', tenant);
}

function eventsOf(
  all: readonly Series[],
  name: string,
  kind: EventKind,
  tenant: string,
  slo = 'grouped',
): readonly number[] {
  const found = all.find(
    (one) => isNamed(one, name, kind) && one.labels.get('slo') === slo && one.labels.get('tenant') === tenant,
  );
  return found === undefined ? [] : [...found.values].filter((_, index) => !isStale(found, index));
}

function seriesOf(name: string, labels: Readonly<Record<string, string>>, values: Values): Series {
  const present = Array.from({ length: steps + 1 }, (_, step) => ({
    value: values(step),
    time: start + step * interval,
  })).filter(({ value }) => value !== undefined);
  const stale = present.flatMap(({ value }, index) => (value === 'stale' ? [index] : []));
  return {
    labels: Labels.of({ job: 'shop', instance: 'i', [metricName]: name, ...labels }),
    timestamps: Float64Array.from(present, ({ time }) => time),
    values: Float64Array.from(present, ({ value }) => (typeof value === 'number' ? value : Number.NaN)),
    ...(0 < stale.length && { staleMarkers: Int32Array.from(stale) }),
  };
}
