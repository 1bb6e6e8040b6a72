import { describedQueries } from '../document/described.ts';
import type { DocumentCheck } from '../document-check.ts';

export const shareButRate: DocumentCheck = {
  id: 'share-but-rate',
  severity: 'error',
  meaning: 'The words say share, and the expression is a rate: events a second, with nothing to compare them with.',
  remedy: 'divide by all events: `sum(rate(good[5m])) / sum(rate(all[5m]))`',
  inspect: (document) =>
    describedQueries(document).flatMap(({ query, words }) => {
      // "95 %" is a target that the words name, not what is shown.
      const share = /\b(?:share|proportion|fraction|percent(?:age)?|ratio)\b|(?<!\d\s?)%/i.exec(words)?.[0];
      if (share === undefined || query.text.includes('/') || !/\b(?:rate|increase)\s*\(/.test(query.text)) return [];
      return [{ message: `the words say "${share}", and this is a number of events a second`, span: query.span }];
    }),
};
