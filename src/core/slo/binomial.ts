import { type Ratio, ratio } from '../base/index.ts';

/**
 * The probability of at least `least` bad events among `events` independent ones. The first term is calculated from logarithms by the
 * saddle point form (C. Loader, Fast and Accurate Computation of Binomial Probabilities, 2000), which loses no digits for millions of
 * events; the others follow by their quotients. Terms are all positive, so that a probability of 1e-13 is as exact as one of 0.1.
 */
export function atLeast(least: number, events: number, badRatio: Ratio): Ratio {
  if (least <= 0) return ratio(1);
  if (events < least || badRatio <= 0) return ratio(0);
  if (1 <= badRatio) return ratio(1);
  return events * badRatio < least
    ? ratio(upperTail(least, events, badRatio))
    : ratio(1 - upperTail(events - least + 1, events, 1 - badRatio));
}

/** The sum from `least` upwards, where the terms fall. */
function upperTail(least: number, events: number, probability: number): number {
  const odds = probability / (1 - probability);
  let term = Math.exp(logProbability(least, events, probability));
  let sum = term;
  for (let count = least; count < events && Number.EPSILON * sum < term * (events - count); count += 1) {
    term *= ((events - count) / (count + 1)) * odds;
    sum += term;
  }
  return Math.min(sum, 1);
}

/** The logarithm of the probability of exactly `count` of `events`. */
function logProbability(count: number, events: number, probability: number): number {
  if (count === 0) return events * Math.log1p(-probability);
  if (count === events) return events * Math.log(probability);
  const rest = events - count;
  return (
    stirlingError(events) -
    stirlingError(count) -
    stirlingError(rest) -
    deviance(count, events * probability) -
    deviance(rest, events * (1 - probability)) +
    0.5 * Math.log(events / (2 * Math.PI * count * rest))
  );
}

/** By how much the logarithm of n! exceeds Stirling's formula. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let factorial = 1;
    for (let factor = 2; factor <= n; factor += 1) factorial *= factor;
    return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
  }
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** x ln(x / mean) + mean - x, without the loss of digits where both are near each other. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (0.1 * (x + mean) <= Math.abs(difference)) return x * Math.log(x / mean) - difference;
  const v = difference / (x + mean);
  let power = 2 * x * v;
  let sum = difference * v;
  for (let odd = 3; odd < 60; odd += 2) {
    power *= v * v;
    const next = sum + power / odd;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
