import { unquoteString } from '../syntax/string-literal.ts';
import type { Scanner } from './scanner.ts';

/** Reads a string as PromQL writes it: in double or single quotes with Go's escapes, or in back quotes. Undefined if none is next. */
export function scanText(scanner: Scanner): string | undefined {
  const start = scanner.position;
  const quote = scanner.next;
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  const literal = scanner.match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y);
  if (literal === '') {
    scanner.match(/[^\n]*/y);
    throw scanner.errorSince(start, 'string without an end', `close it with ${quote}`);
  }
  const unquoted = unquoteString(literal);
  if (!unquoted.ok) throw scanner.errorSince(start, unquoted.message);
  return unquoted.value;
}
