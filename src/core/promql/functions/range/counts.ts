import type { Windows } from '../../evaluate/windows.ts';
import type { RangeFunction, Samples } from './samples.ts';
import { reach } from './samples.ts';

/** count_over_time. */
export const countOverTime: RangeFunction = { least: 1, direct: (_, low, high) => high - low };

/** present_over_time. */
export const presentOverTime: RangeFunction = { least: 1, direct: () => 1 };

/** resets: how often a value is less than the one before. */
export const resets: RangeFunction = pairs((previous, current) => current < previous);

/** changes: how often a value differs from the one before; NaN after NaN is no change. */
export const changes: RangeFunction = pairs(
  (previous, current) => current !== previous && !(Number.isNaN(current) && Number.isNaN(previous)),
);

/** Counts the neighbours in a window that satisfy a condition, by a running count over the whole reach of the windows. */
function pairs(counts: (previous: number, current: number) => boolean): RangeFunction {
  return {
    least: 1,
    direct({ values }, low, high) {
      let count = 0;
      for (let i = low + 1; i < high; i += 1) if (counts(values[i - 1] ?? 0, values[i] ?? 0)) count += 1;
      return count;
    },
    sliding({ values }, { windows }, out) {
      countPairs(values, windows, counts, out);
      return true;
    },
  };
}

function countPairs(
  values: Samples['values'],
  windows: Windows,
  counts: (previous: number, current: number) => boolean,
  out: Float64Array,
): void {
  const { low, high, from, to } = windows;
  const base = low[from] ?? 0;
  const running = new Int32Array(reach(windows));
  for (let i = 1; i < running.length; i += 1) {
    running[i] = (running[i - 1] ?? 0) + (counts(values[base + i - 1] ?? 0, values[base + i] ?? 0) ? 1 : 0);
  }
  for (let step = from; step < to; step += 1) {
    const lowIndex = low[step] ?? 0;
    const highIndex = high[step] ?? 0;
    if (highIndex <= lowIndex) continue;
    out[step - from] = (running[highIndex - 1 - base] ?? 0) - (running[lowIndex - base] ?? 0);
  }
}
