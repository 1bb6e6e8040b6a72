import { ratio } from '../../../src/core/base/index.ts';
import {
  errorRatioOf,
  goodTogether,
  inParallel,
  inSeries,
  jointBurnRate,
  missingParts,
  pooled,
  type Weighted,
  weightedMean,
} from '../../../src/core/slo/index.ts';
import { type Facts, has, list, number, numbers, text, Unanswered } from '../facts.ts';
import type { Answers, Group } from '../group.ts';

/** The group on objectives made of others. */
export const jointAnswers: Readonly<Record<string, Group>> = { composite: (facts) => composite(facts) };

function composite(facts: Facts): Answers {
  return {
    value: () => jointValue(facts),
    upperBound: () => Math.min(...ratios(facts)),
    meanOfRatios: () => mean(counts(facts).map((each) => 1 - (errorRatioOf(each) ?? Number.NaN))),
    burn: () =>
      jointBurnRate(
        numbers(facts, 'burns').map((burnRate, index) => ({ burnRate, weight: weights(facts)[index] ?? 1 })),
      ),
  };
}

function jointValue(facts: Facts): number | null {
  const kind = text(facts, 'kind', 'method');
  if (/worst|\bmin|upper bound/i.test(kind)) return Math.min(...ratios(facts));
  if (/serial|series|\band\b/i.test(kind)) return inSeries(ratios(facts).map(ratio));
  if (/parallel|\bor\b/i.test(kind)) return inParallel(ratios(facts).map(ratio));
  if (/pooled/i.test(kind)) return 1 - (errorRatioOf(pooled(counts(facts))) ?? Number.NaN);
  if (/any.?bad/i.test(kind))
    return goodTogether(members(facts).map((slices) => slices.map((slice) => slice !== 0 && slice !== false))) ?? null;
  if (/missing|complement|budgets? add/i.test(kind)) return missingParts(weighted(facts));
  if (/weighted|average|mean|ratio/i.test(kind)) {
    return weightedMean(has(facts, 'a') && has(facts, 'b') ? sliceRatios(facts) : weighted(facts)) ?? null;
  }
  throw new Unanswered(`\`${kind}\` is no way to join objectives that is known`);
}

/** The members' ratios, all there. */
function ratios(facts: Facts): readonly number[] {
  return numbers(facts, 'a', 'sli', 'slis', 'ratios', 'members', 'remaining');
}

function weights(facts: Facts): readonly number[] {
  return has(facts, 'w', 'weights') ? numbers(facts, 'w', 'weights') : [];
}

/** The members with their weights, alike where none are given; some may be without data. */
function weighted(facts: Facts): readonly Weighted[] {
  return list(facts, 'sli', 'slis', 'a', 'ratios', 'members').map((value, index) => ({
    ratio: typeof value === 'number' ? ratio(value) : undefined,
    weight: weights(facts)[index] ?? 1,
  }));
}

/** The ratio of each slice, to be averaged. */
function sliceRatios(facts: Facts): readonly Weighted[] {
  return members(facts).flatMap((slices) =>
    slices.map((slice) => ({ ratio: typeof slice === 'number' ? ratio(slice) : undefined, weight: 1 })),
  );
}

function members(facts: Facts): readonly (readonly unknown[])[] {
  return ['a', 'b', 'c', 'd'].filter((name) => has(facts, name)).map((name) => list(facts, name));
}

function counts(facts: Facts): readonly { readonly bad: number; readonly total: number }[] {
  const good = numbers(facts, 'good');
  return numbers(facts, 'total').map((total, index) => ({
    bad: total - (good[index] ?? number(facts, 'good')),
    total,
  }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
