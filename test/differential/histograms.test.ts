import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asStored, type QueryValue } from '../../src/core/promql/index.ts';
import {
  bucketsFrom,
  customBucketsSchema,
  emptyHistogram,
  formatHistogramNotation,
  type Histogram,
  memorySource,
  type Series,
} from '../../src/core/series/index.ts';
import { answer, readExpr } from '../conformance/engine.ts';
import { dataStart, generateData } from './data.ts';
import { expressions } from './expressions.ts';

/** Prometheus 2.42 has no native histograms to compare with; so the engine is compared with itself. */
const howMany = Number(process.env['NINES_LONG'] === '1' ? 20_000 : 1000);
const source = memorySource(generateData().map(withHistograms));

test(`${howMany} random expressions over native histograms give at an instant what they give within a range`, async () => {
  const differences: string[] = [];
  let answered = 0;
  for (const [i, text] of fc.sample(expressions(), { seed: 5, numRuns: howMany }).entries()) {
    const read = readExpr(text);
    if ('message' in read) continue;
    const at = dataStart + 3_000_000 - 1234 + 777 + (i % 500) * 1000;
    const instant = await answer(source, read.expr, { start: at, end: at, step: 0 }, {});
    const ranged = await answer(source, read.expr, { start: at - 60_000, end: at + 60_000, step: 60_000 }, {});
    for (const given of [instant, ranged]) {
      if (!given.ok && given.message.startsWith('fault')) differences.push(`${text}: ${given.message}`);
    }
    // `@ start()` and `@ end()` mean another time in a range; an answer may fail at another step.
    if (!instant.ok || !ranged.ok || instant.value.kind !== 'vector' || /\b(?:start|end)\(\)/.test(text)) continue;
    if (0 < instant.value.samples.length) answered += 1;
    const left = shownAt(instant.value, at);
    const right = shownAt(ranged.value, at);
    if (left !== right) differences.push(`${text}\n  at an instant: ${left}\n  in a range:    ${right}`);
  }
  expect(differences.slice(0, 5).join('\n'), `${differences.length} differ`).toBe('');
  expect(answered / howMany).toBeGreaterThan(0.4);
});

/** The elements of an answer at a time, in one order. */
function shownAt(value: QueryValue, at: number): string {
  const shown: string[] = [];
  if (value.kind === 'vector') {
    for (const { labels, value: one, histogram } of value.samples) shown.push(`${labels} ${show(one, histogram)}`);
  } else if (value.kind === 'matrix') {
    for (const { labels, timestamps, values, histograms } of value.series) {
      const i = timestamps.indexOf(at);
      if (i !== -1) shown.push(`${labels} ${show(values[i] ?? Number.NaN, histograms?.get(i))}`);
    }
  }
  return shown.sort().join(', ');
}

function show(value: number, histogram: Histogram | undefined): string {
  return histogram === undefined ? String(value) : formatHistogramNotation(histogram);
}

/** The series with histograms in place of floats: exponential or with listed bounds, with changing layouts, resets and NaN, some mixed. */
function withHistograms(series: Series, place: number): Series {
  const histograms = new Map<number, Histogram>();
  const kind = place % 4;
  for (let i = 0; i < series.timestamps.length; i += 1) {
    const keepsFloat = kind === 3 && i % 7 < 3;
    if (!keepsFloat) histograms.set(i, kind === 2 ? listed(i) : exponential(i, kind === 1));
  }
  const values = series.values.map((value, i) => (histograms.has(i) ? Number.NaN : value));
  return asStored({ ...series, values, histograms });
}

function exponential(i: number, negatives: boolean): Histogram {
  const grown = i % 200;
  const counts = [grown, 2 * grown, 3 + grown, 0, grown];
  const count = counts.reduce((a, b) => a + b, grown);
  return {
    ...emptyHistogram,
    schema: i % 90 < 60 ? 1 : 0,
    count,
    sum: grown % 11 === 0 ? Number.NaN : count,
    zeroThreshold: i % 70 < 35 ? 0.001 : 0.5,
    zeroCount: grown,
    positive: bucketsFrom(-2, counts),
    negative: negatives ? bucketsFrom(0, counts) : emptyHistogram.negative,
  };
}

function listed(i: number): Histogram {
  const grown = i % 200;
  const customBounds = i % 50 === 0 ? [1, 2, 4] : [1, 2, 3, 4];
  const counts = customBounds.map((bound) => bound * grown);
  const count = counts.reduce((a, b) => a + b, 0);
  const positive = bucketsFrom(0, counts);
  return { ...emptyHistogram, schema: customBucketsSchema, count, sum: count, customBounds, positive };
}
