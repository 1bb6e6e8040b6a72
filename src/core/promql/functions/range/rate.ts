import type { Windows } from '../../evaluate/windows.ts';
import { extrapolationOf } from './extrapolation.ts';
import { fallsWithin, indexesWhere, startTimestampReset } from './reset-detection.ts';
import type { Samples } from './samples.ts';
import { slidingSum } from './sum.ts';

/** Which of rate, increase and delta is meant. */
export interface RateKind {
  /** Whether a fall is a reset, and values below zero are impossible. */
  readonly counter: boolean;
  readonly perSecond: boolean;
}

/** Finds where a counter falls within the reach of windows; a caller may remember what it found. */
type FindFalls = (values: Float64Array, windows: Windows) => Int32Array;

/**
 * rate, increase and delta of float samples: last minus first, plus for counters the value before every reset, extrapolated to the
 * window. Resets are found once; a window costs no more than the resets inside it. `out[step - windows.from]` is written for each step
 * whose window holds two samples. Source: prometheus, promql/functions.go, extrapolatedRate.
 */
export function extrapolatedRate(
  { values }: Samples,
  windows: Windows,
  { counter, perSecond }: RateKind,
  out: Float64Array,
  findFalls: FindFalls = fallsWithin,
): void {
  const { low, high, from, to } = windows;
  const { sampled, toStart, toEnd, factor, factorPerSecond } = extrapolationOf(windows);
  const factors = perSecond ? factorPerSecond : factor;
  const seconds = windows.range / 1000;
  const falls = counter ? findFalls(values, windows) : noFalls;
  const correct = falls.length === 0 ? undefined : resetCorrection(values, windows, falls);
  for (let step = from; step < to; step += 1) {
    const lowIndex = low[step] ?? 0;
    const highIndex = high[step] ?? 0;
    if (highIndex - lowIndex < 2) continue;
    const i = step - from;
    const first = values[lowIndex] ?? 0;
    let result = (values[highIndex - 1] ?? 0) - first;
    if (correct !== undefined) result = correct(result, i);
    let scale = factors[i] ?? 0;
    if (counter && 0 < result && 0 <= first) {
      const length = sampled[i] ?? 0;
      const before = toStart[i] ?? 0;
      // A counter cannot have been below zero. The first condition saves the division where that is out of the question.
      if (length * first <= before * result * 1.0001) {
        const toZero = length * (first / result);
        if (toZero < before) {
          scale = (length + toZero + (toEnd[i] ?? 0)) / length;
          if (perSecond) scale /= seconds;
        }
      }
    }
    out[i] = result * scale;
  }
}

const noFalls: Int32Array = new Int32Array(0);

/**
 * The same with start timestamps: they show resets that the values hide, and a counter that began inside the window did so at zero, which
 * beats extrapolating. Then one sample is enough. `cells` marks the steps that have an answer.
 */
export function rateFromStarts(
  { values, timestamps }: Samples,
  starts: Float64Array,
  windows: Windows,
  { counter, perSecond }: RateKind,
  out: Float64Array,
  cells: Uint8Array,
): void {
  const { low, high, from, to } = windows;
  const { sampled, toStart, toEnd } = extrapolationOf(windows);
  const resets = counter ? resetsWithStarts({ values, timestamps }, windows, starts) : noFalls;
  const correct = resets.length === 0 ? undefined : resetCorrection(values, windows, resets);
  for (let step = from; step < to; step += 1) {
    const lowIndex = low[step] ?? 0;
    const highIndex = high[step] ?? 0;
    if (highIndex <= lowIndex) continue;
    const i = step - from;
    const first = values[lowIndex] ?? 0;
    let result = (values[highIndex - 1] ?? 0) - first;
    if (correct !== undefined) result = correct(result, i);
    let length = sampled[i] ?? 0;
    let before = toStart[i] ?? 0;
    const start = counter ? (starts[lowIndex] ?? 0) : 0;
    const windowStart = windows.firstEnd + step * windows.endStep - windows.range;
    if (start !== 0 && windowStart < start && start < (timestamps[lowIndex] ?? 0)) {
      before = 0;
      length = ((timestamps[highIndex - 1] ?? 0) - start) / 1000;
      result += first;
    } else if (highIndex - lowIndex === 1) {
      continue;
    } else if (counter && 0 < result && 0 <= first) {
      before = Math.min(before, length * (first / result));
    }
    let scale = length === 0 ? 1 : (length + before + (toEnd[i] ?? 0)) / length;
    if (perSecond) scale /= windows.range / 1000;
    out[i] = result * scale;
    cells[i] = 1;
  }
}

/** Adds to last minus first of a window what the resets inside it hid. `index` is step - windows.from. */
type ResetCorrection = (result: number, index: number) => number;

function resetCorrection(values: Float64Array, windows: Windows, resets: Int32Array): ResetCorrection {
  const { low, high, total } = resetWindows(resets, windows);
  if (4 * (resets.length + low.length) < total) {
    // A gauge taken for a counter falls at every other sample; then the corrections are summed like samples.
    const lost = Float64Array.from(resets, (index) => values[index - 1] ?? 0);
    const sums = new Float64Array(low.length);
    if (slidingSum(lost, { ...windows, low, high, from: 0, to: low.length, facts: {} }, false, sums)) {
      return (result, index) => result + (sums[index] ?? 0);
    }
  }
  return (result, index) => {
    let corrected = result;
    const end = high[index] ?? 0;
    for (let k = low[index] ?? 0; k < end; k += 1) corrected += values[(resets[k] ?? 0) - 1] ?? 0;
    return corrected;
  };
}

/** Which resets each window contains: those after its first sample. By step - windows.from. */
function resetWindows(
  resets: Int32Array,
  { low, high, from, to }: Windows,
): { readonly low: Int32Array; readonly high: Int32Array; readonly total: number } {
  const firsts = new Int32Array(to - from);
  const ends = new Int32Array(to - from);
  let first = 0;
  let end = 0;
  let total = 0;
  for (let step = from; step < to; step += 1) {
    while (first < resets.length && (resets[first] ?? 0) <= (low[step] ?? 0)) first += 1;
    if (end < first) end = first;
    while (end < resets.length && (resets[end] ?? 0) < (high[step] ?? 0)) end += 1;
    firsts[step - from] = first;
    ends[step - from] = end;
    total += end - first;
  }
  return { low: firsts, high: ends, total };
}

function resetsWithStarts({ timestamps, values }: Samples, windows: Windows, starts: Float64Array): Int32Array {
  return indexesWhere(
    windows,
    (i) =>
      (values[i] ?? 0) < (values[i - 1] ?? 0) ||
      startTimestampReset(starts[i - 1] ?? 0, timestamps[i - 1] ?? 0, starts[i] ?? 0, timestamps[i] ?? 0),
  );
}
