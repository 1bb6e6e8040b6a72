import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closest, duration, formatDiagnostic, formatDuration, lineText, parseDuration, placeOf } from './index.ts';

describe('durations', () => {
  test.each([
    ['0', 0],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['4m59s999ms', 299_999],
    ['30d', 2_592_000_000],
    ['1y', 31_536_000_000],
    ['10ms', 10],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '5', 'm', '1m1h', '1m1m', '-5m', '5 m', '1.5h', '99999y', '５m'])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('what is printed reads back as the same length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9.2e12 }), (ms) => parseDuration(formatDuration(duration(ms))) === ms),
    );
  });

  test.each([
    [5_400_000, '1h30m'],
    [86_400_000, '1d'],
    [90_000_000, '1d1h'],
    [604_800_000, '1w'],
    [2_592_000_000, '30d'],
    [299_999, '4m59s999ms'],
    [-60_000, '-1m'],
  ])('%d ms is printed as %s', (ms, text) => {
    expect(formatDuration(duration(ms))).toBe(text);
  });
});

describe('places', () => {
  test('count lines and columns from one', () => {
    expect(placeOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(placeOf('ab\ncd', 2)).toEqual({ line: 1, column: 3 });
    expect(placeOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
  });

  test('a line has no line end', () => {
    expect(lineText('ab\r\ncd', 1)).toBe('ab');
    expect(lineText('ab\r\ncd', 3)).toBe('');
  });
});

test('a diagnostic is printed with its line, a caret and the remedy', () => {
  const text = 'slos:\n  web:\n    target: 999%\n';
  const printed = formatDiagnostic({
    source: { name: 'slo.yaml', text },
    span: { start: text.indexOf('999'), end: text.indexOf('999') + 4 },
    severity: 'error',
    code: 'slo/target',
    message: 'a target lies between 0 % and 100 %',
    help: 'write 99.9% for three nines',
  });
  expect(printed).toBe(
    [
      'slo.yaml:3:13 error slo/target: a target lies between 0 % and 100 %',
      '3 |     target: 999%',
      '  |             ^^^^',
      '  = help: write 99.9% for three nines',
    ].join('\n'),
  );
});

test.each([
  ['tagret', 'target'],
  ['servcie', 'service'],
  ['xyz', undefined],
])('%s probably means %s', (word, meant) => {
  expect(closest(word, ['target', 'service', 'total'])).toBe(meant);
});
