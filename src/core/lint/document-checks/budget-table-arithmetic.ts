import type { MarkdownDocument } from '../../formats/index.ts';
import { columnOf } from '../document/alerts-and-tiers.ts';
import type { Line } from '../document/model.ts';
import {
  about,
  type Length,
  lengthsIn,
  numberOf,
  percentagesIn,
  showLength,
  showShare,
} from '../document/quantities.ts';
import { paragraphsOf } from '../document/sections.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

const day = 86_400_000;

export const budgetTableArithmetic: DocumentCheck = {
  id: 'budget-table-arithmetic',
  severity: 'error',
  meaning: 'A length of time that a table or a sentence gives for an error budget is not budget x time.',
  remedy: 'compute it again: 0.1 % of 30 days is 43.2 minutes, of a day 86.4 seconds, of an hour 3.6 seconds',
  inspect: ({ markdown, lines }) => [...inTables(markdown), ...paragraphsOf(lines).flatMap(inSentence)],
};

const number = String.raw`(?<![\d.,])\d+(?:[.,]\d+)?`;
const nearly = String.raw`(?:about\s+|around\s+|~|≈)?\s*`;
const time = String.raw`${number}\s*(?:ms|s|sec(?:ond)?s?|min(?:ute)?s?|h(?:our)?s?|d(?:ay)?s?)\b`;
const outage = String.raw`(?:of\s+(?:(?:an?|full|total|complete)\s+)*(?:downtime|outage|unavailability)\s+)?`;

/** A share below a half, then its time: `0.1 % of 30 days, 43.2 minutes`, `0.1%, that is 43 minutes a month`. */
const sentences: readonly RegExp[] = [
  new RegExp(
    String.raw`(${number})\s*%\s+of\s+(?:(?:a|the|each)\s+)?((?:\d+\s*)?(?:hours?|days?|weeks?|months?|d|h)\b)\s*[,:;(=–—-]*\s*(?:(?:that|this)\s+)?(?:(?:is|are|which is|i\.e\.|makes?)\s+)?${nearly}(${time})`,
    'gi',
  ),
  new RegExp(
    String.raw`(${number})\s*%\s*[,:;(=–—-]*\s*(?:(?:that|this|which)\s+)?(?:is|i\.e\.|means|or|=|≈|about)\s+${nearly}(${time})\s*(?:\([^)]*\)\s*)?${outage}(?:a|per|every|each|in|over)\s+(?:any\s+)?((?:\d+\s*)?(?:hours?|days?|weeks?|months?)\b)`,
    'gi',
  ),
];

function inSentence({ text, start }: Line): readonly DocumentFinding[] {
  if (!/\bbudget|\bdowntime\b/i.test(text) || text.includes('|')) return [];
  const plain = text.replaceAll(/[*_`]/g, ' ');
  const found = sentences.flatMap((pattern, form) => [...plain.matchAll(pattern)].map((match) => ({ match, form })));
  return found.flatMap(({ match, form }): readonly DocumentFinding[] => {
    const [, percent = '', second = '', third = ''] = match;
    const [over, time] = form === 0 ? [second, third] : [third, second];
    const period = lengthsIn(/^\d/.test(over) ? over : `1 ${over}`)[0]?.ms;
    const [length] = lengthsIn(time);
    const share = percentagesIn(`${percent}%`)[0]?.share;
    if (period === undefined || length === undefined || share === undefined || 0.5 <= share) return [];
    const message = wrongTime(share, period, length);
    if (message === undefined) return [];
    const at = start + match.index;
    return [{ message, span: { start: at, end: at + match[0].length } }];
  });
}

/** What is wrong with the time that a share of a period is said to be; undefined if it is right but for rounding. */
function wrongTime(share: number, period: number, length: Length): string | undefined {
  const expected = share * period;
  if (Math.abs(length.ms - expected) <= 0.01 * expected + rounding(length.text, length.ms)) return undefined;
  return `${showShare(share)} of ${showLength(period)} is ${showLength(expected)}, not ${length.text}`;
}

function inTables({ tables }: MarkdownDocument): readonly DocumentFinding[] {
  return tables.flatMap(({ header, rows }) => {
    const named = columnOf(header, /target|objective/i);
    const target = named === -1 ? columnOf(header, /^slo$/i) : named;
    if (target === -1 || columnOf(header, /budget|downtime|allowed/i) === -1) return [];
    const own = columnOf(header, /\b(?:window|period)\b|^over\b/i);
    return rows.flatMap(({ cells }) => {
      const said = lengthsIn(cells[own]?.text ?? '')[0]?.ms ?? 30 * day;
      const share = budgetIn(cells[target]?.text ?? '') ?? budgetShare(header, cells);
      if (share === undefined) return [];
      return cells.flatMap((cell, index): readonly DocumentFinding[] => {
        const title = header[index]?.text ?? '';
        const [length] = lengthsIn(cell.text);
        const period =
          index === target || index === own ? undefined : (periodOf(title) ?? (/time/i.test(title) ? said : undefined));
        const [stated] = percentagesIn(cell.text);
        if (
          index !== target &&
          /budget/i.test(title) &&
          length === undefined &&
          stated !== undefined &&
          !about(stated.share, share)
        )
          return [{ message: `the budget is ${showShare(share)}`, span: cell.span }];
        if (length === undefined || period === undefined) return [];
        const message = wrongTime(share, period, length);
        return message === undefined ? [] : [{ message, span: cell.span }];
      });
    });
  });
}

/** The budget that a target leaves: `99.9%` leaves 0.1 %, `< 1%` is one. Latency targets have none of their own. */
function budgetIn(text: string): number | undefined {
  const [found] = percentagesIn(text);
  if (found === undefined) return undefined;
  return found.share < 0.5 ? found.share : Number((1 - found.share).toPrecision(12));
}

function budgetShare(
  header: readonly { readonly text: string }[],
  cells: readonly { readonly text: string }[],
): number | undefined {
  const column = columnOf(header, /budget/i);
  return percentagesIn(cells[column]?.text ?? '')[0]?.share;
}

/** The period that the heading of a column names. */
function periodOf(title: string): number | undefined {
  if (/hour/i.test(title)) return day / 24;
  if (/dai|day\b|24 ?h/i.test(title)) return day;
  if (/week|7 ?d/i.test(title)) return 7 * day;
  if (/quarter/i.test(title)) return 90 * day;
  if (/year|annual/i.test(title)) return 365 * day;
  return /month|30 ?d/i.test(title) ? 30 * day : undefined;
}

/** Half a unit of the last digit written. */
function rounding(text: string, ms: number): number {
  const digits = /\d+(?:[.,](\d+))?/.exec(text);
  const value = numberOf(digits?.[0] ?? '1');
  return ((0.5 * 10 ** -(digits?.[1]?.length ?? 0)) / value) * ms;
}
