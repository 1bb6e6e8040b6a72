import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLength, readTime } from './index.ts';

test.each([
  ['0', 0],
  ['1763700000', 1_763_700_000_000],
  ['1763700000.123', 1_763_700_000_123],
  ['-1.5', -1500],
  ['1e3', 1_000_000],
  ['2026-11-21T07:00:00Z', Date.UTC(2026, 10, 21, 7)],
  ['2026-11-21t07:00:00.5z', Date.UTC(2026, 10, 21, 7) + 500],
  ['2026-11-21T09:30:00+02:30', Date.UTC(2026, 10, 21, 7)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
])('%s is %d ms', (text, ms) => {
  expect(readTime(text)).toBe(ms);
});

test.each([
  '',
  'now',
  '2026-11-21',
  '2026-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-11-21T24:00:00Z',
  '1e30',
  'NaN',
  '0x10',
])('%j is no time', (text) => {
  expect(readTime(text)).toBeUndefined();
});

test('every time reads back as it was printed', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(-62135596800000), max: new Date(253402300799999), noInvalidDate: true }),
      (date) => {
        expect(readTime(date.toISOString())).toBe(date.getTime());
      },
    ),
  );
});

test.each([
  ['15', 15_000],
  ['0.5', 500],
  ['1h30m', 5_400_000],
  ['5x', undefined],
  ['1e400', undefined],
])('the length %s is %s ms', (text, ms) => {
  expect(readLength(text)).toBe(ms);
});
