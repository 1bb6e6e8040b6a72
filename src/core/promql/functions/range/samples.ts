import type { Windows } from '../../evaluate/windows.ts';

/** Float samples of one series, in time order. The timestamps are those of the windows. */
export interface Samples {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** What a function of a range vector is called with, besides the range vector. */
export interface RangeArguments {
  readonly windows: Windows;
  /** The scalar arguments, by step. */
  readonly params: readonly Float64Array[];
  /** The evaluation time of the first step and the distance of the steps, milliseconds. */
  readonly start: number;
  readonly stride: number;
}

/** A function of the float samples in a range. */
export interface RangeFunction {
  /** Fewest samples for which there is an answer. */
  readonly least: 1 | 2;
  /** The answer for the samples with index `low` up to but not including `high`: upstream's own arithmetic. */
  readonly direct: (samples: Samples, low: number, high: number, step: number, args: RangeArguments) => number;
  /**
   * Answers all steps at once, in time that does not grow with the overlap of the windows. `out[step - windows.from]` is written for each
   * step whose window holds at least `least` samples. May decline (false) data on which it would lose accuracy.
   */
  readonly sliding?: (samples: Samples, args: RangeArguments, out: Float64Array) => boolean;
}

/** Evaluates a function over all windows, in whichever way reads fewer samples. */
export function applyRange(fn: RangeFunction, samples: Samples, args: RangeArguments, out: Float64Array): void {
  const { windows } = args;
  if (fn.sliding !== undefined && worthSliding(windows) && fn.sliding(samples, args, out)) return;
  for (let step = windows.from; step < windows.to; step += 1) {
    const low = windows.low[step] ?? 0;
    const high = windows.high[step] ?? 0;
    if (high - low < fn.least) continue;
    out[step - windows.from] = fn.direct(samples, low, high, step, args);
  }
}

/** Whether windows overlap so much that sharing work between them beats reading each from start to end. */
function worthSliding(windows: Windows): boolean {
  return 4 * (reach(windows) + (windows.to - windows.from)) < windows.total;
}

/** How many samples lie between the start of the first window and the end of the last. */
export function reach({ low, high, from, to }: Windows): number {
  return to <= from ? 0 : (high[to - 1] ?? 0) - (low[from] ?? 0);
}

/** The most samples in any one window. */
export function widest({ low, high, from, to, facts }: Windows): number {
  if (facts.widest !== undefined) return facts.widest;
  let most = 0;
  for (let step = from; step < to; step += 1) most = Math.max(most, (high[step] ?? 0) - (low[step] ?? 0));
  facts.widest = most;
  return most;
}
