import {
  addHistograms,
  compactHistogram,
  detectReset,
  divideHistogram,
  type Histogram,
  multiplyHistogram,
  subtractHistograms,
  usesCustomBuckets,
  withCounterResetHint,
} from '../../../series/index.ts';
import { infoBoundsReconciled, warnMixedSchemas, warnNotCounter, warnNotGauge } from '../../evaluate/remarks.ts';
import { isGauge, type RemarkContext } from './histogram-rate.ts';
import type { RateKind } from './rate.ts';

/**
 * rate, increase and delta with the experimental modifiers. `anchored` takes the last sample at or before the start of the window as its
 * first; `smoothed` interpolates at both edges. Nothing is extrapolated. Source: prometheus, promql/functions.go, extendedRate.
 */
interface ExtendedWindow {
  /** Milliseconds; the start is excluded. */
  readonly start: number;
  readonly end: number;
  readonly smoothed: boolean;
}

/** The samples at the two edges, as indexes; undefined if the window holds nothing to measure. */
function edges(
  timestamps: Float64Array,
  low: number,
  high: number,
  { start, end, smoothed }: ExtendedWindow,
): { readonly first: number; readonly last: number } | undefined {
  let last = high - 1;
  const first = Math.max(low, firstWhere(low, last, (i) => start < (timestamps[i] ?? 0)) - 1);
  if (smoothed) last = firstWhere(low, last, (i) => end <= (timestamps[i] ?? 0));
  if ((timestamps[last] ?? 0) <= start) return undefined;
  if (smoothed && end < (timestamps[first] ?? 0)) return undefined;
  return { first, last };
}

/** The first index from `low` up to `high` (excluded) at which an ascending condition holds, otherwise `high`. */
function firstWhere(low: number, high: number, holds: (index: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Floats: `low` to `high` (excluded) are the samples from a lookback before the window to (smoothed) a lookback after it. */
export function extendedRate(
  timestamps: Float64Array,
  values: Float64Array,
  low: number,
  high: number,
  window: ExtendedWindow,
  kind: RateKind,
): number | undefined {
  const at = edges(timestamps, low, high, window);
  if (at === undefined) return undefined;
  const { start, end, smoothed } = window;
  const time = (i: number) => timestamps[i] ?? 0;
  const value = (i: number) => values[i] ?? Number.NaN;
  const between = (i: number, moment: number) => {
    const from = kind.counter && value(i + 1) < value(i) ? 0 : value(i);
    return from + ((value(i + 1) - from) * (moment - time(i))) / (time(i + 1) - time(i));
  };
  let { first, last } = at;
  const left = smoothed && time(first) < start ? between(first, start) : value(first);
  const right = smoothed && low < last && end < time(last) ? between(last - 1, end) : value(last);
  let result = right - left;
  if (kind.counter) {
    // The edges have accounted for resets next to them; the samples strictly inside remain.
    if (time(first) <= start) first += 1;
    if (end <= time(last)) last -= 1;
    let previous = left;
    for (let i = first; i <= last; i += 1) {
      if (value(i) < previous) result += previous;
      previous = value(i);
    }
    if (right < previous) result += previous;
  }
  return kind.perSecond ? result / ((end - start) / 1000) : result;
}

/** The same for histograms. Undefined, with a remark if they do not fit, where there is no answer. */
export function extendedHistogramRate(
  timestamps: Float64Array,
  histograms: readonly Histogram[],
  low: number,
  high: number,
  window: ExtendedWindow,
  kind: RateKind,
  context: RemarkContext,
): Histogram | undefined {
  const at = edges(timestamps, low, high, window);
  if (at === undefined) return undefined;
  const { run, name, span } = context;
  const inside = histograms.slice(at.first, at.last + 1);
  const [head] = inside;
  if (head === undefined) return undefined;
  if (inside.some((one) => usesCustomBuckets(one) !== usesCustomBuckets(head))) {
    warnMixedSchemas(run, name, span);
    return undefined;
  }
  if (kind.counter && inside.some(isGauge)) warnNotCounter(run, name, span);
  const edge = (index: number, moment: number) =>
    interpolateHistograms(
      histograms[index],
      timestamps[index] ?? 0,
      histograms[index + 1],
      timestamps[index + 1] ?? 0,
      moment,
      kind.counter,
      context,
    );
  const interpolatesLeft = window.smoothed && (timestamps[at.first] ?? 0) < window.start;
  const left = interpolatesLeft ? edge(at.first, window.start) : histograms[at.first];
  const interpolatesRight = window.smoothed && low < at.last && window.end < (timestamps[at.last] ?? 0);
  const right = interpolatesRight ? edge(at.last - 1, window.end) : histograms[at.last];
  if (left === undefined || right === undefined) return undefined;
  if (!kind.counter && !(isGauge(left) && isGauge(right))) warnNotGauge(run, name, span);
  let result = combined(subtractHistograms(right, left), 'subtraction', context);
  if (result !== undefined && kind.counter) {
    const correction = resetsBetween(histograms, at, left, right, interpolatesLeft);
    for (const lost of correction) {
      if (result === undefined) break;
      result = combined(addHistograms(result, lost), 'addition', context);
    }
  }
  if (result === undefined) return undefined;
  const scaled = kind.perSecond ? divideHistogram(result, (window.end - window.start) / 1000) : result;
  return compactHistogram(withCounterResetHint(scaled, 'gauge'));
}

/** What the resets inside the window hid: the histogram before each. The right edge stands for the last sample. */
function resetsBetween(
  histograms: readonly Histogram[],
  { first, last }: { readonly first: number; readonly last: number },
  left: Histogram,
  right: Histogram,
  interpolatedLeft: boolean,
): readonly Histogram[] {
  let next = first + 1;
  let previous = left;
  const head = histograms[first];
  const second = histograms[next];
  if (interpolatedLeft && head !== undefined && second !== undefined && detectReset(second, head)) {
    // The interpolation at the left edge went across this reset, which is accounted for thereby.
    previous = second;
    next += 1;
  }
  if (last < next) return [];
  const lost: Histogram[] = [];
  for (const current of [...histograms.slice(next, last), right]) {
    if (detectReset(current, previous)) lost.push(previous);
    previous = current;
  }
  return lost;
}

function combined(
  result: ReturnType<typeof addHistograms>,
  operation: 'addition' | 'subtraction',
  { run, name, span }: RemarkContext,
): Histogram | undefined {
  if (result === undefined) {
    warnMixedSchemas(run, name, span);
    return undefined;
  }
  if (result.boundsReconciled) infoBoundsReconciled(run, operation, span);
  return result.histogram;
}

/** The histogram between two samples; after a reset the counter is taken to have begun at zero with the first of them. */
export function interpolateHistograms(
  before: Histogram | undefined,
  beforeTime: number,
  after: Histogram | undefined,
  afterTime: number,
  time: number,
  counter: boolean,
  context: RemarkContext,
): Histogram | undefined {
  if (before === undefined || after === undefined) return undefined;
  if (time === beforeTime) return before;
  if (time === afterTime) return after;
  const fraction = (time - beforeTime) / (afterTime - beforeTime);
  if (counter && detectReset(after, before)) return multiplyHistogram(after, fraction);
  const difference = combined(subtractHistograms(after, before), 'subtraction', context);
  if (difference === undefined) return undefined;
  return combined(addHistograms(multiplyHistogram(difference, fraction), before), 'addition', context);
}
