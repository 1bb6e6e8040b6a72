import { selectorsOf } from '../../promql/index.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const commentVsExpr: DocumentCheck = {
  id: 'comment-vs-expr',
  severity: 'error',
  meaning: 'The comment above an expression says that something is left out, and no matcher leaves anything out.',
  remedy: 'add the matcher, or correct the comment',
  inspect: ({ rules, queries }) =>
    [
      ...rules.map(({ query, comment }) => ({ query, comment })),
      ...queries
        .filter(({ role }) => role === 'measurement' || role === 'panel')
        .map((query) => ({ query, comment: query.title })),
    ].flatMap(({ query, comment }) => {
      // "Without events" and "without data" speak of a time in which there is nothing, not of a part that is left out.
      const claim =
        /\b(?:excluding|except(?:\s+for)?|without(?!\s+(?:events?|data|traffic|samples?)\b)|ignoring|not counting)\s+([^,.;()]{3,40})/i.exec(
          comment,
        )?.[0];
      if (claim === undefined || query.expr === undefined) return [];
      const negative = selectorsOf(query.expr).some(({ matchers }) =>
        matchers.some(({ operator }) => operator.startsWith('!')),
      );
      const subtracts = /\bunless\b|\)\s*-\s*\(?\s*sum/.test(query.text);
      if (negative || subtracts) return [];
      return [
        {
          message: `the comment says "${claim.trim()}", and no matcher leaves anything out`,
          span: spanIn(query, query.expr),
        },
      ];
    }),
};
