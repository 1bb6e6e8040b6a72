import { sharesWord } from '../document/quantities.ts';
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
