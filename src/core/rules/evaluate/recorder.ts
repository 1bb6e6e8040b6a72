import type { Timestamp } from '../../base/index.ts';
import {
  type AbortSignalLike,
  type Histogram,
  type Labels,
  labelsPredicate,
  metricName,
  pinnedName,
  type Selection,
  type Series,
  type SeriesSource,
} from '../../series/index.ts';

/** A sample that a rule records, or the marker that its series has ended. */
export interface RecordedSample {
  readonly labels: Labels;
  readonly time: Timestamp;
  /** NaN for a histogram and for a stale marker. */
  readonly value: number;
  readonly histogram?: Histogram;
  readonly stale?: true;
}

/** What becomes of a sample, as in Prometheus's store: time only moves forward, and an instant has one value. */
export type Appended = 'appended' | 'repeated' | 'conflicting' | 'out of order';

interface Column {
  readonly labels: Labels;
  timestamps: Float64Array;
  values: Float64Array;
  length: number;
  readonly histograms: Map<number, Histogram>;
  readonly stale: number[];
}

const firstCapacity = 16;

/**
 * Samples that rules have recorded, as growing columns. Selections are views: they cost nothing, and stay as they were while more is
 * recorded.
 */
export class Recorder implements SeriesSource {
  readonly #byKey = new Map<string, Column>();
  readonly #byName = new Map<string, Column[]>();

  append(sample: RecordedSample): Appended {
    const { labels, time, value, histogram, stale } = sample;
    const column = this.#byKey.get(labels.key) ?? this.#add(labels);
    const last = column.length - 1;
    const newest = column.timestamps[last];
    if (newest !== undefined && time < newest) return 'out of order';
    if (newest === time) {
      const same = histogram === undefined && stale === undefined && Object.is(column.values[last], value);
      return same ? 'repeated' : 'conflicting';
    }
    if (column.length === column.timestamps.length) grow(column);
    const index = column.length;
    column.timestamps[index] = time;
    column.values[index] = value;
    if (histogram !== undefined) column.histograms.set(index, histogram);
    if (stale === true) column.stale.push(index);
    column.length += 1;
    return 'appended';
  }

