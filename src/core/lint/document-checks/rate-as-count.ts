import { describedQueries } from '../document/described.ts';
import type { DocumentCheck } from '../document-check.ts';

export const rateAsCount: DocumentCheck = {
  id: 'rate-as-count',
  severity: 'info',
  meaning: 'The words say number, and the expression is a rate a second.',
  remedy: 'use `increase()` for a number of events in a stretch of time',
  inspect: (document) =>
    describedQueries(document).flatMap(({ query, words }) => {
      const count = /\b(?:number|count|amount) of\b|\bhow many\b/i.exec(words)?.[0];
      if (count === undefined || /per second|\/s\b|rps/i.test(words)) return [];
      if (!/\bi?rate\s*\(/.test(query.text) || query.text.includes('/')) return [];
      return [{ message: `the words say "${count}", and rate() is per second`, span: query.span }];
    }),
};
