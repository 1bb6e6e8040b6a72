import type { Duration } from '../../base/index.ts';
import type { Slo } from '../../slo/index.ts';

// What an objective counts at each evaluation of a test case, by the definition of events and slices alone (docs/explanation/exact-rules.md).

/** The events counted at each evaluation, and the bad ones among them; both missing where nothing was known. */
export interface Counted {
  readonly total: readonly (number | undefined)[];
  readonly bad: readonly (number | undefined)[];
}

/** What is known of a condition at an evaluation. */
export type Holds = boolean | undefined;

/** How slices are judged. */
export interface Slicing {
  readonly slice: Duration;
  readonly interval: Duration;
  readonly noData: Slo['noData'];
  /** Before this evaluation time without data says nothing, as no data could have been there. */
  readonly settled: number;
  /** For how many evaluations after the last one that knew something time without data is counted: groups are forgotten. */
  readonly remembered: number;
}

/**
 * The share of bad events up to which a slice is good. `own`: what counts of a slice is its own share; `none`: a condition must hold at every
 * evaluation.
 */
export type SliceBudget = number | 'own' | 'none';

/** The slices of a condition as events, by the share of evaluations at which it was broken. The first evaluation in a slice counts the one before. */
export function conditionSlices(holds: readonly Holds[], budget: SliceBudget, slicing: Slicing): Counted {
  const share = (evaluation: number, length: number): number | undefined => {
    const known = holds.slice(evaluation - length, evaluation).filter((each) => each !== undefined);
    return known.length === 0 ? undefined : known.filter((each) => !each).length / known.length;
  };
  return slices(holds.length, budget, slicing, share, (evaluation) => holds[evaluation] !== undefined);
}

/** The slices of events as events. The evaluation that closes a slice knows its last events. */
export function eventSlices(events: Counted, budget: SliceBudget, slicing: Slicing): Counted {
  const share = (evaluation: number, length: number): number | undefined =>
    ratioOf(sumsOf(events, evaluation - length + 1, evaluation));
  return slices(events.total.length, budget, slicing, share, (evaluation) => events.total[evaluation] !== undefined);
}

/** Slices whose share of bad events is known at the evaluation that closes them. */
export function shareSlices(shares: readonly (number | undefined)[], budget: SliceBudget, slicing: Slicing): Counted {
  const share = (evaluation: number): number | undefined => shares[evaluation];
  return slices(shares.length, budget, slicing, share, (evaluation) => shares[evaluation] !== undefined);
}

function counts(share: number, budget: SliceBudget): number {
  if (budget === 'own') return Math.min(1, share);
  return (budget === 'none' ? 0 : budget) < share ? 1 : 0;
}

function slices(
  count: number,
  budget: SliceBudget,
  { slice, interval, noData, settled, remembered }: Slicing,
  badShare: (evaluation: number, length: number) => number | undefined,
  isKnown: (evaluation: number) => boolean,
): Counted {
  const length = slice / interval;
  const total: (number | undefined)[] = [];
  const bad: (number | undefined)[] = [];
  let lastKnown = 0;
  for (let evaluation = 0; evaluation < count; evaluation += 1) {
    const closes = 0 < evaluation && evaluation % length === 0;
    const known = closes ? badShare(evaluation, length) : undefined;
    const share = known === undefined ? undefined : counts(known, budget);
    if (isKnown(evaluation - 1)) lastKnown = evaluation - 1;
    if (noData !== 'unknown') {
      const isSettled = settled <= evaluation && evaluation - lastKnown <= remembered;
      total.push(isSettled ? (closes ? 1 : 0) : undefined);
      bad.push(isSettled ? (closes ? (share ?? (noData === 'bad' ? 1 : 0)) : 0) : undefined);
      continue;
    }
    const nothing = isKnown(evaluation) ? 0 : undefined;
    total.push(share === undefined ? nothing : 1);
    bad.push(share ?? nothing);
  }
  return { total, bad };
}

/** Events, and bad ones among them. */
export interface Sums {
  readonly total: number;
  readonly bad: number;
}

/** What is known from one evaluation to another, both included. */
export function sumsOf({ total, bad }: Counted, first: number, last: number): Sums {
  return { total: sumOf(total, first, last), bad: sumOf(bad, first, last) };
}

function sumOf(values: readonly (number | undefined)[], first: number, last: number): number {
  let sum = 0;
  for (let index = Math.max(0, first); index <= Math.min(last, values.length - 1); index += 1)
    sum += values[index] ?? 0;
  return sum;
}

/** The share of bad events; none without events. */
export function ratioOf(sums: Sums | undefined): number | undefined {
  return sums === undefined || sums.total <= 0 ? undefined : sums.bad / sums.total;
}
