import type { Windows } from '../../evaluate/windows.ts';
import { foldWindows, type WindowFold } from './fold.ts';
import { type RangeFunction, type Samples, widest } from './samples.ts';

/** min_over_time. NaN counts only if there is nothing else. */
export const minOverTime: RangeFunction = extreme(earlierLess, false);
/** max_over_time. */
export const maxOverTime: RangeFunction = extreme(earlierGreater, false);
/** ts_of_min_over_time: when the last of the smallest samples was taken, in seconds. */
export const tsOfMinOverTime: RangeFunction = extreme(laterLess, true);
/** ts_of_max_over_time. */
export const tsOfMaxOverTime: RangeFunction = extreme(laterGreater, true);

/** Whether a later sample takes the place of the best one so far. NaN gives way to anything, also to another NaN. */
type Replaces = (candidate: number, best: number) => boolean;

function earlierLess(candidate: number, best: number): boolean {
  return candidate < best || Number.isNaN(best);
}
function earlierGreater(candidate: number, best: number): boolean {
  return best < candidate || Number.isNaN(best);
}
function laterLess(candidate: number, best: number): boolean {
  return candidate <= best || Number.isNaN(best);
}
function laterGreater(candidate: number, best: number): boolean {
  return best <= candidate || Number.isNaN(best);
}

function extreme(replaces: Replaces, timestamp: boolean): RangeFunction {
  const answer = (samples: Samples, index: number) =>
    timestamp ? (samples.timestamps[index] ?? 0) / 1000 : (samples.values[index] ?? Number.NaN);
  return {
    least: 1,
    direct(samples, low, high) {
      const { values } = samples;
      let best = low;
      for (let i = low + 1; i < high; i += 1) if (replaces(values[i] ?? 0, values[best] ?? 0)) best = i;
      return answer(samples, best);
    },
    sliding(samples, { windows }, out) {
      foldWindows(windows, 1, extremeFold(samples, windows, replaces, answer), out);
      return true;
    },
  };
}

function extremeFold(
  samples: Samples,
  windows: Windows,
  replaces: Replaces,
  answer: (samples: Samples, index: number) => number,
): WindowFold {
  const { values } = samples;
  const tail = new Int32Array(widest(windows));
  let base = 0;
  let tailEnd = 0;
  let front = -1;
  return {
    rebuild(low, high) {
      base = low;
      tailEnd = high;
      front = -1;
      let best = high - 1;
      tail[best - low] = best;
      for (let i = high - 2; low <= i; i -= 1) {
        // From the end to the start: what is best so far stays exactly if it would replace the earlier sample.
        if (!replaces(values[best] ?? 0, values[i] ?? 0)) best = i;
        tail[i - low] = best;
      }
    },
    extend(from, to) {
      let best = front === -1 ? from : front;
      for (let i = front === -1 ? from + 1 : from; i < to; i += 1)
        if (replaces(values[i] ?? 0, values[best] ?? 0)) best = i;
      front = best;
    },
    emit(low) {
      if (tailEnd <= low) return answer(samples, front);
      const best = tail[low - base] ?? low;
      return answer(samples, front !== -1 && replaces(values[front] ?? 0, values[best] ?? 0) ? front : best);
    },
  };
}
