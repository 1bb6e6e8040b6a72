import { type Duration, duration, hour, type Ratio } from '../base/index.ts';
import { atLeast } from './binomial.ts';
import { errorRatioAt } from './burn-rate.ts';

/** Products of decimals that should be whole numbers may miss them by this much. */
const precision = 1e-9;

/**
 * The most events a window may hold for a single bad one among them to pass the threshold: 69 for 99.9 % at a burn rate of 14.4. A
 * service with less traffic than that pages for one failed request unless a minimum of bad events is set.
 */
export function eventsAtWhichOneFires(burnRate: number, errorBudget: Ratio): number {
  return Math.ceil(1 / errorRatioAt(burnRate, errorBudget) - precision) - 1;
}

/** The events in a window from which on a minimum of bad events asks for nothing that the burn rate does not ask for already. */
export function eventsForMinimum(minimumBadEvents: number, burnRate: number, errorBudget: Ratio): number {
  return Math.ceil(minimumBadEvents / errorRatioAt(burnRate, errorBudget) - precision);
}

/** The fewest events of which one may fail: below it the target allows no failure at all over the period. */
export function eventsForOneAllowed(errorBudget: Ratio): number {
  return Math.ceil(1 / errorBudget - precision);
}

/** The fewest events, all of them good, that show with this confidence that a target is met: n with ratio^n at most 1 - confidence. */
export function eventsToDemonstrate(target: Ratio, confidence: Ratio): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(target) - precision);
}

/** The fewest bad events among so many that pass a threshold: one more than the threshold allows. */
export function badEventsToFire(threshold: Ratio, events: number): number {
  return Math.floor(threshold * events + precision) + 1;
}

/**
 * The probability that a window of a healthy service pages: that at least `minimum` of its events fail, each independently with the true
 * error ratio. 1 - F(minimum - 1; events, ratio) of the binomial distribution.
 */
export function falsePageProbability(events: number, trueErrorRatio: Ratio, minimum: number): Ratio {
  return atLeast(minimum, events, trueErrorRatio);
}

/** How long a minimum of bad events takes to gather at so many events an hour; undefined if there are none. */
export function timeToMinimum(
  minimumBadEvents: number,
  eventsPerHour: number,
  errorRatio: Ratio,
): Duration | undefined {
  const badPerHour = eventsPerHour * errorRatio;
  return 0 < badPerHour ? duration((minimumBadEvents / badPerHour) * hour) : undefined;
}
