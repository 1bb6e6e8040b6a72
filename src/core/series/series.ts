import type { Histogram } from './histogram.ts';
import type { Labels } from './labels.ts';

/**
 * A stretch of one series as columns: sample `i` was taken at `timestamps[i]` (milliseconds since the epoch, strictly ascending).
 * Series scraped together may share one timestamps array; equal identity lets evaluation find range bounds once for all of them.
 */
export interface Series {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  /** The value where the sample is a float; NaN where it is a histogram or a stale marker. */
  readonly values: Float64Array;
  /** The native histogram samples by index; absent if all samples are floats. */
  readonly histograms?: ReadonlyMap<number, Histogram>;
  /**
   * Ascending indexes of stale markers: "the series ended here". Prometheus stores them as a NaN with a special payload; JavaScript
   * may lose a NaN's payload on any copy, so here they are listed apart. Absent if there are none.
   */
  readonly staleMarkers?: Int32Array;
  /** When the counting behind each sample began (milliseconds since the epoch, 0 for unknown); absent if none is known. */
  readonly startTimestamps?: Float64Array;
}

/** Whether sample `index` is a stale marker. Costs a search only where the value is NaN. */
export function isStale(series: Series, index: number): boolean {
  const { staleMarkers } = series;
  if (staleMarkers === undefined || !Number.isNaN(series.values[index])) return false;
  let low = 0;
  let high = staleMarkers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((staleMarkers[middle] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return staleMarkers[low] === index;
}

/** The index of the first sample later than `time` (`timestamps.length` if there is none), by binary search from `from`. */
export function firstAfter(timestamps: Float64Array, time: number, from = 0): number {
  let low = from;
  let high = timestamps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timestamps[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
