import { type Timestamp, timestamp } from '../../base/index.ts';
import {
  firstAfter,
  isStale,
  labelsPredicate,
  metricName,
  pinnedName,
  type Selection,
  type Series,
  type SeriesSource,
} from '../../series/index.ts';
import { joinedSource, mergeSamples } from '../evaluate/recorder.ts';
import type { ScheduledRule } from './schedule.ts';

interface Entry {
  readonly writer: ScheduledRule;
  readonly series: Series;
}

/** What has been recorded of the stretch so far, with the rule that wrote it. */
export class HistoryStore {
  readonly #base: SeriesSource;
  readonly #entries: Entry[] = [];
  readonly #byName = new Map<string, Entry[]>();
  /** Everything, over the whole stretch. */
  readonly source: SeriesSource;

  constructor(base: SeriesSource) {
    this.#base = base;
    this.source = joinedSource(
      this.#recorded(({ series }) => series),
      base,
    );
  }

  /** Adds what a rule has recorded; gives the instants at which an earlier rule has recorded something else for the same series. */
  add(writer: ScheduledRule, series: readonly Series[]): readonly number[] {
    const conflicts = new Set<number>();
    for (const one of series) {
      const name = one.labels.get(metricName);
      const group = this.#byName.get(name) ?? [];
      for (const { series: other } of group) {
        if (other.labels.key === one.labels.key) for (const time of conflictsOf(one, other)) conflicts.add(time);
      }
      const entry = { writer, series: one };
      this.#entries.push(entry);
      group.push(entry);
      this.#byName.set(name, group);
    }
    return [...conflicts].sort((a, b) => a - b);
  }

  /** What a rule saw when it was evaluated at `time`: nothing later, and of the rules after it nothing of that tick. */
  asSeenBy(reader: ScheduledRule, time: Timestamp, own: readonly SeriesSource[] = []): SeriesSource {
    const recorded = this.#recorded(({ writer, series }) => {
      const last = time - writer.group.queryOffset;
      return cut(series, writer.order < reader.order ? last : last - 1);
    });
    return joinedSource(...own, recorded, until(this.#base, time));
  }

  /** All series that were recorded; where two rules recorded parts of one, their parts together. */
  series(): readonly Series[] {
    return merged(this.#entries, ({ series }) => series);
  }

  #recorded(visible: (entry: Entry) => Series | undefined): SeriesSource {
    return {
      select: (selections) => Promise.resolve(selections.map((selection) => this.#find(selection, visible))),
    };
  }

  #find({ matchers, from, to }: Selection, visible: (entry: Entry) => Series | undefined): readonly Series[] {
    const name = pinnedName(matchers);
    const candidates = name === undefined ? this.#entries : (this.#byName.get(name) ?? []);
    const matches = labelsPredicate(matchers);
    const found = candidates.filter(({ series: { timestamps, labels } }) => {
      const first = timestamps[0];
      const last = timestamps[timestamps.length - 1];
      return first !== undefined && last !== undefined && first <= to && from <= last && matches(labels);
    });
    return merged(found, visible);
  }
}

/** The visible series; of parts of one series at the same instant the one of the earlier rule counts, since it was written first. */
function merged(entries: readonly Entry[], visible: (entry: Entry) => Series | undefined): readonly Series[] {
  const byKey = new Map<string, Series>();
  for (const entry of entries.toSorted((a, b) => a.writer.order - b.writer.order)) {
    const series = visible(entry);
    if (series === undefined) continue;
    const other = byKey.get(series.labels.key);
    byKey.set(series.labels.key, other === undefined ? series : mergeSamples(other, series));
  }
  return [...byKey.values()];
}

/** Where two series have samples of the same instant that differ. */
function conflictsOf(a: Series, b: Series): readonly number[] {
  const times: number[] = [];
  let j = 0;
  for (let i = 0; i < a.timestamps.length; i += 1) {
    const time = a.timestamps[i] ?? 0;
    while ((b.timestamps[j] ?? Number.POSITIVE_INFINITY) < time) j += 1;
    if (b.timestamps[j] !== time) continue;
    const differs = !Object.is(a.values[i], b.values[j]) || isStale(a, i) !== isStale(b, j);
    // A stale marker gives way to a sample without a word.
    if (differs && !isStale(a, i)) times.push(time);
  }
  return times;
}

/** The samples of a source up to an instant. */
function until(source: SeriesSource, time: Timestamp): SeriesSource {
  return {
    async select(selections, signal) {
      const found = await source.select(
        selections.map(({ matchers, from, to }) => ({ matchers, from, to: timestamp(Math.min(to, time)) })),
        signal,
      );
      return found.map((list) => list.flatMap((series) => cut(series, time) ?? []));
    },
  };
}

/** The samples of a series up to an instant; undefined if there are none. */
function cut(series: Series, time: number): Series | undefined {
  const { labels, timestamps, values, histograms, staleMarkers, startTimestamps } = series;
  const length = firstAfter(timestamps, time);
  if (length === timestamps.length) return series;
  if (length === 0) return undefined;
  return {
    labels,
    timestamps: timestamps.subarray(0, length),
    values: values.subarray(0, length),
    ...(histograms === undefined ? {} : { histograms: new Map([...histograms].filter(([index]) => index < length)) }),
    ...(staleMarkers === undefined ? {} : { staleMarkers: staleMarkers.filter((index) => index < length) }),
    ...(startTimestamps === undefined ? {} : { startTimestamps: startTimestamps.subarray(0, length) }),
  };
}
