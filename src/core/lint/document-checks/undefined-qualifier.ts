import type { LintDocument } from '../document/model.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const undefinedQualifier: DocumentCheck = {
  id: 'undefined-qualifier',
  severity: 'info',
  prose: true,
  meaning:
    'A target holds for something that nobody can select: "critical" calls, "intentional" failures, "consistently".',
  remedy: 'say what is meant by a label and its values, or by a share and a period',
  inspect: (document) => {
    const { text } = document.source;
    const targets = document.objectives.map(({ span }) => span);
    const lines = document.lines.map((line) => ({ start: line.start, end: line.start + line.text.length }));
    const places = new Map([...targets, ...lines].map((span) => [text.lastIndexOf('\n', span.start) + 1, span]));
    return [...places.values()].flatMap((span): readonly DocumentFinding[] => {
      const said = text.slice(span.start, span.end);
      // A target has a number; what has none is a heading, a reason or a policy.
      if (!/\d\s*(?:%|ms\b|s\b|seconds?\b|minutes?\b)|[<>≤≥]\s*\d/i.test(said) || /^\s*(?:[|>#]|\d+\.\s)/.test(said))
        return [];
      const match = qualifiers.map((pattern) => pattern.exec(said)).find((found) => found !== null);
      if (match === undefined || match === null || isDefined(document, match[1] ?? match[0])) return [];
      // `Consistently under 100 ms: in 99 % of the minutes of a month` says it itself.
      if (/:\s.*\d\s*%.*\bof\b/.test(said.slice(match.index))) return [];
      const at = span.start + match.index;
      return [{ message: `nothing says what is "${match[0]}"`, span: { start: at, end: at + match[0].length } }];
    });
  },
};

const qualifiers: readonly RegExp[] = [
  /\b(consistently)\s+(?:under|below|above|over|within|less|more|<|>)/i,
  /\bfor\s+((?:critical|important|key|essential|major|significant)\s+[a-z]+s)\b/i,
  /\b(?:excluding|except(?:\s+for)?|without|ignoring|not counting)\s+((?:intentional|expected|legitimate|acceptable|minor)\s+[a-z]+s?)\b/i,
  /\b(?:during|under|in)\s+(normal\s+(?:operations?|conditions?|load|traffic|use))\b/i,
];

/** `Critical tools are ...`, `normal load: ...`, a heading of these words, a matcher with the adjective. */
function isDefined({ lines, sections, source }: LintDocument, term: string): boolean {
  const escaped = term.replaceAll(/\s+/g, '\\s+');
  const [adjective = ''] = term.split(/\s+/);
  const definition = new RegExp(`\\b${escaped}\\**\\s*(?::|=|\\(|\\b(?:is|are|means?|stands? for)\\b)`, 'i');
  return (
    lines.some(({ text }) => definition.test(text)) ||
    sections.some(({ title }) => new RegExp(`\\b${escaped}\\b`, 'i').test(title)) ||
    new RegExp(`=~?\\s*"[^"]*\\b${adjective}\\b`, 'i').test(source.text)
  );
}
