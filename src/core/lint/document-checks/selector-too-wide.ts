import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

/** What the client libraries export about the process they are in: every target has them. */
const generic = /^(?:process|go|python|jvm|nodejs|ruby|dotnet)_/;

export const selectorTooWide: DocumentCheck = {
  id: 'selector-too-wide',
  severity: 'warning',
  meaning: 'A metric that every process exports is read without saying of which job.',
  remedy: 'add a matcher: `{job="..."}`',
  inspect: ({ queries }) =>
    queries.flatMap((query) =>
      (query.expr === undefined ? [] : selectorsOf(query.expr))
        .filter(
          (selector) =>
            generic.test(metricNameOf(selector) ?? '') &&
            selector.matchers.every(({ name }) => name === '__name__' || name === 'le'),
        )
        .slice(0, 1)
        .map((selector) => ({
          message: `every process exports \`${metricNameOf(selector)}\`, Prometheus itself included`,
          span: spanIn(query, selector),
        })),
    ),
};