  /** All that was recorded. */
  series(): readonly Series[] {
    return [...this.#byKey.values()].map(view);
  }

  select(selections: readonly Selection[], _signal?: AbortSignalLike): Promise<readonly (readonly Series[])[]> {
    return Promise.resolve(selections.map((selection) => this.#find(selection)));
  }

  #find({ matchers, from, to }: Selection): readonly Series[] {
    const name = pinnedName(matchers);
    const candidates = name === undefined ? this.#byKey.values() : (this.#byName.get(name) ?? []);
    const matches = labelsPredicate(matchers);
    const found: Series[] = [];
    for (const column of candidates) {
      const first = column.timestamps[0];
      const last = column.timestamps[column.length - 1];
      if (first === undefined || last === undefined || to < first || last < from) continue;
      if (matches(column.labels)) found.push(view(column));
    }
    return found;
  }

  #add(labels: Labels): Column {
    const column: Column = {
      labels,
      timestamps: new Float64Array(firstCapacity),
      values: new Float64Array(firstCapacity),
      length: 0,
      histograms: new Map(),
      stale: [],
    };
    this.#byKey.set(labels.key, column);
    const name = labels.get(metricName);
    const group = this.#byName.get(name);
    if (group === undefined) this.#byName.set(name, [column]);
    else group.push(column);
    return column;
  }
}

/** A source that gives what all of them give. Where several have samples of one series, those of the first one win at each instant. */
export function joinedSource(...sources: readonly SeriesSource[]): SeriesSource {
  return {
    async select(selections, signal) {
      const found = await Promise.all(sources.map((source) => source.select(selections, signal)));
      return selections.map((_, index) => joinSeries(found.map((lists) => lists[index] ?? [])));
    },
  };
}

/** Series with the same labels made one. */
function joinSeries(lists: readonly (readonly Series[])[]): readonly Series[] {
  const filled = lists.filter((list) => 0 < list.length);
  const [only, second] = filled;
  if (only === undefined || second === undefined) return only ?? [];
  const byKey = new Map<string, Series>();
  for (const series of filled.flat()) {
    const other = byKey.get(series.labels.key);
    byKey.set(series.labels.key, other === undefined ? series : mergeSamples(other, series));
  }
  return [...byKey.values()];
}

/** The samples of two stretches of one series in order of time. */
export function mergeSamples(first: Series, second: Series): Series {
  if (endsBefore(first, second)) return oneAfterAnother(first, second);
  if (endsBefore(second, first)) return oneAfterAnother(second, first);
  const size = first.timestamps.length + second.timestamps.length;
  const timestamps = new Float64Array(size);
  const values = new Float64Array(size);
  const histograms = new Map<number, Histogram>();
  const stale: number[] = [];
  const staleOf = new Map([first, second].map((series) => [series, new Set(series.staleMarkers ?? [])]));
  let length = 0;
  const take = (series: Series, index: number): void => {
    timestamps[length] = series.timestamps[index] ?? 0;
    values[length] = series.values[index] ?? 0;
    const histogram = series.histograms?.get(index);
    if (histogram !== undefined) histograms.set(length, histogram);
    if (staleOf.get(series)?.has(index)) stale.push(length);
    length += 1;
  };
  let i = 0;
  let j = 0;
  while (i < first.timestamps.length || j < second.timestamps.length) {
    const a = first.timestamps[i] ?? Number.POSITIVE_INFINITY;
    const b = second.timestamps[j] ?? Number.POSITIVE_INFINITY;
    if (a <= b) {
      take(first, i);
      i += 1;
      if (a === b) j += 1;
    } else {
      take(second, j);
      j += 1;
    }
  }
  return {
    labels: first.labels,
    timestamps: timestamps.subarray(0, length),
    values: values.subarray(0, length),
    ...(histograms.size === 0 ? {} : { histograms }),
    ...(stale.length === 0 ? {} : { staleMarkers: Int32Array.from(stale) }),
  };
}

function endsBefore(first: Series, second: Series): boolean {
  const end = first.timestamps[first.timestamps.length - 1];
  const start = second.timestamps[0];
  return end !== undefined && start !== undefined && end < start;
}

/** What was recorded of a series at first and what came later, as is the case with most: their columns are copied whole. */
function oneAfterAnother(first: Series, second: Series): Series {
  const { length } = first.timestamps;
  const moved = [...(second.histograms ?? [])].map(([index, one]) => [index + length, one] as const);
  const histograms = new Map([...(first.histograms ?? []), ...moved]);
  const stale = [...(first.staleMarkers ?? []), ...(second.staleMarkers ?? []).map((index) => index + length)];
  return {
    labels: first.labels,
    timestamps: joinedColumns(first.timestamps, second.timestamps),
    values: joinedColumns(first.values, second.values),
    ...(histograms.size === 0 ? {} : { histograms }),
    ...(stale.length === 0 ? {} : { staleMarkers: Int32Array.from(stale) }),
  };
}

function joinedColumns(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function grow(column: Column): void {
  const timestamps = new Float64Array(column.timestamps.length * 2);
  const values = new Float64Array(column.values.length * 2);
  timestamps.set(column.timestamps);
  values.set(column.values);
  column.timestamps = timestamps;
  column.values = values;
}

function view({ labels, timestamps, values, length, histograms, stale }: Column): Series {
  return {
    labels,
    timestamps: timestamps.subarray(0, length),
    values: values.subarray(0, length),
    ...(histograms.size === 0 ? {} : { histograms }),
    ...(stale.length === 0 ? {} : { staleMarkers: Int32Array.from(stale) }),
  };
}
