import { timestamp } from '../../src/core/base/index.ts';
import type { NotatedSample } from '../../src/core/promql/notation/series-line.ts';
import { timedSeries } from '../../src/core/promql/notation/stored.ts';
import {
  type ClassicHistogram,
  fromClassicHistogram,
  type Labels,
  memorySource,
  metricName,
  type Series,
  type SeriesSource,
} from '../../src/core/series/index.ts';
import type { Load } from './script.ts';

/** What a script has loaded since its last `clear`. Later loads add to earlier ones. */
export class ScriptStorage {
  readonly #series = new Map<string, StoredSeries>();
  #source: SeriesSource | undefined;

  clear(): void {
    this.#series.clear();
    this.#source = undefined;
  }

  /** Stores the samples of a `load`. Gives what is wrong with it, if anything is. */
  load(load: Load): string | undefined {
    this.#source = undefined;
    for (const { samples, startTimestamps } of load.series) {
      const stored = this.#seriesOf(samples.labels);
      for (const [i, sample] of samples.samples.entries()) {
        if (sample.kind === 'gap') continue;
        const time = i * load.step;
        const offset = startTimestamps?.offsets[i];
        stored.samples.set(time, offset === undefined ? { sample } : { sample, start: time + offset });
      }
    }
    return load.withCustomBuckets ? this.#addCustomBuckets(load) : undefined;
  }

  source(): SeriesSource {
    this.#source ??= memorySource([...this.#series.values()].map(toSeries));
    return this.#source;
  }

  /** Stores the native histograms that the classic ones of this load stand for, under the name without `_bucket` and its kin. */
  #addCustomBuckets(load: Load): string | undefined {
    for (const { labels, byTime } of classicHistograms(load)) {
      const stored = this.#seriesOf(labels);
      for (const [time, parts] of byTime) {
        const histogram = fromClassicHistogram(parts);
        if (histogram === undefined) return `the classic histogram ${labels} contradicts itself at ${time} ms`;
        stored.samples.set(time, { sample: { kind: 'histogram', histogram, hintWritten: false } });
      }
    }
    return undefined;
  }

  #seriesOf(labels: Labels): StoredSeries {
    let stored = this.#series.get(labels.key);
    if (stored === undefined) {
      stored = { labels, samples: new Map() };
      this.#series.set(labels.key, stored);
    }
    return stored;
  }
}

interface StoredSeries {
  readonly labels: Labels;
  readonly samples: Map<number, StoredSample>;
}

interface StoredSample {
  readonly sample: NotatedSample;
  readonly start?: number;
}

function toSeries({ labels, samples }: StoredSeries): Series {
  const times = [...samples.keys()].sort((a, b) => a - b);
  return timedSeries(
    labels,
    times.map((time) => {
      const { sample, start } = samples.get(time)!;
      return start === undefined
        ? { time: timestamp(time), sample }
        : { time: timestamp(time), sample, start: timestamp(start) };
    }),
  );
}

interface CollectedHistogram {
  readonly labels: Labels;
  readonly byTime: Map<
    number,
    { buckets: { upperBound: number; cumulativeCount: number }[] } & Omit<ClassicHistogram, 'buckets'>
  >;
}

function classicHistograms(load: Load): Iterable<CollectedHistogram> {
  const collected = new Map<string, CollectedHistogram>();
  for (const { samples: line } of load.series) {
    const part = /^(.+)_(bucket|count|sum)$/.exec(line.labels.get(metricName));
    if (part === null) continue;
    const upperBound = readBound(line.labels.get('le'));
    if (part[2] === 'bucket' && Number.isNaN(upperBound)) continue;
    const labels = line.labels.without('le').with(metricName, part[1] ?? '');
    const histogram = collected.get(labels.key) ?? { labels, byTime: new Map() };
    collected.set(labels.key, histogram);
    for (const [i, sample] of line.samples.entries()) {
      if (sample.kind !== 'float') continue;
      const time = i * load.step;
      const before = histogram.byTime.get(time) ?? { buckets: [] };
      if (part[2] === 'bucket') before.buckets.push({ upperBound, cumulativeCount: sample.value });
      const added = part[2] === 'count' ? { count: sample.value } : part[2] === 'sum' ? { sum: sample.value } : {};
      histogram.byTime.set(time, { ...before, ...added });
    }
  }
  return collected.values();
}

function readBound(le: string): number {
  if (/^\+?inf$/i.test(le)) return Number.POSITIVE_INFINITY;
  return le === '' ? Number.NaN : Number(le);
}
