import { boundsOf, expanded } from '../document/expressions.ts';
import { alertsOf, burnsOf } from '../document/facts.ts';
import type { Line, LintDocument } from '../document/model.ts';
import { about, lengthsIn, numberOf, percentagesIn, short, showLength, showShare } from '../document/quantities.ts';
import { paragraphsOf } from '../document/sections.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

const hour = 3_600_000;
const month = 720 * hour;

export const burnThresholdScale: DocumentCheck = {
  id: 'burn-threshold-scale',
  severity: 'error',
  meaning:
    'A burn rate, a share of the budget and a time that stand together, in an alert and its text or in a sentence, do not fit each other.',
  remedy: 'burn rate = share of the budget x period / time: 2 % of 30 days in 1 h is 14.4',
  inspect: (document) => [
    ...paragraphsOf(document.lines).flatMap((line) => wrongShares(document, line)),
    ...alertsOf(document).flatMap(({ query, annotations }): readonly DocumentFinding[] => {
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
  ],
};

/** `A burn rate of 6 over 6 hours spends 5 % of the budget`: what a sentence says of a factor, a time and a share, one of each. */
function wrongShares({ objectives }: LintDocument, { text, start }: Line): readonly DocumentFinding[] {
  if (!/\bburn/i.test(text) || !/\bbudget/i.test(text) || text.includes('|')) return [];
  const found: DocumentFinding[] = [];
  for (const match of text.matchAll(/(?:[^.;]|[.;](?!\s|$))+/g)) {
    const clause = withDigits(match[0].replaceAll(/[*_`]/g, ' '));
    const factors = [...clause.matchAll(factorForms)].map(([, rate, times]) => numberOf(rate ?? times ?? ''));
    const shares = percentagesIn(clause);
    const period = /\bmonth|\b30[ -]?d/i.test(text)
      ? month
      : Math.max(0, ...objectives.map((one) => one.period ?? 0)) || month;
    const lengths = lengthsIn(
      clause.replaceAll(/\b(?:\d+[\s-]*)days?\b(?=\s+(?:budget|period|window))|\bof\s+\d+\s*d(?:ays?)?\b/gi, ''),
    );
    const [factor, share, length] = [factors[0], shares[0]?.share, lengths[0]?.ms];
    if (factors.length !== 1 || shares.length !== 1 || lengths.length !== 1) continue;
    if (factor === undefined || share === undefined || length === undefined || length === period) continue;
    const expected = (factor * length) / period;
    if (about(share, expected, 0.1) || !/\b(?:over|for|in|within|after|during)\b/i.test(clause)) continue;
    const message = `at burn ${short(factor)} ${showLength(length)} spend ${showShare(expected)} of the budget of ${showLength(period)}, not ${showShare(share)}`;
    const at = start + match.index + (match[0].length - match[0].trimStart().length);
    found.push({ message, span: { start: at, end: start + match.index + match[0].trimEnd().length } });
  }
  return found;
}

const factorForms =
  /\bburn(?:s|ing)?(?:[\s-]*rates?)?(?:\s+(?:of|at|is))?\s+(\d+(?:[.,]\d+)?)(?![\d%.,]|\s*%)|(?<![\d.,])(\d+(?:[.,]\d+)?)\s*(?:x|×|times)\s+(?:too fast|faster|the)\b/gi;

const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** Numbers before units of time as digits: `an hour`, `six hours`. */
function withDigits(text: string): string {
  return text.replaceAll(/\b(an?|[a-z]+)(?=\s+(?:minute|hour|day|week)s?\b)/gi, (word) => {
    const index = words.indexOf(word.toLowerCase());
    return /^an?$/i.test(word) ? '1' : index === -1 ? word : String(index + 1);
  });
}

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
