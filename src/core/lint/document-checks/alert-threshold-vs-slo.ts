import { boundsOf } from '../document/expressions.ts';
import { alertsOf, isAbout, meaningOf, quantileOf } from '../document/facts.ts';
import { about, boundsIn, quantilesIn, short } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const alertThresholdVsSlo: DocumentCheck = {
  id: 'alert-threshold-vs-slo',
  severity: 'warning',
  meaning: 'The bound of an alert on latency is not the bound of the objective.',
  remedy: 'alert on the share of requests below the bound of the objective, or say why the alert has another',
  inspect: (document) => {
    const timed = document.objectives.filter(({ thresholds }) => 0 < thresholds.length);
    const described = document.describedAlerts.flatMap(({ condition, span }): readonly DocumentFinding[] => {
      const [bound] = boundsIn(condition);
      const [quantile] = quantilesIn(condition);
      const same = timed.filter((objective) => quantile === undefined || objective.quantile === quantile);
      const [first] = same;
      if (bound === undefined || first === undefined || !/latency|duration|response/i.test(condition + first.name))
        return [];
      if (same.some(({ thresholds }) => thresholds.some((one) => about(one, bound)))) return [];
      return [
        {
          message: `the alert is at ${short(bound)} s, the objective "${first.name}" at ${short(first.thresholds[0] ?? 0)} s`,
          span,
        },
      ];
    });
    const rules = alertsOf(document).flatMap((rule): readonly DocumentFinding[] => {
      const expr = meaningOf(rule.query, document);
      const [bound] = rule.query.expr === undefined ? [] : boundsOf(rule.query.expr);
      if (expr === undefined || bound === undefined || quantileOf(expr) === undefined) return [];
      const same = timed.filter((objective) => isAbout(document, rule, objective));
      const [first] = same;
      const bounds = same.flatMap(({ thresholds }) => thresholds);
      // A metric in milliseconds has a bound that is a thousand times as large.
      if (first === undefined || bounds.some((one) => about(one, bound.value) || about(one * 1000, bound.value)))
        return [];
      return [
        {
          message: `the alert is at ${short(bound.value)}, the objective "${first.name}" at ${short(bounds[0] ?? 0)} s`,
          span: spanIn(rule.query, bound.node),
        },
      ];
    });
    return [...described, ...rules];
  },
};
