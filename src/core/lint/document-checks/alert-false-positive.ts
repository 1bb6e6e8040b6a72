import { boundsOf, countsGood, ratiosOf } from '../document/expressions.ts';
import { alertsOf, meaningOf } from '../document/facts.ts';
import { showShare } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const alertFalsePositive: DocumentCheck = {
  id: 'alert-false-positive',
  severity: 'error',
  meaning: 'An alert fires while all is well: it asks whether few requests fail, or whether many succeed.',
  remedy: 'turn the comparison round: alert while the share of failures is above the bound',
  inspect: (document) =>
    alertsOf(document).flatMap((rule): readonly DocumentFinding[] => {
      const expr = meaningOf(rule.query, document);
      const bounds = expr === undefined ? [] : boundsOf(expr);
      const [bound] = bounds;
      // What other conditions join may have any reason.
      if (expr === undefined || bound === undefined || 1 < bounds.length || bound.node !== expr) return [];
      const [ratio, second] = ratiosOf(bound.left);
      if (ratio === undefined || second !== undefined || ratio.node !== bound.left) return [];
      const good = countsGood(ratio);
      const isLow = bound.operator.startsWith('<');
      const isHigh = bound.operator.startsWith('>');
      const message =
        good === false && isLow && bound.value <= 0.5
          ? `this holds while less than ${showShare(bound.value)} fail, which is nearly always`
          : good === true && isHigh && 0.5 <= bound.value
            ? `this holds while more than ${showShare(bound.value)} succeed, which is nearly always`
            : undefined;
      return message === undefined ? [] : [{ message, span: spanIn(rule.query, rule.query.expr ?? expr) }];
    }),
};
