import { duration, parseDuration } from '../../base/index.ts';
import type { MarkdownDocument } from '../../formats/index.ts';
import { columnOf, plain } from './alerts-and-tiers.ts';
import type { DocumentRule, Query } from './model.ts';
import { lengthsIn } from './quantities.ts';

/** A table whose rows are alerts: which column has their name, and which the expression. */
function columnsOf(
  header: Parameters<typeof columnOf>[0],
): { readonly name: number; readonly expr: number } | undefined {
  const name = columnOf(header, /^alert(?:\s*name)?$/i);
  const expr = columnOf(header, /^(?:query|promql|expr(?:ession)?|condition|trigger)(?:\s*\(promql\))?$/i);
  return name === -1 || expr === -1 ? undefined : { name, expr };
}

/** Where the expressions of alerts begin that stand in tables, each with the name of its alert. */
export function alertCells({ tables }: MarkdownDocument): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const { header, rows } of tables) {
    const columns = columnsOf(header);
    if (columns === undefined) continue;
    for (const { cells } of rows) {
      const cell = cells[columns.expr];
      if (cell !== undefined) found.set(cell.span.start, plain(cells[columns.name]?.text ?? ''));
    }
  }
  return found;
}

/** The rows of tables of alerts whose expressions are queries, as rules. What has no column is not known to be missing. */
export function tabledRules({ tables }: MarkdownDocument, queries: readonly Query[]): readonly DocumentRule[] {
  const alerts = queries.filter(({ role }) => role === 'alert');
  return tables.flatMap(({ header, rows }) => {
    const columns = columnsOf(header);
    if (columns === undefined) return [];
    const hold = columnOf(header, /^(?:for|duration|pending)\b/i);
    const severity = columnOf(header, /severity|priority/i);
    return rows.flatMap(({ cells, span }): readonly DocumentRule[] => {
      const cell = cells[columns.expr];
      const title = cells[columns.name];
      const query = alerts.find(
        (one) => cell !== undefined && cell.span.start <= one.span.start && one.span.end <= cell.span.end,
      );
      if (query === undefined || title === undefined) return [];
      const said = plain(cells[hold]?.text ?? '');
      const level = plain(cells[severity]?.text ?? '').toLowerCase();
      return [
        {
          kind: 'alert',
          name: plain(title.text),
          nameSpan: title.span,
          query,
          holdFor: parseDuration(said) ?? duration(lengthsIn(said)[0]?.ms ?? 0),
          hasFor: hold !== -1,
          labels: new Map(level === '' ? [] : [['severity', level]]),
          annotations: new Map(),
          comment: '',
          section: query.section,
          row: span,
        },
      ];
    });
  });
}
