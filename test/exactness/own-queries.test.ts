import { expect, test } from 'vitest';
import { duration, hour, minute } from '../../src/core/base/index.ts';
import { readDefinitions } from '../../src/core/formats/index.ts';
import { defaultGenerateOptions, generateRules } from '../../src/core/generate/index.ts';
import { Labels, type Series } from '../../src/core/series/index.ts';
import { evaluateRules, latest } from './history.ts';

// Objectives whose queries are their own, and conditions with a share of a slice, against figures counted by hand from the same gauges.

const from = Date.UTC(2026, 10, 10, 8);
const length = 6 * hour;
const step = duration(minute / 2);
const slice = 5 * minute;

/** Trouble of an hour and a half in which the worse one of two gauges falls, and ten minutes without any series. */
const good = gauge('a', (since) => (since < 2 * hour || 3.5 * hour <= since ? 0.9 : 0.4));
const other = gauge('b', () => 1);

const definition = `apiVersion: nines/v1
service: wifi
slos:
  share: { target: 95%, alerts: none, queries: { badRatio: '1 - avg(avg_over_time(satisfaction[{{.window}}]))' } }
  clients:
    target: 95%
    alerts: none
    queries:
      bad: sum_over_time((count(satisfaction < 0.5))[{{.window}}:30s]) or on() vector(0)
      total: sum_over_time((count(satisfaction))[{{.window}}:30s])
  good-slices:
    target: 95% of 5m slices
    sliceTarget: 80%
    alerts: none
    queries: { goodRatio: 'avg(avg_over_time(satisfaction[{{.window}}]))' }
  mostly: { target: 95% of 5m slices, sliceTarget: 90%, alerts: none, condition: sum(dips) < 1 }
  held: { target: 95% of 5m ratios, alerts: none, condition: sum(dips) < 1 }
`;

test('the mean of the shares of slices, and the slices that keep their share', async () => {
  const read = readDefinitions({ name: 'slo.yaml', text: definition });
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  const { file, diagnostics } = generateRules(read.value, { ...defaultGenerateOptions, interval: step });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  // In the first hour one evaluation of ten is broken, in the second two: only the latter pass what a slice may have.
  const dips = gauge(
    'd',
    (since) => {
      const place = Math.floor(since / step) % 10;
      return place === 0 || (place === 1 && hour <= since && since < 2 * hour) ? 1 : 0;
    },
    'dips',
  );
  const { series } = await evaluateRules(file, [good, other, dips], from, from + length);
  const errors = (slo: string): number | undefined =>
    latest(
      series.filter(({ labels }) => labels.get('slo') === slo),
      'slo:period_errors:ratio',
    );
  // 72 slices, of which two are empty; in eighteen one of two gauges is at 0.4.
  const slices = length / slice;
  const known = slices - 2;
  const bad = (1.5 * hour) / slice;
  expect(known).toBe(70);
  expect(errors('share')).toBeCloseTo((bad * 0.3 + (known - bad) * 0.05) / known, 9);
  expect(errors('clients')).toBeCloseTo((bad * 0.5) / known, 2);
  expect(errors('good-slices')).toBeCloseTo(bad / known, 2);
  expect(errors('mostly')).toBeCloseTo(12 / slices, 2);
  expect(errors('held')).toBeCloseTo((12 * 0.2 + 60 * 0.1) / slices, 2);
});

function gauge(name: string, valueAt: (since: number) => number, metric = 'satisfaction'): Series {
  const times: number[] = [];
  for (let time = from; time <= from + length; time += step) {
    const since = time - from;
    const isGap = metric === 'satisfaction' && 4.9 * hour < since && since < 5.1 * hour;
    if (!isGap) times.push(time);
  }
  return {
    labels: Labels.of({ __name__: metric, client: name }),
    timestamps: Float64Array.from(times),
    values: Float64Array.from(times, (time) => valueAt(time - from)),
  };
}
