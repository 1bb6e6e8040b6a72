import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addHistograms,
  ascendingBuckets,
  bucketsFrom,
  type CounterResetHint,
  compactHistogram,
  customBucketsSchema,
  detectReset,
  divideHistogram,
  emptyHistogram,
  equalHistograms,
  exponentialBound,
  formatGoFloat,
  formatHistogram,
  formatHistogramNotation,
  formatJsonFloat,
  fromClassicHistogram,
  type Histogram,
  HistogramMean,
  HistogramTotal,
  histogramFraction,
  histogramQuantile,
  histogramToJson,
  histogramVariance,
  multiplyHistogram,
  negateHistogram,
  reduceResolution,
  subtractHistograms,
  trimHistogram,
} from './index.ts';

const h = (parts: Partial<Histogram>): Histogram => ({ ...emptyHistogram, ...parts });

const latency = h({
  schema: 1,
  count: 12,
  sum: 18.5,
  zeroThreshold: 0.001,
  zeroCount: 2,
  positive: bucketsFrom(0, [3, 0, 5]),
  negative: bucketsFrom(1, [2]),
});

const classic = (bounds: number[], counts: number[]): Histogram =>
  h({
    schema: customBucketsSchema,
    count: counts.reduce((a, b) => a + b, 0),
    sum: 1,
    customBounds: bounds,
    positive: bucketsFrom(0, counts),
  });

describe('bucket bounds', () => {
  test.each([
    [0, 0, 1],
    [3, 0, 8],
    [-2, 0, 0.25],
    // The published table is one step below the correctly rounded square root here.
    [0, 1, 1],
    [1, 1, 2 * 0.7071067811865475],
    [3, 1, 4 * 0.7071067811865475],
    [5, 2, 2.378414230005442],
    [2, -1, 16],
    [1024, 0, Number.MAX_VALUE],
    [2048, 1, Number.MAX_VALUE],
    [512, -1, Number.MAX_VALUE],
    [1025, 0, Number.POSITIVE_INFINITY],
    [-1073, 0, 2 ** -1073],
  ])('bucket %i of schema %i ends at %d', (index, schema, bound) => {
    expect(exponentialBound(index, schema)).toBe(bound);
  });

  test('every power of two is a bound in every schema', () => {
    for (let schema = -4; schema <= 8; schema += 1) {
      const perPower = 2 ** schema;
      for (const power of [-32, 0, 16, 64]) expect(exponentialBound(power * perPower, schema)).toBe(2 ** power);
    }
  });

  test('buckets ascend through the zero bucket, which cuts its neighbours', () => {
    const { lowers, uppers, counts, zeroBucket } = ascendingBuckets({ ...latency, zeroThreshold: 0.9 });
    expect([...lowers].map((x) => x.toFixed(2))).toEqual(['-1.41', '-0.90', '0.90', '1.00', '1.41']);
    expect([...uppers].map((x) => x.toFixed(2))).toEqual(['-1.00', '0.90', '1.00', '1.41', '2.00']);
    expect([...counts]).toEqual([2, 2, 3, 0, 5]);
    expect(zeroBucket).toBe(1);
  });
});

