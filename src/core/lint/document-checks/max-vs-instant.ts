import { walk } from '../../promql/index.ts';
import { calls } from '../document/expressions.ts';
import type { Query } from '../document/model.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const maxVsInstant: DocumentCheck = {
  id: 'max-vs-instant',
  severity: 'warning',
  meaning: 'The words say maximum, and the query gives the value of this instant.',
  remedy: 'take the maximum over the period: `max_over_time(sum(x)[24h:1m])`',
  inspect: ({ objectives }) =>
    objectives.flatMap(({ statement, queries }) => {
      if (!/(?<!\bvs\.? )\b(?:maximum|peak|highest)\s+(?:number|count|concurrent|simultaneous|\w+)/i.test(statement))
        return [];
      return queries
        .filter(isInstant)
        .map(
          ({ span }): DocumentFinding => ({ message: 'the words say maximum; this is the value of one instant', span }),
        );
    }),
};

function isInstant({ expr }: Query): boolean {
  if (expr === undefined || calls(expr, 'max_over_time', 'quantile_over_time', 'histogram_quantile')) return false;
  let overTime = false;
  walk(expr, (node) => {
    overTime ||= node.kind === 'matrix' || node.kind === 'subquery';
  });
  return !overTime;
}
