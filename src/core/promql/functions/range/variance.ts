import { addTo, type KahanSum } from '../kahan.ts';
import { foldWindows, type WindowFold } from './fold.ts';
import { type RangeArguments, type RangeFunction, type Samples, widest } from './samples.ts';

/** stdvar_over_time: the population variance, by Welford's method with compensated sums. */
export const stdvarOverTime: RangeFunction = {
  least: 1,
  direct: variance,
  sliding: (samples, args, out) => slidingVariance(samples, args, false, out),
};

/** stddev_over_time. */
export const stddevOverTime: RangeFunction = {
  least: 1,
  direct: (samples, low, high) => Math.sqrt(variance(samples, low, high)),
  sliding: (samples, args, out) => slidingVariance(samples, args, true, out),
};

/** The moments of some samples: how many, their mean, and the sum of squared distances from it. */
interface Moments {
  count: number;
  readonly mean: KahanSum;
  readonly squares: KahanSum;
}

function noMoments(): Moments {
  return { count: 0, mean: { sum: 0, compensation: 0 }, squares: { sum: 0, compensation: 0 } };
}

function clear(moments: Moments): void {
  moments.count = 0;
  moments.mean.sum = 0;
  moments.mean.compensation = 0;
  moments.squares.sum = 0;
  moments.squares.compensation = 0;
}

function include(moments: Moments, value: number): void {
  const { mean, squares } = moments;
  moments.count += 1;
  const delta = value - (mean.sum + mean.compensation);
  addTo(mean, delta / moments.count);
  addTo(squares, delta * (value - (mean.sum + mean.compensation)));
}

const scratch: Moments = noMoments();

function variance({ values }: Samples, low: number, high: number): number {
  clear(scratch);
  for (let i = low; i < high; i += 1) include(scratch, values[i] ?? 0);
  return (scratch.squares.sum + scratch.squares.compensation) / scratch.count;
}

/** Merges the moments of the two parts of each window after Chan, Golub and LeVeque, which cancels nothing. */
function slidingVariance({ values }: Samples, { windows }: RangeArguments, root: boolean, out: Float64Array): boolean {
  const size = widest(windows);
  const means = new Float64Array(size);
  const squares = new Float64Array(size);
  const front = noMoments();
  let base = 0;
  let tailEnd = 0;
  const fold: WindowFold = {
    rebuild(low, high) {
      base = low;
      tailEnd = high;
      clear(front);
      for (let i = high - 1; low <= i; i -= 1) {
        include(front, values[i] ?? 0);
        means[i - low] = front.mean.sum + front.mean.compensation;
        squares[i - low] = front.squares.sum + front.squares.compensation;
      }
      clear(front);
    },
    extend(from, to) {
      for (let i = from; i < to; i += 1) include(front, values[i] ?? 0);
    },
    emit(low, high) {
      const count = high - low;
      const tailCount = Math.max(tailEnd - low, 0);
      let sum = front.squares.sum + front.squares.compensation;
      if (0 < tailCount) {
        const tailSquares = squares[low - base] ?? 0;
        if (front.count === 0) {
          sum = tailSquares;
        } else {
          const delta = front.mean.sum + front.mean.compensation - (means[low - base] ?? 0);
          sum += tailSquares + delta * delta * ((tailCount * front.count) / count);
        }
      }
      return root ? Math.sqrt(sum / count) : sum / count;
    },
  };
  foldWindows(windows, 1, fold, out);
  return true;
}
