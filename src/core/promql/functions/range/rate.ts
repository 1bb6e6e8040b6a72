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

/**
 * rate, increase and delta of float samples: last minus first, plus for counters the value before every reset, extrapolated to the
 * window. Resets are found once; a window costs no more than the resets inside it. `out[step - windows.from]` is written for each step
 * whose window holds two samples; with start timestamps also one is enough, and `cells`, if given, marks what was written.
 * Source: prometheus, promql/functions.go, extrapolatedRate.
 */
export function extrapolatedRate(
  samples: Samples,
  windows: Windows,
  kind: RateKind,
  out: Float64Array,
  starts?: { readonly timestamps: Float64Array; readonly cells: Uint8Array },
): void {
  const { values, timestamps } = samples;
  const { low, high, from, to } = windows;
  const { sampled, toStart, toEnd } = extrapolationOf(windows);
  const { counter } = kind;
  const seconds = windows.range / 1000;
  const correction = counter ? resetCorrection(samples, windows, starts?.timestamps) : undefined;
  for (let step = from; step < to; step += 1) {
    const lowIndex = low[step] ?? 0;
    const highIndex = high[step] ?? 0;
    if (highIndex <= lowIndex) continue;
    const i = step - from;
    const first = values[lowIndex] ?? 0;
    let result = (values[highIndex - 1] ?? 0) - first;
    if (correction !== undefined) result = correction(result, lowIndex, highIndex, i);
    let length = sampled[i] ?? 0;
    let before = toStart[i] ?? 0;
    const start = counter ? (starts?.timestamps[lowIndex] ?? 0) : 0;
    if (
      start !== 0 &&
      windows.firstEnd + step * windows.endStep - windows.range < start &&
      start < (timestamps[lowIndex] ?? 0)
    ) {
      // The counter began inside the window, at zero: that beats extrapolating.
      before = 0;
      length = ((timestamps[highIndex - 1] ?? 0) - start) / 1000;
      result += first;
    } else if (highIndex - lowIndex === 1) {
      continue;
    } else if (counter && 0 < result && 0 <= first) {
      // A counter cannot have been below zero.
      const toZero = length * (first / result);
      if (toZero < before) before = toZero;
    }
    let factor = length === 0 ? 1 : (length + before + (toEnd[i] ?? 0)) / length;
    if (kind.perSecond) factor /= seconds;
    out[i] = result * factor;
    if (starts !== undefined) starts.cells[i] = 1;
  }
}

/** Adds to last minus first of a window what the resets inside it hid. Windows must be asked for in order. */
type ResetCorrection = (result: number, low: number, high: number, index: number) => number;

function resetCorrection(
  samples: Samples,
  windows: Windows,
  starts: Float64Array | undefined,
): ResetCorrection | undefined {
  const { values } = samples;
  const resets = starts === undefined ? fallsWithin(values, windows) : resetsWithStarts(samples, windows, starts);
  if (resets.length === 0) return undefined;
  const { low, high, total } = resetWindows(resets, windows);
  if (4 * (resets.length + low.length) < total) {
    // A gauge taken for a counter falls at every other sample; then the corrections are summed like samples.
    const lost = Float64Array.from(resets, (index) => values[index - 1] ?? 0);
    const sums = new Float64Array(low.length);
    if (slidingSum(lost, { ...windows, low, high, from: 0, to: low.length }, false, sums)) {
      return (result, _low, _high, index) => result + (sums[index] ?? 0);
    }
  }
  return (result, _low, _high, index) => {
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
