import {
  addHistograms,
  compactHistogram,
  detectReset,
  divideHistogram,
  equalHistograms,
  type Histogram,
  HistogramMean,
  HistogramTotal,
  multiplyHistogram,
  subtractHistograms,
  withCounterResetHint,
} from '../../../series/index.ts';
import {
  infoBoundsReconciled,
  warnCollidingResets,
  warnMixedRange,
  warnMixedSchemas,
  warnNotCounter,
  warnNotGauge,
} from '../../evaluate/remarks.ts';
import { histogramIncrease, isGauge, type RemarkContext } from './histogram-rate.ts';
import type { RateKind } from './rate.ts';
import { startTimestampReset } from './reset-detection.ts';
import {
  floatCount,
  histogramCount,
  type MixedSample,
  type MixedWindow,
  mixedSamples,
  windowHistograms,
} from './window.ts';

/** rate, increase and delta of a window of histograms only, which ends at `end` and is `range` long (milliseconds). */
export function histogramRate(
  window: MixedWindow,
  kind: RateKind,
  end: number,
  range: number,
  context: RemarkContext,
): Histogram | undefined {
  const { histograms: series, histogramLow: low, histogramHigh: high } = window;
  const first = series?.columns.histograms[low];
  if (series === undefined || first === undefined) return undefined;
  const count = high - low;
  const { timestamps, startTimestamps } = series.columns;
  const firstTime = timestamps[low] ?? 0;
  const lastTime = timestamps[high - 1] ?? 0;
  let result = count === 1 ? undefined : histogramIncrease(series, low, high, kind.counter, context);
  if (1 < count && result === undefined) return undefined;
  let sampled = (lastTime - firstTime) / 1000;
  const average = count === 1 ? 0 : sampled / (count - 1);
  const threshold = average * 1.1;
  let toStart = (firstTime - (end - range)) / 1000;
  let toEnd = (end - lastTime) / 1000;
  const start = kind.counter ? (startTimestamps?.[low] ?? 0) : 0;
  if (start !== 0 && end - range < start && start < firstTime) {
    toStart = 0;
    sampled = (lastTime - start) / 1000;
    result = result === undefined ? first : addHistograms(result, first)?.histogram;
    if (result === undefined) warnMixedSchemas(context.run, context.name, context.span);
  } else {
    if (threshold <= toStart) toStart = average / 2;
    if (kind.counter && result !== undefined && 0 < result.count && 0 <= first.count) {
      toStart = Math.min(toStart, sampled * (first.count / result.count));
    }
  }
  if (result === undefined) return undefined;
  if (threshold <= toEnd) toEnd = average / 2;
  const factor = sampled === 0 ? 1 : (sampled + toStart + toEnd) / sampled;
  return multiplyHistogram(result, kind.perSecond ? factor / (range / 1000) : factor);
}

/** irate and idelta of a window with histograms in it: the last two samples count, of whichever kind. */
export function mixedInstantRate(
  window: MixedWindow,
  perSecond: boolean,
  context: RemarkContext,
): number | Histogram | undefined {
  const samples = mixedSamples(window);
  const last = samples[samples.length - 1];
  const previous = samples[samples.length - 2];
  if (last === undefined || previous === undefined) return undefined;
  const seconds = (last.time - previous.time) / 1000;
  const began = perSecond && startTimestampReset(previous.start, previous.time, last.start, last.time);
  if (last.histogram === undefined && previous.histogram === undefined) {
    const fell = perSecond && (last.value < previous.value || began);
    const change = fell ? last.value : last.value - previous.value;
    return perSecond ? change / seconds : change;
  }
  if (last.histogram === undefined || previous.histogram === undefined) {
    warnMixedRange(context.run, context.name, context.span);
    return undefined;
  }
  const gauges = isGauge(last.histogram) && isGauge(previous.histogram);
  if (perSecond && (isGauge(last.histogram) || isGauge(previous.histogram)))
    warnNotCounter(context.run, context.name, context.span);
  if (!perSecond && !gauges) warnNotGauge(context.run, context.name, context.span);
  let change = last.histogram;
  if (!perSecond || !(began || detectReset(last.histogram, previous.histogram))) {
    const difference = subtractHistograms(last.histogram, previous.histogram);
    if (difference === undefined) {
      warnMixedSchemas(context.run, context.name, context.span);
      return undefined;
    }
    if (difference.boundsReconciled) infoBoundsReconciled(context.run, 'subtraction', context.span);
    change = difference.histogram;
  }
  const result = compactHistogram(withCounterResetHint(change, 'gauge'));
  return perSecond ? divideHistogram(result, seconds) : result;
}

/** sum_over_time and avg_over_time of a window of histograms only. */
export function histogramTotal(window: MixedWindow, mean: boolean, context: RemarkContext): Histogram | undefined {
  const histograms = windowHistograms(window);
  const [first, ...others] = histograms;
  if (first === undefined) return undefined;
  const total = mean ? new HistogramMean(first) : new HistogramTotal(first);
  for (const one of others) {
    if (total.add(one)) continue;
    warnMixedSchemas(context.run, context.name, context.span);
    return undefined;
  }
  const hints = new Set(histograms.map((one) => one.counterResetHint));
  if (hints.has('reset') && hints.has('not_reset')) warnCollidingResets(context.run, 'aggregation', context.span);
  if (total.boundsReconciled) infoBoundsReconciled(context.run, 'aggregation', context.span);
  return total.value();
}

/** Whether floats and histograms mix in the window; if so it is remarked on, and there is no answer. */
export function refusesMix(window: MixedWindow, { run, name, span }: RemarkContext): boolean {
  if (floatCount(window) === 0 || histogramCount(window) === 0) return false;
  warnMixedRange(run, name, span);
  return true;
}

/** Resets in a run of samples of both kinds; a change of kind is one. */
export function mixedResets(samples: readonly MixedSample[]): number {
  return countPairs(samples, (previous, current) => {
    if (startTimestampReset(previous.start, previous.time, current.start, current.time)) return true;
    if (previous.histogram === undefined && current.histogram === undefined) return current.value < previous.value;
    if (previous.histogram === undefined || current.histogram === undefined) return true;
    return detectReset(current.histogram, previous.histogram);
  });
}

/** Changes in a run of samples of both kinds; a change of kind is one, NaN after NaN is none. */
export function mixedChanges(samples: readonly MixedSample[]): number {
  return countPairs(samples, (previous, current) => {
    if (previous.histogram === undefined && current.histogram === undefined) {
      return current.value !== previous.value && !(Number.isNaN(current.value) && Number.isNaN(previous.value));
    }
    if (previous.histogram === undefined || current.histogram === undefined) return true;
    return !equalHistograms(current.histogram, previous.histogram);
  });
}

function countPairs(
  samples: readonly MixedSample[],
  counts: (previous: MixedSample, current: MixedSample) => boolean,
): number {
  let count = 0;
  for (let i = 1; i < samples.length; i += 1) {
    const previous = samples[i - 1];
    const current = samples[i];
    if (previous !== undefined && current !== undefined && counts(previous, current)) count += 1;
  }
  return count;
}
