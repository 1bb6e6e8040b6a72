import { columnOf } from '../document/alerts-and-tiers.ts';
import { percentagesIn } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const tablePolarityWindow: DocumentCheck = {
  id: 'table-polarity-window',
  severity: 'warning',
  meaning: 'One column of targets holds shares of good events and shares of bad ones.',
  remedy: 'state every target as the share of good events, or write `< 1 %` where errors are meant',
  inspect: ({ markdown }) =>
    markdown.tables.flatMap(({ header, rows }) => {
      const column = columnOf(header, /^(?:slo )?(?:target|objective)s?$/i);
      if (column === -1) return [];
      const cells = rows
        .flatMap(({ cells: all }) => all[column] ?? [])
        .filter(({ text }) => /^\*{0,2}\d+(?:\.\d+)?\s*%\*{0,2}$/.test(text));
      const low = cells.filter(({ text }) => (percentagesIn(text)[0]?.share ?? 1) < 0.5);
      if (low.length === 0 || low.length === cells.length) return [];
      return low.map(({ text, span }) => ({
        message: `${text} is a share of bad events in a column of shares of good ones`,
        span,
      }));
    }),
};
