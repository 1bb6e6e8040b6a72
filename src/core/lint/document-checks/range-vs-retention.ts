import { walk } from '../../promql/index.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

/** What Prometheus keeps if nobody says otherwise: --storage.tsdb.retention.time is 15d. */
const retention = 15 * 86_400;

export const rangeVsRetention: DocumentCheck = {
  id: 'range-vs-retention',
  severity: 'warning',
  meaning: 'A range is longer than Prometheus keeps samples by default (15 days): it silently covers less.',
  remedy:
    'keep samples for longer than the range, or record the ratio over short windows and read the records; say in the document which',
  inspect: ({ queries, source, kind }) => {
    // What a rule file reads is known to those who load it; a document is read by people who may not have set anything.
    if (kind !== 'markdown' || /retention/i.test(source.text)) return [];
    return queries.flatMap((query) => {
      const found: DocumentFinding[] = [];
      if (query.expr === undefined) return found;
      walk(query.expr, (node) => {
        if (node.kind !== 'matrix' || node.range.kind !== 'literal' || node.range.seconds <= retention) return;
        const days = Math.round(node.range.seconds / 86_400);
        found.push({
          message: `the range is ${days} days long; Prometheus keeps 15 days unless told otherwise`,
          span: spanIn(query, node),
        });
      });
      return found.slice(0, 1);
    });
  },
};
