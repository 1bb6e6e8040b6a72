import { unwrap } from '../../promql/index.ts';
import { boundsOf } from '../document/expressions.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const perLabelThreshold: DocumentCheck = {
  id: 'per-label-threshold',
  severity: 'warning',
  meaning: 'A bound on a total is compared with each series of a counter by itself.',
  remedy: 'add up first: `sum(rate(x[5m]))`, or `sum without (label) (...)`',
  inspect: ({ queries, objectives }) =>
    queries.flatMap((query) => {
      const [bound] = query.expr === undefined ? [] : boundsOf(query.expr);
      if (bound === undefined || bound.value === 0 || objectives.length === 0) return [];
      const node = unwrap(bound.left);
      if (node.kind !== 'call' || !/^(?:rate|irate|increase)$/.test(node.function)) return [];
      const message = `\`${bound.operator} ${bound.value}\` is asked of each series by itself, not of their sum`;
      return [{ message, span: spanIn(query, bound.node) }];
    }),
};
