/**
 * How fast the engine is over histograms, native and classic, with the data in memory: `npm run bench:histograms`.
 * Each figure is the best of five runs, in milliseconds.
 */
import { duration, minute, noCheckpoint, timestamp } from '../../src/core/base/index.ts';
import { evaluate, parseExpr, plan } from '../../src/core/promql/index.ts';
import {
  bucketsFrom,
  detectReset,
  emptyHistogram,
  exponentialBound,
  formatGoFloat,
  type Histogram,
  Labels,
  memorySource,
  type Series,
} from '../../src/core/series/index.ts';

/** A day of samples, 15 s apart. */
const samples = 5760;
const interval = 15_000;
const instances = 20;
const buckets = 24;

const timestamps = Float64Array.from({ length: samples }, (_, i) => i * interval);
const source = memorySource([...nativeSeries(), ...classicSeries()]);
const day = { start: timestamp(0), end: timestamp((samples - 1) * interval), step: duration(minute) };

for (const text of [
  'rate(native_seconds{instance="i0"}[5m])',
  'histogram_quantile(0.99, rate(native_seconds{instance="i0"}[5m]))',
  'histogram_quantile(0.99, sum(rate(native_seconds[5m])))',
  'histogram_fraction(0, 0.25, sum(rate(native_seconds[5m])))',
  'histogram_quantile(0.99, rate(classic_seconds_bucket{instance="i0"}[5m]))',
  'histogram_quantile(0.99, sum by (le) (rate(classic_seconds_bucket[5m])))',
  'histogram_fraction(0, 0.25, sum by (le) (rate(classic_seconds_bucket[5m])))',
]) {
  console.log(`${(await bestOf(5, text)).toFixed(1)}\t${text}`);
}

async function bestOf(runs: number, text: string): Promise<number> {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(`does not parse: ${text}`);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const begin = performance.now();
    const planned = plan(parsed.value, day);
    const outcome = evaluate(planned, await source.select(planned.selections), noCheckpoint);
    best = Math.min(best, performance.now() - begin);
    if (!outcome.ok || outcome.value.kind !== 'matrix' || outcome.value.series.length === 0) {
      throw new Error(`no answer: ${text}`);
    }
  }
  return best;
}

/** One native histogram an instance, growing in every bucket. */
function nativeSeries(): Series[] {
  return Array.from({ length: instances }, (_, instance) => {
    const histograms = new Map<number, Histogram>();
    let before: Histogram | undefined;
    for (let i = 0; i < samples; i += 1) {
      const counts = Array.from({ length: buckets }, (_unused, bucket) => i * (1 + ((bucket + instance) % 7)));
      const count = counts.reduce((a, b) => a + b, 0);
      const histogram: Histogram = {
        ...emptyHistogram,
        schema: 2,
        count,
        sum: count / 4,
        positive: bucketsFrom(-12, counts),
      };
      const reset = before === undefined || detectReset(histogram, before);
      before = histogram;
      histograms.set(i, reset ? histogram : { ...histogram, counterResetHint: 'not_reset' });
    }
    const labels = Labels.of({ __name__: 'native_seconds', instance: `i${instance}` });
    return { labels, timestamps, values: new Float64Array(samples).fill(Number.NaN), histograms };
  });
}

/** The same as classic histograms: one series a bucket. */
function classicSeries(): Series[] {
  const all: Series[] = [];
  for (let instance = 0; instance < instances; instance += 1) {
    let perSample = 0;
    for (let bucket = 0; bucket <= buckets; bucket += 1) {
      perSample += bucket === buckets ? 0 : 1 + ((bucket + instance) % 7);
      const each = perSample;
      const le = bucket === buckets ? '+Inf' : formatGoFloat(exponentialBound(bucket - 12, 2));
      all.push({
        labels: Labels.of({ __name__: 'classic_seconds_bucket', instance: `i${instance}`, le }),
        timestamps,
        values: timestamps.map((_, i) => i * each),
      });
    }
  }
  return all;
}
