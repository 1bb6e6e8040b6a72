import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, timestamp } from '../../base/index.ts';
import { Labels, type Series } from '../../series/index.ts';
import { plan } from '../plan/plan.ts';
import { parseExpr } from '../syntax/parse.ts';
import { evaluate } from './evaluate.ts';

const templates: readonly string[] = [
  'a',
  'a offset 45s',
  'a @ 300',
  'rate(a[W])',
  'increase(a[W])',
  'irate(a[W])',
  'delta(a[W])',
  'deriv(a[W])',
  'predict_linear(a[W], 90)',
  'sum_over_time(a[W])',
  'avg_over_time(a[W])',
  'min_over_time(a[W])',
  'ts_of_max_over_time(a[W])',
  'stdvar_over_time(a[W])',
  'quantile_over_time(0.7, a[W])',
  'mad_over_time(a[W])',
  'changes(a[W])',
  'resets(a[W])',
  'count_over_time(a[W])',
  'absent_over_time(a{i="0"}[W])',
  'last_over_time(a[W]) - first_over_time(a[W])',
  'double_exponential_smoothing(a[W], 0.4, 0.6)',
  'max_over_time(rate(a[W])[W:40s])',
  'sum by (g) (a)',
  'avg without (i) (a)',
  'stddev by (g) (a)',
  'quantile by (g) (0.4, a)',
  'topk by (g) (1, a)',
  'bottomk(2, a)',
  'count_values("v", a)',
  'a + on (i) group_left sum by (i) (a)',
  'a > on (i) a offset 1m',
  'a and on (g) (a > 2)',
  'a unless a > 1',
  '(a > 1) or (-a)',
  'absent(a{i="1"})',
  'sum(a) / count(a) > bool 0',
  'clamp(a, -1, scalar(a{i="0"}))',
  'round(a, 0.5) ^ 2 % 3',
  'label_replace(a, "j", "$1$1", "i", "(.)")',
  'timestamp(a) - time()',
  'hour(a) + minute()',
];

/** Samples ten seconds or more apart, some of them NaN or the end of the series, falls included. */
const seriesData = fc.array(
  fc.tuple(
    fc.integer({ min: 10, max: 400 }),
    fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: -4, max: 9 }) },
      fc.constant(Number.NaN),
      fc.constant('stale' as const),
    ),
  ),
  { maxLength: 40 },
);

const world = fc.record({
  data: fc.array(seriesData, { minLength: 1, maxLength: 4 }),
  start: fc.integer({ min: 0, max: 2000 }),
  step: fc.integer({ min: 1, max: 300 }),
  steps: fc.integer({ min: 1, max: 25 }),
  window: fc.integer({ min: 1, max: 1500 }),
  template: fc.constantFrom(...templates),
});

describe('every step of a range query is an instant query of its own', () => {
  test('whatever the data, the ranges and the steps', () => {
    fc.assert(
      fc.property(world, ({ data, start, step, steps, window, template }) => {
        const series = data.flatMap((samples, i) => readSeries(samples, i));
        const expr = template.replaceAll('W', `${window}s`);
        const whole = points(series, expr, start, step, steps);
        for (let i = 0; i < steps; i += 1) {
          const time = start + i * step;
          const single = points(series, expr, time, 0, 1);
          // A range query fails as a whole; what an instant query at some other step would say is no matter.
          if (whole === undefined) return;
          expect(single, `${expr} at ${time}`).not.toBeUndefined();
          const here = new Map(
            [...whole].flatMap(([key, value]) => (key.startsWith(`${time}:`) ? [[key, value] as const] : [])),
          );
          expect([...(single ?? [])].map(([key]) => key).sort()).toEqual([...here.keys()].sort());
          for (const [key, value] of single ?? [])
            expect(close(value, here.get(key) ?? Number.NaN), `${expr} ${key}`).toBe(true);
        }
      }),
      { numRuns: 800 },
    );
  });
});

function readSeries(samples: readonly (readonly [number, number | 'stale'])[], i: number): readonly Series[] {
  if (samples.length === 0) return [];
  let time = 0;
  const timestamps = Float64Array.from(samples, ([gap]) => {
    time += gap * 1000;
    return time;
  });
  const values = Float64Array.from(samples, ([, value]) => (value === 'stale' ? Number.NaN : value));
  const stale = samples.flatMap(([, value], at) => (value === 'stale' ? [at] : []));
  const labels = Labels.of({ __name__: 'a', i: String(i), g: String(i % 2) });
  return [
    stale.length === 0
      ? { labels, timestamps, values }
      : { labels, timestamps, values, staleMarkers: Int32Array.from(stale) },
  ];
}

/** The answer by `seconds:labels`; undefined if the query fails. Times are seconds. */
function points(
  series: readonly Series[],
  text: string,
  start: number,
  step: number,
  steps: number,
): Map<string, number> | undefined {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  const time = {
    start: timestamp(start * 1000),
    end: timestamp((start + (steps - 1) * step) * 1000),
    step: duration(step * 1000),
  };
  const planned = plan(parsed.value, time);
  const source = planned.selections.map(({ matchers }) => {
    const wanted = matchers.filter(({ name }) => name === 'i');
    return series.filter(({ labels }) => wanted.every(({ value }) => labels.get('i') === value));
  });
  const outcome = evaluate(planned, source);
  if (!outcome.ok) return undefined;
  const answer = new Map<string, number>();
  if (outcome.value.kind === 'vector') {
    for (const { labels, value } of outcome.value.samples) answer.set(`${start}:${labels}`, value);
  } else if (outcome.value.kind === 'matrix') {
    for (const { labels, timestamps, values } of outcome.value.series) {
      for (const [i, at] of timestamps.entries()) answer.set(`${at / 1000}:${labels}`, values[i] ?? Number.NaN);
    }
  } else if (outcome.value.kind === 'scalar') {
    answer.set(`${start}:{}`, outcome.value.value);
  }
  return answer;
}

/** Both ways of computing may round; squares and slopes of small numbers do so at most in the twelfth digit of the numbers at hand. */
function close(a: number, b: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-10 * Math.max(1, Math.abs(a), Math.abs(b));
}
