import type { Timestamp } from '../core/base/index.ts';
import type { AbortSignalLike, Labels, Matcher, Selection, Series, SeriesSource } from '../core/series/index.ts';
import { adoptTimeColumn, advance, grown, newTimeColumn, smallestCapacity, type TimeColumn } from './columns.ts';
import { Postings } from './postings.ts';

/**
 * What became of a sample, by Prometheus's rules: time only moves forward in a series; the same sample twice is harmless; a second
 * value for an instant, and a sample older than the newest, are refused.
 */
export type Appended = 'appended' | 'repeated' | 'conflicting' | 'outOfOrder';

/** How much a store holds. */
export interface StoreSize {
  readonly series: number;
  readonly samples: number;
  /** Bytes of the columns, room for growth included; labels and index are not counted. */
  readonly bytes: number;
  /** Samples ever refused as conflicting or out of order. */
  readonly refused: number;
}

/** One series of the store: samples `start` to `end` (excluded) of its columns. */
interface Entry {
  readonly labels: Labels;
  times: TimeColumn;
  /** Sample i stands at `values[i]` and `times.times[i]`; both columns are cut at the front together. */
  values: Float64Array;
  length: number;
  /** Ascending indexes of stale markers. */
  stale: number[];
}

/**
 * An embedded time-series store in memory, for floats. Samples are columns of 8 bytes a value, plus 8 bytes a timestamp shared by all
 * series that were scraped or recorded together. Columns only grow at the end: what `select` gave stays valid and unchanged while
 * appends and retention go on, without a lock or a copy.
 */
export class MemoryStore implements SeriesSource {
  readonly #byKey: Map<string, Entry> = new Map();
  readonly #postings: Postings<Entry> = new Postings();
  /** The column of the series that was born last: series born at the same instant share it. */
  #newborn: TimeColumn | undefined;
  #refused = 0;

  append(labels: Labels, time: Timestamp, value: number): Appended {
    return this.#append(labels, time, value, false);
  }

  /** Marks that the series ended at `time`. A series that the store does not have needs no marker. */
  appendStaleMarker(labels: Labels, time: Timestamp): Appended {
    return this.#byKey.has(labels.key) ? this.#append(labels, time, Number.NaN, true) : 'repeated';
  }

  /**
   * Takes over whole columns, for instance recorded history. They are not copied: the caller must not change them afterwards. Series
   * with one timestamps array go on sharing it. Samples of a series that the store already has must be later than those.
   */
  load(series: readonly Series[]): void {
    const columns = new Map<Float64Array, TimeColumn>();
    for (const one of series) {
      const { labels, timestamps, values, staleMarkers, histograms } = one;
      if (histograms !== undefined) throw new TypeError(`the store holds floats only, ${labels} has histograms`);
      if (timestamps.length === 0) continue;
      if (this.#byKey.has(labels.key)) {
        this.#appendAll(one);
        continue;
      }
      let times = columns.get(timestamps);
      if (times === undefined) {
        times = adoptTimeColumn(timestamps);
        columns.set(timestamps, times);
      }
      const stale = staleMarkers === undefined ? [] : Array.from(staleMarkers);
      this.#add({ labels, times, values, length: timestamps.length, stale });
    }
  }

