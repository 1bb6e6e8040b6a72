import { ratiosOf } from '../document/expressions.ts';
import { classesInWords, showClasses, statusClasses } from '../document/status-classes.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const validEvents: DocumentCheck = {
  id: 'valid-events',
  severity: 'warning',
  meaning: 'The text leaves a class of responses out, and the query counts it among all requests.',
  remedy: 'leave the class out of the denominator as well: `status!~"4.."`',
  inspect: ({ objectives, lines }) =>
    objectives.flatMap((objective) =>
      lines
        .filter(({ section }) => section === objective.section)
        .flatMap(({ text, start }): readonly DocumentFinding[] => {
          const words = /\b(?:excluding|except(?:\s+for)?|without|ignoring|not counting)\b[^.\n]*/i.exec(text);
          const left = words === null ? undefined : classesInWords(words[0]);
          if (words === null || left === undefined) return [];
          const ratios = objective.queries.flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)));
          const counted = ratios.some(({ whole }) =>
            [...left].some((one) => statusClasses(whole.matchers)?.has(one) ?? true),
          );
          if (!counted) return [];
          const at = start + words.index;
          const message = `the text leaves ${showClasses(left)} out, and the query counts them among all requests, as good ones`;
          return [{ message, span: { start: at, end: at + words[0].length } }];
        }),
    ),
};
