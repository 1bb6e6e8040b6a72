import type { MarkdownDocument } from '../../formats/index.ts';
import type { Line } from '../document/model.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const tableBroken: DocumentCheck = {
  id: 'table-broken',
  severity: 'warning',
  prose: true,
  meaning: 'Lines are set like a table and are none: there is no row of dashes, or a bar inside of code parts a cell.',
  remedy: 'write a row of dashes below the heading, and `\\\\|` for a bar inside of a cell',
  inspect: ({ lines, markdown }) => [...withoutSeparator(lines, markdown), ...splitCode(markdown)],
};

/** Three lines or more with a bar outside of code, of which Markdown makes a paragraph. */
function withoutSeparator(lines: readonly Line[], { tables }: MarkdownDocument): readonly DocumentFinding[] {
  const found: DocumentFinding[] = [];
  let run: Line[] = [];
  for (const line of lines) {
    const inTable = tables.some(({ span }) => span.start <= line.start && line.start <= span.end);
    const isRow = !inTable && /\S\s*\|\s*\S/.test(line.text.replaceAll(/`[^`]*`/g, 'x'));
    if (isRow) run.push(line);
    // An empty line within such a list parts its heading from its rows.
    if (isRow || (line.text.trim() === '' && run.length === 1)) continue;
    if (3 <= run.length) found.push(broken(run));
    run = [];
  }
  return 3 <= run.length ? [...found, broken(run)] : found;
}

function broken(run: readonly Line[]): DocumentFinding {
  const start = run[0]?.start ?? 0;
  const end = start + (run[0]?.text.length ?? 0);
  return {
    message: `these ${run.length} lines have bars and no row of dashes: this is no table`,
    span: { start, end },
  };
}

/** A cell with one of the two backticks of its code: the bar between them ended the cell. */
function splitCode({ tables }: MarkdownDocument): readonly DocumentFinding[] {
  return tables.flatMap(({ rows }) =>
    rows.flatMap(({ cells }) => {
      const half = cells.find(({ text }) => text.replaceAll(/\\`/g, '').split('`').length % 2 === 0);
      return half === undefined ? [] : [{ message: 'a bar inside of code ends the cell here', span: half.span }];
    }),
  );
}
