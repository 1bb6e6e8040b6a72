import { type Duration, type Timestamp, timestamp } from '../../base/index.ts';
import {
  detectReset,
  type Histogram,
  type Labels,
  type Series,
  sameBounds,
  withCounterResetHint,
} from '../../series/index.ts';
import type { NotatedSample } from './values.ts';

/** A sample of a notation with its time, and when the counting behind it began if that is known. */
export interface TimedSample {
  readonly time: Timestamp;
  readonly sample: NotatedSample;
  readonly start?: Timestamp;
}

/** The series that a line stands for, its first sample at `start`, as a store would give it back: see `asStored`. */
export function notatedSeries(
  labels: Labels,
  samples: readonly NotatedSample[],
  start: Timestamp,
  step: Duration,
): Series {
  return timedSeries(
    labels,
    samples.map((sample, i) => ({ time: timestamp(start + i * step), sample })),
  );
}

/** The series of samples in ascending order of time, as a store would give it back: see `asStored`. Gaps are left out. */
export function timedSeries(labels: Labels, samples: readonly TimedSample[]): Series {
  const present = samples.filter(({ sample }) => sample.kind !== 'gap');
  const timestamps = new Float64Array(present.length);
  const values = new Float64Array(present.length);
  const starts = new Float64Array(present.length);
  const histograms = new Map<number, Histogram>();
  const stale: number[] = [];
  for (const [at, { time, sample, start }] of present.entries()) {
    timestamps[at] = time;
    values[at] = sample.kind === 'float' ? sample.value : Number.NaN;
    starts[at] = start ?? 0;
    if (sample.kind === 'histogram') histograms.set(at, sample.histogram);
    if (sample.kind === 'stale') stale.push(at);
  }
  return asStored({
    labels,
    timestamps,
    values,
    ...(histograms.size === 0 ? {} : { histograms }),
    ...(stale.length === 0 ? {} : { staleMarkers: Int32Array.from(stale) }),
    ...(present.some(({ start }) => start !== undefined) ? { startTimestamps: starts } : {}),
  });
}

/**
 * The series with the counter reset hints that a trip through Prometheus's store leaves: the first histogram of a chunk reads as
 * `unknown`, the others as `not_reset`, those of a gauge as `gauge`. A chunk ends where floats or a stale marker come between, where the
 * layout changes and where the counter resets. (That it also ends when it is full, after tens of samples, is left out.)
 * Source: prometheus, tsdb/chunkenc/float_histogram.go and histogram_meta.go.
 */
export function asStored(series: Series): Series {
  const { histograms } = series;
  if (histograms === undefined) return series;
  const stored = new Map<number, Histogram>();
  for (const [index, histogram] of histograms) {
    const previous = histograms.get(index - 1);
    const hint =
      histogram.counterResetHint === 'gauge'
        ? 'gauge'
        : previous !== undefined && sharesChunk(histogram, previous)
          ? 'not_reset'
          : 'unknown';
    stored.set(index, withCounterResetHint(histogram, hint));
  }
  return { ...series, histograms: stored };
}

function sharesChunk(histogram: Histogram, previous: Histogram): boolean {
  return (
    previous.counterResetHint !== 'gauge' &&
    histogram.counterResetHint !== 'reset' &&
    histogram.schema === previous.schema &&
    histogram.zeroThreshold === previous.zeroThreshold &&
    sameBounds(histogram.customBounds, previous.customBounds) &&
    // The store decides by the data even where the sample claims that it is no reset.
    !detectReset(withCounterResetHint(histogram, 'unknown'), previous)
  );
}
