import type { DocumentCheck } from '../document-check.ts';

export const tableFlattened: DocumentCheck = {
  id: 'table-flattened',
  severity: 'error',
  prose: true,
  meaning: 'The cells of a table run together: its column breaks were lost in copying.',
  remedy: 'write the table again, and look at each cell',
  inspect: ({ lines }) =>
    lines.flatMap(({ text, start }) => {
      const cells = cellsOf(text.trim());
      if (cells.length < 3) return [];
      const message = `this reads like the columns ${cells.join(', ')} without what parted them`;
      return [{ message, span: { start, end: start + text.length } }];
    }),
};

const headings =
  /^(?:SLI|SLO|Objective|Target|Window|Period|Severity|Long window|Short window|Burn (?:factor|rate)|Alert(?: name)?|Condition|Action|Owner|Metric|Name|Description|Threshold|Warning|Critical|Query|Budget|Notification|Status|Service)/;

/** Headings of columns, each beginning where the one before ends. */
function cellsOf(line: string): readonly string[] {
  const cells: string[] = [];
  let rest = line;
  for (let cell = headings.exec(rest)?.[0]; cell !== undefined; cell = headings.exec(rest)?.[0]) {
    cells.push(cell);
    rest = rest.slice(cell.length);
  }
  return rest === '' ? cells : [];
}
