import { OrderedWindow } from './order-statistics.ts';
import type { RangeArguments, RangeFunction, Samples } from './samples.ts';

/** quantile_over_time: interpolated linearly between the two samples nearest to the rank. */
export const quantileOverTime: RangeFunction = {
  least: 1,
  direct: ({ values }, low, high, step, { params }) => quantileOf(params[0]?.[step] ?? 0, values.slice(low, high)),
  sliding({ values }, { windows, params }, out) {
    const ordered = new OrderedWindow(values, windows);
    eachWindow(windows, (low, high, step) => {
      ordered.moveTo(low, high);
      out[step - windows.from] = interpolate(params[0]?.[step] ?? 0, high - low, (n) => ordered.select(n));
    });
    return true;
  },
};

/** mad_over_time: the median distance of the samples from their median. NaN if there is a NaN among them. */
export const madOverTime: RangeFunction = { least: 1, direct: medianDeviation, sliding: slidingMedianDeviation };

/** The quantile of some numbers, which are sorted in place. Source: prometheus, promql/quantile.go, quantile. */
export function quantileOf(q: number, values: Float64Array): number {
  // Typed arrays sort NaN to the end; upstream sorts it to the start.
  values.sort();
  const count = values.length;
  let notNumbers = 0;
  while (notNumbers < count && Number.isNaN(values[count - 1 - notNumbers])) notNumbers += 1;
  return interpolate(q, count, (n) => (n < notNumbers ? Number.NaN : (values[n - notNumbers] ?? Number.NaN)));
}

function interpolate(q: number, count: number, select: (n: number) => number): number {
  if (count === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (1 < q) return Number.POSITIVE_INFINITY;
  const rank = q * (count - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return select(lower) * (1 - weight) + select(upper) * weight;
}

function medianDeviation({ values }: Samples, low: number, high: number): number {
  const window = values.slice(low, high);
  for (let i = 0; i < window.length; i += 1) if (Number.isNaN(window[i])) return Number.NaN;
  const median = quantileOf(0.5, window);
  for (let i = 0; i < window.length; i += 1) window[i] = Math.abs((window[i] ?? 0) - median);
  return quantileOf(0.5, window);
}

function slidingMedianDeviation(samples: Samples, { windows }: RangeArguments, out: Float64Array): boolean {
  const { values } = samples;
  const { low: lows, high: highs, from, to } = windows;
  const base = lows[from] ?? 0;
  const end = highs[to - 1] ?? 0;
  for (let i = base; i < end; i += 1) if (!Number.isFinite(values[i])) return false;
  const ordered = new OrderedWindow(values, windows);
  eachWindow(windows, (low, high, step) => {
    ordered.moveTo(low, high);
    const count = high - low;
    const median = interpolate(0.5, count, (n) => ordered.select(n));
    out[step - from] = interpolate(0.5, count, (n) => deviation(ordered, count, median, n));
  });
  return true;
}

/**
 * The n-th smallest distance from the median. The n + 1 nearest samples are neighbours in order; a binary search finds where they start.
 */
function deviation(ordered: OrderedWindow, count: number, median: number, n: number): number {
  let low = 0;
  let high = count - n - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ordered.select(middle + n + 1) - median < median - ordered.select(middle)) low = middle + 1;
    else high = middle;
  }
  return Math.max(Math.abs(median - ordered.select(low)), Math.abs(ordered.select(low + n) - median));
}

function eachWindow(
  { low, high, from, to }: RangeArguments['windows'],
  visit: (low: number, high: number, step: number) => void,
): void {
  for (let step = from; step < to; step += 1) {
    const lowIndex = low[step] ?? 0;
    const highIndex = high[step] ?? 0;
    if (lowIndex < highIndex) visit(lowIndex, highIndex, step);
  }
}
