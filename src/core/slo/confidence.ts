import { type Ratio, ratio } from '../base/index.ts';
import { atLeast } from './binomial.ts';

// What so many events say about the ratio behind them. All take events as independent; errors come in incidents, so that the real
// uncertainty is larger.

/** A range that holds the true ratio with some confidence. */
export interface Interval {
  readonly low: Ratio;
  readonly high: Ratio;
}

/**
 * How many standard deviations on both sides of the mean hold this share of a normal distribution: 1.96 for 95 %. Newton's method on the
 * power series of the error function, exact to about 1e-12 up to a confidence of 99.999 %.
 */
export function standardScore(confidence: Ratio): number {
  if (!(0 < confidence && confidence < 1)) throw new RangeError(`not a confidence: ${confidence}`);
  // The error function is concave here, so that steps from the left never overshoot.
  let z = 0;
  for (let step = 0; step < 200; step += 1) {
    const change = (confidence - withinDeviations(z)) / (Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2));
    z += change;
    if (Math.abs(change) <= 1e-15 * z) break;
  }
  return z;
}

/** The share of a normal distribution within z standard deviations: erf(z / sqrt 2) by its series with positive terms. */
function withinDeviations(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term !== 0 && sum + term !== sum; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) * sum;
}

/**
 * Wilson's score interval of a share `count / total` at a standard score, without continuity correction. Undefined without events. It is
 * symmetric: the interval of the error ratio is the complement of that of the good ratio.
 */
export function wilsonInterval(count: number, total: number, score: number): Interval | undefined {
  if (total <= 0) return undefined;
  const share = Math.min(Math.max(count / total, 0), 1);
  const square = (score * score) / total;
  const centre = (share + square / 2) / (1 + square);
  const half = (score * Math.sqrt((share * (1 - share)) / total + square / (4 * total))) / (1 + square);
  return {
    low: ratio(count <= 0 ? 0 : Math.max(0, centre - half)),
    high: ratio(total <= count ? 1 : Math.min(1, centre + half)),
  };
}

/**
 * The interval of Clopper and Pearson: the ratios at which a count as extreme as this one has half of the remaining probability. It is
 * exact, hence wider than needed. Undefined without events.
 */
export function clopperPearsonInterval(count: number, total: number, confidence: Ratio): Interval | undefined {
  if (total <= 0) return undefined;
  const tail = (1 - confidence) / 2;
  const low = count <= 0 ? 0 : bisect((share) => atLeast(count, total, ratio(share)) < tail);
  const high = total <= count ? 1 : bisect((share) => tail < 1 - atLeast(count + 1, total, ratio(share)));
  return { low: ratio(low), high: ratio(high) };
}

/** Where in (0, 1) a condition that holds at first stops to hold, to the last digit that a double has, small ones included. */
function bisect(holds: (share: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** What an interval says about a target: the objective is met, missed, or there are too few events to tell. */
export function judge({ low, high }: Interval, target: Ratio): 'met' | 'missed' | 'unknown' {
  if (target <= low) return 'met';
  return high < target ? 'missed' : 'unknown';
}
