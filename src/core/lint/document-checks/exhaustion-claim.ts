import { alertsOf, boundOf, burnsOf, meaningOf } from '../document/facts.ts';
import { lengthsIn, short, showLength } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

const month = 30 * 86_400_000;

export const exhaustionClaim: DocumentCheck = {
  id: 'exhaustion-claim',
  severity: 'error',
  meaning: 'The time in which a burn rate uses up the budget is not period / burn rate.',
  remedy: 'at burn 14.4 a budget of 30 days lasts 50 h, at 6 five days; say which period is meant',
  inspect: (document) => {
    const periods = document.objectives.flatMap(({ period, hasBudget }) =>
      period === undefined || !hasBudget ? [] : [period],
    );
    const period = periods.length === 0 ? month : Math.max(...periods);
    const judge = (factor: number, claimed: number): string | undefined => {
      const expected = period / factor;
      // "less than 2 hours" for 1 h 40 min is a way to round.
      if (0.75 * expected <= claimed && claimed <= 1.35 * expected) return undefined;
      return `at burn ${short(factor)} a budget of ${showLength(period)} lasts ${showLength(expected)}, not ${showLength(claimed)}`;
    };
    const tiers = document.tiers.flatMap(({ factor, exhaustion, span }) => {
      const message = factor === undefined || exhaustion === undefined ? undefined : judge(factor, exhaustion);
      return message === undefined ? [] : [{ message, span }];
    });
    const rules = alertsOf(document).flatMap((rule) => {
      const expr = meaningOf(rule.query, document);
      const bound = boundOf(rule);
      if (expr === undefined || bound === undefined || burnsOf(expr).length === 0) return [];
      return [...rule.annotations.values()].flatMap(({ text, span }) => {
        const claim = /\b(?:exhaust|deplet|used up|gone)\w*\b[^.]*?\b(?:in|within)\b([^.]*)/i.exec(text)?.[1];
        const claimed = claim === undefined ? undefined : lengthsIn(claim)[0]?.ms;
        const message = claimed === undefined ? undefined : judge(bound.value, claimed);
        return message === undefined ? [] : [{ message, span }];
      });
    });
    return [...tiers, ...rules];
  },
};
