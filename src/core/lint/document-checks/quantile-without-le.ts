import { type Expr, unwrap, walk } from '../../promql/index.ts';
import { isUnaggregated } from '../document/expressions.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const quantileWithoutLe: DocumentCheck = {
  id: 'quantile-without-le',
  severity: 'error',
  meaning:
    'A quantile is taken from buckets that are not added up by `le`: it gives one value for each series, or none.',
  remedy: 'add the buckets up first: `histogram_quantile(0.99, sum by (le) (rate(..._bucket[5m])))`',
  inspect: ({ queries }) =>
    queries.flatMap((query) => {
      const found: DocumentFinding[] = [];
      if (query.expr === undefined) return found;
      walk(query.expr, (node) => {
        const problem =
          node.kind === 'call' && node.function === 'histogram_quantile' ? problemOf(node.args[1]) : undefined;
        if (problem !== undefined) found.push({ message: problem, span: spanIn(query, node) });
      });
      return found;
    }),
};

function problemOf(argument: Expr | undefined): string | undefined {
  if (argument === undefined) return undefined;
  const inner = unwrap(argument);
  if (inner.kind === 'aggregation') {
    const { labels, without } = inner.grouping;
    const keeps = without ? !labels.includes('le') : labels.includes('le');
    return keeps || !readsBuckets(inner) ? undefined : 'the aggregation drops `le`, without which there is no quantile';
  }
  if (!readsBuckets(inner) || !isUnaggregated(inner)) return undefined;
  return 'the buckets are not added up by `le`: this gives a quantile for each series, and one slow caller raises the alert';
}

/** Native histograms have no `le`; classic ones are told by the ending of their name. */
function readsBuckets(expr: Expr): boolean {
  let found = false;
  walk(expr, (node) => {
    if (node.kind === 'selector' && node.name.endsWith('_bucket')) found = true;
  });
  return found;
}
