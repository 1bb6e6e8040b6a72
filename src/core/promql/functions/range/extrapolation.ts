import type { Extrapolation, Windows } from '../../evaluate/windows.ts';

/**
 * Settles, once for all series with the same timestamps, how far to extrapolate: to the edge of the window if a sample is about as near
 * to it as samples are to each other (within 110 % of their average distance), otherwise half that distance.
 * Source: prometheus, promql/functions.go, extrapolatedRate.
 */
export function extrapolationOf(windows: Windows): Extrapolation {
  windows.facts.extrapolation ??= compute(windows);
  return windows.facts.extrapolation;
}

function compute(windows: Windows): Extrapolation {
  const { timestamps, low, high, from, to, range, firstEnd, endStep } = windows;
  const sampled = new Float64Array(to - from);
  const toStart = new Float64Array(to - from);
  const toEnd = new Float64Array(to - from);
  const factor = new Float64Array(to - from);
  const factorPerSecond = new Float64Array(to - from);
  const seconds = range / 1000;
  for (let step = from; step < to; step += 1) {
    const lowIndex = low[step] ?? 0;
    const highIndex = high[step] ?? 0;
    if (highIndex <= lowIndex) continue;
    const end = firstEnd + step * endStep;
    const first = timestamps[lowIndex] ?? 0;
    const last = timestamps[highIndex - 1] ?? 0;
    const i = step - from;
    const length = (last - first) / 1000;
    const average = highIndex - lowIndex === 1 ? 0 : length / (highIndex - lowIndex - 1);
    const threshold = average * 1.1;
    const start = (first - (end - range)) / 1000;
    const rest = (end - last) / 1000;
    sampled[i] = length;
    toStart[i] = threshold <= start ? average / 2 : start;
    toEnd[i] = threshold <= rest ? average / 2 : rest;
    const whole = length === 0 ? 1 : (length + (toStart[i] ?? 0) + (toEnd[i] ?? 0)) / length;
    factor[i] = whole;
    factorPerSecond[i] = whole / seconds;
  }
  return { sampled, toStart, toEnd, factor, factorPerSecond };
}
