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
import type { HistogramColumns } from '../../evaluate/columns.ts';
import type { Evaluation } from '../../evaluate/evaluation.ts';
import type { HistogramFacts, HistogramWindows } from '../../evaluate/ranges.ts';
import {
  infoBoundsReconciled,
  warnMixedSchemas,
  warnNotCounter,
  warnNotGauge,
  warnStartOverlap,
} from '../../evaluate/remarks.ts';
import type { Windows } from '../../evaluate/windows.ts';
import { indexesWhere, startTimestampOverlap, startTimestampReset } from './reset-detection.ts';

/** Who computes, and about what: remarks need the metric's name and the place of the range vector. */
export interface RemarkContext {
  readonly run: Evaluation;
  readonly name: string;
  readonly span: Span;
}

/**
 * How much a histogram grew from sample `low` to the one before `high` (or, not a counter, changed): last minus first, plus for counters
 * the histogram before every reset. There are two samples at least. Undefined, with a remark, if the histograms cannot be combined.
 * Source: prometheus, promql/functions.go, histogramRate.
 */
export function histogramIncrease(
  series: HistogramWindows,
  low: number,
  high: number,
  counter: boolean,
  context: RemarkContext,
): Histogram | undefined {
  const { run, name, span } = context;
  const { histograms } = series.columns;
  const first = histograms[low];
  const second = histograms[low + 1];
  const last = histograms[high - 1];
  if (first === undefined || second === undefined || last === undefined) return undefined;
  const facts = factsOf(series);
  if (counter && anyIn(facts.gauges, low, high)) warnNotCounter(run, name, span);
  // If the counter was reset right after the first sample, that sample's layout is of no concern.
  const resets = counter ? facts.resets.filter((index) => low < index && index < high) : facts.resets.subarray(0, 0);
  const origin = resets[0] === low + 1 ? emptyLike(second) : first;
  const between = counter && anyIn(facts.layouts, low + 1, high) ? histograms.slice(low + 1, high - 1) : [];
  if (!compatibleSchemas(last, origin) || between.some((one) => !compatibleSchemas(one, origin))) {
    warnMixedSchemas(run, name, span);
    return undefined;
  }
  const schema = between.reduce((least, one) => Math.min(least, one.schema), Math.min(last.schema, origin.schema));
  const difference = subtractHistograms(usesCustomBuckets(last) ? last : reduceResolution(last, schema), origin);
  if (difference === undefined) return undefined;
  if (difference.boundsReconciled) infoBoundsReconciled(run, 'subtraction', span);
  if (!counter && !(isGauge(first) && isGauge(last))) warnNotGauge(run, name, span);
  if (counter && anyIn(facts.overlaps, low + 1, high)) warnStartOverlap(run, name, span);
  let result = difference.histogram;
  for (const index of resets) {
    const lost = histograms[index - 1];
    if (index === low + 1 || lost === undefined) continue;
    const sum = addHistograms(result, lost);
    if (sum === undefined) {
      warnMixedSchemas(run, name, span);
      return undefined;
    }
    if (sum.boundsReconciled) infoBoundsReconciled(run, 'addition', span);
    result = sum.histogram;
  }
  return compactHistogram(withCounterResetHint(result, 'gauge'));
}

export function isGauge(histogram: Histogram): boolean {
  return histogram.counterResetHint === 'gauge';
}

function factsOf({ columns, windows, found }: HistogramWindows): HistogramFacts {
  found.facts ??= findFacts(columns, windows);
  return found.facts;
}

function findFacts(columns: HistogramColumns, windows: Windows): HistogramFacts {
  const at = (index: number) => columns.histograms[index] ?? emptyHistogram;
  const first = windows.low[windows.from] ?? 0;
  const gauges = indexesWhere(windows, (i) => isGauge(at(i)));
  return {
    resets: indexesWhere(windows, (i) => startsAnew(columns, i) || detectReset(at(i), at(i - 1))),
    overlaps: indexesWhere(windows, (i) => overlapsAt(columns, i)),
    gauges: isGauge(at(first)) ? Int32Array.of(first, ...gauges) : gauges,
    layouts: indexesWhere(windows, (i) => at(i).schema !== at(i - 1).schema),
  };
}

/** Whether any of the ascending indexes is `low` or later, and before `high`. */
function anyIn(indexes: Int32Array, low: number, high: number): boolean {
  let from = 0;
  let to = indexes.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((indexes[middle] ?? 0) < low) from = middle + 1;
    else to = middle;
  }
  return from < indexes.length && (indexes[from] ?? 0) < high;
}

function startsAnew({ startTimestamps: starts, timestamps }: HistogramColumns, index: number): boolean {
  if (starts === undefined) return false;
  return startTimestampReset(
    starts[index - 1] ?? 0,
    timestamps[index - 1] ?? 0,
    starts[index] ?? 0,
    timestamps[index] ?? 0,
  );
}

function overlapsAt({ startTimestamps: starts, timestamps }: HistogramColumns, index: number): boolean {
  if (starts === undefined) return false;
  return startTimestampOverlap(starts[index - 1] ?? 0, timestamps[index - 1] ?? 0, starts[index] ?? 0);
}

function emptyLike({ schema, customBounds }: Histogram): Histogram {
  return { ...emptyHistogram, schema, customBounds };
}
