import { Labels, metricName, quoteString, type Series } from '../../src/core/series/index.ts';

/** When the data begins; not on a round second, see `expressions.ts`. */
export const dataStart = 1_700_000_001_234;
/** Milliseconds between samples. */
const interval = 15_000;
/** Two and a half hours of samples. */
const samples = 600;

/**
 * Series for random queries: counters that restart, gauges with gaps, classic histograms, an info metric, numbers that are none. Values
 * are whole or multiples of a power of two where sums would otherwise depend on the order of addition. Counters stand so high that
 * extrapolation never reaches zero: where it does, versions differ (docs/promql-differences.md).
 */
export function generateData(): readonly Series[] {
  const random = randomSource(20_231_114);
  const all: Series[] = [];
  const add = (
    name: string,
    labels: Readonly<Record<string, string>>,
    value: (index: number) => number | undefined,
  ): void => {
    const timestamps: number[] = [];
    const values: number[] = [];
    for (let i = 0; i < samples; i += 1) {
      const one = value(i);
      if (one === undefined) continue;
      timestamps.push(dataStart + i * interval);
      values.push(one);
    }
    all.push({
      labels: Labels.of({ ...labels, [metricName]: name }),
      timestamps: Float64Array.from(timestamps),
      values: Float64Array.from(values),
    });
  };

  for (const job of ['api', 'web']) {
    for (const instance of ['a:80', 'b:80', 'c:80']) {
      const base = { job, instance };
      for (const status of ['200', '404', '500'])
        add('requests_total', { ...base, status }, counter(random, 3_000_000, 40));
      add('cpu_seconds_total', base, counter(random, 500_000, 12));
      add('memory_bytes', base, gauge(random, 2_000_000, 5000));
      add('temperature', base, withGaps(random, gauge(random, 40, 3)));
      add('queue_length', { ...base, queue: instance === 'a:80' ? 'mail' : 'jobs' }, steps(random));
      add('build_info', { ...base, version: instance === 'c:80' ? '2.0' : '1.9' }, () => 1);
      const buckets = ['0.1', '0.5', '1', '5', '+Inf'];
      const rates = buckets.map(() => 1 + Math.floor(random() * 20));
      for (const [place, le] of buckets.entries()) {
        const perSample = rates.slice(0, place + 1).reduce((a, b) => a + b, 0);
        add('latency_seconds_bucket', { ...base, le }, (i) => 1_000_000 + perSample * i);
      }
    }
    add('odd', { job, kind: 'nan' }, (i) => (i % 3 === 0 ? Number.NaN : i));
    add('odd', { job, kind: 'inf' }, (i) => (i % 5 === 0 ? Number.POSITIVE_INFINITY : i - 300));
    add('odd', { job, kind: 'zero' }, (i) => (i % 4) - 1);
  }
  return all;
}

/** The data as OpenMetrics text, which promtool turns into blocks. */
export function openMetrics(series: readonly Series[]): string {
  const byName = new Map<string, Series[]>();
  for (const one of series) {
    const name = one.labels.get(metricName);
    byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  const lines: string[] = [];
  for (const [name, group] of byName) {
    lines.push(`# TYPE ${name} unknown`);
    for (const { labels, timestamps, values } of group) {
      // OpenMetrics knows no space after a comma.
      const pairs = [...labels.without(metricName).entries()].map(([label, value]) => `${label}=${quoteString(value)}`);
      const written = `${name}{${pairs.join(',')}}`;
      for (const [i, time] of timestamps.entries())
        lines.push(`${written} ${formatValue(values[i] ?? 0)} ${(time / 1000).toFixed(3)}`);
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

/** A counter that restarts now and then, at a value that is still high. */
function counter(random: () => number, start: number, most: number): (index: number) => number {
  let value = start + Math.floor(random() * start);
  return () => {
    if (random() < 0.004) value = Math.floor(value * 0.6);
    else value += Math.floor(random() * most);
    return value;
  };
}

function gauge(random: () => number, middle: number, swing: number): (index: number) => number {
  const phase = random() * 6;
  return (i) => Math.round(middle + swing * 10 * Math.sin(phase + i / 40) + (random() - 0.5) * swing);
}

/** Misses single samples, and whole stretches longer than the lookback. */
function withGaps(random: () => number, value: (index: number) => number): (index: number) => number | undefined {
  const gap = Math.floor(random() * samples);
  return (i) => {
    const one = value(i);
    return random() < 0.05 || (gap <= i && i < gap + 40) ? undefined : one;
  };
}

/** Stays at a level for a while. */
function steps(random: () => number): (index: number) => number {
  let level = Math.floor(random() * 30);
  return () => {
    if (random() < 0.03) level = Math.floor(random() * 30);
    return level + 0.25;
  };
}

/** A small deterministic source of numbers in [0, 1). Algorithm: mulberry32. */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
