import { boundsOf, calls, expanded, metricsOf, ratiosOf } from '../document/expressions.ts';
import { alertsOf, isAbout } from '../document/facts.ts';
import type { DocumentRule, LintDocument } from '../document/model.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

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
    const silent = alerts.flatMap((rule) => {
      const [bound] = rule.query.expr === undefined ? [] : boundsOf(rule.query.expr);
      if (bound === undefined || !bound.operator.startsWith('<')) return [];
      return ratiosOf(expanded(bound.left, document.recorded)).length === 0 ? [] : [{ rule, bound }];
    });
    const message =
      'without requests the ratio is NaN, without the service it is nothing: neither is below the bound, and the alert is silent';
    return [
      ...silent.map(({ rule, bound }) => ({ message, span: spanIn(rule.query, bound.node) })),
      ...unwatched(
        document,
        silent.map(({ rule }) => rule),
      ),
    ];
  },
};

/** The ratios of objectives that only silent alerts watch: each is a place at which the value can be missing unseen. */
function unwatched(document: LintDocument, silent: readonly DocumentRule[]): readonly DocumentFinding[] {
  return document.objectives
    .filter((objective) => silent.some((rule) => isAbout(document, rule, objective)))
    .flatMap(({ name, queries }) =>
      queries.flatMap((query): readonly DocumentFinding[] => {
        const [ratio] = query.expr === undefined ? [] : ratiosOf(query.expr);
        if (ratio === undefined) return [];
        const message = `nobody is told when this has no value, as in a total outage: the alert on "${name}" only asks whether it is low`;
        return [{ message, span: spanIn(query, ratio.node) }];
      }),
    );
}
