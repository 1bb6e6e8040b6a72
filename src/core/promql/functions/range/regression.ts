import type { Windows } from '../../evaluate/windows.ts';
import { addTo, type KahanSum } from '../kahan.ts';
import { foldWindows, type WindowFold } from './fold.ts';
import { type RangeArguments, type RangeFunction, reach, type Samples, widest } from './samples.ts';

/** deriv: the slope of the least-squares line, per second. */
export const deriv: RangeFunction = {
  least: 2,
  direct: (samples, low, high) => regress(samples, low, high, samples.timestamps[low] ?? 0).slope,
  sliding: (samples, args, out) => slidingRegression(samples, args, (line) => line.slope, out),
};

/** predict_linear: where the least-squares line is some seconds after the evaluation time. */
export const predictLinear: RangeFunction = {
  least: 2,
  direct(samples, low, high, step, { start, stride, params }) {
    const line = regress(samples, low, high, start + step * stride);
    return line.slope * (params[0]?.[step] ?? 0) + line.intercept;
  },
  sliding: (samples, args, out) =>
    slidingRegression(samples, args, (line, step) => line.slope * (args.params[0]?.[step] ?? 0) + line.intercept, out),
};

interface Line {
  slope: number;
  intercept: number;
}

const line: Line = { slope: 0, intercept: 0 };
const sumX: KahanSum = { sum: 0, compensation: 0 };
const sumY: KahanSum = { sum: 0, compensation: 0 };
const sumXY: KahanSum = { sum: 0, compensation: 0 };
const sumXX: KahanSum = { sum: 0, compensation: 0 };

/** Source: prometheus, promql/functions.go, linearRegression. */
function regress({ timestamps, values }: Samples, low: number, high: number, origin: number): Line {
  for (const total of [sumX, sumY, sumXY, sumXX]) {
    total.sum = 0;
    total.compensation = 0;
  }
  const first = values[low] ?? 0;
  let constant = true;
  for (let i = low; i < high; i += 1) {
    const y = values[i] ?? 0;
    if (constant && low < i && y !== first) constant = false;
    const x = ((timestamps[i] ?? 0) - origin) / 1000;
    addTo(sumX, x);
    addTo(sumY, y);
    addTo(sumXY, x * y);
    addTo(sumXX, x * x);
  }
  if (constant) return constantLine(first);
  const n = high - low;
  const x = sumX.sum + sumX.compensation;
  const y = sumY.sum + sumY.compensation;
  const covariance = sumXY.sum + sumXY.compensation - (x * y) / n;
  const variance = sumXX.sum + sumXX.compensation - (x * x) / n;
  line.slope = covariance / variance;
  line.intercept = y / n - (line.slope * x) / n;
  return line;
}

function constantLine(value: number): Line {
  const infinite = value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
  line.slope = infinite ? Number.NaN : 0;
  line.intercept = infinite ? Number.NaN : value;
  return line;
}

/** Centred moments of points: how many, mean time and value, and the sums of products of distances from them. Times in seconds. */
interface PointMoments {
  count: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
}

/** Adds a point, or merges other points given by their moments, without cancellation. */
function merge(to: PointMoments, count: number, x: number, y: number, xx: number, xy: number): void {
  const all = to.count + count;
  const dx = x - to.x;
  const dy = y - to.y;
  const weight = (to.count * count) / all;
  to.xx += xx + dx * dx * weight;
  to.xy += xy + dx * dy * weight;
  to.x += (dx * count) / all;
  to.y += (dy * count) / all;
  to.count = all;
}

function reset(moments: PointMoments): void {
  moments.count = 0;
  moments.x = 0;
  moments.y = 0;
  moments.xx = 0;
  moments.xy = 0;
}

function slidingRegression(
  samples: Samples,
  { windows, start, stride }: RangeArguments,
  answer: (line: Line, step: number) => number,
  out: Float64Array,
): boolean {
  const { timestamps, values } = samples;
  if (anyInfinite(values, windows)) return false;
  const size = widest(windows);
  const origin = timestamps[windows.low[windows.from] ?? 0] ?? 0;
  const tails = [0, 1, 2, 3].map(() => new Float64Array(size));
  const [
    tailX = new Float64Array(0),
    tailY = new Float64Array(0),
    tailXX = new Float64Array(0),
    tailXY = new Float64Array(0),
  ] = tails;
  const changesBefore = runningChanges(values, windows);
  const changesBase = windows.low[windows.from] ?? 0;
  const front: PointMoments = { count: 0, x: 0, y: 0, xx: 0, xy: 0 };
  const both: PointMoments = { count: 0, x: 0, y: 0, xx: 0, xy: 0 };
  let base = 0;
  let tailEnd = 0;
  const add = (i: number) => merge(front, 1, ((timestamps[i] ?? 0) - origin) / 1000, values[i] ?? 0, 0, 0);
  const fold: WindowFold = {
    rebuild(low, high) {
      base = low;
      tailEnd = high;
      reset(front);
      for (let i = high - 1; low <= i; i -= 1) {
        add(i);
        tailX[i - low] = front.x;
        tailY[i - low] = front.y;
        tailXX[i - low] = front.xx;
        tailXY[i - low] = front.xy;
      }
      reset(front);
    },
    extend(from, to) {
      for (let i = from; i < to; i += 1) add(i);
    },
    emit(low, high, step) {
      if ((changesBefore[high - 1 - changesBase] ?? 0) === (changesBefore[low - changesBase] ?? 0)) {
        return answer(constantLine(values[low] ?? 0), step);
      }
      reset(both);
      const i = low - base;
      if (low < tailEnd) merge(both, tailEnd - low, tailX[i] ?? 0, tailY[i] ?? 0, tailXX[i] ?? 0, tailXY[i] ?? 0);
      if (0 < front.count) merge(both, front.count, front.x, front.y, front.xx, front.xy);
      line.slope = both.xy / both.xx;
      line.intercept = both.y - line.slope * (both.x - (start + step * stride - origin) / 1000);
      return answer(line, step);
    },
  };
  foldWindows(windows, 2, fold, out);
  return true;
}

/** Products with an infinite value depend on the order in which they are made; such data is left to the definition. */
function anyInfinite(values: Float64Array, { low, high, from, to }: Windows): boolean {
  for (let i = low[from] ?? 0; i < (high[to - 1] ?? 0); i += 1) {
    const value = values[i] ?? 0;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return true;
  }
  return false;
}

/** How many values up to each differ from the one before. NaN differs from everything, also from NaN. */
function runningChanges(values: Float64Array, windows: Windows): Int32Array {
  const base = windows.low[windows.from] ?? 0;
  const running = new Int32Array(reach(windows));
  for (let i = 1; i < running.length; i += 1) {
    running[i] = (running[i - 1] ?? 0) + (values[base + i] !== values[base + i - 1] ? 1 : 0);
  }
  return running;
}
