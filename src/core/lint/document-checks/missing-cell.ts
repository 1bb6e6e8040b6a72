import type { DocumentCheck } from '../document-check.ts';

/** Headings of columns in which every row has something to say. */
const telling = /burn|factor|window|target|severity|threshold|objective|budget/i;

export const missingCell: DocumentCheck = {
  id: 'missing-cell',
  severity: 'error',
  meaning: 'A row has fewer values than its table has columns.',
  remedy: 'fill in the value',
  inspect: ({ markdown, tiers }) => [
    ...markdown.tables.flatMap(({ header, rows }) =>
      (header.some(({ text }) => telling.test(text)) ? rows : [])
        .filter(
          ({ cells }) =>
            cells.length < header.length ||
            (1 < cells.length &&
              cells.some(
                ({ text }, index) =>
                  text === '' && header[index]?.text !== '' && telling.test(header[index]?.text ?? ''),
              )),
        )
        .map(({ cells, span }) => ({
          message: `the row has ${cells.filter(({ text }) => text !== '').length} of ${header.length} values`,
          span,
        })),
    ),
    ...tiers
      .filter(({ factor, long }) => factor === undefined && long !== undefined)
      .filter(
        ({ span }) => !markdown.tables.some((table) => table.span.start <= span.start && span.end <= table.span.end),
      )
      .map(({ name, span }) => ({ message: `the tier "${name}" has no burn rate`, span })),
  ],
};
