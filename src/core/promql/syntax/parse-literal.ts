import { parseDuration } from '../../base/index.ts';
import { parseNumber } from './number-literal.ts';
import { type ParserState, report } from './parser-state.ts';
import { unquoteString } from './string-literal.ts';

/** Reads the current number or duration token as a number (a duration stands for its seconds) and steps over it. */
export function readNumber(p: ParserState): number {
  const { lexer } = p;
  const text = lexer.value;
  const { span } = lexer;
  const isDuration = lexer.kind === 'duration';
  lexer.advance();
  if (isDuration) {
    const length = parseDuration(text);
    // Whole seconds and the rest apart, as Go's Duration.Seconds adds them: the same rounding.
    if (length !== undefined) return Math.trunc(length / 1000) + (length % 1000) / 1000;
    report(p, 'promql/duration', span, `not a valid duration string: "${text}"`, 'write it like 1h30m or 500ms');
    return 0;
  }
  const parsed = parseNumber(text);
  if (parsed.ok) return parsed.value;
  report(p, 'promql/number', span, parsed.message);
  return 0;
}

/** Reads the current string token and steps over it. */
export function readString(p: ParserState): string {
  const { lexer } = p;
  const { start } = lexer;
  const unquoted = unquoteString(lexer.value);
  lexer.advance();
  if (unquoted.ok) return unquoted.value;
  const at = start + unquoted.offset;
  report(p, 'promql/string', { start: at, end: at + 2 }, unquoted.message, 'a backslash itself is written \\\\');
  return '';
}
