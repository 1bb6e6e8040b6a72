import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';

// Objectives on the share of good time slices. A slice is good or bad as a whole, by its own target.

/** Products of decimals that should be whole numbers may miss them by this much, relatively. */
const precision = 1e-9;

/** The whole slices of a period. */
export function sliceCount(period: Duration, slice: Duration): number {
  return Math.floor((period / slice) * (1 + precision));
}

/** The bad slices that a target allows: whole ones, for half a slice cannot be bad. 43 of the minutes of 30 d at 99.9 %. */
export function allowedBadSlices(slices: number, errorBudget: Ratio): number {
  return Math.floor(slices * errorBudget * (1 + precision));
}

/** The share of good slices; undefined without any. */
export function goodSliceRatio(slices: number, bad: number): Ratio | undefined {
  return 0 < slices ? ratio((slices - bad) / slices) : undefined;
}

/**
 * The share of the budget that bad slices have spent. For a calendar period give all slices that the whole period will have, for its
 * budget is known from its first minute on; the slices seen so far make the first bad ones of a period look like the end of it.
 */
export function sliceBudgetConsumed(bad: number, slices: number, errorBudget: Ratio): Ratio | undefined {
  return 0 < slices ? ratio(bad / (slices * errorBudget)) : undefined;
}

/** An outage, and the slices that it falls into. */
export interface SlicedOutage {
  readonly length: Duration;
  /** The error ratio during the outage; 1 if everything fails. */
  readonly errorRatio: Ratio;
  readonly slice: Duration;
  /** The most bad share that a good slice may have; 0 if any failure makes it bad. */
  readonly sliceBudget: Ratio;
}

/**
 * How many slices an outage that begins with a slice makes bad. It costs whole slices: half a minute is one minute, or five with slices
 * of five minutes. Errors within the slices' own target cost nothing, however long they last.
 */
export function badSlices({ length, errorRatio, slice, sliceBudget }: SlicedOutage): number {
  const isBad = (affected: number): boolean => sliceBudget * (1 + precision) < affected * errorRatio;
  const full = sliceCount(length, slice);
  const rest = Math.max(0, length / slice - full);
  return (isBad(1) ? full : 0) + (precision < rest && isBad(rest) ? 1 : 0);
}

/** How many times longer than it was an outage counts; undefined for one without length. */
export function amplification(outage: SlicedOutage): number | undefined {
  return 0 < outage.length ? (badSlices(outage) * outage.slice) / outage.length : undefined;
}

/** The time that a number of slices covers. */
export function sliceTime(slices: number, slice: Duration): Duration {
  return duration(slices * slice);
}
