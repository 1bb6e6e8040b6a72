/**
 * Counters as a Prometheus would have scraped them, with the exact number of events that became visible. Independent of the scenario
 * layer on purpose: the two check each other, and this one can be made to do what no sane service does.
 */
import { Labels, metricName, type Series } from '../../src/core/series/index.ts';

/** Times are seconds since the epoch, lengths seconds. */
export interface Traffic {
  readonly from: number;
  readonly to: number;
  readonly scrapeInterval: number;
  readonly instances: readonly Instance[];
  /** Requests a second of one instance. */
  readonly rate: (time: number) => number;
  /** The share of them that fail. */
  readonly errorRatio: (time: number) => number;
  /** Whether a series exists only from its first event on. */
  readonly lazy: boolean;
  readonly seed: number;
}

/** One scrape target, from its first scrape to its last. */
export interface Instance {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** When its process restarts: all its counters begin anew. */
  readonly restarts: readonly number[];
  /** Whether its scrape at a time fails, while it goes on counting. */
  readonly fails: (time: number) => boolean;
  /** A label that its series get at some time, as a relabelling edit does. */
  readonly relabelledAt?: number;
}

export interface Scraped {
  readonly series: readonly Series[];
  /** Events that became visible at scrapes in (from, to]. */
  readonly visible: (from: number, to: number) => { readonly bad: number; readonly total: number };
}

const endpoints = ['/a', '/b', '/c'];
/** Six series of successes and three of failures for each instance. */
const children = [
  ...endpoints.flatMap((endpoint) => ['GET', 'POST'].map((method) => ({ endpoint, method, code: '200' }))),
  ...endpoints.map((endpoint) => ({ endpoint, method: 'GET', code: '500' })),
];

/** Scrapes the traffic. The same seed gives the same samples. */
export function scrape(traffic: Traffic): Scraped {
  const random = randomNumbers(traffic.seed);
  const series: Series[] = [];
  const times: number[] = [];
  const bad: number[] = [];
  const total: number[] = [];
  for (const [index, instance] of traffic.instances.entries()) {
    const columns = new Columns();
    const labels = { job: 'shop', instance: instance.name };
    const counts = children.map(() => 0);
    let seen = children.map(() => 0);
    // Targets are scraped at phases of their own, as Prometheus spreads them, and a few milliseconds early or late.
    const phase = ((index * 7.3) % traffic.scrapeInterval) + 0.1;
    let restart = 0;
    let before = instance.from;
    for (let tick = Math.ceil(instance.from / traffic.scrapeInterval); ; tick += 1) {
      const time = tick * traffic.scrapeInterval + phase + Math.round(random() * 4) / 1000;
      if (Math.min(instance.to, traffic.to) < time) break;
      const restartAt = instance.restarts[restart];
      if (restartAt !== undefined && restartAt <= time) {
        count(traffic, counts, before, restartAt, random);
        counts.fill(0);
        seen = children.map(() => 0);
        before = restartAt;
        restart += 1;
      }
      count(traffic, counts, before, time, random);
      before = time;
      if (instance.fails(time)) {
        columns.add({ [metricName]: 'up', ...labels }, time, 0);
        columns.endAllBut(new Set(), time);
        continue;
      }
      columns.add({ [metricName]: 'up', ...labels }, time, 1);
      histogram(columns, labels, counts, time);
      let newBad = 0;
      let newTotal = 0;
      const present = new Set(columns.keysOf('request_seconds'));
      for (const [child, own] of children.entries()) {
        const value = counts[child] ?? 0;
        const increase = value - (seen[child] ?? 0);
        newTotal += increase;
        if (own.code === '500') newBad += increase;
        if (traffic.lazy && value === 0) continue;
        const relabelled = instance.relabelledAt !== undefined && instance.relabelledAt <= time;
        const all = { [metricName]: 'requests_total', ...labels, ...own, ...(relabelled ? { zone: 'x' } : {}) };
        present.add(columns.add(all, time, value));
      }
      columns.endAllBut(present, time);
      seen = [...counts];
      times.push(time);
      bad.push(newBad);
      total.push(newTotal);
    }
    // A target that is gone leaves stale markers at what would have been its next scrape.
    if (instance.to < traffic.to) columns.endAllBut(new Set(), instance.to + traffic.scrapeInterval, true);
    series.push(...columns.series());
  }
  return {
    series,
    visible: (from, to) => {
      const sums = { bad: 0, total: 0 };
      for (const [i, time] of times.entries()) {
        if (time <= from || to < time) continue;
        sums.bad += bad[i] ?? 0;
        sums.total += total[i] ?? 0;
      }
      return sums;
    },
  };
}

