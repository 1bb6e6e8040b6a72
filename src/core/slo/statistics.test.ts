import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, minute, ratio } from '../base/index.ts';
import { atLeast } from './binomial.ts';
import { clopperPearsonInterval, judge, standardScore, wilsonInterval } from './confidence.ts';
import { falsePageProbability } from './low-traffic.ts';
import { allowedBadSlices, badSlices, sliceCount } from './time-slices.ts';

/** The binomial distribution by its recursion over one more event at a time: no logarithms, no factorials. */
function tail(least: number, events: number, badRatio: number): number {
  let probabilities = [1];
  for (let event = 0; event < events; event += 1) {
    probabilities = Array.from(
      { length: event + 2 },
      (_, count) => (probabilities[count] ?? 0) * (1 - badRatio) + (probabilities[count - 1] ?? 0) * badRatio,
    );
  }
  // From the smallest term up, for the sum to keep its digits.
  return probabilities.slice(least).reduceRight((sum, each) => sum + each, 0);
}

test('tails of the binomial distribution are those of its recursion, however small', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 0, max: 160 }),
      fc.double({ min: 1e-6, max: 0.999, noNaN: true }),
      (events, least, badRatio) => {
        const expected = tail(least, events, badRatio);
        // Below that the recursion itself runs out of digits.
        if (expected < 1e-250) return;
        expect(Math.abs(atLeast(least, events, ratio(badRatio)) - expected)).toBeLessThanOrEqual(
          1e-11 * expected + 1e-15,
        );
      },
    ),
  );
});

test('a million events lose no digits', () => {
  const upper = atLeast(1100, 1_000_000, ratio(0.001));
  const lower = atLeast(1_000_000 - 1099, 1_000_000, ratio(0.999));
  // Summed from zero upwards with fifty digits.
  expect(upper / 9.574669700285e-4).toBeCloseTo(1, 10);
  expect(upper + lower).toBeCloseTo(1, 10);
});

test('a service with ten requests an hour pages for each of its failures', () => {
  expect(720 * falsePageProbability(10, ratio(0.001), 1)).toBeCloseTo(7.167686, 5);
});

test.each([
  [0.9, 1.644_853_626_951_472_2],
  [0.95, 1.959_963_984_540_054],
  [0.98, 2.326_347_874_040_840_8],
  [0.99, 2.575_829_303_548_900_4],
  [0.999, 3.290_526_731_491_926],
])('the standard score of %d', (confidence, score) => {
  expect(standardScore(ratio(confidence))).toBeCloseTo(score, 11);
});

test('intervals hold the share that was counted, and the exact one holds the tails it promises', () => {
  const counts = fc
    .integer({ min: 1, max: 400 })
    .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total)));
  fc.assert(
    fc.property(counts, ([count, total]) => {
      const wilson = wilsonInterval(count, total, standardScore(ratio(0.95)))!;
      const exact = clopperPearsonInterval(count, total, ratio(0.95))!;
      for (const { low, high } of [wilson, exact]) {
        expect(low).toBeLessThanOrEqual(count / total + 1e-12);
        expect(high).toBeGreaterThanOrEqual(count / total - 1e-12);
      }
      if (0 < count) expect(atLeast(count, total, exact.low)).toBeCloseTo(0.025, 10);
      if (count < total) expect(1 - atLeast(count + 1, total, exact.high)).toBeCloseTo(0.025, 10);
    }),
    { numRuns: 100 },
  );
});

test.each([
  [0.995, 1, 'met'],
  [0.9, 0.98, 'missed'],
  [0.9, 0.999, 'unknown'],
] as const)('an interval from %d to %d says of a target of 0.99: %s', (low, high, verdict) => {
  expect(judge({ low: ratio(low), high: ratio(high) }, ratio(0.99))).toBe(verdict);
});

test('bad slices are those of a count second by second', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 99 }),
      (length, sliceMinutes, errors, allowed) => {
        const slice = sliceMinutes * 60;
        let bad = 0;
        for (let start = 0; start < length; start += slice) {
          const affected = Math.min(slice, length - start);
          if (allowed * slice < affected * errors) bad += 1;
        }
        const outage = {
          length: duration(length * 1000),
          errorRatio: ratio(errors / 100),
          slice: duration(sliceMinutes * minute),
          sliceBudget: ratio(allowed / 100),
        };
        expect(badSlices(outage)).toBe(bad);
      },
    ),
  );
});

test('slices allowed to be bad are whole ones', () => {
  const month = duration(30 * 24 * 60 * minute);
  expect(allowedBadSlices(sliceCount(month, minute), ratio(0.001))).toBe(43);
  expect(allowedBadSlices(sliceCount(month, duration(5 * minute)), ratio(0.001))).toBe(8);
  expect(allowedBadSlices(1000, ratio(0.001))).toBe(1);
});
