import type { MarkdownDocument, MarkdownTable, TableRow } from '../../formats/index.ts';
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
  return tables.flatMap((table) => {
    const { header, rows, span } = table;
    const id = columnOf(header, /^(?:id|no\.?|nr\.?|#)$/i);
    if (id !== -1) return numberedStatements(table, id, sections, sorted);
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

/**
 * Rows of a table whose objectives have numbers, under which sections further down say how each of them is measured: `| PAY-1 |
 * Availability | 99.9% |` and `### PAY-1 Availability`.
 */
function numberedStatements(
  { header, rows, span }: MarkdownTable,
  id: number,
  sections: readonly Section[],
  sorted: readonly Query[],
): readonly Statement[] {
  const target = columnOf(header, /^(?:objective|target|slo|goal)s?$/i);
  const title = columnOf(header, /^(?:name|title|objective|slo|sli|indicator|service)s?$/i);
  const section = sectionAt(sections, span.start);
  if (target === -1 || title === -1 || title === target || section === undefined) return [];
  const period = columnOf(header, periodTitle);
  return rows.flatMap((row): readonly Statement[] => {
    const [number, name, words] = [id, title, target].map((column) => plain(row.cells[column]?.text ?? ''));
    if (!number || !name || !words || percentagesIn(words).length + boundsIn(words).length === 0) return [];
    const own = sections.find((one) => one !== section && one.title.split(/[\s:.,—–]+/).includes(number));
    if (own === undefined) return [];
    const length = periodOf(row, period);
    return [
      {
        name,
        target: words,
        statement: row.cells.map(({ text }) => plain(text)).join('\n'),
        section: own,
        span: row.span,
        queries: queriesBetween(sorted, own.start, own.end),
        ...(length === undefined ? {} : { period: length }),
      },
    ];
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
