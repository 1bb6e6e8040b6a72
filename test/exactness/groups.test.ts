import { expect, test } from 'vitest';
import { duration, hour, minute, second } from '../../src/core/base/index.ts';
import { alertNames, generateRules, recorded } from '../../src/core/generate/index.ts';
import { printExpr } from '../../src/core/promql/index.ts';
import { isStale, Labels, metricName, type Series } from '../../src/core/series/index.ts';
import { plainService, type Slo } from '../../src/core/slo/index.ts';
import { evaluateRules, isNamed } from './history.ts';
import { expr, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/** A grouped objective must say of each group what an objective with the group's label in its selectors says. */
const interval = duration(30 * second);
const period = duration(9 * hour);
const end = Date.UTC(2026, 10, 10, 3);
const from = end - period - 3 * hour;
const grouped: Slo = { ...objective('bad', period), name: 'grouped', groupBy: ['endpoint'] };
const endpoints = ['/a', '/b', '/c'];

test.each([
  'diurnal 20:1, 3 % errors every night',
  'pods replaced every hour',
  'scrapes fail: single ones, and all for 20 minutes',
])('%s: each group is an objective of its own', { timeout: 120_000 }, async (name) => {
  const span = { from: from / 1000, to: end / 1000, period: period / 1000 };
  const { make } = scenarios.find((one) => one.name === name) ?? {};
  if (make === undefined) throw new Error(`no scenario ${name}`);
  const scraped = scrape({ ...make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
  const alone = endpoints.map((endpoint, index) => forEndpoint(endpoint, `endpoint-${index}`));
  const { series, alerts } = await evaluateRules(rulesOf(shop(grouped, ...alone), interval), scraped.series, from, end);
  const names = [
    recorded.periodEvents,
    recorded.periodErrorRatio,
    recorded.periodBudgetRemaining,
    recorded.windowEvents,
    recorded.burnRate,
  ];
  for (const [index, endpoint] of endpoints.entries()) {
    for (const recordedName of names) {
      const ours = found(series, recordedName, { slo: 'grouped', endpoint });
      const theirs = found(series, recordedName, { slo: `endpoint-${index}` });
      expect(ours.length).toBeGreaterThan(0);
      expect(ours.map(([which]) => which)).toEqual(theirs.map(([which]) => which));
      for (const [at, [which, one]] of ours.entries()) {
        expect(one.at(-1), `${recordedName} ${endpoint} ${which}`).toBe(theirs[at]?.[1].at(-1));
      }
    }
    const firings = (slo: string, labels: Readonly<Record<string, string>>): readonly unknown[] =>
      alerts
        .filter(({ rule }) => rule.labels.get('slo') === slo && rule.alert === alertNames.burn)
        .flatMap(({ rule, episodes }) =>
          episodes
            .filter((episode) => Object.entries(labels).every(([label, value]) => episode.labels.get(label) === value))
            .map(({ firedAt, endedAt }) => [rule.labels.get('window'), firedAt, endedAt]),
        );
    expect(firings('grouped', { endpoint })).toEqual(firings(`endpoint-${index}`, {}));
  }
});

test('a group that comes counts from its first event on, one that goes ages out, and neither is missing data', async () => {
  const hourly = { ...grouped, period: { kind: 'rolling', length: hour } as const, alerts: grouped.alerts.slice(1) };
  const series = [
    counter('/a', 0, 6 * hour),
    counter('/b', 0, 2 * hour),
    counter('/c', 3 * hour, 6 * hour),
    up(6 * hour),
  ];
  const all = await evaluateRules(rulesOf(shop(hourly), interval), series, start, start + 6 * hour);
  const totals = new Map(
    all.series
      .filter((one) => isNamed(one, recorded.periodEvents, 'total'))
      .map((one) => [one.labels.get('endpoint'), one]),
  );
  // One event at each scrape, and an hour of them at the end.
  expect([...totals.keys()].sort()).toEqual(['/a', '/b', '/c']);
  expect(totals.get('/a')?.values.at(-1)).toBe(120);
  expect(totals.get('/c')?.values.at(-1)).toBe(120);
  const gone = totals.get('/b');
  expect(gone?.timestamps.at(-1)).toBeLessThanOrEqual(start + 3 * hour + minute);
  const early = totals.get('/c');
  const first = early?.timestamps.findIndex((time) => start + 3 * hour + 10 * minute <= time) ?? -1;
  expect(early?.values[first]).toBe(21);
  expect(all.alerts.flatMap(({ episodes }) => episodes.filter(({ firedAt }) => firedAt !== undefined))).toEqual([]);
});

test('when all groups are gone, one alert says so', async () => {
  const series = [counter('/a', 0, 2 * hour), counter('/b', 0, 2 * hour), up(3 * hour)];
  const { alerts } = await evaluateRules(rulesOf(shop(grouped), interval), series, start, start + 3 * hour);
  const fired = alerts.flatMap(({ rule, episodes }) =>
    episodes.filter(({ firedAt }) => firedAt !== undefined).map(({ labels }) => [rule.alert, labels.get('reason')]),
  );
  expect(fired).toEqual([[alertNames.missing, 'no-metric']]);
});

test('grouping changes no name, and the alert names its group', () => {
  const names = (slo: Slo): readonly string[] =>
    rulesOf(shop(slo), interval).groups.flatMap(({ rules }) =>
      rules.map((rule) => (rule.kind === 'recording' ? rule.record : rule.alert)),
    );
  expect(names(grouped)).toEqual(names({ ...grouped, groupBy: [] }));
  const rules = rulesOf(shop(grouped), interval).groups.flatMap((group) => group.rules);
  const burn = rules.find((rule) => rule.kind === 'alerting' && rule.alert === alertNames.burn);
  if (burn?.kind !== 'alerting') throw new Error('no alert');
  expect(printExpr(burn.expr)).toContain('on (service, slo, endpoint)');
  expect(burn.annotations.get('summary')).toContain('(endpoint {{ $labels.endpoint }})');
  expect(burn.annotations.get('description')).toContain('endpoint=%q,service="shop",slo="grouped"}` $labels.endpoint)');
});

test('many groups are warned of, and labels of our own are refused', () => {
  const values = Array.from({ length: 101 }, (_, i) => `/${i}`);
  const metric = {
    name: 'requests_total',
    type: 'counter',
    labels: new Map([['endpoint', values]]),
    buckets: [],
  } as const;
  const metrics = new Map([['requests_total', metric]]);
  const codes = (slo: Slo): readonly string[] =>
    generateRules({ ...plainService, ...shop(slo), metrics }).diagnostics.map(({ code }) => code);
  expect(codes({ ...grouped, alerts: [] })).toEqual(['generate/many-groups']);
  expect(codes({ ...grouped, groupBy: ['window'] })).toEqual(['generate/group']);
});

const start = 1_700_000_100_000;

function forEndpoint(endpoint: string, name: string): Slo {
  const selector = `requests_total{endpoint="${endpoint}"`;
  return {
    ...objective('bad', period),
    name,
    indicator: { kind: 'ratio', counts: 'bad', events: expr(`${selector},code=~"5.."}`), total: expr(`${selector}}`) },
  };
}

/** The values that are there, by window. */
function found(
  series: readonly Series[],
  name: string,
  labels: Readonly<Record<string, string>>,
): readonly (readonly [which: string, values: readonly number[]])[] {
  return series
    .filter((one) => one.labels.get(metricName) === name)
    .filter((one) => Object.entries(labels).every(([label, value]) => one.labels.get(label) === value))
    .map(
      (one) =>
        [
          `${one.labels.get('events')} ${one.labels.get('window')}`,
          [...one.values].filter((_, i) => !isStale(one, i)),
        ] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A counter that grows by one at each scrape in a stretch. */
function counter(endpoint: string, since: number, until: number): Series {
  const times = Array.from({ length: (until - since) / interval + 1 }, (_, i) => start + since + i * interval);
  const ends = until < 6 * hour;
  return {
    labels: Labels.of({ [metricName]: 'requests_total', job: 'shop', instance: 'a', code: '200', endpoint }),
    timestamps: Float64Array.from(times),
    values: Float64Array.from(times, (_, i) => (ends && i === times.length - 1 ? Number.NaN : i + 1)),
    ...(ends && { staleMarkers: Int32Array.of(times.length - 1) }),
  };
}

function up(until: number): Series {
  const times = Array.from({ length: until / interval + 1 }, (_, i) => start + i * interval);
  return {
    labels: Labels.of({ [metricName]: 'up', job: 'shop', instance: 'a' }),
    timestamps: Float64Array.from(times),
    values: Float64Array.from(times, () => 1),
  };
}
