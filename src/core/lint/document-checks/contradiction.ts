import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const contradiction: DocumentCheck = {
  id: 'contradiction',
  severity: 'info',
  prose: true,
  meaning: 'A criterion of success allows no failure at all, and the objectives have a budget for some.',
  remedy: 'let the criterion be that the budget is kept',
  inspect: ({ lines, objectives }) => {
    const budgeted = objectives.find(({ target }) => target !== undefined && target < 1);
    if (budgeted === undefined) return [];
    return lines.flatMap(({ text, start, section }): readonly DocumentFinding[] => {
      if (!section.path.some((title) => /\bcriteri|\bgoals?\b|\bsuccess\b/i.test(title))) return [];
      const match =
        /^\s*[-*+]\s+\**((?:zero|no)\s+(?:unplanned\s+)?(?:downtime|outages?|errors?|failures?|failed\s+\w+)\b[^.:]*)$/i.exec(
          text,
        );
      if (match === null) return [];
      const at = start + text.indexOf(match[1] ?? '');
      const message = `"${budgeted.name}" has a budget for failures, and this allows none`;
      return [{ message, span: { start: at, end: start + text.length } }];
    });
  },
};
