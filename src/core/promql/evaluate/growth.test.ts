import { describe, expect, test } from 'vitest';
import { day, duration, hour, noCheckpoint, second, timestamp } from '../../base/index.ts';
import { Labels, memorySource, type Series } from '../../series/index.ts';
import { plan } from '../plan/plan.ts';
import { parseExpr } from '../syntax/parse.ts';
import { evaluate } from './evaluate.ts';

/** Forty days that end at a fixed instant. */
const end = 40 * day;

/** A gauge that wanders and a counter with restarts, both from the same generator of numbers. */
function series(interval: number): readonly Series[] {
  const count = end / interval;
  const timestamps = Float64Array.from({ length: count }, (_, i) => (i + 1) * interval);
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
  let total = 0;
  const counter = timestamps.map(() => {
    total = random() < 0.0001 ? 0 : total + random();
    return total;
  });
  const labels = (name: string) => Labels.of({ __name__: name });
  return [
    { labels: labels('gauge'), timestamps, values: timestamps.map(() => random() - 0.5) },
    { labels: labels('counter_total'), timestamps, values: counter },
  ];
}

const data = series(30 * second);
const denser = series(15 * second);

/** Milliseconds of one evaluation over thirty days at hourly steps. */
function time(of: readonly Series[], expr: string): number {
  const parsed = parseExpr(expr);
  if (!parsed.ok) throw new Error(expr);
  const planned = plan(parsed.value, { start: timestamp(end - 30 * day), end: timestamp(end), step: hour });
  const selected = planned.selections.map(({ matchers }) =>
    of.filter(({ labels }) => labels.get('__name__') === matchers[0]?.value),
  );
  const begin = performance.now();
  const outcome = evaluate(planned, selected, noCheckpoint);
  const elapsed = performance.now() - begin;
  expect(outcome.ok).toBe(true);
  return elapsed;
}

/**
 * How many times longer the second takes than the first. Other work on the machine can only lengthen a run, so the shortest of several
 * counts, and a ratio above the limit is measured again.
 */
function growth(first: () => number, second: () => number, limit: number): number {
  let ratio = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 8 && limit < ratio; attempt += 1) {
    let a = Number.POSITIVE_INFINITY;
    let b = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 7; run += 1) {
      a = Math.min(a, first());
      b = Math.min(b, second());
    }
    ratio = Math.min(ratio, b / a);
  }
  return ratio;
}

const functions = [
  'rate(counter_total[X])',
  'increase(counter_total[X])',
  'resets(counter_total[X])',
  'sum_over_time(gauge[X])',
  'avg_over_time(gauge[X])',
  'max_over_time(gauge[X])',
  'stddev_over_time(gauge[X])',
  'quantile_over_time(0.99, gauge[X])',
  'mad_over_time(gauge[X])',
  'deriv(gauge[X])',
  'double_exponential_smoothing(gauge[X], 0.3, 0.3)',
];

describe('the cost of a sliding range', () => {
  test.each(functions)('%s hardly grows when the range doubles', (template) => {
    const run = (range: string) => () => time(data, template.replace('X', range));
    expect(growth(run('4d'), run('8d'), 1.3)).toBeLessThanOrEqual(1.3);
  });

  test.each(functions)('%s doubles with the samples', (template) => {
    const expr = template.replace('X', '4d');
    expect(
      growth(
        () => time(data, expr),
        () => time(denser, expr),
        2.2,
      ),
    ).toBeLessThanOrEqual(2.2);
  });
});

test('an answer takes no more than 24 bytes a sample, with all that was needed on the way', async () => {
  const timestamps = Float64Array.from({ length: 2000 }, (_, i) => i * 15_000);
  const wide = Array.from({ length: 500 }, (_, i) => ({
    labels: Labels.of({ __name__: 'wide_total', i: String(i) }),
    timestamps,
    values: timestamps.map((time) => time * i),
  }));
  const parsed = parseExpr('rate(wide_total[5m])');
  if (!parsed.ok) throw new Error('does not parse');
  const planned = plan(parsed.value, { start: timestamp(0), end: timestamp(1999 * 15_000), step: duration(15_000) });
  const selected = await memorySource(wide).select(planned.selections);
  const before = process.memoryUsage().arrayBuffers;
  const outcome = evaluate(planned, selected, noCheckpoint);
  const used = process.memoryUsage().arrayBuffers - before;
  if (!outcome.ok || outcome.value.kind !== 'matrix') throw new Error('no matrix');
  const samples = outcome.value.series.reduce((sum, { values }) => sum + values.length, 0);
  expect(used / samples).toBeLessThanOrEqual(24);
});
