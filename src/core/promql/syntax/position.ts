import type { Diagnostic } from '../../base/index.ts';

/** A place as Prometheus prints it in messages and annotations: line and column from 1, the column counted in bytes of UTF-8. */
export interface BytePlace {
  readonly line: number;
  readonly column: number;
}

/** The byte-based place of a UTF-16 offset. Source: prometheus, promql/parser/posrange, StartPosInput. */
export function bytePlaceOf(text: string, offset: number): BytePlace {
  const at = Math.min(offset, text.length);
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', lineStart)) {
    line += 1;
    lineStart = next + 1;
  }
  return { line, column: 1 + byteLength(text, lineStart, at) };
}

/** The place in upstream's notation, `1:5`, as it stands before parse errors and, in parentheses, after annotations. */
export function formatBytePlace(text: string, offset: number): string {
  const { line, column } = bytePlaceOf(text, offset);
  return `${line}:${column}`;
}

/** A diagnostic in the words of Prometheus's API and log: `1:5: parse error: unexpected end of input`. */
export function formatParseError(text: string, { span, message }: Diagnostic): string {
  return `${formatBytePlace(text, span.start)}: parse error: ${message}`;
}

/** How many bytes a stretch of a text has in UTF-8, by which Prometheus measures columns and lines. */
export function byteLength(text: string, from: number = 0, to: number = text.length): number {
  let bytes = 0;
  for (let i = from; i < to; i += 1) {
    const code = text.charCodeAt(i);
    // Both halves of a surrogate pair count two of the four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (0xd800 <= code && code <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}
