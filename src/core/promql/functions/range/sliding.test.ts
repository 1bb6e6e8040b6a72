import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Windows, windowsOver } from '../../evaluate/windows.ts';
import { extrapolatedRate, type RateKind } from './rate.ts';
import type { RangeArguments, RangeFunction, Samples } from './samples.ts';
import { rangeFunctions, rateKinds } from './table.ts';

/** A series with irregular gaps, and ranges of any overlap over it. */
interface Case {
  readonly samples: Samples;
  readonly args: RangeArguments;
}

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(1e15, -1e15, 0, -0),
);
const anyValue = fc.oneof({ weight: 12, arbitrary: finite }, fc.constantFrom(Number.NaN, Infinity, -Infinity));

function cases(value: fc.Arbitrary<number>): fc.Arbitrary<Case> {
  return fc
    .record({
      samples: fc.array(fc.tuple(fc.integer({ min: 1, max: 90_000 }), value), { maxLength: 120 }),
      start: fc.integer({ min: -200_000, max: 2_000_000 }),
      step: fc.integer({ min: 1, max: 120_000 }),
      steps: fc.integer({ min: 1, max: 60 }),
      range: fc.integer({ min: 1, max: 3_000_000 }),
      offset: fc.integer({ min: -100_000, max: 100_000 }),
      param: fc.double({ min: -0.2, max: 1.2, noNaN: true }),
    })
    .map(({ samples, start, step, steps, range, offset, param }) => {
      let time = 0;
      const timestamps = Float64Array.from(samples, ([gap]) => {
        time += gap;
        return time;
      });
      const grid = { start, step, steps };
      const windows = windowsOver(timestamps, { grid, offset, at: undefined, range });
      const params = [new Float64Array(steps).fill(param)];
      return {
        samples: { timestamps, values: Float64Array.from(samples, ([, one]) => one) },
        args: { windows, params, start, stride: step },
      };
    });
}

/** The answers of the sliding way, NaN-filled where there are none; undefined if it declines the data. */
function slide(fn: RangeFunction, { samples, args }: Case): Float64Array | undefined {
  const out = new Float64Array(args.windows.to - args.windows.from).fill(Number.NaN);
  return fn.sliding?.(samples, args, out) === true ? out : undefined;
}

function eachAnswer(
  fn: RangeFunction,
  { samples, args }: Case,
  check: (direct: number, step: number, largest: number) => void,
): void {
  const { windows } = args;
  for (let step = windows.from; step < windows.to; step += 1) {
    const low = windows.low[step] ?? 0;
    const high = windows.high[step] ?? 0;
    if (high - low < fn.least) continue;
    const largest = samples.values.subarray(low, high).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    check(fn.direct(samples, low, high, step, args), step, largest);
  }
}

const exact = [
  'changes',
  'max_over_time',
  'min_over_time',
  'resets',
  'ts_of_max_over_time',
  'ts_of_min_over_time',
  'quantile_over_time',
  'mad_over_time',
];
const close = ['avg_over_time', 'stddev_over_time', 'stdvar_over_time', 'sum_over_time'];

describe('a sliding range function answers as its definition does', () => {
  for (const name of exact) {
    test(`${name}, exactly`, () => {
      const fn = functionOf(name);
      fc.assert(
        fc.property(cases(anyValue), (one) => {
          const out = slide(fn, one);
          if (out === undefined) return;
          eachAnswer(fn, one, (direct, step) => {
            const answer = out[step - one.args.windows.from];
            // Zero and minus zero are equal to every comparison that PromQL has.
            expect(answer === 0 ? 0 : answer).toBe(direct === 0 ? 0 : direct);
          });
        }),
        { numRuns: 300 },
      );
    });
  }
  for (const name of close) {
    test(`${name}, within 1e-12 of the largest value`, () => {
      const fn = functionOf(name);
      fc.assert(
        fc.property(cases(anyValue), (one) => {
          const out = slide(fn, one);
          if (out === undefined) return;
          eachAnswer(fn, one, (direct, step, largest) => {
            const answer = out[step - one.args.windows.from] ?? 0;
            const scale = name === 'stdvar_over_time' ? largest * largest : largest;
            expect(near(answer, direct, scale), `${answer} for ${direct}`).toBe(true);
          });
        }),
        { numRuns: 300 },
      );
    });
  }
  for (const name of ['deriv', 'predict_linear']) {
    test(`${name}, within rounding`, () => {
      const fn = functionOf(name);
      fc.assert(
        fc.property(
          cases(fc.oneof({ weight: 12, arbitrary: finite }, fc.constantFrom(Number.NaN, Infinity))),
          (one) => {
            const out = slide(fn, one);
            if (out === undefined) return;
            eachAnswer(fn, one, (direct, step, largest) => {
              const answer = out[step - one.args.windows.from] ?? 0;
              const { low, high } = one.args.windows;
              const { timestamps } = one.samples;
              // The definition itself loses digits when the window is far away compared with its length.
              const first = timestamps[low[step] ?? 0] ?? 0;
              const length = ((timestamps[(high[step] ?? 0) - 1] ?? 0) - first) / 1000;
              const away = Math.abs(one.args.start + step * one.args.stride - first) / 1000 + length;
              const slopeScale = (largest / length) * Math.max(1, (away / length) ** 2);
              expect(near(answer, direct, 100 * (name === 'deriv' ? slopeScale : slopeScale * (away + 1)))).toBe(true);
            });
          },
        ),
        { numRuns: 300 },
      );
    });
  }
});

