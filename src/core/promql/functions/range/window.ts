import type { Histogram } from '../../../series/index.ts';
import type { FloatWindows, HistogramWindows, RangeSeries } from '../../evaluate/ranges.ts';

/** A sample of a window in which floats and histograms may mix. */
export interface MixedSample {
  readonly time: number;
  readonly start: number;
  readonly value: number;
  readonly histogram: Histogram | undefined;
}

/** What the range of one step covers of a series that has histograms: index bounds into its floats and into its histograms. */
export interface MixedWindow {
  readonly floats: FloatWindows | undefined;
  readonly histograms: HistogramWindows | undefined;
  readonly floatLow: number;
  readonly floatHigh: number;
  readonly histogramLow: number;
  readonly histogramHigh: number;
}

export function mixedWindow({ floats, histograms }: RangeSeries, step: number): MixedWindow {
  return {
    floats,
    histograms,
    floatLow: floats?.windows.low[step] ?? 0,
    floatHigh: floats?.windows.high[step] ?? 0,
    histogramLow: histograms?.windows.low[step] ?? 0,
    histogramHigh: histograms?.windows.high[step] ?? 0,
  };
}

export function floatCount(window: MixedWindow): number {
  return window.floatHigh - window.floatLow;
}

export function histogramCount(window: MixedWindow): number {
  return window.histogramHigh - window.histogramLow;
}

/** The histograms of the window, in time order. */
export function windowHistograms(window: MixedWindow): readonly Histogram[] {
  return window.histograms?.columns.histograms.slice(window.histogramLow, window.histogramHigh) ?? [];
}

function floatSample({ floats }: MixedWindow, index: number): MixedSample {
  return {
    time: floats?.samples.timestamps[index] ?? 0,
    start: floats?.startTimestamps?.[index] ?? 0,
    value: floats?.samples.values[index] ?? Number.NaN,
    histogram: undefined,
  };
}

function histogramSample({ histograms }: MixedWindow, index: number): MixedSample {
  return {
    time: histograms?.columns.timestamps[index] ?? 0,
    start: histograms?.columns.startTimestamps?.[index] ?? 0,
    value: Number.NaN,
    histogram: histograms?.columns.histograms[index],
  };
}

/** All samples of the window, in time order. */
export function mixedSamples(window: MixedWindow): readonly MixedSample[] {
  const samples: MixedSample[] = [];
  let float = window.floatLow;
  let histogram = window.histogramLow;
  while (float < window.floatHigh || histogram < window.histogramHigh) {
    const nextFloat = float < window.floatHigh ? floatSample(window, float) : undefined;
    const nextHistogram = histogram < window.histogramHigh ? histogramSample(window, histogram) : undefined;
    if (nextFloat !== undefined && (nextHistogram === undefined || nextFloat.time < nextHistogram.time)) {
      samples.push(nextFloat);
      float += 1;
    } else if (nextHistogram !== undefined) {
      samples.push(nextHistogram);
      histogram += 1;
    }
  }
  return samples;
}
