import type { Windows } from '../../evaluate/windows.ts';

/**
 * A fold over sliding windows by two stacks: a window is a tail part, whose fold from every sample to the part's end is kept, and a front
 * part, whose fold grows with the window. When the window has left its tail part, its content becomes the new one. Every sample is
 * folded at most twice, nothing is ever subtracted, and a value that left the window leaves no trace in the answer.
 */
export interface WindowFold {
  /** Makes the samples from `low` to `high` (excluded), the window of `step`, the tail part, and the front part empty. */
  rebuild(low: number, high: number, step: number): void;
  /** Adds the samples from `from` to `to` (excluded) to the front part. */
  extend(from: number, to: number): void;
  /** The answer for the window that starts at `low`: the tail part from there on, with the front part. */
  emit(low: number, high: number, step: number): number;
}

/** Folds every window of at least `least` samples; `out[step - windows.from]` receives the answers. */
export function foldWindows(windows: Windows, least: number, fold: WindowFold, out: Float64Array): void {
  const { low, high, from, to } = windows;
  let pivot = -1;
  let end = -1;
  for (let step = from; step < to; step += 1) {
    const lowIndex = low[step] ?? 0;
    const highIndex = high[step] ?? 0;
    if (highIndex - lowIndex < 1) continue;
    if (pivot <= lowIndex) {
      fold.rebuild(lowIndex, highIndex, step);
      pivot = highIndex;
    } else if (end < highIndex) {
      fold.extend(end, highIndex);
    }
    end = highIndex;
    if (least <= highIndex - lowIndex) out[step - from] = fold.emit(lowIndex, highIndex, step);
  }
}
