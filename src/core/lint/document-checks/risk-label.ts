import type { TableRow } from '../../formats/index.ts';
import { columnOf, plain } from '../document/alerts-and-tiers.ts';
import { percentagesIn } from '../document/quantities.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const riskLabel: DocumentCheck = {
  id: 'risk-label',
  severity: 'info',
  prose: true,
  meaning: 'A table calls the risk high where most of the error budget is left, and low where little is.',
  remedy: 'turn the labels round, or call the column what it is: how much risk may be taken',
  inspect: ({ markdown }) =>
    markdown.tables.flatMap(({ header, rows }): readonly DocumentFinding[] => {
      const risk = columnOf(header, /^risk(?:\s+level)?$/i);
      const budget = columnOf(header, /budget/i);
      if (risk === -1 || budget === -1 || /consum|used|spent|burn/i.test(plain(header[budget]?.text ?? ''))) return [];
      const levels = rows.map((row) => ({ row, level: levelIn(row, risk), left: percentIn(row, budget) }));
      const high = levels.find(({ level }) => level === 'high');
      const low = levels.find(({ level }) => level === 'low');
      if (high?.left === undefined || low?.left === undefined || high.left <= low.left) return [];
      return [{ message: 'the risk is called high where most of the budget is left', span: high.row.span }];
    }),
};

function levelIn({ cells }: TableRow, column: number): string {
  return plain(cells[column]?.text ?? '').toLowerCase();
}

function percentIn({ cells }: TableRow, column: number): number | undefined {
  return percentagesIn(cells[column]?.text ?? '')[0]?.share;
}
