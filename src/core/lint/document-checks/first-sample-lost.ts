import { selectorsOf, unwrap } from '../../promql/index.ts';
import { boundsOf } from '../document/expressions.ts';
import { alertsOf } from '../document/facts.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

/** Counters of rare failures, whose series appear with the first one. */
const rare = /(?:fail|error|panic|crash|corrupt|lost|dropped|reject|abort|exception)\w*$/;

export const firstSampleLost: DocumentCheck = {
  id: 'first-sample-lost',
  severity: 'error',
  meaning:
    'A counter of failures that appears with its first failure starts at 1: its increase is 0, and the first failure is not seen.',
  remedy:
    'export the counter with 0 from the start, or ask for new series too: `increase(x[10m]) > 0 or (x unless x offset 10m) > 0`',
  inspect: (document) => {
    const described = document.describedAlerts.flatMap(({ condition, span }): readonly DocumentFinding[] => {
      const match = /\b(?:increase|rate)\(\s*(?:\.\.\.)?(\w+)[^)]*\)\s*>\s*0(?!\.)/.exec(condition);
      if (match === null || !rare.test((match[1] ?? '').replace(/_total$/, '')) || /\bunless\b/.test(condition))
        return [];
      return [
        { message: `the first failure makes the series \`${match[1]}\` appear at 1, which is no increase`, span },
      ];
    });
    if (document.kind !== 'markdown') return described;
    const rules = alertsOf(document).flatMap(({ query }): readonly DocumentFinding[] => {
      if (query.expr === undefined) return [];
      const [bound] = boundsOf(query.expr);
      const node = bound === undefined ? undefined : unwrap(bound.left);
      if (bound?.operator !== '>' || bound.value !== 0 || node?.kind !== 'call' || node.function !== 'increase')
        return [];
      const [selector] = selectorsOf(node);
      if (selector === undefined || !rare.test(selector.name.replace(/_total$/, '')) || /\bunless\b/.test(query.text))
        return [];
      return [
        {
          message: `the first failure makes the series \`${selector.name}\` appear at 1, which is no increase`,
          span: spanIn(query, bound.node),
        },
      ];
    });
    return [...described, ...rules];
  },
};
