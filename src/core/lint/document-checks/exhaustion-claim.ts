import { alertsOf, boundOf, burnsOf, meaningOf } from '../document/facts.ts';
import { lengthsIn, numberOf, short, showLength } from '../document/quantities.ts';
import { paragraphsOf } from '../document/sections.ts';
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
    const said = paragraphsOf(document.lines).flatMap(({ text, start }) => {
      const claim = claimIn(text);
      const message = claim === undefined ? undefined : judge(claim.factor, claim.ms);
      return message === undefined ? [] : [{ message, span: { start, end: start + text.length } }];
    });
    return [...tiers, ...rules, ...said];
  },
};

/**
 * `At a burn rate of 10 the budget is gone in 3 hours`. A share of the budget is another claim, and rows of tables are read as such.
 */
function claimIn(text: string): { readonly factor: number; readonly ms: number } | undefined {
  if (!/\bburn/i.test(text) || text.includes('|')) return undefined;
  const plain = text.replaceAll(/[*`]/g, '');
  const match =
    /\bburn(?:ing)?(?:[\s-]*rates?)?(?:\s+(?:of|at|is|=))?\s*:?\s*(\d+(?:[.,]\d+)?)\s*[x×]?(?![\d%\w])([^%.;]|\.(?=\d))*?\b(?:exhaust|deplet|us(?:ed?|es|ing) up|gone|eats? up|spent)\w*\b(?:[^%.;]|\.(?=\d))*?\b(?:in|within|after)\s+(?:about\s+|around\s+|~\s*)?(\d[^%;,]*)/i.exec(
      plain,
    );
  const ms = match === null ? undefined : lengthsIn(match[3] ?? '')[0]?.ms;
  return match === null || ms === undefined ? undefined : { factor: numberOf(match[1] ?? ''), ms };
}
