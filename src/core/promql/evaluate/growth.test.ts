import { Session } from 'node:inspector/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { day, duration, hour, noCheckpoint, second, timestamp } from '../../base/index.ts';
import { Labels, memorySource, type Series } from '../../series/index.ts';
import type { plan as Plan } from '../plan/plan.ts';
import { parseExpr } from '../syntax/parse.ts';
import type { evaluate as Evaluate } from './evaluate.ts';

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
  // It restarts at the same instants whatever the interval: how far the engine looks for falls depends on them.
  const counter = timestamps.map((_, i) => {
    total = i % Math.round(count / 11) === 0 ? 0 : total + random();
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

/** The parts of the engine whose steps count. */
const engine = /\/src\/core\/(?:base|series|promql)\//;

let session: Session;
let engineOf: Promise<{ readonly plan: typeof Plan; readonly evaluate: typeof Evaluate }>;

/** Only what is compiled from now on has its blocks counted, so the engine is loaded anew. */
beforeAll(async () => {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  vi.resetModules();
  engineOf = Promise.all([import('../plan/plan.ts'), import('./evaluate.ts')]).then(([{ plan }, { evaluate }]) => ({
    plan,
    evaluate,
  }));
});

afterAll(async () => {
  await session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
});

/**
 * The steps of one evaluation over thirty days at hourly steps: how often blocks of the engine's code were run, by V8's own count, and the
 * elements that methods of arrays passed in one call. Unlike a time it is the same on any machine, whatever else that does.
 */
async function steps(of: readonly Series[], expr: string): Promise<number> {
  const { plan, evaluate } = await engineOf;
  const parsed = parseExpr(expr);
  if (!parsed.ok) throw new Error(expr);
  const planned = plan(parsed.value, { start: timestamp(end - 30 * day), end: timestamp(end), step: hour });
  const selected = planned.selections.map(({ matchers }) =>
    of.filter(({ labels }) => labels.get('__name__') === matchers[0]?.value),
  );
  // What was counted before is forgotten.
  await session.post('Profiler.takePreciseCoverage');
  const passed = countPassed();
  const outcome = evaluate(planned, selected, noCheckpoint);
  const elements = passed.stop();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  expect(outcome.ok).toBe(true);
  const blocks = result
    .filter(({ url }) => engine.test(url))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)));
  return blocks.reduce((sum, count) => sum + count, elements);
}

/** Counts the elements that arrays of numbers copy, fill and sort by methods of their own, in which no block of the engine is run. */
function countPassed(): { stop(): number } {
  let elements = 0;
  const prototype = Object.getPrototypeOf(Float64Array.prototype);
  const spies = (['copyWithin', 'fill', 'set', 'slice', 'sort'] as const).map((name) => {
    const own = prototype[name];
    return vi.spyOn(prototype, name).mockImplementation(function count(this: Float64Array, ...args: unknown[]) {
      const [, from, to] = args.map(Number);
      elements += name === 'copyWithin' ? (to ?? this.length) - (from ?? 0) : this.length;
      return own.apply(this, args);
    });
  });
  return {
    stop: () => {
      for (const spy of spies) spy.mockRestore();
      return elements;
    },
  };
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
  test.each(functions)('%s hardly grows when the range doubles', async (template) => {
    const single = await steps(data, template.replace('X', '4d'));
    const double = await steps(data, template.replace('X', '8d'));
    expect(single).toBeGreaterThan(30 * 2880);
    expect(double / single).toBeLessThanOrEqual(1.3);
  });

  test.each(functions)('%s doubles with the samples', async (template) => {
    const expr = template.replace('X', '4d');
    expect((await steps(denser, expr)) / (await steps(data, expr))).toBeLessThanOrEqual(2.2);
  });
});

test('an answer takes no more than 24 bytes a sample, with all that was needed on the way', async () => {
  const timestamps = Float64Array.from({ length: 2000 }, (_, i) => i * 15_000);
  const wide = Array.from({ length: 500 }, (_, i) => ({
    labels: Labels.of({ __name__: 'wide_total', i: String(i) }),
    timestamps,
    values: timestamps.map((time) => time * i),
  }));
  const { plan, evaluate } = await engineOf;
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
