import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBound } from './bucket-label.ts';
import { calendarFunctions, civilTime, formatInstant } from './calendar.ts';
import { type BucketColumns, bucketFraction, bucketQuantile } from './classic-buckets.ts';
import { formatDecimal } from './decimal.ts';
import { roundTo } from './elementwise.ts';
import { xxh64 } from './label-hash.ts';
import { compareNaturally } from './natural-order.ts';
import { power } from './operators.ts';
import { quantileOf } from './range/quantile.ts';

test('dates are those of the JavaScript calendar', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_000_000_000, max: 250_000_000_000 }), (seconds) => {
      const date = new Date(seconds * 1000);
      expect(civilTime(seconds)).toMatchObject({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
        weekday: date.getUTCDay(),
      });
      const first = new Date(date);
      first.setUTCMonth(0, 1);
      expect(civilTime(seconds).dayOfYear).toBe(Math.round((date.getTime() - first.getTime()) / 86_400_000) + 1);
    }),
  );
  expect(calendarFunctions.get('days_in_month')?.(951_782_400)).toBe(29);
  expect(formatInstant(951_782_399_999)).toBe('2000-02-28T23:59:59Z');
});

test.each([
  [1, '1'],
  [0.1, '0.1'],
  [1e21, '1000000000000000000000'],
  [-1.5e-7, '-0.00000015'],
  [1.7976931348623157e308, `17976931348623157${'0'.repeat(292)}`],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [-0, '-0'],
])('%d without exponent is %s', (value, text) => {
  expect(formatDecimal(value)).toBe(text);
});

test.each([
  ['', 0xef46db3751d8e999n],
  ['a', 0xd24ec4f1a98c6e5bn],
  ['abc', 0x44bc2cf5ad770999n],
  ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
])('the 64-bit xxHash of "%s"', (text, hash) => {
  expect(xxh64([...text].map((char) => char.charCodeAt(0)))).toBe(hash);
});

test('names sort with their numbers as numbers', () => {
  const names = ['web10', 'web2', 'web', 'Web3', 'web2a', '10', '9'];
  expect([...names].sort(compareNaturally)).toEqual(['9', '10', 'Web3', 'web', 'web2', 'web2a', 'web10']);
});

test.each([
  ['0.5', 0.5],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['1e3', 1000],
  ['0x1p-2', 0.25],
  ['', undefined],
  [' 1', undefined],
  ['Hello World', undefined],
])('le="%s"', (text, bound) => {
  expect(parseBound(text)).toBe(bound);
});

function columns(...buckets: readonly (readonly [bound: number, count: number])[]): BucketColumns {
  return {
    bounds: Float64Array.from(buckets, ([bound]) => bound),
    counts: Float64Array.from(buckets, ([, count]) => count),
    length: buckets.length,
  };
}

describe('classic histograms', () => {
  const inf = Number.POSITIVE_INFINITY;

  test.each([
    [0.5, columns([1, 10], [2, 20], [inf, 20]), 1],
    [0.75, columns([1, 10], [2, 20], [inf, 20]), 1.5],
    [0.99, columns([1, 10], [2, 20], [inf, 40]), 2],
    [0.1, columns([-1, 10], [2, 20], [inf, 20]), -1],
    [0.5, columns([1, 10], [2, 20]), Number.NaN],
    [0.5, columns([inf, 20]), Number.NaN],
    [0.5, columns([1, 0], [inf, 0]), Number.NaN],
    [0.5, columns([1, 5], [1, 5], [inf, 10]), 0.5],
    [-1, columns([1, 10], [inf, 20]), Number.NEGATIVE_INFINITY],
  ])('quantile %d', (q, buckets, value) => {
    expect(bucketQuantile(q, buckets).value).toBe(value);
  });

  test('counts that fall are raised, and it is told which', () => {
    const { forced } = bucketQuantile(0.9, columns([1, 5], [2, 3], [4, 7], [8, 6], [inf, 9]));
    expect(forced).toEqual({ least: 2, most: 8, difference: 2 });
    expect(bucketQuantile(0.9, columns([1, 5], [2, 5 - 1e-13], [inf, 9])).forced).toBeUndefined();
  });

  test('fraction is the inverse of quantile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 8 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (counts, q) => {
          let total = 0;
          const buckets = counts.map((count, i): readonly [number, number] => {
            total += count;
            return [i === counts.length - 1 ? inf : i + 1, total];
          });
          const { value } = bucketQuantile(q, columns(...buckets));
          // In the last bucket the quantile is capped.
          if (value === counts.length - 1) return;
          expect(bucketFraction(Number.NEGATIVE_INFINITY, value, columns(...buckets))).toBeCloseTo(q, 9);
        },
      ),
    );
  });
});

test('arithmetic follows IEEE 754 where JavaScript does not', () => {
  expect(power(1, Number.NaN)).toBe(1);
  expect(power(-1, Number.POSITIVE_INFINITY)).toBe(1);
  expect(roundTo(2.5, 1)).toBe(3);
  expect(roundTo(-2.5, 1)).toBe(-2);
  expect(roundTo(0.35, 0.1)).toBeCloseTo(0.4);
});

test('a NaN counts as the smallest value in a quantile', () => {
  expect(quantileOf(0, Float64Array.of(3, Number.NaN, 1))).toBeNaN();
  expect(quantileOf(1, Float64Array.of(3, Number.NaN, 1))).toBe(3);
  expect(quantileOf(0.5, Float64Array.of(3, Number.NaN, 1))).toBe(1);
});
