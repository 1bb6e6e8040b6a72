import { type Duration, type Timestamp, unreachable } from '../base/index.ts';
import { Labels, metricName, type Series } from '../series/index.ts';
import { type AnchoredScenario, anchorScenario, type Scenario } from './model.ts';
import { type CounterGroup, type Group, type HistogramGroup, type Process, processOf } from './process.ts';
import { addCounter, gaugeAt, histogramLabels, inPieces, type Piecewise, type Scrapes, scrapesAt } from './values.ts';

/** Which scrapes: at `from`, `from + interval`, ... up to `to`. */
export interface ScrapeRange {
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** The scenario's own by default. */
  readonly interval?: Duration;
}

/**
 * The history that a Prometheus scraping the scenario's targets would hold, `up` included, with stale markers where a series ends.
 * Relative moments count from the scenario's anchor, or from `to` if it has none. Series of one replica share their timestamps. A
 * stretch cut in two gives the same samples in both halves.
 */
export function scenarioSeries(scenario: Scenario, range: ScrapeRange): readonly Series[] {
  return [...eachScenarioSeries(scenario, range)].filter((series) => series !== undefined);
}

/** Series, and between them moments (undefined) at which whoever takes them can stop the work. */
type SeriesPieces = Generator<Series | undefined, void, undefined>;

/**
 * The same, one series at a time, for whoever writes them away: families stay together. A long series takes a while; meanwhile undefined is
 * given again and again.
 */
export function* eachScenarioSeries(scenario: Scenario, range: ScrapeRange): SeriesPieces {
  const process = processOf(anchoredAt(scenario, range.to));
  const stretches: Stretch[] = [];
  for (const replica of process.timeline.replicas.keys()) stretches.push(yield* stretchOf(process, replica, range));
  for (const [replica, stretch] of stretches.entries()) yield* upSeries(process, replica, stretch);
  for (const family of process.scenario.families) {
    const groups = process.groups.filter((group) => group.family === family);
    yield* familySeries(groups, stretches);
  }
}

/** The scenario with an anchor: its own, or else the given time. */
export function anchoredAt(scenario: Scenario, time: Timestamp): AnchoredScenario {
  const { anchor } = scenario;
  if (anchor === undefined) return anchorScenario(scenario, time);
  return isAnchored(scenario) ? scenario : anchorScenario(scenario, anchor);
}

function isAnchored(scenario: Scenario): scenario is AnchoredScenario {
  return scenario.anchor !== undefined;
}

/** One replica's scrapes, and which of them its series have samples at. */
interface Stretch {
  readonly scrapes: Scrapes;
  /** The life met by the scrape before the first: it decides whether a series that is missing now has ended. */
  readonly before: Scrapes;
  /** The samples of a series that is there whenever the scrape succeeds. */
  readonly kept: Kept;
}

interface Kept {
  /** Indexes of scrapes; undefined if all of them. */
  readonly indexes: Int32Array | undefined;
  readonly timestamps: Float64Array;
  readonly staleMarkers: Int32Array | undefined;
}

function* stretchOf(process: Process, replica: number, range: ScrapeRange): Piecewise<Stretch> {
  const { timeline, scenario } = process;
  const interval = range.interval ?? scenario.interval;
  const first = Math.max(0, Math.ceil((timeline.start - range.from) / interval));
  const count = Math.max(0, Math.floor((range.to - range.from) / interval) + 1 - first);
  const times = new Float64Array(count);
  yield* inPieces(count, (from, to) => {
    for (let i = from; i < to; i += 1) times[i] = range.from + (first + i) * interval;
  });
  const previous = (times[0] ?? range.from) - interval;
  const life = timeline.replicas[replica] ?? { lives: [], unreachable: [] };
  const scrapes = yield* scrapesAt(process, life, times);
  const before = yield* scrapesAt(process, life, Float64Array.from(timeline.start <= previous ? [previous] : []));
  const there = (at: Scrapes, i: number): boolean => 0 <= (at.lives[i] ?? -1);
  return { scrapes, before, kept: yield* keep(times, there(before, 0), (i) => there(scrapes, i)) };
}

/** A sample wherever the series is there, and a stale marker at the first scrape that misses it. */
function* keep(times: Float64Array, wasThere: boolean, isThere: (index: number) => boolean): Piecewise<Kept> {
  const indexes = new Int32Array(times.length);
  const markers: number[] = [];
  let length = 0;
  let there = wasThere;
  yield* inPieces(times.length, (from, to) => {
    for (let i = from; i < to; i += 1) {
      const now = isThere(i);
      if (!now && there) markers.push(length);
      if (now || there) {
        indexes[length] = i;
        length += 1;
      }
      there = now;
    }
  });
  const staleMarkers = markers.length === 0 ? undefined : Int32Array.from(markers);
  if (length === times.length) return { indexes: undefined, timestamps: times, staleMarkers };
  const used = indexes.subarray(0, length);
  return { indexes: used, timestamps: pick(times, used), staleMarkers };
}

