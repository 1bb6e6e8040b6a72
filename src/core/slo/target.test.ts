import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentileText, readErrorBudget, readPercentile, readTarget } from './target.ts';

test.each([
  ['99.9%', '99.9%', 0.999, 0.001],
  ['99.95 %', '99.95%', 0.9995, 0.0005],
  ['0.999', '99.9%', 0.999, 0.001],
  ['.995', '99.5%', 0.995, 0.005],
  ['99.90%', '99.9%', 0.999, 0.001],
  [' 99% ', '99%', 0.99, 0.01],
  ['99.999%', '99.999%', 0.99999, 0.00001],
  ['50%', '50%', 0.5, 0.5],
  ['0.5', '50%', 0.5, 0.5],
  ['99.99999999%', '99.99999999%', 0.9999999999, 1e-10],
])('%s', (text, printed, ratio, errorBudget) => {
  const outcome = readTarget(text);
  expect(outcome).toEqual({ ok: true, value: { text: printed, ratio, errorBudget }, diagnostics: [] });
});

test.each([
  ['0', 'write for example 99.9%'],
  ['0%', 'write for example 99.9%'],
  ['100%', 'write a target below 100%, for example 99.9%'],
  ['100.0 %', 'write a target below 100%, for example 99.9%'],
  ['1', 'write a target below 100%, for example 99.9%; for one percent write 1%'],
  ['101%', 'write a percentage below 100%, for example 99.9%'],
  ['101', 'write a percentage below 100%, for example 99.9%'],
  ['99.9', 'write 99.9%'],
  ['99,9', 'write a decimal point: 99.9%'],
  ['99,9%', 'write a decimal point: 99.9%'],
  ['-1', 'write for example 99.9%'],
  ['-99.9%', 'write for example 99.9%'],
  ['>= 99.5%', 'write 99.5%'],
  ['three nines', 'write a percentage such as 99.9%, or a fraction such as 0.999'],
  ['1e-3', 'write a percentage such as 99.9%, or a fraction such as 0.999'],
  ['99.99999999999999999%', 'write at most ten nines'],
  ['', 'write for example 99.9%'],
])('refuses %j and says what to write', (text, help) => {
  const { ok, diagnostics } = readTarget(text);
  expect({ ok, codes: diagnostics.map(({ code }) => code), help: diagnostics[0]?.help }).toEqual({
    ok: false,
    codes: ['slo/target'],
    help,
  });
});

test('a percentage below one is taken, with a warning', () => {
  const { ok, diagnostics } = readTarget('0.999%');
  expect(ok).toBe(true);
  expect(diagnostics).toMatchObject([
    { severity: 'warning', code: 'slo/target-low', help: 'write 99.9% if you mean the fraction 0.999' },
  ]);
});

test('ratio and budget are the floating-point numbers nearest to the decimals, and the text reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), (parts) => {
      const digits = String(parts).padStart(10, '0');
      const outcome = readTarget(`${digits.slice(0, 2)}.${digits.slice(2)}%`);
      if (!outcome.ok) throw new Error('refused');
      const budget = String(10_000_000_000 - parts).padStart(10, '0');
      expect(outcome.value.ratio).toBe(Number(`0.${digits}`));
      expect(outcome.value.errorBudget).toBe(Number(`0.${budget}`));
      const again = readTarget(outcome.value.text);
      expect(again.ok && again.value).toEqual(outcome.value);
    }),
  );
});

test.each([
  ['0.5%', '99.5%'],
  ['0.005', '99.5%'],
  ['5 %', '95%'],
  ['0.001%', '99.999%'],
])('an error budget of %s is a target of %s', (text, target) => {
  const outcome = readErrorBudget(text);
  expect(outcome.ok && outcome.value.text).toBe(target);
});

test.each(['0%', '100%', '1', 'none', '-1%', ''])('%s is no error budget', (text) => {
  expect(readErrorBudget(text)).toMatchObject({ ok: false, diagnostics: [{ code: 'slo/target' }] });
});

test.each(['p50', 'p95', 'p99.9', 'p99.95', 'p5'])('%s is a percentile, and printed as one', (text) => {
  const outcome = readPercentile(text);
  expect(outcome.ok && percentileText(outcome.value.ratio)).toBe(text);
});

test.each([
  ['95', 'write for example `p95`'],
  ['99.9%', 'write for example `p99.9`'],
  ['99th', 'write for example `p99`'],
  ['p100', 'write for example `p95`'],
  ['median', 'write for example `p95`'],
])('%s is no percentile', (text, help) => {
  expect(readPercentile(text)).toMatchObject({ ok: false, diagnostics: [{ help }] });
});