describe('printing', () => {
  test.each([
    [1234567, '1.234567e+06'],
    [999999, '999999'],
    [1e-5, '1e-05'],
    [0.0001, '0.0001'],
    [-2.5, '-2.5'],
    [1e100, '1e+100'],
    [Number.NaN, 'NaN'],
    [-0, '-0'],
  ])('%d as Go prints it', (value, text) => {
    expect(formatGoFloat(value)).toBe(text);
  });

  test.each([
    [1234567, '1234567'],
    [1e21, '1e+21'],
    [1e-7, '1e-07'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('%d as the HTTP API prints it', (value, text) => {
    expect(formatJsonFloat(value)).toBe(text);
  });

  test('shows populated buckets with their boundary rules', () => {
    expect(formatHistogram(latency)).toBe(
      '{count:12, sum:18.5, [-1.414213562373095,-1):2, [-0.001,0.001]:2, (0.7071067811865475,1]:3, (1.414213562373095,2]:5}',
    );
    expect(formatHistogram(classic([1, 2], [4, 0, 5]))).toBe('{count:9, sum:1, [-Inf,1]:4, (2,+Inf]:5}');
  });

  test('shows the notation of test files', () => {
    expect(formatHistogramNotation(latency)).toBe(
      '{{schema:1 count:12 sum:18.5 z_bucket:2 z_bucket_w:0.001 buckets:[3 0 5] n_offset:1 n_buckets:[2]}}',
    );
    expect(formatHistogramNotation(classic([1, 2], [0, 0, 5]))).toBe(
      '{{schema:-53 count:5 sum:1 custom_values:[1 2] offset:2 buckets:[5]}}',
    );
    expect(formatHistogramNotation({ ...emptyHistogram, counterResetHint: 'gauge' })).toBe(
      '{{counter_reset_hint:gauge}}',
    );
  });

  test('writes the form of the HTTP API', () => {
    expect(histogramToJson(latency)).toEqual({
      count: '12',
      sum: '18.5',
      buckets: [
        [1, '-1.414213562373095', '-1', '2'],
        [3, '-0.001', '0.001', '2'],
        [0, '0.7071067811865475', '1', '3'],
        [0, '1.414213562373095', '2', '5'],
      ],
    });
    expect(histogramToJson(emptyHistogram)).toEqual({ count: '0', sum: '0' });
  });
});

describe('arithmetic', () => {
  test('a finer histogram is brought to the coarser schema', () => {
    const fine = h({ schema: 1, count: 10, sum: 1, positive: bucketsFrom(1, [1, 2, 3, 4]) });
    const coarse = h({ schema: 0, count: 3, sum: 1, positive: bucketsFrom(1, [1, 2]) });
    expect(addHistograms(fine, coarse)?.histogram).toEqual(
      h({ schema: 0, count: 13, sum: 2, positive: bucketsFrom(1, [4, 9]) }),
    );
  });

  test('the zero bucket widens to the end of a populated bucket', () => {
    const wide = h({ count: 1, zeroThreshold: 0.3, zeroCount: 1 });
    const narrow = h({ count: 7, zeroThreshold: 0.001, zeroCount: 2, positive: bucketsFrom(-1, [4, 1]) });
    // 0.3 lies within (0.25, 0.5], which holds 4.
    expect(addHistograms(wide, narrow)?.histogram).toEqual(
      h({ count: 8, zeroThreshold: 0.5, zeroCount: 7, positive: bucketsFrom(0, [1]) }),
    );
  });

  test('listed bounds that differ leave those which both have', () => {
    const sum = addHistograms(classic([1, 2, 5], [1, 2, 3, 4]), classic([2, 3, 5], [10, 20, 30, 40]));
    expect(sum?.boundsReconciled).toBe(true);
    expect(sum?.histogram.customBounds).toEqual([2, 5]);
    expect([...(sum?.histogram.positive.counts ?? [])]).toEqual([13, 53, 44]);
  });

  test('exponential and listed bounds do not mix', () => {
    expect(addHistograms(latency, classic([1], [1, 1]))).toBeUndefined();
    expect(new HistogramTotal(latency).add(classic([1], [1, 1]))).toBe(false);
  });

  test.each<[CounterResetHint, CounterResetHint, CounterResetHint, boolean]>([
    ['unknown', 'unknown', 'unknown', false],
    ['gauge', 'reset', 'gauge', false],
    ['not_reset', 'gauge', 'gauge', false],
    ['unknown', 'not_reset', 'unknown', false],
    ['reset', 'unknown', 'unknown', false],
    ['reset', 'not_reset', 'unknown', true],
    ['not_reset', 'not_reset', 'not_reset', false],
  ])('hints %s and %s add to %s', (a, b, hint, collision) => {
    const sum = addHistograms({ ...latency, counterResetHint: a }, { ...latency, counterResetHint: b });
    expect(sum?.histogram.counterResetHint).toBe(hint);
    expect(sum?.resetCollision).toBe(collision);
  });

  test('division by zero leaves no buckets, a negative factor makes a gauge', () => {
    const divided = divideHistogram(latency, 0);
    expect(divided.count).toBe(Number.POSITIVE_INFINITY);
    expect(divided.positive.counts.length).toBe(0);
    expect(negateHistogram(latency).counterResetHint).toBe('gauge');
    expect(multiplyHistogram(latency, 2).positive.counts[0]).toBe(6);
  });

  test('a compensated sum keeps what plain addition loses', () => {
    const total = new HistogramTotal(h({ count: 1, sum: 1, positive: bucketsFrom(0, [1]) }));
    for (const sum of [1e100, 1, -1e100]) total.add(h({ count: 1, sum, positive: bucketsFrom(0, [sum]) }));
    expect(total.value().sum).toBe(2);
    expect([...total.value().positive.counts]).toEqual([2]);
  });

  test('a mean survives a sum that overflows', () => {
    const big = h({ count: 1, sum: 1.2e308, positive: bucketsFrom(0, [1]) });
    const mean = new HistogramMean(big);
    for (let i = 0; i < 3; i += 1) expect(mean.add(big)).toBe(true);
    expect(mean.value().sum / 1.2e308).toBeCloseTo(1, 12);
    expect(mean.value().count).toBe(1);
  });
});

describe('counter resets', () => {
  const counter = h({ count: 6, sum: 9, zeroThreshold: 0.25, positive: bucketsFrom(0, [2, 4]) });
  test.each<[string, Partial<Histogram>, boolean]>([
    ['more of everything', { count: 7, positive: bucketsFrom(0, [2, 5]) }, false],
    ['fewer observations', { count: 5 }, true],
    ['a lower sum', { sum: 1 }, false],
    ['a bucket with less', { positive: bucketsFrom(0, [3, 3]) }, true],
    ['a bucket gone', { positive: bucketsFrom(0, [6]) }, true],
    ['a finer schema', { schema: 1 }, true],
    ['a coarser schema', { schema: -1, positive: bucketsFrom(0, [2, 4]) }, false],
    ['a narrower zero bucket', { zeroThreshold: 0.125 }, true],
    ['a zero bucket over a whole bucket', { zeroThreshold: 1, zeroCount: 2, positive: bucketsFrom(1, [4]) }, false],
    ['a zero bucket that ends inside a bucket', { zeroThreshold: 0.7, zeroCount: 2 }, true],
    ['the hint reset', { counterResetHint: 'reset' }, true],
    ['the hint not_reset', { count: 1, counterResetHint: 'not_reset' }, false],
  ])('%s', (_, change, expected) => {
    expect(detectReset({ ...counter, ...change }, counter)).toBe(expected);
  });

  test('listed bounds compare over those that both have', () => {
    const before = classic([1, 2, 5], [1, 2, 3, 4]);
    expect(detectReset(classic([2, 5], [3, 3, 4]), before)).toBe(false);
    expect(detectReset(classic([2, 5], [2, 4, 4]), before)).toBe(true);
    expect(detectReset(latency, classic([1], [1, 1]))).toBe(true);
  });
});

describe('statistics', () => {
  const positive = h({ count: 10, sum: 30, zeroThreshold: 0.5, zeroCount: 2, positive: bucketsFrom(1, [4, 4]) });
  test.each([
    [0.1, 0.25],
    [0.4, Math.SQRT2],
    [0.6, 2],
    [1, 4],
    [-0.1, Number.NEGATIVE_INFINITY],
    [1.1, Number.POSITIVE_INFINITY],
  ])('quantile %d', (q, expected) => {
    expect(histogramQuantile(positive, q).value).toBeCloseTo(expected, 12);
  });

  test('a quantile among observations of NaN is NaN, below them it is skewed', () => {
    const withNaN = { ...positive, count: 20, sum: Number.NaN };
    expect(histogramQuantile(positive, Number.NaN)).toEqual({ value: Number.NaN });
    expect(histogramQuantile(withNaN, 0.9)).toEqual({ value: Number.NaN, nanObservations: 'result is NaN' });
    expect(histogramQuantile(withNaN, 0.3).nanObservations).toBe('skewed higher');
    expect(histogramFraction(withNaN, 1, 2)).toEqual({ value: 0.2, nanObservations: true });
  });

  test('listed bounds interpolate linearly and never reach infinity', () => {
    const listed = classic([5, 10], [4, 4, 2]);
    expect(histogramQuantile(listed, 0.2).value).toBe(2.5);
    expect(histogramQuantile(listed, 0.95).value).toBe(10);
    expect(histogramFraction(listed, 5, 10).value).toBe(0.4);
    expect(histogramVariance(classic([0, 2, 4], [0, 1, 1]))).toBeCloseTo(((1 - 0.5) ** 2 + (3 - 0.5) ** 2) / 2, 12);
  });

  test('trimming keeps what a fraction counts', () => {
    expect(trimHistogram(positive, 'below', 2)).toEqual(
      h({ count: 6, sum: 0.5 + 4 * Math.SQRT2, zeroThreshold: 0.5, zeroCount: 2, positive: bucketsFrom(1, [4]) }),
    );
    expect(trimHistogram(positive, 'below', Number.POSITIVE_INFINITY)).toBe(positive);
  });
});

describe('classic histograms', () => {
  test('become listed bounds', () => {
    const buckets = [
      { upperBound: Number.POSITIVE_INFINITY, cumulativeCount: 9 },
      { upperBound: 1, cumulativeCount: 4 },
      { upperBound: 2, cumulativeCount: 4 },
    ];
    expect(formatHistogramNotation(fromClassicHistogram({ buckets, sum: 3 }) ?? emptyHistogram)).toBe(
      '{{schema:-53 count:9 sum:3 custom_values:[1 2] buckets:[4 0 5]}}',
    );
  });

  test('are refused if they contradict themselves', () => {
    expect(fromClassicHistogram({ buckets: [{ upperBound: 1, cumulativeCount: 4 }], count: 3 })).toBeUndefined();
    const falling = [
      { upperBound: 1, cumulativeCount: 4 },
      { upperBound: 2, cumulativeCount: 3 },
    ];
    expect(fromClassicHistogram({ buckets: falling })).toBeUndefined();
  });
});

describe('laws', () => {
  const counts = fc.array(fc.nat(20), { maxLength: 8 });
  const histogram = fc
    .record({
      schema: fc.integer({ min: -2, max: 4 }),
      zeroThreshold: fc.constantFrom(0, 0.001, 0.5, 1),
      zeroCount: fc.nat(5),
      offset: fc.integer({ min: -6, max: 6 }),
      positive: counts,
      negative: counts,
      sum: fc.integer({ min: -100, max: 100 }),
    })
    .map((parts) => {
      // A bucket that the zero bucket overlaps is not what any client writes.
      const outside = (counts: number[]): number[] =>
        counts.map((count, i) =>
          exponentialBound(parts.offset + i - 1, parts.schema) < parts.zeroThreshold ? 0 : count,
        );
      const positive = outside(parts.positive);
      const negative = outside(parts.negative);
      const all = [parts.zeroCount, ...positive, ...negative];
      return compactHistogram(
        h({
          schema: parts.schema,
          zeroThreshold: parts.zeroThreshold,
          zeroCount: parts.zeroCount,
          count: all.reduce((a, b) => a + b, 0),
          sum: parts.sum,
          positive: bucketsFrom(parts.offset, positive),
          negative: bucketsFrom(parts.offset, negative),
        }),
      );
    });
  const population = (one: Histogram): number =>
    [one.zeroCount, ...one.positive.counts, ...one.negative.counts].reduce((a, b) => a + b, 0);

  test('addition commutes, and no observation is lost', () => {
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        const sum = addHistograms(a, b)?.histogram ?? emptyHistogram;
        expect(equalHistograms(sum, addHistograms(b, a)?.histogram ?? emptyHistogram)).toBe(true);
        expect(sum.count).toBe(a.count + b.count);
      }),
    );
  });

  test('a running total equals repeated addition', () => {
    fc.assert(
      fc.property(fc.array(histogram, { minLength: 1, maxLength: 5 }), ([first = emptyHistogram, ...rest]) => {
        const total = new HistogramTotal(first);
        let sum = first;
        for (const one of rest) {
          total.add(one);
          sum = addHistograms(sum, one)?.histogram ?? emptyHistogram;
        }
        expect(formatHistogramNotation(total.value())).toBe(formatHistogramNotation(sum));
      }),
    );
  });

  test('subtracting what was added gives the coarser original', () => {
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        const sum = addHistograms(a, b)?.histogram ?? emptyHistogram;
        const difference = subtractHistograms(sum, b)?.histogram ?? emptyHistogram;
        expect(difference.count).toBe(a.count);
        expect(detectReset(sum, reduceResolution(difference, sum.schema))).toBe(false);
      }),
    );
  });

  test('below and above a value make up the whole', () => {
    fc.assert(
      fc.property(histogram, fc.double({ min: -8, max: 8, noNaN: true }), (one, value) => {
        const below = trimHistogram(one, 'below', value);
        const above = trimHistogram(one, 'above', value);
        expect(population(below) + population(above)).toBeCloseTo(population(one), 9);
      }),
    );
  });

  test('quantiles ascend and fractions invert them', () => {
    fc.assert(
      fc.property(histogram, fc.double({ min: 0.01, max: 0.49, noNaN: true }), (one, q) => {
        fc.pre(0 < one.count);
        const low = histogramQuantile(one, q).value;
        expect(low).toBeLessThanOrEqual(histogramQuantile(one, q + 0.5).value + 1e-9);
        if (one.zeroCount === 0) {
          expect(histogramFraction(one, Number.NEGATIVE_INFINITY, low).value).toBeCloseTo(q, 9);
        }
      }),
    );
  });
});
