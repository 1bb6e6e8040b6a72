import { selectorsOf } from '../../promql/index.ts';
import { compileRegex, type Matcher } from '../../series/index.ts';
import type { Query } from '../document/model.ts';
import { problemSpan } from '../document/queries.ts';
import { scopePaths } from '../document/scope.ts';
import type { DocumentCheck } from '../document-check.ts';

export const regexNeverMatches: DocumentCheck = {
  id: 'regex-never-matches',
  severity: 'error',
  meaning: 'A pattern, which must match from the first to the last character, misses an endpoint that it is about.',
  remedy:
    'write the pattern so that it matches each endpoint of the scope in full; `/x(/.*)?` matches `/x` and what is below it',
  inspect: (document) =>
    document.queries.flatMap((query) => {
      const { paths } = scopePaths(document, query.section);
      const told = new Set<string>();
      return (query.expr === undefined ? [] : selectorsOf(query.expr)).flatMap(({ matchers, matcherSpans }) =>
        matchers.flatMap((matcher, index) => {
          const missed = missedBy(matcher, query, paths);
          if (missed.length === 0 || told.has(matcher.value)) return [];
          told.add(matcher.value);
          const span = matcherSpans?.[index] ?? query.expr?.span ?? { start: 0, end: 0 };
          const message = `\`${matcher.value}\` does not match ${missed.map((path) => `\`${path}\``).join(', ')}`;
          return [{ message, span: problemSpan(query, { severity: 'error', code: '', message: '', span }) }];
        }),
      );
    }),
};

/** Endpoints that are one page each, by what everybody calls them. */
const single =
  /^\/(?:[\w-]+\/)*(?:health|healthz|ready|readyz|readiness|live|livez|liveness|ping|status|metrics|version)$/;

function missedBy({ operator, value }: Matcher, { role }: Query, paths: readonly string[]): readonly string[] {
  if (operator !== '=~' || !value.includes('/')) return [];
  const matches = compileRegex(value);
  const below = /^(\/[\w/-]+)\/\.[*+]$/.exec(value)?.[1];
  if (below !== undefined && single.test(below)) return [below];
  // A list of endpoints is a scope if the pattern was plainly made for it: it matches one of them.
  const examples = paths.map((path) => path.replace(/\{\w+\}|:\w+/g, 'x1'));
  if (role !== 'measurement' || !examples.some(matches)) return [];
  return paths.filter((_, index) => !matches(examples[index] ?? ''));
}
