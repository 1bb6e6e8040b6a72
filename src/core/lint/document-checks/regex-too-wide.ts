import { selectorsOf } from '../../promql/index.ts';
import { compileRegex, type Matcher } from '../../series/index.ts';
import { problemSpan } from '../document/queries.ts';
import { scopePaths } from '../document/scope.ts';
import type { DocumentCheck } from '../document-check.ts';

export const regexTooWide: DocumentCheck = {
  id: 'regex-too-wide',
  severity: 'warning',
  meaning: 'A pattern lets through more than the text lists: siblings of an endpoint, or every method.',
  remedy: 'end a path with `(/.*)?` instead of `.*`, and match the methods that the text names',
  inspect: (document) =>
    document.queries.flatMap((query) => {
      const { paths, methods } = scopePaths(document, query.section);
      if (query.expr === undefined || paths.length === 0 || query.role !== 'measurement') return [];
      const told = new Set<string>();
      return selectorsOf(query.expr).flatMap(({ matchers, matcherSpans }) =>
        matchers.flatMap((matcher, index) => {
          const sibling = siblingOf(matcher, paths);
          if (sibling === undefined || told.has(matcher.value)) return [];
          told.add(matcher.value);
          const unmatched = 0 < methods.length && !matchers.some(({ name }) => /method|verb/i.test(name));
          const more = unmatched ? `, and no matcher names the methods (${methods.join(', ')})` : '';
          const span = matcherSpans?.[index] ?? query.expr?.span ?? { start: 0, end: 0 };
          return [
            {
              message: `\`${matcher.value}\` also matches \`${sibling}\`, which is not in the scope${more}`,
              span: problemSpan(query, { severity: 'warning', code: '', message: '', span }),
            },
          ];
        }),
      );
    }),
};

/** A path that begins like a listed one, is none of them, and that the pattern matches all the same. */
function siblingOf({ operator, value }: Matcher, paths: readonly string[]): string | undefined {
  if (operator !== '=~') return undefined;
  const matches = compileRegex(value);
  // A parameter at the end matches any word, so that nothing more stands beside it.
  return paths
    .filter((path) => !/\}$|:\w+$/.test(path))
    .map((path) => `${path}something`)
    .find((path) => matches(path) && !paths.some((one) => one === path));
}
