import { styleText } from 'node:util';

/** A cell of a table: its text, and how it looks where colours may be used. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';

export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align: 'left' | 'right';
}

/** Prints rows under their titles, two spaces apart, nothing behind the last column. */
export function printTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], color: boolean): string {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]?.text.length ?? 0)));
  const line = (cells: readonly Cell[]): string =>
    `${columns
      .map(({ align }, i) => {
        const { text, style } = cells[i] ?? { text: '' };
        const blank = ' '.repeat((widths[i] ?? 0) - text.length);
        const shown = color && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
        if (align === 'right') return blank + shown;
        return i === columns.length - 1 ? shown : shown + blank;
      })
      .join('  ')
      .trimEnd()}\n`;
  const titles = columns.map(({ title }): Cell => ({ text: title, style: 'dim' }));
  return [titles, ...rows].map(line).join('');
}