/** The same events as a histogram: what succeeds takes less than 0.3 s, what fails more. */
function histogram(
  columns: Columns,
  labels: Readonly<Record<string, string>>,
  counts: readonly number[],
  time: number,
): void {
  const good = sumOf(counts.slice(0, 6));
  const all = sumOf(counts);
  columns.add({ [metricName]: 'request_seconds_bucket', ...labels, le: '0.3' }, time, good);
  columns.add({ [metricName]: 'request_seconds_bucket', ...labels, le: '+Inf' }, time, all);
  columns.add({ [metricName]: 'request_seconds_count', ...labels }, time, all);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

function count(traffic: Traffic, counts: number[], from: number, to: number, random: () => number): void {
  const middle = (from + to) / 2;
  const requests = poisson(traffic.rate(middle) * (to - from), random);
  const errors = binomial(requests, traffic.errorRatio(middle), random);
  spread(counts, requests - errors, 0, 6, random);
  spread(counts, errors, 6, 3, random);
}

/** Adds events to `width` counters from `first` on: evenly, the rest by chance. */
function spread(counts: number[], events: number, first: number, width: number, random: () => number): void {
  const share = Math.floor(events / width);
  for (let i = 0; i < width; i += 1) counts[first + i] = (counts[first + i] ?? 0) + share;
  for (let rest = events - share * width; 0 < rest; rest -= 1) {
    const i = first + Math.floor(random() * width);
    counts[i] = (counts[i] ?? 0) + 1;
  }
}

/** A Poisson number; from a mean of 30 on the normal one it approaches. */
function poisson(mean: number, random: () => number): number {
  if (30 < mean) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let product = random();
  let events = 0;
  for (; limit < product; events += 1) product *= random();
  return events;
}

function binomial(trials: number, chance: number, random: () => number): number {
  if (chance <= 0) return 0;
  if (1 <= chance) return trials;
  return Math.min(trials, poisson(trials * chance, random));
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Mulberry32: small, fast and good enough to draw traffic. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Samples by series as they come in, with stale markers where a series is missing from a scrape that had it before. */
class Columns {
  readonly #byKey = new Map<string, { labels: Labels; times: number[]; values: number[]; stale: number[] }>();
  readonly #live = new Set<string>();

  add(labels: Readonly<Record<string, string>>, time: number, value: number): string {
    const key = JSON.stringify(labels);
    let column = this.#byKey.get(key);
    if (column === undefined) {
      column = { labels: Labels.of(labels), times: [], values: [], stale: [] };
      this.#byKey.set(key, column);
    }
    column.times.push(Math.round(time * 1000));
    column.values.push(value);
    if (labels[metricName] !== 'up') this.#live.add(key);
    return key;
  }

  keysOf(prefix: string): readonly string[] {
    return [...this.#live].filter((key) => this.#byKey.get(key)?.labels.get(metricName).startsWith(prefix));
  }

  endAllBut(present: ReadonlySet<string>, time: number, includingUp = false): void {
    for (const [key, column] of this.#byKey) {
      const isUp = column.labels.get(metricName) === 'up';
      if (isUp ? !includingUp : !this.#live.has(key) || present.has(key)) continue;
      column.stale.push(column.times.length);
      column.times.push(Math.round(time * 1000));
      column.values.push(Number.NaN);
      this.#live.delete(key);
    }
  }

  series(): readonly Series[] {
    return [...this.#byKey.values()].map(({ labels, times, values, stale }) => ({
      labels,
      timestamps: Float64Array.from(times),
      values: Float64Array.from(values),
      ...(0 < stale.length && { staleMarkers: Int32Array.from(stale) }),
    }));
  }
}
