import { rangeOf } from '../document/expressions.ts';
import { quantileOf } from '../document/facts.ts';
import type { LintDocument } from '../document/model.ts';
import { about, lengthsIn, quantilesIn, showLength } from '../document/quantities.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const percentileBudget: DocumentCheck = {
  id: 'percentile-budget',
  severity: 'warning',
  prose: true,
  meaning:
    'A percentile that is measured over minutes is given an error budget of a month: it is above or below its bound, and uses nothing up.',
  remedy:
    'state the share over the period: `99 % of requests within 100 ms over 30 days`, from the bucket of that bound',
  inspect: (document) => {
    const short = shortPercentiles(document);
    if (short.length === 0) return [];
    const said = (quantile: number, over: number) =>
      `p${Number((quantile * 100).toPrecision(4))} is measured over ${showLength(over * 1000)}: it has no budget of shares or hours`;
    const lines = document.lines.flatMap(({ text, start }): readonly DocumentFinding[] => {
      if (text.includes('|') || !/\d\s*%\s*(?:error\s+)?budget|\bbudget\b[^.|]*\d\s*%/i.test(text)) return [];
      const one = short.find(({ quantile }) => quantilesIn(text).some((other) => about(other, quantile, 0)));
      if (one === undefined) return [];
      return [{ message: said(one.quantile, one.range), span: { start, end: start + text.length } }];
    });
    const rows = document.markdown.tables.flatMap(({ header, rows }) => {
      if (!header.some(({ text }) => /budget/i.test(text))) return [];
      return rows.flatMap(({ cells, span }): readonly DocumentFinding[] => {
        const words = cells.map(({ text }) => text);
        const one = short.find(({ quantile }) =>
          words.some((text) => quantilesIn(text).some((other) => about(other, quantile, 0))),
        );
        const hours = words.some((text) => quantilesIn(text).length === 0 && 60_000 <= (lengthsIn(text)[0]?.ms ?? 0));
        return one !== undefined && hours ? [{ message: said(one.quantile, one.range), span }] : [];
      });
    });
    return [...lines, ...rows];
  },
};

const day = 86_400;

/** Percentiles of objectives that every query takes over less than a day. */
function shortPercentiles({ objectives }: LintDocument): readonly { quantile: number; range: number }[] {
  return objectives.flatMap(({ queries }) => {
    const measured = queries.flatMap(({ expr }) => {
      const quantile = expr === undefined ? undefined : quantileOf(expr);
      const range = expr === undefined ? undefined : rangeOf(expr);
      return quantile === undefined || range === undefined ? [] : [{ quantile, range }];
    });
    return measured.every(({ range }) => range < day) ? measured : [];
  });
}
