import { boundsOf, expanded, ratiosOf } from '../document/expressions.ts';
import { alertsOf, burnsOf, isAbout } from '../document/facts.ts';
import { about, showShare } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';
import { isSliver, lowPrecisionText } from '../shared-checks.ts';

const month = 30 * 86_400_000;

export const lowPrecision: DocumentCheck = {
  ...lowPrecisionText,
  inspect: (document) =>
    alertsOf(document).flatMap((rule) => {
      const severity = rule.labels.get('severity') ?? '';
      const [bound] = rule.query.expr === undefined ? [] : boundsOf(rule.query.expr);
      if (bound === undefined || !/critical|page/i.test(severity)) return [];
      const meaning = expanded(bound.left, document.recorded);
      const [ratio] = ratiosOf(meaning);
      if (ratio?.range === undefined || bound.operator.startsWith('<') || 0 < burnsOf(meaning).length) return [];
      const { range } = ratio;
      return document.objectives.flatMap((objective): readonly DocumentFinding[] => {
        const target = objective.target;
        if (target === undefined || objective.thresholds.length !== 0 || !isAbout(document, rule, objective)) return [];
        const spent = ((range * 1000) / (objective.period ?? month)) * (bound.value / (1 - target));
        if (!about(bound.value, 1 - target) || !isSliver(spent)) return [];
        const message = `the bound is the budget itself (burn rate 1): it fires when ${showShare(spent)} of the budget is used`;
        return [{ message, span: spanIn(rule.query, bound.node) }];
      });
    }),
};
