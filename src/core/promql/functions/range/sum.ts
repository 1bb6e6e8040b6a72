import type { Windows } from '../../evaluate/windows.ts';
import { addTo, type KahanSum, totalOf } from '../kahan.ts';
import { foldWindows, type WindowFold } from './fold.ts';
import { type RangeFunction, type Samples, widest } from './samples.ts';

/** sum_over_time, compensated after Kahan and Neumaier. */
export const sumOverTime: RangeFunction = {
  least: 1,
  direct({ values }, low, high) {
    total.sum = 0;
    total.compensation = 0;
    for (let i = low; i < high; i += 1) addTo(total, values[i] ?? 0);
    return totalOf(total.sum, total.compensation);
  },
  sliding: ({ values }, { windows }, out) => slidingSum(values, windows, false, out),
};

/**
 * avg_over_time: the compensated sum divided; only if the sum overflows, the mean is carried on step by step.
 * Source: prometheus, promql/functions.go, funcAvgOverTime.
 */
export const avgOverTime: RangeFunction = {
  least: 1,
  direct: directMean,
  sliding: ({ values }, { windows }, out) => slidingSum(values, windows, true, out),
};

const total: KahanSum = { sum: 0, compensation: 0 };

function directMean({ values }: Samples, low: number, high: number): number {
  total.sum = values[low] ?? 0;
  total.compensation = 0;
  for (let i = low + 1; i < high; i += 1) {
    const { sum, compensation } = total;
    addTo(total, values[i] ?? 0);
    if (!isInfinite(total.sum)) continue;
    total.sum = sum;
    total.compensation = compensation;
    return incrementalMean(values, low, i, high);
  }
  const count = high - low;
  return total.sum / count + total.compensation / count;
}

/** Goes on from a sum of the samples before `index` that would overflow with the next one. */
function incrementalMean(values: Float64Array, low: number, index: number, high: number): number {
  const before = index - low;
  const mean: KahanSum = { sum: total.sum / before, compensation: total.compensation / before };
  for (let i = index; i < high; i += 1) {
    const count = i - low + 1;
    const kept = (count - 1) / count;
    mean.sum *= kept;
    mean.compensation *= kept;
    addTo(mean, (values[i] ?? 0) / count);
  }
  return mean.sum + mean.compensation;
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/**
 * Sums over sliding windows. Declines if a sum of finite values might overflow, where the answer depends on the order of additions.
 * Values past `values.length` are not read; `windows` may index any array, not only the samples of a series.
 */
export function slidingSum(values: Float64Array, windows: Windows, mean: boolean, out: Float64Array): boolean {
  foldWindows(windows, 1, sumFold(values, windows, mean), out);
  // What overflows on the way is infinite, or no number, in the end.
  return out.every(Number.isFinite) || !mayOverflow(values, windows, widest(windows));
}

/** The sum of the tail part is kept for each step, from the start of its window on. */
function sumFold(values: Float64Array, windows: Windows, mean: boolean): WindowFold {
  const { low: lows, from, to } = windows;
  const tailSums = new Float64Array(to - from);
  const tailCompensations = new Float64Array(to - from);
  const both: KahanSum = { sum: 0, compensation: 0 };
  let frontSum = 0;
  let frontCompensation = 0;
  let tailEnd = 0;
  // Both loops are what `addTo` does, by Knuth's form of the exact rounding error, which needs no branch, and in local variables.
  return {
    rebuild(_, high, step) {
      tailEnd = high;
      frontSum = 0;
      frontCompensation = 0;
      let last = step;
      while (last + 1 < to && (lows[last + 1] ?? 0) < high) last += 1;
      let sum = 0;
      let compensation = 0;
      let end = high;
      for (let one = last; step <= one; one -= 1) {
        const start = lows[one] ?? 0;
        for (let i = end - 1; start <= i; i -= 1) {
          const value = values[i] ?? 0;
          const next = sum + value;
          const added = next - sum;
          compensation = next - next === 0 ? compensation + (sum - (next - added) + (value - added)) : 0;
          sum = next;
        }
        end = start;
        tailSums[one - from] = sum;
        tailCompensations[one - from] = compensation;
      }
    },
    extend(start, end) {
      let sum = frontSum;
      let compensation = frontCompensation;
      for (let i = start; i < end; i += 1) {
        const value = values[i] ?? 0;
        const next = sum + value;
        const added = next - sum;
        compensation = next - next === 0 ? compensation + (sum - (next - added) + (value - added)) : 0;
        sum = next;
      }
      frontSum = sum;
      frontCompensation = compensation;
    },
    emit(low, high, step) {
      both.sum = frontSum;
      both.compensation = frontCompensation;
      if (low < tailEnd) {
        addTo(both, tailSums[step - from] ?? 0);
        if (!isInfinite(both.sum)) both.compensation += tailCompensations[step - from] ?? 0;
      }
      if (!mean) return totalOf(both.sum, both.compensation);
      return both.sum / (high - low) + both.compensation / (high - low);
    },
  };
}

function mayOverflow(values: Float64Array, { low, high, from, to }: Windows, size: number): boolean {
  const limit = Number.MAX_VALUE / 4 / Math.max(size, 1);
  const end = high[to - 1] ?? 0;
  for (let i = low[from] ?? 0; i < end; i += 1) {
    const magnitude = Math.abs(values[i] ?? 0);
    if (limit < magnitude && magnitude !== Number.POSITIVE_INFINITY) return true;
  }
  return false;
}
