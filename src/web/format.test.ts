import { expect, test } from 'vitest';
import {
  formatBurnRate,
  formatCount,
  formatPercent,
  formatSeconds,
  formatShare,
  formatTime,
  formatTimes,
  formatValue,
  formatWindow,
} from './format.ts';

test.each([
  [0.9995, '99.95 %'],
  [0.99999, '99.999 %'],
  [0.995, '99.5 %'],
  [1, '100 %'],
  [0, '0 %'],
  [0.5, '50 %'],
  [0.0144, '1.44 %'],
  [0.00042, '0.042 %'],
  [-0.36, '-36 %'],
  [null, '–'],
])('%d is a percentage of %s', (ratio, text) => {
  expect(formatPercent(ratio)).toBe(text);
});

test.each([
  [1, '100 %'],
  [0.123, '12 %'],
  [0.0456, '4.6 %'],
  [-0.363, '−36 %'],
])('%d of the budget is %s', (ratio, text) => {
  expect(formatShare(ratio)).toBe(text);
});

test.each([
  [0, '0'],
  [2.5, '2.5'],
  [320, '320'],
  [3200, '3.2 k'],
  [1_250_000, '1.25 M'],
  [-4500, '−4.5 k'],
])('%d events are %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [90, '90 s'],
  [2592, '43.2 min'],
  [12_600, '3.5 h'],
  [1_036_800, '12 d'],
  [-600, '−10 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test.each([
  [300, '5m'],
  [21_600, '6h'],
  [2_592_000, '30d'],
  [45, '45s'],
])('a window of %d seconds is %s', (seconds, text) => {
  expect(formatWindow(seconds)).toBe(text);
});

test.each([
  [14.4, '14.4×'],
  [1, '1×'],
  [0.25, '0.25×'],
])('a burn rate of %d is %s', (burnRate, text) => {
  expect(formatBurnRate(burnRate)).toBe(text);
});

test('times along an axis are days, or hours with the day where it begins', () => {
  const start = new Date(2026, 10, 21, 22, 0).getTime() / 1000;
  const hours = formatTimes([start, start + 3600, start + 7200, start + 10_800]);
  expect(hours.map((label) => label.split('\n').length)).toEqual([2, 1, 2, 1]);
  const days = formatTimes([start, start + 86_400]);
  expect(days.every((label) => !label.includes(':'))).toBe(true);
});

test('an instant alone has its day and its hour', () => {
  expect(formatTime(new Date(2026, 10, 10, 9, 5).getTime() / 1000)).toMatch(/10.*, 09:05$/);
});

test.each([
  [0.237, 'seconds', '237 ms'],
  [0, 'seconds', '0 s'],
  [20, 's', '20 s'],
  [0.8, 'ratio', '80 %'],
  [734_003_200, 'bytes', '700 MiB'],
  [512, 'bytes', '512 B'],
  [1000, 'megabytes', '1000 megabytes'],
  [12_345, null, '12.3 k'],
  [-3.25, null, '−3.25'],
  [42, 'percent', '42 %'],
])('%d in %s is %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text);
});
