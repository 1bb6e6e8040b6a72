import { type Ratio, ratio } from '../base/index.ts';
import type { EventCounts } from './error-budget.ts';

// Ways to join objectives into one. They answer different questions and differ widely: of members at 99.9 % of 1,000,000 events and 90 %
// of 100 the pooled ratio is 99.899 %, the mean 94.95 %. Whoever shows one says which.

/** Independent hard dependencies in a row: all must work. The product of the ratios. */
export function inSeries(ratios: readonly Ratio[]): Ratio {
  return ratio(ratios.reduce((product, each) => product * each, 1));
}

/** Independent alternatives: one of them must work. 1 minus the product of the error ratios. */
export function inParallel(ratios: readonly Ratio[]): Ratio {
  return ratio(1 - ratios.reduce((product, each) => product * (1 - each), 1));
}

/** A member of a weighted mean; without a ratio it has no data. */
export interface Weighted {
  readonly ratio: Ratio | undefined;
  readonly weight: number;
}

/** The mean by weight of the members that have data; undefined if none has. */
export function weightedMean(members: readonly Weighted[]): Ratio | undefined {
  let sum = 0;
  let weights = 0;
  for (const member of members) {
    if (member.ratio === undefined) continue;
    sum += member.weight * member.ratio;
    weights += member.weight;
  }
  return 0 < weights ? ratio(sum / weights) : undefined;
}

/** What the parts miss, added up: 1 - sum of weight * (1 - ratio). Budgets add where each member's failures hit other users. */
export function missingParts(members: readonly Weighted[]): Ratio {
  return ratio(members.reduce((rest, member) => rest - member.weight * (1 - (member.ratio ?? 1)), 1));
}

/** All events in one pot, where members with more traffic count for more. */
export function pooled(members: readonly EventCounts[]): EventCounts {
  return members.reduce((sum, { bad, total }) => ({ bad: sum.bad + bad, total: sum.total + total }), {
    bad: 0,
    total: 0,
  });
}

/** The share of slices in which every member was good: a journey fails where any part of it does. */
export function goodTogether(members: readonly (readonly boolean[])[]): Ratio | undefined {
  const count = Math.min(...members.map((slices) => slices.length));
  if (members.length === 0 || count === 0) return undefined;
  let good = 0;
  for (let slice = 0; slice < count; slice += 1) if (members.every((slices) => slices[slice])) good += 1;
  return ratio(good / count);
}

/** The rate at which a joint budget burns: each member's burn rate by its weight (OpenSLO, occurrences). */
export function jointBurnRate(members: readonly { readonly burnRate: number; readonly weight: number }[]): number {
  return members.reduce((sum, { burnRate, weight }) => sum + burnRate * weight, 0);
}
