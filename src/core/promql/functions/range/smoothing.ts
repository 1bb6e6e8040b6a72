import { foldWindows, type WindowFold } from './fold.ts';
import { type RangeArguments, type RangeFunction, type Samples, widest } from './samples.ts';

/**
 * double_exponential_smoothing: a smoothed value and a smoothed trend, each new sample weighing `sf` and each new trend `tf`.
 * Source: prometheus, promql/functions.go, funcDoubleExponentialSmoothing.
 */
export const doubleExponentialSmoothing: RangeFunction = {
  least: 2,
  direct({ values }, low, high, step, { params }) {
    const smoothing = params[0]?.[step] ?? 0;
    const trendFactor = params[1]?.[step] ?? 0;
    let before = 0;
    let smoothed = values[low] ?? 0;
    let trend = (values[low + 1] ?? 0) - smoothed;
    for (let i = low + 1; i < high; i += 1) {
      if (low + 1 < i) trend = trendFactor * (smoothed - before) + (1 - trendFactor) * trend;
      const next = smoothing * (values[i] ?? 0) + (1 - smoothing) * (smoothed + trend);
      before = smoothed;
      smoothed = next;
    }
    return smoothed;
  },
  sliding: slidingSmoothing,
};

/**
 * Each sample takes the pair (smoothed value, trend for the next sample) to `A * pair + B * sample`, with the same A and B throughout. So
 * the part of a window's answer that comes from its samples is a weighted sum, and the part that comes from how it begins is a power of A
 * times the first pair. Declines if the factors vary or a sample is not finite.
 */
function slidingSmoothing({ values }: Samples, { windows, params }: RangeArguments, out: Float64Array): boolean {
  const sf = params[0]?.[0] ?? 0;
  const tf = params[1]?.[0] ?? 0;
  if (params.some((factors) => factors.some((factor) => factor !== factors[0]))) return false;
  for (let i = windows.low[windows.from] ?? 0; i < (windows.high[windows.to - 1] ?? 0); i += 1) {
    if (!Number.isFinite(values[i])) return false;
  }
  const a: Matrix = { ss: 1 - sf, sc: 1 - sf, cs: -tf * sf, cc: tf * (1 - sf) + 1 - tf };
  const size = widest(windows);
  const powers = powersOf(a, size);
  const tailS = new Float64Array(size);
  const tailC = new Float64Array(size);
  let base = 0;
  let pivot = 0;
  let frontS = 0;
  let frontC = 0;
  const fold: WindowFold = {
    rebuild(low, high) {
      base = low;
      pivot = high;
      frontS = 0;
      frontC = 0;
      // What samples after `i` contribute at the end of the tail part; the weight of a sample is a power of A times B.
      let s = 0;
      let c = 0;
      let weightS = sf;
      let weightC = tf * sf;
      for (let i = high - 1; low <= i; i -= 1) {
        tailS[i - low] = s;
        tailC[i - low] = c;
        const value = values[i] ?? 0;
        s += weightS * value;
        c += weightC * value;
        const next = normal(a.ss * weightS + a.sc * weightC);
        weightC = normal(a.cs * weightS + a.cc * weightC);
        weightS = next;
      }
    },
    extend(from, to) {
      for (let i = from; i < to; i += 1) {
        const value = values[i] ?? 0;
        const next = a.ss * frontS + a.sc * frontC + sf * value;
        frontC = a.cs * frontS + a.cc * frontC + tf * sf * value;
        frontS = next;
      }
    },
    emit(low, high) {
      const first = values[low] ?? 0;
      const trend = (values[low + 1] ?? 0) - first;
      const n = pivot - 1 - low;
      const s = (powers.ss[n] ?? 0) * first + (powers.sc[n] ?? 0) * trend + (tailS[low - base] ?? 0);
      const c = (powers.cs[n] ?? 0) * first + (powers.cc[n] ?? 0) * trend + (tailC[low - base] ?? 0);
      const m = high - pivot;
      return (powers.ss[m] ?? 0) * s + (powers.sc[m] ?? 0) * c + frontS;
    },
  };
  foldWindows(windows, 2, fold, out);
  return true;
}

const smallestNormal = 2 ** -1022;

/**
 * Weights of samples long ago shrink until they are subnormal, where a processor takes many times as long for each step and rounding may
 * keep them from ever reaching zero. They weigh nothing by then.
 */
function normal(weight: number): number {
  return Math.abs(weight) < smallestNormal ? 0 : weight;
}

/** Takes a pair (s, c) to (ss * s + sc * c, cs * s + cc * c). */
interface Matrix {
  readonly ss: number;
  readonly sc: number;
  readonly cs: number;
  readonly cc: number;
}

/** The powers of a matrix from 0 to `most`, entry by entry. */
function powersOf(a: Matrix, most: number): { readonly [entry in keyof Matrix]: Float64Array } {
  const powers = {
    ss: new Float64Array(most + 1),
    sc: new Float64Array(most + 1),
    cs: new Float64Array(most + 1),
    cc: new Float64Array(most + 1),
  };
  let { ss, sc, cs, cc } = { ss: 1, sc: 0, cs: 0, cc: 1 };
  for (let n = 0; n <= most; n += 1) {
    powers.ss[n] = ss;
    powers.sc[n] = sc;
    powers.cs[n] = cs;
    powers.cc[n] = cc;
    [ss, sc, cs, cc] = [
      normal(a.ss * ss + a.sc * cs),
      normal(a.ss * sc + a.sc * cc),
      normal(a.cs * ss + a.cc * cs),
      normal(a.cs * sc + a.cc * cc),
    ];
  }
  return powers;
}