function* upSeries(process: Process, replica: number, { scrapes }: Stretch): SeriesPieces {
  const { job, replicas } = process.scenario;
  const labels = Labels.of({ [metricName]: 'up', job, instance: replicas[replica] ?? '' });
  const { times, lives } = scrapes;
  if (times.length === 0) return;
  const values = new Float64Array(times.length);
  yield* inPieces(times.length, (from, to) => {
    for (let i = from; i < to; i += 1) values[i] = (lives[i] ?? -1) < 0 ? 0 : 1;
  });
  yield { labels, timestamps: times, values };
}

/** A histogram's series by suffix, so that its `_bucket`, `_count` and `_sum` each stand together. */
function* familySeries(groups: readonly Group[], stretches: readonly Stretch[]): SeriesPieces {
  for (const group of groups) {
    const stretch = stretches[group.replica];
    if (stretch === undefined || stretch.scrapes.times.length === 0) continue;
    switch (group.kind) {
      case 'counter':
        yield* counterSeries(group, stretch);
        break;
      case 'histogram':
        yield* histogramSeries(group, stretch);
        break;
      case 'gauge': {
        const { process, times, segments } = stretch.scrapes;
        const values = new Float64Array(times.length);
        yield* inPieces(times.length, (from, to) => {
          for (let i = from; i < to; i += 1) values[i] = gaugeAt(process, group, segments[i] ?? 0, times[i] ?? 0);
        });
        yield* seal(group.labels, values, stretch.kept);
        break;
      }
      default:
        unreachable(group);
    }
  }
}

function* counterSeries(group: CounterGroup, stretch: Stretch): SeriesPieces {
  const values = new Float64Array(stretch.scrapes.times.length);
  yield* addCounter(stretch.scrapes, group.count, values);
  const earlier = new Float64Array(stretch.before.times.length);
  yield* addCounter(stretch.before, group.count, earlier);
  yield* seal(group.labels, values, group.family.newborn ? yield* keepBorn(stretch, values, earlier) : stretch.kept);
}

function* histogramSeries(group: HistogramGroup, stretch: Stretch): SeriesPieces {
  const { scrapes, before } = stretch;
  const names = histogramLabels(group);
  const below = new Float64Array(scrapes.times.length);
  const earlier = new Float64Array(before.times.length);
  const sum = new Float64Array(scrapes.times.length);
  const buckets: Float64Array[] = [];
  for (const [i, count] of group.counts.entries()) {
    const own = new Float64Array(below.length);
    yield* addCounter(scrapes, count, own);
    yield* addCounter(before, count, earlier);
    const mean = group.means[i] ?? 0;
    yield* inPieces(below.length, (from, to) => {
      for (let k = from; k < to; k += 1) {
        below[k] = (below[k] ?? 0) + (own[k] ?? 0);
        sum[k] = (sum[k] ?? 0) + (own[k] ?? 0) * mean;
        own[k] = below[k] ?? 0;
      }
    });
    buckets.push(own);
  }
  const kept = group.family.newborn ? yield* keepBorn(stretch, below, earlier) : stretch.kept;
  for (const [i, values] of buckets.entries()) yield* seal(names.buckets[i] ?? Labels.empty, values, kept);
  yield* seal(names.count, below, kept);
  yield* seal(names.sum, sum, kept);
}

/** The samples of a series that is there only once its process has counted an event. */
function keepBorn({ scrapes }: Stretch, counts: Float64Array, earlier: Float64Array): Piecewise<Kept> {
  return keep(scrapes.times, 0 < (earlier[0] ?? 0), (i) => 0 <= (scrapes.lives[i] ?? -1) && 0 < (counts[i] ?? 0));
}

function* seal(labels: Labels, values: Float64Array, kept: Kept): SeriesPieces {
  const { indexes, timestamps, staleMarkers } = kept;
  if (timestamps.length === 0) return;
  const chosen = indexes === undefined ? values : pick(values, indexes);
  for (const marker of staleMarkers ?? []) chosen[marker] = Number.NaN;
  yield staleMarkers === undefined
    ? { labels, timestamps, values: chosen }
    : { labels, timestamps, values: chosen, staleMarkers };
}

/** A plain loop: `Float64Array.from` walks an iterator, which takes ten times as long. */
function pick(values: Float64Array, indexes: Int32Array): Float64Array {
  const picked = new Float64Array(indexes.length);
  for (let i = 0; i < picked.length; i += 1) picked[i] = values[indexes[i] ?? 0] ?? 0;
  return picked;
}
