import { boundsOf, expanded } from '../document/expressions.ts';
import { alertsOf, burnsOf } from '../document/facts.ts';
import { about, lengthsIn, percentagesIn, short } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

const hour = 3_600_000;
const month = 720 * hour;

export const burnThresholdScale: DocumentCheck = {
  id: 'burn-threshold-scale',
  severity: 'error',
  meaning: 'An alert on a burn rate has a bound that its own text, a share of the budget in a time, does not give.',
  remedy: 'burn rate = share of the budget x period / time: 2 % of 30 days in 1 h is 14.4',
  inspect: (document) =>
    alertsOf(document).flatMap(({ query, annotations }): readonly DocumentFinding[] => {
      const [bound] = query.expr === undefined ? [] : boundsOf(query.expr);
      if (bound === undefined || burnsOf(expanded(bound.left, document.recorded)).length === 0) return [];
      const stated = [...annotations.values()].flatMap(({ text }) => burnIn(text) ?? [])[0];
      if (stated !== undefined && !about(stated, bound.value, 0.05)) {
        const message = `the text gives a burn rate of ${short(stated)}, the bound is ${short(bound.value)} (a factor of ${short(Math.max(stated / bound.value, bound.value / stated))})`;
        return [{ message, span: spanIn(query, bound.node) }];
      }
      if (stated !== undefined || bound.value <= 0 || 0.5 <= bound.value) return [];
      const message = `a burn rate of ${short(bound.value)} is below 1, the rate at which the budget just lasts`;
      return [{ message, span: spanIn(query, bound.node) }];
    }),
};

/** `2% of the monthly error budget per hour` */
function burnIn(text: string): number | undefined {
  const share = percentagesIn(text)[0]?.share;
  if (share === undefined || !/\bbudget\b/i.test(text)) return undefined;
  const period = /\b(\d+)[ -]?d(?:ays?)?\b/.exec(text);
  const per = /\b(?:per|in|an|every|within)\s+(?:the\s+)?(?:(?:last|past|an?)\s+)?(hour|day)\b/i.exec(text)?.[1];
  const within =
    per === undefined
      ? lengthsIn(text.replace(/\b\d+[ -]?d(?:ays?)?\b/, ''))[0]?.ms
      : per.toLowerCase() === 'hour'
        ? hour
        : 24 * hour;
  if (within === undefined) return undefined;
  return (share * (period === null ? month : Number(period[1]) * 24 * hour)) / within;
}
