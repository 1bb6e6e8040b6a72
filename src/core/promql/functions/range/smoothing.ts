import type { RangeFunction } from './samples.ts';

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
};
