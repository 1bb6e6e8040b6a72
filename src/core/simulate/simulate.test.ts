import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day, duration, minute, type Ratio, ratio } from '../base/index.ts';
import { budgetShareAt, readTarget } from '../slo/index.ts';
import { exhaustionWithExpiries, exhaustsBeforeEnd, sustainableBurnRate } from './forecast.ts';
import { workbookStrategies } from './strategies.ts';
import { median, nearestRank, roundBudgetUp, roundDown, windowRatios } from './suggest.ts';

const period = duration(30 * day);

test('a budget with expiries is spent when a walk by the minute says so', () => {
  const expiry = fc.record({
    after: fc.integer({ min: 0, max: 20_000 }).map((minutes) => duration(minutes * minute)),
    share: fc.integer({ min: 1, max: 50 }).map((percent) => ratio(percent / 100)),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(expiry, { maxLength: 4 }),
      (percent, burnRate, expiries) => {
        const exhausted = exhaustionWithExpiries(ratio(percent / 100), burnRate, period, expiries)!;
        let left = percent / 100;
        let minutes = 0;
        while (1e-9 < left) {
          for (const { after, share } of expiries) if (after === minutes * minute) left += share;
          left -= (burnRate * minute) / period;
          minutes += 1;
        }
        expect(Math.abs(exhausted - minutes * minute)).toBeLessThanOrEqual(minute + 1e-3);
      },
    ),
  );
});

test('the sustainable burn rate spends the budget exactly, and any more does not last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 29 }), fc.integer({ min: 0, max: 99 }), (elapsed, percent) => {
      const state = { period, elapsed: duration(elapsed * day), consumed: ratio(percent / 100) };
      const sustainable = sustainableBurnRate(state)!;
      expect(exhaustsBeforeEnd(state, sustainable * 1.001)).toBe(true);
      expect(exhaustsBeforeEnd(state, sustainable * 0.999)).toBe(false);
    }),
  );
});

test('a suggested target was reached, is one that can be written, and gives away less than a tenth or a doubling of the budget', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100_000, max: 999_999 }), (millionths) => {
      const achieved = ratio(millionths / 1e6);
      const coarse = roundDown(achieved);
      const fine = roundBudgetUp(achieved);
      for (const target of [coarse, fine]) expect(target).toBeLessThanOrEqual(achieved);
      if (0 < fine && fine < 1) expect(readTarget(String(fine)).ok).toBe(true);
      expect(achieved - coarse).toBeLessThan(0.01);
      expect(1 - fine).toBeLessThanOrEqual(2 * (1 - achieved) + 1e-12);
    }),
  );
});

test('ratios over windows are those of their days', () => {
  const days = fc.array(
    fc
      .integer({ min: 0, max: 50 })
      .chain((total) => fc.record({ good: fc.integer({ min: 0, max: total }), total: fc.constant(total) })),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 10 }), (all, length) => {
      const expected: number[] = [];
      for (let start = 0; start + length <= all.length; start += 1) {
        const window = all.slice(start, start + length);
        const total = window.reduce((sum, each) => sum + each.total, 0);
        if (0 < total) expected.push(window.reduce((sum, each) => sum + each.good, 0) / total);
      }
      expect(windowRatios(all, length)).toEqual(expected);
    }),
  );
});

test.each([
  [[3, 1, 2], 0.05, 1, 2],
  [[4, 1, 2, 3], 0.5, 2, 2.5],
  [[7], 1, 7, 7],
])('of %j the %d-quantile and the median', (values, share, quantile, middle) => {
  const ratios = values.map((value): Ratio => ratio(value));
  expect(nearestRank(ratios, ratio(share))).toBe(quantile);
  expect(median(ratios)).toBe(middle);
});

test("the workbook's strategies spend the shares of the budget that it prints", () => {
  const shares = workbookStrategies.map(({ tiers }) =>
    tiers.map(({ burnRate, longWindow }) => Math.round(1e4 * budgetShareAt(burnRate, longWindow, period)) / 1e4),
  );
  expect(shares).toEqual([[0.0002], [0.05], [0], [0.05], [0.02, 0.05, 0.1], [0.02, 0.05, 0.1]]);
});
