/** Data for benchmarks: made in memory, the same on every run. */
import type { Series } from '../src/core/series/index.ts';
import { Labels } from './compiled.ts';

/** The data ends here; a fixed instant keeps every run the same. */
export const dataEnd: number = Date.UTC(2026, 0, 1);

export interface Dataset {
  readonly name: 'long' | 'wide' | 'upstream';
  readonly series: readonly Series[];
  readonly start: number;
  readonly end: number;
}

const day = 86_400_000;

/** Ten counters and ten gauges, a sample every 30 s for 60 days: 172,800 samples each. */
export function longDataset(): Dataset {
  const start = dataEnd - 60 * day;
  const timestamps = times(start, dataEnd, 30_000);
  const random = mulberry32(1);
  const series = Array.from({ length: 10 }, (_, i) => [
    {
      labels: Labels.of({ __name__: 'requests_total', instance: `i${i}` }),
      timestamps,
      values: counter(timestamps.length, 600 + i, random, 40_000),
    },
    {
      labels: Labels.of({ __name__: 'queue_depth', instance: `i${i}` }),
      timestamps,
      values: gauge(timestamps.length, random),
    },
  ]).flat();
  const errors = series
    .filter(({ labels }) => labels.get('__name__') === 'requests_total')
    .map(({ labels, values }) => ({
      labels: labels.with('__name__', 'errors_total'),
      timestamps,
      values: values.map((value) => Math.floor(value / 997)),
    }));
  return { name: 'long', series: [...series, ...errors], start, end: dataEnd };
}

/** A thousand counters, a sample every 15 s for a day: 5,760 samples each; 50 paths on 20 instances. */
export function wideDataset(): Dataset {
  const start = dataEnd - day;
  const timestamps = times(start, dataEnd, 15_000);
  const random = mulberry32(2);
  const series = Array.from({ length: 1000 }, (_, i) => ({
    labels: Labels.of({ __name__: 'http_requests_total', path: `/p${i % 50}`, instance: `i${Math.floor(i / 50)}` }),
    timestamps,
    values: counter(timestamps.length, 10 + (i % 7), random, 3000),
  }));
  return { name: 'wide', series, start, end: dataEnd };
}

/** The dataset as JSON lines of VictoriaMetrics's import API, in pieces of one series. */
export function* importLines({ series }: Dataset): Generator<string> {
  for (const { labels, timestamps, values } of series) {
    yield `${JSON.stringify({ metric: labels.toRecord(), values: [...values], timestamps: [...timestamps] })}\n`;
  }
}

/** The dataset as OpenMetrics text with timestamps, in pieces of one series. */
export function* openMetricsText({ series }: Dataset): Generator<string> {
  let family = '';
  for (const { labels, timestamps, values } of [...series].sort(byMetricName)) {
    const name = labels.get('__name__');
    let text = '';
    if (name !== family)
      text += `# TYPE ${name.replace(/_total$/, '')} ${name.endsWith('_total') ? 'counter' : 'gauge'}\n`;
    family = name;
    const pairs = [...labels.without('__name__').entries()].map(([label, value]) => `${label}="${value}"`);
    const head = `${name}{${pairs.join(',')}}`;
    for (let i = 0; i < timestamps.length; i += 1) text += `${head} ${values[i]} ${(timestamps[i] ?? 0) / 1000}\n`;
    yield text;
  }
  yield '# EOF\n';
}

function byMetricName(a: Series, b: Series): number {
  const left = a.labels.get('__name__');
  const right = b.labels.get('__name__');
  return left < right ? -1 : right < left ? 1 : 0;
}

function times(start: number, end: number, interval: number): Float64Array {
  return Float64Array.from({ length: Math.floor((end - start) / interval) }, (_, i) => start + (i + 1) * interval);
}

/** A counter that grows by `rate` a sample on average and restarts from zero about every `lifetime` samples. */
function counter(length: number, rate: number, random: () => number, lifetime: number): Float64Array {
  const values = new Float64Array(length);
  let value = 0;
  for (let i = 0; i < length; i += 1) {
    value = random() < 1 / lifetime ? 0 : value + Math.floor(random() * 2 * rate);
    values[i] = value;
  }
  return values;
}

function gauge(length: number, random: () => number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 50 + 30 * Math.sin(i / 500) + Math.round(random() * 2000) / 100);
}

/** A small generator of random numbers with a seed (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