  select(selections: readonly Selection[], _signal?: AbortSignalLike): Promise<readonly (readonly Series[])[]> {
    const views = new Map<TimeColumn, TimeView[]>();
    return Promise.resolve(selections.map((selection) => this.#view(selection, views)));
  }

  /** The label sets that satisfy the matchers and have a sample from `from` to `to`. */
  labelSets(matchers: readonly Matcher[], from: Timestamp, to: Timestamp): readonly Labels[] {
    return this.#postings
      .find(matchers)
      .filter((entry) => {
        const first = lowerBound(entry.times.times, entry.length, from);
        return first < entry.length && (entry.times.times[first] ?? 0) <= to;
      })
      .map(({ labels }) => labels);
  }

  /** Forgets samples older than `oldest` says for their series, and series of which none is left. */
  dropBefore(oldest: (labels: Labels) => Timestamp): void {
    const gone = new Set<Entry>();
    const cuts = new Map<TimeColumn, number>();
    for (const entry of this.#postings.all) {
      const { labels, times, length } = entry;
      const cut = oldest(labels);
      if ((times.times[length - 1] ?? 0) < cut) gone.add(entry);
      else cuts.set(times, Math.min(cuts.get(times) ?? Number.POSITIVE_INFINITY, cut));
    }
    const shortened = new Map<TimeColumn, { readonly times: TimeColumn; readonly count: number }>();
    for (const [column, cut] of cuts) {
      const count = lowerBound(column.times, column.length, cut);
      // Cutting copies the rest, so wait until an eighth has aged.
      if (count === 0 || count < column.length >>> 3) continue;
      shortened.set(column, { times: adoptTimeColumn(column.times.slice(count, column.length)), count });
    }
    for (const entry of this.#postings.all) {
      const cut = shortened.get(entry.times);
      if (cut === undefined || gone.has(entry)) continue;
      entry.values = entry.values.slice(cut.count, entry.length);
      entry.stale = entry.stale.filter((index) => cut.count <= index).map((index) => index - cut.count);
      entry.length -= cut.count;
      entry.times = cut.times;
    }
    for (const { labels } of gone) this.#byKey.delete(labels.key);
    if (0 < gone.size) this.#postings.remove(gone);
    this.#newborn = undefined;
  }

  size(): StoreSize {
    let samples = 0;
    let bytes = 0;
    const columns = new Set<TimeColumn>();
    for (const { length, values, times } of this.#postings.all) {
      samples += length;
      bytes += values.byteLength;
      columns.add(times);
    }
    for (const { times } of columns) bytes += times.byteLength;
    return { series: this.#byKey.size, samples, bytes, refused: this.#refused };
  }

  #append(labels: Labels, time: number, value: number, stale: boolean): Appended {
    const entry = this.#byKey.get(labels.key);
    if (entry === undefined) {
      this.#add(this.#born(labels, time, value, stale));
      return 'appended';
    }
    const last = entry.times.times[entry.length - 1] ?? Number.NEGATIVE_INFINITY;
    if (time <= last) {
      if (time === last && isSame(entry, value, stale)) return 'repeated';
      this.#refused += 1;
      return time === last ? 'conflicting' : 'outOfOrder';
    }
    entry.times = advance(entry.times, entry.length, time);
    if (entry.length === entry.values.length) entry.values = grown(entry.values, entry.length);
    entry.values[entry.length] = value;
    if (stale) entry.stale.push(entry.length);
    entry.length += 1;
    return 'appended';
  }

  #born(labels: Labels, time: number, value: number, stale: boolean): Entry {
    if (this.#newborn?.times[0] !== time) this.#newborn = newTimeColumn(time);
    const values = new Float64Array(smallestCapacity);
    values[0] = value;
    return { labels, times: this.#newborn, values, length: 1, stale: stale ? [0] : [] };
  }

  #add(entry: Entry): void {
    this.#byKey.set(entry.labels.key, entry);
    this.#postings.add(entry);
  }

  #appendAll({ labels, timestamps, values, staleMarkers }: Series): void {
    const stale = new Set(staleMarkers);
    for (let i = 0; i < timestamps.length; i += 1) {
      this.#append(labels, timestamps[i] ?? 0, values[i] ?? Number.NaN, stale.has(i));
    }
  }

  #view({ matchers, from, to }: Selection, views: Map<TimeColumn, TimeView[]>): readonly Series[] {
    const found: Series[] = [];
    for (const { labels, times, values, length, stale } of this.#postings.find(matchers)) {
      const start = lowerBound(times.times, length, from);
      const end = lowerBound(times.times, length, to + 1);
      if (start === end) continue;
      const timestamps = timeView(views, times, start, end);
      const markers = stale.filter((index) => start <= index && index < end).map((index) => index - start);
      const series = { labels, timestamps, values: values.subarray(start, end) };
      found.push(markers.length === 0 ? series : { ...series, staleMarkers: Int32Array.from(markers) });
    }
    return found;
  }
}

interface TimeView {
  readonly start: number;
  readonly end: number;
  readonly view: Float64Array;
}

/** One view object per stretch of a column, so that evaluation sees that the series share it. */
function timeView(views: Map<TimeColumn, TimeView[]>, column: TimeColumn, start: number, end: number): Float64Array {
  let known = views.get(column);
  if (known === undefined) {
    known = [];
    views.set(column, known);
  }
  const same = known.find((one) => one.start === start && one.end === end);
  if (same !== undefined) return same.view;
  const view = column.times.subarray(start, end);
  known.push({ start, end, view });
  return view;
}

function isSame({ values, length, stale }: Entry, value: number, isStale: boolean): boolean {
  const lastIsStale = stale[stale.length - 1] === length - 1;
  return lastIsStale === isStale && Object.is(values[length - 1], value);
}

/** The index of the first of `length` ascending times that is not before `time`. */
function lowerBound(times: Float64Array, length: number, time: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
