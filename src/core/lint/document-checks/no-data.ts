import { boundsOf, calls, expanded, metricsOf, ratiosOf } from '../document/expressions.ts';
import { alertsOf } from '../document/facts.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const noData: DocumentCheck = {
  id: 'no-data',
  severity: 'warning',
  meaning:
    'An alert asks whether a ratio is too low, and nothing asks whether there is a ratio at all: it is silent in a total outage.',
  remedy: 'add an alert with `absent(...)` on the metric, or on `up{job="..."} == 0`',
  inspect: (document) => {
    const alerts = alertsOf(document);
    const watches = alerts.some(
      ({ query: { expr } }) =>
        expr !== undefined && (calls(expr, 'absent', 'absent_over_time') || metricsOf(expr).includes('up')),
    );
    if (watches || document.objectives.length === 0) return [];
    return alerts.flatMap(({ query }) => {
      const [bound] = query.expr === undefined ? [] : boundsOf(query.expr);
      if (bound === undefined || !bound.operator.startsWith('<')) return [];
      if (ratiosOf(expanded(bound.left, document.recorded)).length === 0) return [];
      const message =
        'without requests the ratio is NaN, without the service it is nothing: neither is below the bound, and the alert is silent';
      return [{ message, span: spanIn(query, bound.node) }];
    });
  },
};
