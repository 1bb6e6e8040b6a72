import { parseDuration } from '../../base/index.ts';
import { parseNumber } from './number-literal.ts';
import { type ParserState, report } from './parser-state.ts';
import { unquoteString } from './string-literal.ts';

/**
 * Reads the current number or duration token as a number (a duration stands for its seconds) and steps over it. What cannot be read
 * is reported and taken for 1, which causes no further complaints.
 */
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
    report(p, 'promql/duration', span, durationFault(text), 'write it like 1h30m or 500ms, longest unit first');
    p.complete = false;
    return 1;
  }
  const parsed = parseNumber(text);
  if (parsed.ok) return parsed.value;
  report(p, 'promql/number', span, parsed.message);
  p.complete = false;
  return 1;
}

/** Reads the current string token and steps over it. */
export function readString(p: ParserState): string {
  const { lexer } = p;
  const { start } = lexer;
  const unquoted = unquoteString(lexer.value);
  lexer.advance();
  if (unquoted.ok) return unquoted.value;
  const at = start + unquoted.offset;
  const help = 'a backslash itself is written twice; between backticks it stands for itself';
  report(p, 'promql/string', { start: at, end: at + 2 }, unquoted.message, help);
  p.complete = false;
  return '';
}

/** Source: prometheus/common, model/time.go, ParseDuration. */
function durationFault(text: string): string {
  const units = text.match(/[a-z]+/g) ?? [];
  const unknown = units.find((unit) => !/^(?:ms|[smhdwy])$/.test(unit));
  if (unknown !== undefined) return `unknown unit "${unknown}" in duration "${text}"`;
  const inOrder = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/.test(text);
  return inOrder ? 'duration out of range' : `not a valid duration string: "${text}"`;
}
