import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, timestamp } from '../base/index.ts';
import { metricName, parseExposition, type Series } from '../series/index.ts';
import { eventsAfter } from './arrivals.ts';
import { anchorScenario, readScenario, type Scenario, scenarioSeries, scrapePage } from './index.ts';

/** 2026-11-21 00:00 UTC. */
const midnight = timestamp(1_795_219_200_000);

const text = `
apiVersion: nines-scenario/v1
service: shop
interval: 30s
replicas: 2
seed: 11
started: -8d
restartEvery: 50h
traffic: { peakAt: "15:00", peakToTrough: 5, noise: 40% }
metrics:
  shop_requests_total:
    type: counter
    rate: 3/s
    newborn: true
    labels: { route: { /cart: 3, /pay: 1 } }
    outcomes: { good: { code: [200, 204] }, bad: { code: [500] }, errorRatio: 0.01% }
  shop_seconds:
    type: histogram
    unit: seconds
    rate: 2/s
    buckets: [100ms, 0.5, 1s]
    latency: [{ match: { }, median: 150ms, p99: 900ms }]
  shop_queue: { type: gauge, trough: 2, peak: 40, noise: 30% }
  shop_ticks_total: { type: counter, rate: 1/m, arrivals: clockwork }
incidents:
  - { name: one container down, at: -20h, for: 30m, down: true, replicas: [1] }
  - { name: both unreachable, at: -15h, for: 10m, unreachable: true }
  - { name: pay fails, at: -10h, for: 1h, ramp: 20m, match: { route: /pay }, errorRatio: 60% }
  - { name: slow, at: -8h, for: 2h, latencyFactor: 4 }
  - { name: crash, at: -5h, restart: true }
  - { name: quiet, at: -3h, for: 1h, trafficFactor: 0 }
  - { name: jam, at: -2h, for: 1h, gaugeValue: 400 }
`;

const shop = read(text);

describe('random arrivals', () => {
  const key = fc.integer();
  const expected = fc.double({ min: 0, max: 1e7, noNaN: true });

  test('never decrease', () => {
    fc.assert(
      fc.property(key, expected, fc.double({ min: 0, max: 100, noNaN: true }), (k, x, more) => {
        expect(eventsAfter(k, x)).toBeLessThanOrEqual(eventsAfter(k, x + more));
      }),
      { numRuns: 2000 },
    );
  });

  test('are whole, and never stray by more than a block', () => {
    fc.assert(
      fc.property(key, expected, (k, x) => {
        const events = eventsAfter(k, x);
        expect(Number.isInteger(events)).toBe(true);
        expect(Math.abs(events - x)).toBeLessThanOrEqual(64);
      }),
    );
  });

  test('scatter like a Poisson process within a block', () => {
    // 16 expected events: variance 16 * (1 - 16/64) = 12 within a block of 64.
    const counts = Array.from({ length: 20_000 }, (_, k) => eventsAfter(k, 16));
    const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
    const variance = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / counts.length;
    expect(mean).toBeCloseTo(16, 0);
    expect(variance).toBeGreaterThan(11);
    expect(variance).toBeLessThan(13);
  });
});

