/** The series of Prometheus's own engine benchmark (promql/bench_test.go, BenchmarkRangeQuery): ten seconds apart, ending at `dataEnd`. */
import type { Series } from '../../src/core/series/index.ts';
import { Labels } from '../compiled.ts';
import { type Dataset, dataEnd } from '../datasets.ts';

export const interval = 10_000;
/** A day and ten thousand samples. */
const samples = 8640 + 10_000;
/** As many samples of the histograms as any query reads of them. */
const bucketSamples = 1100;

const start = dataEnd - (samples - 1) * interval;
const timestamps = Float64Array.from({ length: samples }, (_, i) => start + i * interval);
const bucketTimestamps = timestamps.slice(-bucketSamples);
const bounds = ['0.1', '0.25', '0.5', '1', '2.5', '5', '10', '25', '50', '100', '+Inf'];

/** Values grow by a little at every sample. */
export function upstreamDataset(): Dataset {
  const series: Series[] = [];
  const add = (labels: Readonly<Record<string, string>>, times: Float64Array): void => {
    const index = series.length;
    series.push({ labels: Labels.of(labels), timestamps: times, values: times.map((_, i) => index + i / samples) });
  };
  for (const [name, count] of [
    ['one', 1],
    ['hundred', 100],
  ] as const) {
    for (let l = 0; l < count; l += 1) {
      const label: Readonly<Record<string, string>> = count === 1 ? {} : { l: String(l) };
      add({ __name__: `a_${name}`, ...label }, timestamps);
      add({ __name__: `b_${name}`, ...label }, timestamps);
      for (const le of bounds) add({ __name__: `h_${name}`, ...label, le }, bucketTimestamps);
    }
  }
  // Each of fifty series exists for a fiftieth of the time.
  for (let i = 0; i < 50; i += 1) {
    const part = timestamps.slice(Math.floor((i * samples) / 50), Math.floor(((i + 1) * samples) / 50));
    add({ __name__: 'sparse', i: String(i) }, part);
  }
  return { name: 'upstream', series, start, end: dataEnd };
}
