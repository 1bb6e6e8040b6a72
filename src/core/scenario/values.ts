import { formatBound, type Labels, metricName } from '../series/index.ts';
import { dayLevel } from './clock.ts';
import { type Count, countAt, countAtTime, type GaugeGroup, type HistogramGroup, type Process } from './process.ts';
import { polyline } from './random.ts';
import type { ReplicaLife, Timeline } from './timeline.ts';

/** How long a gauge takes to wander off. */
const gaugeScale = 600_000;

/** Which of a replica's lives a scrape at `time` meets: its index, or -1 if the scrape fails. */
export function lifeAt({ lives, unreachable }: ReplicaLife, time: number): number {
  if (unreachable.some(({ from, to }) => from <= time && time < to)) return -1;
  // Restarts may be many: a search by halves, as this is asked for every scrape.
  let low = 0;
  let high = lives.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lives[middle]?.from ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return time < (lives[low - 1]?.to ?? Number.NEGATIVE_INFINITY) ? low - 1 : -1;
}

/** How many events had happened, by the count's own origin, when each of a replica's lives began: what a counter starts from. */
function countAtBirths(process: Process, count: Count, { lives }: ReplicaLife): Float64Array {
  return Float64Array.from(lives, ({ from }) => countAtTime(process, count, from));
}

/** What a counter shows: the events of its process's present life. */
export function counterAt(process: Process, count: Count, replica: ReplicaLife, life: number, time: number): number {
  return countAtTime(process, count, time) - countAtTime(process, count, replica.lives[life]?.from ?? 0);
}

/** A gauge's value in a segment. */
export function gaugeAt(process: Process, group: GaugeGroup, segment: number, time: number): number {
  const { trough, peak, noise } = group.family;
  const fixed = group.fixed[segment] ?? Number.NaN;
  const level = trough + (peak - trough) * dayLevel(process.scenario.traffic, time);
  const usual = level * (1 + noise * polyline(group.key, time / gaugeScale));
  const value = Number.isNaN(fixed) ? usual : fixed;
  return Number.isInteger(trough) && Number.isInteger(peak) ? Math.round(value) : value;
}

/** The names and labels of a histogram's series: its buckets in ascending order with +Inf last, its count and its sum. */
export function histogramLabels(group: HistogramGroup): {
  readonly buckets: readonly Labels[];
  readonly count: Labels;
  readonly sum: Labels;
} {
  const { labels, family } = group;
  const bounds = [...family.buckets.map(formatBound), '+Inf'];
  return {
    buckets: bounds.map((bound) =>
      labels.merge([
        [metricName, `${family.name}_bucket`],
        ['le', bound],
      ]),
    ),
    count: labels.with(metricName, `${family.name}_count`),
    sum: labels.with(metricName, `${family.name}_sum`),
  };
}

/** Scrapes of one replica at even distances, with what every count needs to know of each. */
export interface Scrapes {
  readonly process: Process;
  readonly replica: ReplicaLife;
  readonly times: Float64Array;
  /** The life that each scrape meets, or -1 where it fails. */
  readonly lives: Int32Array;
  readonly segments: Int32Array;
  readonly dailyClock: Float64Array;
  readonly steadyClock: Float64Array;
}

/**
 * So many scrapes are computed at once. A year at an interval of a second has 31 million of them; between two pieces whoever waits can look
 * up and stop.
 */
const scrapesAtOnce = 100_000;

/** Work that gives something in the end, and stops for a moment now and then. */
export type Piecewise<T> = Generator<undefined, T, undefined>;

/** Does something for each index below `count`, in pieces. */
export function* inPieces(count: number, work: (from: number, to: number) => void): Piecewise<void> {
  for (let from = 0; from < count; from += scrapesAtOnce) {
    work(from, Math.min(count, from + scrapesAtOnce));
    yield undefined;
  }
}

/** Lays out the scrapes at `times`, which are ascending and not before the start. */
export function* scrapesAt(process: Process, replica: ReplicaLife, times: Float64Array): Piecewise<Scrapes> {
  const count = times.length;
  const lives = new Int32Array(count);
  const segments = new Int32Array(count);
  const dailyClock = new Float64Array(count);
  const steadyClock = new Float64Array(count);
  const segmentAt = segmentSearch(process.timeline);
  yield* inPieces(count, (from, to) => {
    for (let i = from; i < to; i += 1) {
      const time = times[i] ?? 0;
      lives[i] = lifeAt(replica, time);
      segments[i] = segmentAt(time);
      dailyClock[i] = process.dailyClock(time);
      steadyClock[i] = time / 1000;
    }
  });
  return { process, replica, times, lives, segments, dailyClock, steadyClock };
}

/** Adds to `into`, at each scrape that succeeds, what the counter shows there, `weight` times. */
export function* addCounter(scrapes: Scrapes, count: Count, into: Float64Array, weight = 1): Piecewise<void> {
  const { lives, segments } = scrapes;
  const clock = count.arrivals === 'daily' ? scrapes.dailyClock : scrapes.steadyClock;
  const births = countAtBirths(scrapes.process, count, scrapes.replica);
  yield* inPieces(into.length, (from, to) => {
    for (let i = from; i < to; i += 1) {
      const life = lives[i] ?? -1;
      if (life < 0) continue;
      into[i] = (into[i] ?? 0) + weight * (countAt(count, segments[i] ?? 0, clock[i] ?? 0) - (births[life] ?? 0));
    }
  });
}

/** Finds the segment of each time, which must not descend. */
function segmentSearch({ boundaries }: Timeline): (time: number) => number {
  let segment = 0;
  return (time) => {
    while (segment + 1 < boundaries.length && (boundaries[segment + 1] ?? 0) <= time) segment += 1;
    return segment;
  };
}
