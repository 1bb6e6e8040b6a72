/** A place as editors count it: both from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of a UTF-16 offset. Lines end at a line feed, so a carriage return before it belongs to the line. */
export function placeOf(text: string, offset: number): Place {
  let line = 1;
  let lineStart = 0;
  for (;;) {
    const lineEnd = text.indexOf('\n', lineStart);
    if (lineEnd === -1 || offset <= lineEnd) return { line, column: offset - lineStart + 1 };
    line += 1;
    lineStart = lineEnd + 1;
  }
}

/** The text of a line counted from 1, without its line end. */
export function lineText(text: string, line: number): string {
  let lineStart = 0;
  for (let current = 1; current < line; current += 1) {
    const lineEnd = text.indexOf('\n', lineStart);
    if (lineEnd === -1) return '';
    lineStart = lineEnd + 1;
  }
  const lineEnd = text.indexOf('\n', lineStart);
  return text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd).replace(/\r$/, '');
}
