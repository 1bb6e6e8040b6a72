import type { Span } from '../../../base/index.ts';
import {
  addHistograms,
  compactHistogram,
  compatibleSchemas,
  detectReset,
  emptyHistogram,
  type Histogram,
  reduceResolution,
  subtractHistograms,
  usesCustomBuckets,
  withCounterResetHint,
} from '../../../series/index.ts';
import type { Evaluation } from '../../evaluate/evaluation.ts';
import {
  infoBoundsReconciled,
  warnMixedSchemas,
  warnNotCounter,
  warnNotGauge,
  warnStartOverlap,
} from '../../evaluate/remarks.ts';
import { startTimestampOverlap, startTimestampReset } from './reset-detection.ts';

/** Who computes, and about what: remarks need the metric's name and the place of the range vector. */
export interface RemarkContext {
  readonly run: Evaluation;
  readonly name: string;
  readonly span: Span;
}

/** The histograms of one window, two at least, and when each was taken and began. */
export interface HistogramPoints {
  readonly histograms: readonly Histogram[];
  readonly timestamps: Float64Array;
  readonly starts: Float64Array | undefined;
}

/**
 * How much a histogram grew over a window (or, not a counter, changed): last minus first, plus for counters the histogram before every
 * reset. Undefined, with a remark, if the histograms cannot be combined. Source: prometheus, promql/functions.go, histogramRate.
 */
export function histogramIncrease(
  points: HistogramPoints,
  counter: boolean,
  context: RemarkContext,
): Histogram | undefined {
  const { run, name, span } = context;
  const { histograms } = points;
  const [first, second] = histograms;
  const last = histograms[histograms.length - 1];
  if (first === undefined || second === undefined || last === undefined) return undefined;
  if (counter && histograms.some(isGauge)) warnNotCounter(run, name, span);
  // If the counter was reset right after the first sample, that sample's layout is of no concern.
  const origin = counter && isResetAt(points, 1) ? emptyLike(second) : first;
  const between = counter ? histograms.slice(1, -1) : [];
  if (!compatibleSchemas(last, origin) || between.some((one) => !compatibleSchemas(one, origin))) {
    warnMixedSchemas(run, name, span);
    return undefined;
  }
  const schema = Math.min(last.schema, origin.schema, ...between.map((one) => one.schema));
  const difference = subtractHistograms(usesCustomBuckets(last) ? last : reduceResolution(last, schema), origin);
  if (difference === undefined) return undefined;
  if (difference.boundsReconciled) infoBoundsReconciled(run, 'subtraction', span);
  let result = difference.histogram;
  if (!counter) {
    if (!isGauge(first) || !isGauge(last)) warnNotGauge(run, name, span);
    return compactHistogram(withCounterResetHint(result, 'gauge'));
  }
  let previous = origin;
  for (let i = 1; i < histograms.length; i += 1) {
    const current = histograms[i];
    if (current === undefined) continue;
    if (overlapsAt(points, i)) warnStartOverlap(run, name, span);
    if (startsAnew(points, i) || detectReset(current, previous)) {
      const sum = addHistograms(result, previous);
      if (sum === undefined) {
        warnMixedSchemas(run, name, span);
        return undefined;
      }
      if (sum.boundsReconciled) infoBoundsReconciled(run, 'addition', span);
      result = sum.histogram;
    }
    previous = current;
  }
  return compactHistogram(withCounterResetHint(result, 'gauge'));
}

/** Whether the counter was reset between point `index` and the one before it. */
export function isResetAt(points: HistogramPoints, index: number): boolean {
  const current = points.histograms[index];
  const previous = points.histograms[index - 1];
  if (current === undefined || previous === undefined) return false;
  return startsAnew(points, index) || detectReset(current, previous);
}

function startsAnew({ starts, timestamps }: HistogramPoints, index: number): boolean {
  if (starts === undefined) return false;
  return startTimestampReset(
    starts[index - 1] ?? 0,
    timestamps[index - 1] ?? 0,
    starts[index] ?? 0,
    timestamps[index] ?? 0,
  );
}

function overlapsAt({ starts, timestamps }: HistogramPoints, index: number): boolean {
  return (
    starts !== undefined &&
    startTimestampOverlap(starts[index - 1] ?? 0, timestamps[index - 1] ?? 0, starts[index] ?? 0)
  );
}

export function isGauge(histogram: Histogram): boolean {
  return histogram.counterResetHint === 'gauge';
}

function emptyLike({ schema, customBounds }: Histogram): Histogram {
  return { ...emptyHistogram, schema, customBounds };
}
