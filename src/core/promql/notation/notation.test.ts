import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minute, timestamp } from '../../base/index.ts';
import { formatGoFloat, formatHistogramNotation, isStale } from '../../series/index.ts';
import { type NotatedSample, parseLoadLine, parseMetric, parseSeriesLine, parseSeriesValues } from './series-line.ts';
import { notatedSeries } from './stored.ts';

const show = (sample: NotatedSample): string => {
  switch (sample.kind) {
    case 'gap':
      return '_';
    case 'stale':
      return 'stale';
    case 'float':
      return formatGoFloat(sample.value);
    case 'histogram':
      return formatHistogramNotation(sample.histogram);
  }
};

const values = (text: string): string => {
  const outcome = parseSeriesValues(text);
  if (!outcome.ok) {
    const [{ span, message } = { span: { start: 0, end: 0 }, message: '' }] = outcome.diagnostics;
    return `${span.start}-${span.end} ${message}`;
  }
  return outcome.value.map(show).join(' ');
};

describe('samples', () => {
  test.each([
    ['1 2.5 -3 +4 .5 1e3 1_000', '1 2.5 -3 4 0.5 1000 1000'],
    ['NaN Inf -inf +Inf', 'NaN +Inf -Inf +Inf'],
    ['_ _x3 1', '_ _ _ _ 1'],
    ['7x2', '7 7 7'],
    ['1+2x3', '1 3 5 7'],
    ['10-4x2  stale', '10 6 2 stale'],
    ['-1-1x1', '-1 -2'],
    ['0x2', '0 0 0'],
    ['5m 1h30m-10sx1', '300 5400 5390'],
    ['', ''],
    // Ten steps of 0.1 do not make one, and Prometheus adds step by step.
    [
      '0+0.1x10',
      '0 0.1 0.2 0.30000000000000004 0.4 0.5 0.6 0.7 0.7999999999999999 0.8999999999999999 0.9999999999999999',
    ],
    ['{{}}', '{{}}'],
    [
      '{{ count:3 sum:-2  buckets:[1 0 2 ] }}x1',
      '{{count:3 sum:-2 buckets:[1 0 2]}} {{count:3 sum:-2 buckets:[1 0 2]}}',
    ],
    [
      '{{schema:1 z_bucket:1 z_bucket_w:0.001 offset:-1 buckets:[1] n_buckets:[2] n_offset:3 counter_reset_hint:gauge}}',
      '{{schema:1 z_bucket:1 z_bucket_w:0.001 counter_reset_hint:gauge offset:-1 buckets:[1] n_offset:3 n_buckets:[2]}}',
    ],
    [
      '{{schema:-53 count:2 custom_values:[1 2.5] buckets:[1 1]}}+{{schema:-53 count:1 custom_values:[1 2.5] buckets:[0 0 1]}}x1',
      '{{schema:-53 count:2 custom_values:[1 2.5] buckets:[1 1]}} {{schema:-53 count:3 custom_values:[1 2.5] buckets:[1 1 1]}}',
    ],
    ['{{count:3}}-{{count:1}}x2', '{{count:3}} {{count:2}} {{count:1}}'],
  ])('%s', (text, expected) => {
    expect(values(text)).toBe(expected);
  });

  test.each([
    ['1 x', '2-3 expected a sample, got "x"'],
    ['1+2', '1-3 increment without repetitions'],
    ['1+x3', '2-4 expected the increment, got "x3"'],
    ['stales', '0-6 expected a sample, got "stales"'],
    ['1x99999999999', '2-13 too many samples: 99999999999'],
    ['3m5h', '0-4 not a duration: 3m5h'],
    ['{{count:1', '0-9 histogram without an end'],
    ['{{count:1 count:2}}', '10-16 count set twice in the histogram'],
    ['{{cuont:1}}', '2-8 unknown key in the histogram: cuont'],
    ['{{schema:9}}', '0-12 unknown histogram schema: 9'],
    ['{{counter_reset_hint:maybe}}', '21-26 unknown counter reset hint: maybe'],
    ['{{schema:1}}+{{schema:0}}x1', '12-27 cannot add schema 0 to schema 1'],
  ])('%s is refused', (text, expected) => {
    expect(values(text)).toBe(expected);
  });

  test('what is printed reads back as it was', () => {
    const number = fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN));
    const count = fc.nat(9);
    const histogram = fc
      .tuple(fc.integer({ min: -4, max: 8 }), count, number, fc.integer({ min: -9, max: 9 }), fc.array(count))
      .map(
        ([schema, zero, sum, offset, list]) =>
          `{{schema:${schema} sum:${formatGoFloat(sum)} z_bucket:${zero} n_offset:${offset} n_buckets:[${list.join(' ')}]}}`,
      );
    const item = fc.oneof(number.map(formatGoFloat), histogram, fc.constantFrom('_', 'stale'));
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const printed = values(items.join(' '));
        expect(values(printed)).toBe(printed);
      }),
    );
  });
});

describe('metrics', () => {
  test.each([
    ['up', 'up'],
    ['up{}', 'up'],
    ['{}', '{}'],
    [`a:b{x="1", y='2', z=\`3\`,}`, 'a:b{x="1", y="2", z="3"}'],
    ['{"my.metric", "a b"="1"}', '{"my.metric", "a b"="1"}'],
    ['{"up",job="x"}', 'up{job="x"}'],
    ['up{empty="",path="a\\"b\\\\c\\n\\x41"}', 'up{path="a\\"b\\\\c\\nA"}'],
  ])('%s', (text, expected) => {
    const outcome = parseMetric(text);
    expect(outcome.ok && outcome.value.toString()).toBe(expected);
  });

  test.each(['', 'up{a="1" b="2"}', 'up{a="1",a="2"}', 'up{"x"}', 'up{a=1}', 'up{a="1}', 'up{a~"1"}', 'up x', '1up'])(
    '%s is refused',
    (text) => {
      expect(parseMetric(text).ok).toBe(false);
    },
  );
});

describe('lines', () => {
  test('start timestamps are relative to their samples', () => {
    const line = parseLoadLine('requests{a="1"}@st  _ -30s-1mx2 +5s 0x1 _x2');
    expect(line).toMatchObject({
      ok: true,
      value: {
        kind: 'start timestamps',
        offsets: [undefined, -30_000, -90_000, -150_000, 5000, 0, 0, undefined, undefined],
      },
    });
  });

  test('a metric and its values need a space between them', () => {
    expect(parseSeriesLine('up{}1').ok).toBe(false);
    expect(parseSeriesLine('up 1').ok).toBe(true);
    expect(parseSeriesLine('up {{count:1}}').ok).toBe(true);
  });

  test('become series with times, stale markers and the hints of a store', () => {
    const line = parseSeriesLine(
      'h 1 _ stale {{count:1}} {{count:2}} {{count:1}} {{count:2 counter_reset_hint:gauge}} {{count:3}} {{count:4 counter_reset_hint:reset}}',
    );
    if (!line.ok) throw new Error('does not parse');
    const series = notatedSeries(line.value.labels, line.value.samples, timestamp(1000), minute);
    expect([...series.timestamps].slice(0, 4)).toEqual([1000, 121_000, 181_000, 241_000]);
    expect([0, 1, 2].map((i) => isStale(series, i))).toEqual([false, true, false]);
    expect([...(series.histograms?.values() ?? [])].map((one) => one.counterResetHint)).toEqual([
      'unknown',
      'not_reset',
      'unknown',
      'gauge',
      'unknown',
      'unknown',
    ]);
  });
});
