import type { MarkdownDocument, TableRow } from '../../formats/index.ts';
import { columnOf, plain } from './alerts-and-tiers.ts';
import type { Query, Section } from './model.ts';
import { boundsIn, lengthsIn, percentagesIn, periodIn } from './quantities.ts';
import { queriesBetween } from './queries.ts';
import { sectionAt } from './sections.ts';
import type { Statement } from './statements.ts';

/**
 * Rows of tables that have a column for targets and one for what measures them, with code in it: `Service | SLI | Objective | Window`. A
 * table of targets without queries repeats what stands elsewhere.
 */
export function tabledStatements(
  { tables }: MarkdownDocument,
  sections: readonly Section[],
  queries: readonly Query[],
): readonly Statement[] {
  const sorted = queries.toSorted((a, b) => a.span.start - b.span.start);
  return tables.flatMap(({ header, rows, span }) => {
    const target = columnOf(header, /^(?:objective|target|slo|goal)s?\b/i);
    const measure = columnOf(header, /^(?:slis?\b|indicator|query|measure|promql)/i);
    const section = sectionAt(sections, span.start);
    if (target === -1 || measure === -1 || target === measure || section === undefined) return [];
    if (header.some(({ text }) => /budget|alert|threshold/i.test(text))) return [];
    const period = columnOf(header, periodTitle);
    return rows.flatMap((row): readonly Statement[] => {
      const words = plain(row.cells[target]?.text ?? '');
      if (percentagesIn(words).length + boundsIn(words).length === 0) return [];
      const own = queriesBetween(sorted, row.span.start, row.span.end);
      const length = periodOf(row, period);
      const name = row.cells.find((_, index) => index !== target && index !== measure && index !== period);
      return [
        {
          name: plain(name?.text ?? words),
          target: words,
          statement: row.cells.flatMap(({ text }, index) => (index === measure ? [] : [plain(text)])).join('\n'),
          section,
          span: row.span,
          queries: own,
          ...(length === undefined ? {} : { period: length }),
        },
      ];
    });
  });
}

/** By the start of a row: the period that a column of its own says. */
export function periodColumns({ tables }: MarkdownDocument): ReadonlyMap<number, number> {
  return new Map(
    tables.flatMap(({ header, rows }) => {
      const column = columnOf(header, periodTitle);
      return rows.flatMap((row) => {
        const period = periodOf(row, column);
        return period === undefined ? [] : [[row.span.start, period] as const];
      });
    }),
  );
}

const periodTitle = /^(?:window|period|over)\b/i;

function periodOf({ cells }: TableRow, column: number): number | undefined {
  const said = plain(cells[column]?.text ?? '');
  return periodIn(said) ?? lengthsIn(said)[0]?.ms;
}
