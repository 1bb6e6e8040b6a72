import type { DocumentCheck } from '../document-check.ts';

export const noDataSource: DocumentCheck = {
  id: 'no-data-source',
  severity: 'error',
  prose: true,
  meaning: 'An objective counts rows of a table or entries of a log, which Prometheus does not have.',
  remedy: 'export a counter, or read the table by an exporter',
  inspect: ({ objectives }) =>
    objectives.flatMap(({ name, statement, queries, span }) => {
      const rows =
        /\b(?:\w+\s+)?(?:rows?|records?|log (?:lines?|entries))\b(?=[^.]*\b(?:reach|have|has|with|are|status)\b)/i.exec(
          statement,
        )?.[0];
      if (rows === undefined || 0 < queries.length) return [];
      return [{ message: `"${name}" counts ${rows.trim()}: no metric gives that`, span }];
    }),
};
