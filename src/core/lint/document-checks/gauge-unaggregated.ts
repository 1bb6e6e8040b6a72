import { unwrap } from '../../promql/index.ts';
import { boundsOf } from '../document/expressions.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const gaugeUnaggregated: DocumentCheck = {
  id: 'gauge-unaggregated',
  severity: 'info',
  meaning: 'A gauge is read as it is: each replica has a series of its own, so that an alert fires once for each.',
  remedy: 'say which one is meant: `max(x)`, `sum(x)` or `avg(x)`',
  inspect: ({ queries, catalogue, describedAlerts, objectives }) =>
    queries.flatMap((query) => {
      if (query.expr === undefined || query.role === 'inline') return [];
      const [bound] = boundsOf(query.expr);
      const node = unwrap(bound?.left ?? query.expr);
      if (node.kind !== 'selector') return [];
      const judged = describedAlerts.length + objectives.length;
      const metric = catalogue.get(node.name);
      if (metric?.type !== 'gauge' || judged === 0 || 0 < metric.labels.length) return [];
      const message = `\`${node.name}\` has a series for each replica; nothing says which of them counts`;
      return [{ message, span: spanIn(query, node) }];
    }),
};
