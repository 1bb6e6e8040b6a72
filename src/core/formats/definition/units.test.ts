import { describe, expect, test } from 'vitest';
import { convertBound, unitName, unitOfName } from './units.ts';

describe('a bound is converted to the unit of its metric', () => {
  test.each<[string, string | undefined, number]>([
    ['20s', 'seconds', 20],
    ['500ms', 'seconds', 0.5],
    ['0.3ms', 'seconds', 0.0003],
    ['1.5s', 'milliseconds', 1500],
    ['1m30s', 'seconds', 90],
    ['2m', 'seconds', 120],
    ['1h', 'milliseconds', 3_600_000],
    ['250us', 'milliseconds', 0.25],
    ['0.5', 'seconds', 0.5],
    ['5e-1', undefined, 0.5],
    ['1e3 ms', 'seconds', 1],
    ['10MB', 'bytes', 10_000_000],
    ['1 KiB', 'bytes', 1024],
    ['80%', 'ratio', 0.8],
  ])('%s on %s', (text, unit, value) => {
    expect(convertBound(text, unit)).toEqual({ kind: 'value', value });
  });

  test.each<[string, string | undefined, string]>([
    ['fast', 'seconds', 'unreadable'],
    ['', 'seconds', 'unreadable'],
    ['1,5s', 'seconds', 'unreadable'],
    ['< 20s', 'seconds', 'sign'],
    ['-1', 'seconds', 'sign'],
    ['5 parsecs', 'seconds', 'unknown-unit'],
    ['20s', undefined, 'metric-without-unit'],
    ['20s', 'bytes', 'other-quantity'],
    ['20s', 'widgets', 'other-quantity'],
  ])('but %s on %s is not', (text, unit, kind) => {
    expect(convertBound(text, unit).kind).toBe(kind);
  });
});

test('units are kept by the names that Prometheus uses', () => {
  expect(['s', 'ms', 'sec', 'B', 'bytes', 'seconds', 'widgets'].map(unitName)).toEqual([
    'seconds',
    'milliseconds',
    'seconds',
    'bytes',
    'bytes',
    'seconds',
    'widgets',
  ]);
  expect(['a_seconds', 'a_bytes_total', 'a_total', 'seconds'].map(unitOfName)).toEqual([
    'seconds',
    'bytes',
    undefined,
    undefined,
  ]);
});
