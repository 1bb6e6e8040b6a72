import type { LintDocument, Query } from './model.ts';

/** A query with what the document says that it is: the words of its row or of the comment above it. */
export interface DescribedQuery {
  readonly query: Query;
  readonly words: string;
}

export function describedQueries({ queries, indicators }: LintDocument): readonly DescribedQuery[] {
  const inRows = indicators.flatMap((indicator) =>
    indicator.queries.map((query) => ({ query, words: indicator.description })),
  );
  const taken = new Set(inRows.map(({ query }) => query));
  const titled = queries
    .filter(
      (query) => query.title !== '' && !taken.has(query) && (query.role === 'measurement' || query.role === 'panel'),
    )
    .map((query) => ({ query, words: query.title }));
  return [...inRows, ...titled];
}
