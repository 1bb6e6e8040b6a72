import type { Diagnostic, DiagnosticCode, Span } from '../../base/index.ts';

/** The codes of what is wrong with a suppression itself. */
export const suppressionCodes: readonly DiagnosticCode[] = [
  {
    code: 'lint/settings',
    severity: 'error',
    meaning: 'The settings of a project for linting name a check, a severity or a key that there is not.',
    remedy: 'Correct the name; `.nines.yaml` and `nines.config.yaml` may have `lint: { rules, suppress, prose }`.',
  },
  {
    code: 'lint/suppression-without-reason',
    severity: 'warning',
    meaning: 'A comment or a setting suppresses a check and does not say why.',
    remedy: 'Write the reason behind a colon: `nines-ignore low-precision: the batch runs at night`.',
  },
  {
    code: 'lint/suppression-unused',
    severity: 'warning',
    meaning: 'A comment or a setting suppresses a check that finds nothing there.',
    remedy: 'Remove it, or correct the name of the check.',
  },
];

interface Suppression {
  readonly id: string;
  readonly hasReason: boolean;
  readonly span: Span;
  /** What it covers. */
  readonly scope: Span;
}

const comment = /(?:<!--|#)\s*nines-ignore\s+([\w-]+)\s*(?::\s*(.*?))?\s*(?:-->|$)/gm;

/**
 * Takes out what a comment suppresses: `# nines-ignore <check>: <reason>`, in Markdown `<!-- nines-ignore <check>: <reason> -->`. Behind
 * something it is about that line, on a line of its own about what follows up to the next empty line or the end of a block of code.
 */
export function suppress(text: string, found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (!text.includes('nines-ignore')) return found;
  const suppressions = [...text.matchAll(comment)].map((match) => read(text, match.index, match));
  const used = new Set<Suppression>();
  const kept = found.filter(({ code, span }) => {
    const by = suppressions.filter(
      ({ id, scope }) => code === `lint/${id}` && scope.start <= span.start && span.start <= scope.end,
    );
    for (const suppression of by) used.add(suppression);
    return !by.some(({ hasReason }) => hasReason);
  });
  const complaints = suppressions.flatMap((suppression): readonly Diagnostic[] => {
    const { id, hasReason, span } = suppression;
    const code = hasReason ? 'lint/suppression-unused' : 'lint/suppression-without-reason';
    if (hasReason && used.has(suppression)) return [];
    const message = hasReason ? `\`${id}\` finds nothing here` : `\`${id}\` is suppressed without a reason`;
    const help = hasReason ? 'remove the comment' : `write \`nines-ignore ${id}: why\``;
    return [{ severity: 'warning', code, message, help, span }];
  });
  return [...kept, ...complaints];
}

function read(text: string, start: number, match: RegExpMatchArray): Suppression {
  const end = start + match[0].trimEnd().length;
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const lineEnd = endOfLine(text, end);
  const alone = text.slice(lineStart, start).trim() === '';
  const scope = alone ? { start: lineStart, end: endOfStretch(text, lineEnd) } : { start: lineStart, end: lineEnd };
  return { id: match[1] ?? '', hasReason: (match[2] ?? '').trim() !== '', span: { start, end }, scope };
}

/** The end of the block of code, or of the lines up to the next empty one, that follows. */
function endOfStretch(text: string, from: number): number {
  let at = from;
  let fence: string | undefined;
  let seen = false;
  while (at < text.length) {
    const end = endOfLine(text, at + 1);
    const line = text.slice(at + 1, end).trim();
    const mark = /^(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (line === fence) return end;
    } else if (line === '' && seen) return at;
    else if (mark !== undefined) fence = mark;
    if (line !== '') seen = true;
    at = end;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
