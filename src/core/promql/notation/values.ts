import { addHistograms, type Histogram, subtractHistograms } from '../../series/index.ts';
import { type NotatedHistogram, scanHistogram } from './histogram-notation.ts';
import { mostSamples, type Scanner, scanNumber, scanSign, scanTimes } from './scanner.ts';

/** What stands at one step of a series line. */
export type NotatedSample =
  | { readonly kind: 'gap' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'float'; readonly value: number }
  | ({ readonly kind: 'histogram' } & NotatedHistogram);

const gap: NotatedSample = { kind: 'gap' };
const stale: NotatedSample = { kind: 'stale' };

/**
 * Reads the samples of a line, one per step from the first on.
 *
 *     values = { item }
 *     item   = "_" ["x" N]                                       gaps: one, or N
 *            | NUMBER ["x" N] | NUMBER ("+" | "-") NUMBER "x" N  a repeated N more times; a, a+b, ... by running addition
 *            | "stale"
 *            | HISTOGRAM ["x" N] | HISTOGRAM ("+" | "-") HISTOGRAM "x" N
 *
 * Source: prometheus, promql/parser/generated_parser.y, series_values.
 */
export function scanValues(scanner: Scanner): readonly NotatedSample[] {
  const samples: NotatedSample[] = [];
  scanner.skipSpaces();
  while (!scanner.atEnd) {
    scanItem(scanner, samples);
    if (mostSamples < samples.length) throw scanner.error('too many samples', `at most ${mostSamples} a line`);
    if (!scanner.skipSpaces() && !scanner.atEnd) {
      throw scanner.unexpected('a space after the sample', 'see the form a+bxN');
    }
  }
  return samples;
}

function scanItem(scanner: Scanner, samples: NotatedSample[]): void {
  if (scanner.accept('_')) {
    const times = scanner.accept('x') ? scanTimes(scanner) : 1;
    for (let i = 0; i < times; i += 1) samples.push(gap);
    return;
  }
  const histogram = scanHistogram(scanner);
  if (histogram !== undefined) {
    scanHistogramItem(scanner, samples, histogram);
    return;
  }
  const start = scanner.position;
  const sign = scanSign(scanner);
  const number = scanNumber(scanner);
  if (number !== undefined) {
    scanFloatItem(scanner, samples, (sign ?? 1) * number);
    return;
  }
  scanner.position = start;
  if (scanner.match(/stale\b/y) === '') {
    throw scanner.unexpected('a sample', 'a number, _, stale or {{...}}');
  }
  samples.push(stale);
}

function scanFloatItem(scanner: Scanner, samples: NotatedSample[], first: number): void {
  const start = scanner.position;
  const sign = scanSign(scanner);
  let increment = 0;
  if (sign !== undefined) {
    const size = scanNumber(scanner);
    if (size === undefined) throw scanner.unexpected('the increment', 'as in 0+10x5');
    increment = sign * size;
  }
  if (!scanner.accept('x')) {
    if (sign !== undefined) throw scanner.errorSince(start, 'increment without repetitions', 'as in 0+10x5');
    samples.push({ kind: 'float', value: first });
    return;
  }
  const times = scanTimes(scanner);
  // Added up step by step, because Prometheus does so and rounding accumulates on the way.
  let value = first;
  let sample: NotatedSample = { kind: 'float', value };
  samples.push(sample);
  for (let i = 0; i < times; i += 1) {
    if (sign !== undefined) {
      value += increment;
      sample = { kind: 'float', value };
    }
    samples.push(sample);
  }
}

function scanHistogramItem(scanner: Scanner, samples: NotatedSample[], first: NotatedHistogram): void {
  const start = scanner.position;
  const sign = scanSign(scanner);
  const increment = sign === undefined ? undefined : scanHistogram(scanner);
  if (sign !== undefined && increment === undefined) {
    throw scanner.unexpected('a histogram', 'as in {{count:1}}+{{count:1}}x5');
  }
  if (!scanner.accept('x')) {
    if (sign !== undefined) throw scanner.errorSince(start, 'increment without repetitions', 'add x and a number');
    samples.push({ kind: 'histogram', ...first });
    return;
  }
  const times = scanTimes(scanner);
  let { histogram } = first;
  let sample: NotatedSample = { kind: 'histogram', ...first };
  samples.push(sample);
  for (let i = 0; i < times; i += 1) {
    if (increment !== undefined) {
      const { schema } = increment.histogram;
      const next = schema < histogram.schema ? undefined : step(histogram, increment.histogram, sign ?? 1);
      if (next === undefined) {
        throw scanner.errorSince(start, `cannot add schema ${schema} to schema ${histogram.schema}`);
      }
      histogram = next;
      sample = { kind: 'histogram', histogram, hintWritten: first.hintWritten };
    }
    samples.push(sample);
  }
}

function step(histogram: Histogram, increment: Histogram, sign: 1 | -1): Histogram | undefined {
  const result = sign === 1 ? addHistograms(histogram, increment) : subtractHistograms(histogram, increment);
  return result?.histogram;
}
