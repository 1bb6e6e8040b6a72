import type { LocatedDiagnostic } from './diagnostic.ts';
import { lineText, placeOf } from './place.ts';

const longestShownLine = 160;

/**
 * Prints a diagnostic with the line it is about and a caret under the place:
 *
 *     slo.yaml:7:13 error slo/target: a target lies between 0 % and 100 %
 *     7 |     target: 999%
 *       |             ^^^^
 *       = help: write 99.9% for three nines
 */
export function formatDiagnostic(diagnostic: LocatedDiagnostic): string {
  const { source, span, severity, code, message, help } = diagnostic;
  const start = placeOf(source.text, span.start);
  const end = placeOf(source.text, span.end);
  const heading = shownText(`${source.name}:${start.line}:${start.column} ${severity} ${code}: ${message}`);
  const lines = [heading];
  const text = lineText(source.text, start.line);
  const gutter = ' '.repeat(String(start.line).length);
  if (text.trim() !== '') {
    // A very long line is cut round the place, so that a minified file does not flood the terminal.
    const from = longestShownLine < text.length ? Math.max(0, start.column - 1 - longestShownLine / 2) : 0;
    const shown = shownText(text.slice(from, from + longestShownLine));
    const width =
      end.line === start.line ? Math.max(1, end.column - start.column) : Math.max(1, text.length - start.column + 1);
    const caret =
      ' '.repeat(start.column - 1 - from) +
      '^'.repeat(Math.max(1, Math.min(width, shown.length - (start.column - 1 - from))));
    lines.push(`${start.line} | ${shown}`, `${gutter} | ${caret}`);
  }
  if (help !== undefined) lines.push(shownText(`${gutter} = help: ${help}`));
  return lines.join('\n');
}

/** Control characters would do things to a terminal; each is shown as a space, so that columns stay right. */
function shownText(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
