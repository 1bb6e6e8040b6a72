import { unwrap, walk } from '../../promql/index.ts';
import { isUnaggregated, ratiosOf } from '../document/expressions.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const ratioWithoutAggregation: DocumentCheck = {
  id: 'ratio-without-aggregation',
  severity: 'error',
  meaning:
    'Some series of a metric are divided by all of them without adding up: each is divided by itself, so that the ratio is always 1.',
  remedy: 'add up both sides: `sum(rate(good[5m])) / sum(rate(all[5m]))`',
  inspect: ({ queries }) =>
    queries.flatMap((query) => {
      const found: DocumentFinding[] = [];
      if (query.expr === undefined) return found;
      const ratios = new Set(
        ratiosOf(query.expr)
          .filter(({ part, whole }) => whole.matchers.length < part.matchers.length)
          .map(({ node }) => node),
      );
      walk(query.expr, (node) => {
        if (node.kind !== 'binary' || !ratios.has(node) || node.matching !== undefined) return;
        if (!isUnaggregated(node.left) || !isUnaggregated(node.right) || unwrap(node.left).kind === 'number') return;
        const message = 'each series is divided by itself, so that this is 1 whatever goes wrong';
        found.push({ message, span: spanIn(query, node) });
      });
      return found;
    }),
};
