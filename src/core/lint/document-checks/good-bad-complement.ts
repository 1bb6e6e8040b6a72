import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const goodBadComplement: DocumentCheck = {
  id: 'good-bad-complement',
  severity: 'warning',
  meaning:
    'The objective counts what succeeded and the alert what failed: what is neither, as runs that hang, misses the objective unseen.',
  remedy: 'count everything that is not good as bad: `1 - success / total`',
  inspect: ({ objectives, describedAlerts }) =>
    describedAlerts.flatMap(({ condition, name, span }): readonly DocumentFinding[] => {
      const match = /\b(failed|failures?|errors?)\s*\/\s*(?:total|all)\b/i.exec(condition);
      const about = objectives.find(
        (objective) =>
          /(?:reach|status\s*=|=\s*"?|are|is)\s*"?(?:success|succeeded|completed?)/i.test(objective.statement) &&
          sharesWord(name, objective.name),
      );
      if (match === null || about === undefined) return [];
      return [
        {
          message: `"${about.name}" counts successes; \`${match[0]}\` is not the rest of them: what neither succeeds nor fails raises no alert`,
          span,
        },
      ];
    }),
};

/** Whether the parts of a name in capitals hold a word of another name. */
function sharesWord(camel: string, name: string): boolean {
  const words = new Set(
    name
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => 3 < word.length),
  );
  return camel.split(/(?=[A-Z])|[^a-zA-Z]/).some((part) => words.has(part.toLowerCase()));
}