test('double_exponential_smoothing slides within 1e-12 of the largest value', () => {
  const fn = functionOf('double_exponential_smoothing');
  const factor = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(cases(finite), factor, factor, (one, sf, tf) => {
      const params = [sf, tf].map((value) => new Float64Array(60).fill(value));
      const given = { ...one, args: { ...one.args, params } };
      const out = slide(fn, given);
      // The trend may run away from the values by their distance times the number of samples that it lasts.
      eachAnswer(fn, given, (direct, step, largest) => {
        expect(near(out?.[step - one.args.windows.from] ?? 0, direct, 100 * largest)).toBe(true);
      });
    }),
    { numRuns: 300 },
  );
});

describe('rate, increase and delta', () => {
  for (const [name, kind] of rateKinds) {
    test(`${name} is bit by bit what reading every window gives`, () => {
      fc.assert(
        fc.property(cases(fc.oneof(finite, fc.constant(Number.NaN))), ({ samples, args: { windows } }) => {
          const out = new Float64Array(windows.to - windows.from).fill(Number.NaN);
          extrapolatedRate(samples, windows, kind, out);
          for (let step = windows.from; step < windows.to; step += 1) {
            const naive = naiveRate(samples, windows, step, kind);
            if (naive !== undefined && fewResets(samples, windows, step)) expect(out[step - windows.from]).toBe(naive);
          }
        }),
        { numRuns: 500 },
      );
    });
  }

  test('stay accurate on a gauge that falls all the time', () => {
    const values = Float64Array.from({ length: 5000 }, (_, i) => 1e6 * ((i * 7919) % 1013));
    const timestamps = Float64Array.from(values, (_, i) => (i + 1) * 1000);
    const grid = { start: 0, step: 1000, steps: 5000 };
    const windows = windowsOver(timestamps, { grid, offset: 0, at: undefined, range: 2_000_000 });
    const out = new Float64Array(windows.to - windows.from);
    const kind = { counter: true, perSecond: false };
    extrapolatedRate({ timestamps, values }, windows, kind, out);
    for (let step = windows.from; step < windows.to; step += 97) {
      const naive = naiveRate({ timestamps, values }, windows, step, kind);
      if (naive !== undefined) expect(Math.abs((out[step - windows.from] ?? 0) / naive - 1)).toBeLessThan(1e-12);
    }
  });
});

test('windows are open on the left and closed on the right', () => {
  const timestamps = Float64Array.of(0, 10, 20, 30);
  const windows = windowsOver(timestamps, {
    grid: { start: 10, step: 10, steps: 4 },
    offset: 0,
    at: undefined,
    range: 20,
  });
  const bounds = [...windows.low].map((low, step) => [low, windows.high[step]]);
  expect(bounds).toEqual([
    [0, 2],
    [1, 3],
    [2, 4],
    [3, 4],
  ]);
});

function functionOf(name: string): RangeFunction {
  const entry = rangeFunctions.get(name);
  if (entry === undefined) throw new Error(`no range function ${name}`);
  return entry.fn;
}

/** Squares of numbers below 1e-154 lose their digits, whoever computes them. */
function near(a: number, b: number, scale: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-12 * scale + 1e-154;
}

/** Upstream's loop over one window. */
function naiveRate(
  { timestamps, values }: Samples,
  windows: Windows,
  step: number,
  kind: RateKind,
): number | undefined {
  const low = windows.low[step]!;
  const high = windows.high[step]!;
  if (high - low < 2) return undefined;
  const end = windows.firstEnd + step * windows.endStep;
  let result = values[high - 1]! - values[low]!;
  if (kind.counter) for (let i = low + 1; i < high; i += 1) if (values[i]! < values[i - 1]!) result += values[i - 1]!;
  let toStart = (timestamps[low]! - (end - windows.range)) / 1000;
  let toEnd = (end - timestamps[high - 1]!) / 1000;
  const sampled = (timestamps[high - 1]! - timestamps[low]!) / 1000;
  const average = sampled / (high - 1 - low);
  if (average * 1.1 <= toStart) toStart = average / 2;
  if (kind.counter && 0 < result && 0 <= values[low]!) toStart = Math.min(toStart, sampled * (values[low]! / result));
  if (average * 1.1 <= toEnd) toEnd = average / 2;
  let factor = (sampled + toStart + toEnd) / sampled;
  if (kind.perSecond) factor /= windows.range / 1000;
  return result * factor;
}

/** Where nearly every sample is a fall the corrections are summed in another order; the last test above is about that. */
function fewResets({ values }: Samples, windows: Windows, step: number): boolean {
  let resets = 0;
  for (let i = (windows.low[step] ?? 0) + 1; i < (windows.high[step] ?? 0); i += 1)
    if (values[i]! < values[i - 1]!) resets += 1;
  return resets < 5;
}