describe('history', () => {
  const stretch = { from: timestamp(midnight - day), to: midnight, interval: duration(30_000) };
  const series = scenarioSeries(shop, stretch);

  test('has every series of every replica, and up', () => {
    expect(series.map(({ labels }) => labels.toString())).toMatchInlineSnapshot(`
      [
        "up{instance="shop-0", job="shop"}",
        "up{instance="shop-1", job="shop"}",
        "shop_requests_total{code="200", instance="shop-0", job="shop", route="/cart"}",
        "shop_requests_total{code="204", instance="shop-0", job="shop", route="/cart"}",
        "shop_requests_total{code="500", instance="shop-0", job="shop", route="/cart"}",
        "shop_requests_total{code="200", instance="shop-1", job="shop", route="/cart"}",
        "shop_requests_total{code="204", instance="shop-1", job="shop", route="/cart"}",
        "shop_requests_total{code="500", instance="shop-1", job="shop", route="/cart"}",
        "shop_requests_total{code="200", instance="shop-0", job="shop", route="/pay"}",
        "shop_requests_total{code="204", instance="shop-0", job="shop", route="/pay"}",
        "shop_requests_total{code="500", instance="shop-0", job="shop", route="/pay"}",
        "shop_requests_total{code="200", instance="shop-1", job="shop", route="/pay"}",
        "shop_requests_total{code="204", instance="shop-1", job="shop", route="/pay"}",
        "shop_requests_total{code="500", instance="shop-1", job="shop", route="/pay"}",
        "shop_seconds_bucket{instance="shop-0", job="shop", le="0.1"}",
        "shop_seconds_bucket{instance="shop-0", job="shop", le="0.5"}",
        "shop_seconds_bucket{instance="shop-0", job="shop", le="1.0"}",
        "shop_seconds_bucket{instance="shop-0", job="shop", le="+Inf"}",
        "shop_seconds_count{instance="shop-0", job="shop"}",
        "shop_seconds_sum{instance="shop-0", job="shop"}",
        "shop_seconds_bucket{instance="shop-1", job="shop", le="0.1"}",
        "shop_seconds_bucket{instance="shop-1", job="shop", le="0.5"}",
        "shop_seconds_bucket{instance="shop-1", job="shop", le="1.0"}",
        "shop_seconds_bucket{instance="shop-1", job="shop", le="+Inf"}",
        "shop_seconds_count{instance="shop-1", job="shop"}",
        "shop_seconds_sum{instance="shop-1", job="shop"}",
        "shop_queue{instance="shop-0", job="shop"}",
        "shop_queue{instance="shop-1", job="shop"}",
        "shop_ticks_total{instance="shop-0", job="shop"}",
        "shop_ticks_total{instance="shop-1", job="shop"}",
      ]
    `);
  });

  test('counts never decrease but at a restart', () => {
    for (const one of series.filter(isCounter)) {
      let resets = 0;
      for (let i = 1; i < one.values.length; i += 1) if (one.values[i]! < one.values[i - 1]!) resets += 1;
      // Replica 1 was down once and both crashed once; the rollout every 50 h may fall into the day.
      expect(resets).toBeLessThanOrEqual(3);
    }
  });

  test('buckets are cumulative at every scrape', () => {
    for (const instance of shop.replicas) {
      const parts = ['0.1', '0.5', '1.0', '+Inf'].map((le) => find(series, 'shop_seconds_bucket', { instance, le }));
      const count = find(series, 'shop_seconds_count', { instance });
      for (let i = 0; i < count.values.length; i += 1) {
        for (let k = 1; k < parts.length; k += 1)
          expect(parts[k]!.values[i]! < parts[k - 1]!.values[i]!, `${instance} ${i}`).toBe(false);
        expect(parts[3]!.values[i]).toEqual(count.values[i]);
      }
    }
  });

  test('a container that is down has no samples, and counts from zero afterwards', () => {
    const from = midnight - 20 * hour;
    const up = find(series, 'up', { instance: 'shop-1' });
    const ticks = find(series, 'shop_ticks_total', { instance: 'shop-1' });
    const upAt = (time: number) => up.values[up.timestamps.indexOf(time)];
    expect([upAt(from - 30_000), upAt(from), upAt(from + 30 * minute - 30_000), upAt(from + 30 * minute)]).toEqual([
      1, 0, 0, 1,
    ]);
    const inside = [...ticks.timestamps].filter((time) => from <= time && time < from + 30 * minute);
    expect(inside).toEqual([from]);
    expect([...ticks.staleMarkers!].map((i) => ticks.timestamps[i])).toContain(from);
    expect(ticks.values[ticks.timestamps.indexOf(from + 30 * minute)]).toBe(0);
    // The other one takes its traffic.
    const seen = (instance: string, at: number) => {
      const { timestamps, values } = find(series, 'shop_seconds_count', { instance });
      return values[timestamps.indexOf(at)]!;
    };
    const during = seen('shop-0', from + 20 * minute) - seen('shop-0', from + 10 * minute);
    const before = seen('shop-0', from - 10 * minute) - seen('shop-0', from - 20 * minute);
    expect(during / before).toBeGreaterThan(1.5);
  });

  test('what cannot be scraped goes on counting', () => {
    const from = midnight - 15 * hour;
    const { timestamps, values } = find(series, 'shop_ticks_total', { instance: 'shop-0' });
    expect([...timestamps].filter((time) => from < time && time < from + 10 * minute)).toEqual([]);
    const before = values[timestamps.indexOf(from - 30_000)]!;
    const after = values[timestamps.indexOf(from + 10 * minute)]!;
    expect(after - before).toBeGreaterThanOrEqual(5);
  });

  test('stopped traffic leaves counters where they are', () => {
    const { timestamps, values } = find(series, 'shop_seconds_count', { instance: 'shop-0' });
    const at = (time: number) => values[timestamps.indexOf(time)]!;
    expect(at(midnight - 2 * hour)).toBe(at(midnight - 3 * hour));
    expect(at(midnight - hour)).toBeGreaterThan(at(midnight - 2 * hour));
  });

  test('gauges show what incidents set', () => {
    const { timestamps, values } = find(series, 'shop_queue', { instance: 'shop-0' });
    const at = (time: number) => values[timestamps.indexOf(time)]!;
    expect(at(midnight - 90 * minute)).toBe(400);
    expect(at(midnight - 30 * minute)).toBeLessThan(60);
  });

  test('an error series is born with its first error', () => {
    const bad = find(series, 'shop_requests_total', { instance: 'shop-0', route: '/pay', code: '500' });
    // Between the crash and the first error after it the series is missing, and a marker says so.
    const crash = midnight - 5 * hour;
    const marker = [...bad.staleMarkers!].map((i) => bad.timestamps[i]!).find((time) => crash <= time);
    expect(marker).toBe(crash);
    const next = bad.timestamps.find((time) => crash < time);
    expect(next === undefined || crash + 30_000 < next).toBe(true);
    expect(bad.timestamps.length).toBeLessThan(2800);
    expect([...bad.values].filter((value) => value === 0)).toEqual([]);
  });

  test('series of one replica share their timestamps', () => {
    const shared = new Set(
      series
        .filter(
          ({ labels }) => labels.get('instance') === 'shop-0' && !labels.get('code') && labels.get(metricName) !== 'up',
        )
        .map(({ timestamps }) => timestamps),
    );
    expect(shared.size).toBe(1);
  });

  test('any two parts of a stretch give the same samples as the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2878 }), fc.integer({ min: 1, max: 200 }), (cut, length) => {
        const anchored = anchorScenario(shop, midnight);
        const end = Math.min(2880, cut + length);
        const from = timestamp(stretch.from + cut * 30_000);
        const middle = timestamp(stretch.from + end * 30_000);
        const to = timestamp(Math.min(midnight, middle + 3_000_000));
        const parts = [
          samplesOf(scenarioSeries(anchored, { ...stretch, from, to: middle })),
          samplesOf(scenarioSeries(anchored, { ...stretch, from: timestamp(middle + 30_000), to })),
        ];
        const whole = samplesOf(scenarioSeries(anchored, { ...stretch, from, to }));
        const joined = new Map(parts[0]);
        for (const [name, samples] of parts[1]!) joined.set(name, [...(joined.get(name) ?? []), ...samples]);
        expect(joined).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test('the page shows the numbers of history', () => {
    const anchored = anchorScenario(shop, midnight);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2880 }),
        fc.constantFrom(0, 1),
        fc.constantFrom('text', 'openmetrics'),
        (k, replica, format) => {
          const time = timestamp(stretch.from + k * 30_000);
          const instance = shop.replicas[replica]!;
          const page = scrapePage(anchored, replica, time, format);
          const up = find(series, 'up', { instance }).values[k];
          expect(page === undefined).toBe(up === 0);
          if (page === undefined) return;
          const type = format === 'text' ? 'text/plain' : 'application/openmetrics-text';
          const read = parseExposition(page, type);
          const shown = read.ok ? read.value.samples : [];
          const stored = series.flatMap((one) => {
            const at = one.timestamps.indexOf(time);
            const mine = one.labels.get('instance') === instance && one.labels.get(metricName) !== 'up';
            return mine && at !== -1 && !Number.isNaN(one.values[at])
              ? [[one.labels.without('job', 'instance').key, one.values[at]!] as const]
              : [];
          });
          expect(new Map(shown.map(({ labels, value }) => [labels.key, value]))).toEqual(new Map(stored));
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('traffic follows the day', () => {
  const calm = read(text.replace('noise: 40%', 'noise: 0%').replace(/incidents:[\s\S]*/, ''));
  const series = scenarioSeries(calm, { from: timestamp(midnight - day), to: midnight, interval: hour });
  const count = find(series, 'shop_seconds_count', { instance: 'shop-0' });
  const perHour = Array.from({ length: 24 }, (_, i) => count.values[i + 1]! - count.values[i]!);
  const busiest = Math.max(...perHour);
  const quietest = Math.min(...perHour.filter((n) => 0 < n));
  expect(perHour.indexOf(busiest)).toBeGreaterThanOrEqual(14);
  expect(perHour.indexOf(busiest)).toBeLessThanOrEqual(15);
  expect(busiest / quietest).toBeGreaterThan(4.5);
  expect(busiest / quietest).toBeLessThan(5.5);
  // Half of 2/s for a day, as there are two replicas.
  expect(perHour.filter((n) => 0 < n).reduce((sum, n) => sum + n, 0) / 86_400).toBeCloseTo(1, 0);
});

test('another seed gives other numbers, the same seed the same', () => {
  const range = { from: timestamp(midnight - hour), to: midnight, interval: minute };
  const again = samplesOf(scenarioSeries(read(text), range));
  expect(again).toEqual(samplesOf(scenarioSeries(shop, range)));
  expect(again).not.toEqual(samplesOf(scenarioSeries({ ...shop, seed: 12 }, range)));
});

test('before the start there is nothing', () => {
  const from = timestamp(midnight - 9 * day);
  const series = scenarioSeries(anchorScenario(shop, midnight), {
    from,
    to: timestamp(midnight - 7.5 * day),
    interval: hour,
  });
  expect(series[0]!.timestamps[0]).toBe(midnight - 8 * day);
  expect(scrapePage(anchorScenario(shop, midnight), 0, from)).toBeUndefined();
});

function read(yaml: string): Scenario {
  const outcome = readScenario({ name: 'scenario.yaml', text: yaml });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}

function isCounter({ labels }: Series): boolean {
  return !['up', 'shop_queue'].includes(labels.get(metricName));
}

function find(series: readonly Series[], name: string, labels: Readonly<Record<string, string>>): Series {
  const found = series.find(
    (one) =>
      one.labels.get(metricName) === name &&
      Object.entries(labels).every(([label, value]) => one.labels.get(label) === value),
  );
  if (found === undefined) throw new Error(`no series ${name}`);
  return found;
}

function samplesOf(series: readonly Series[]): Map<string, readonly (readonly [number, number | 'stale'])[]> {
  return new Map(
    series.map(({ labels, timestamps, values, staleMarkers }) => [
      labels.toString(),
      [...timestamps].map((time, i) => [time, staleMarkers?.includes(i) ? 'stale' : values[i]!] as const),
    ]),
  );
}
