import { unwrap } from '../../promql/index.ts';
import { numberOf } from '../document/expressions.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const percentVsRatio: DocumentCheck = {
  id: 'percent-vs-ratio',
  severity: 'info',
  meaning: "A recording rule stores percent; Prometheus's base unit for shares is the ratio from 0 to 1.",
  remedy: 'record the ratio and let the dashboard show percent; name the series `..._ratio` or `:ratio_rate5m`',
  inspect: ({ rules }) =>
    rules.flatMap((rule) => {
      if (rule.kind !== 'record' || rule.query.expr === undefined || /percent/.test(rule.name)) return [];
      const node = unwrap(rule.query.expr);
      if (node.kind !== 'binary') return [];
      const hundred =
        (node.operator === '*' && (numberOf(node.right) === 100 || numberOf(node.left) === 100)) ||
        (node.operator === '-' && numberOf(node.left) === 100);
      if (!hundred) return [];
      return [
        {
          message: `\`${rule.name}\` records percent, and nothing in its name says so`,
          span: spanIn(rule.query, node),
        },
      ];
    }),
};
