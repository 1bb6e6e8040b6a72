import { boundsOf, rangesOf } from '../document/expressions.ts';
import { alertsOf, burnsOf, meaningOf } from '../document/facts.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const noShortWindow: DocumentCheck = {
  id: 'no-short-window',
  severity: 'warning',
  meaning:
    'A burn rate alert looks at one long window: it goes on firing for about that long after the trouble is over.',
  remedy: 'add the same condition over a twelfth of the window with `and`: 5m to 1h, 30m to 6h',
  inspect: (document) =>
    alertsOf(document).flatMap(({ query }) => {
      const expr = meaningOf(query, document);
      const [bound] = query.expr === undefined ? [] : boundsOf(query.expr);
      if (expr === undefined || bound === undefined || burnsOf(expr).length === 0) return [];
      const ranges = new Set(rangesOf(expr));
      const [only] = ranges;
      if (ranges.size !== 1 || only === undefined || only < 1800) return [];
      return [
        {
          message: `only one window, ${only / 60} minutes: the alert resets about that long after the end`,
          span: spanIn(query, bound.node),
        },
      ];
    }),
};
