import { compare, type Expr, unwrap } from '../../promql/index.ts';
import { boundsOf, calls, metricsOf } from '../document/expressions.ts';
import { alertsOf } from '../document/facts.ts';
import type { LintDocument } from '../document/model.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const absentNeverFires: DocumentCheck = {
  id: 'absent-never-fires',
  severity: 'error',
  meaning:
    'An alert on a counter that stands still cannot fire when the counter is gone: then there is nothing that equals 0.',
  remedy: 'add the case of no series: `increase(x[10m]) == 0 or absent(x)`, and an alert on `up == 0`',
  inspect: (document) => {
    const alerts = alertsOf(document);
    const watched = new Set(
      alerts.flatMap(({ query: { expr } }) =>
        expr !== undefined && calls(expr, 'absent', 'absent_over_time') ? metricsOf(expr) : [],
      ),
    );
    const rules = alerts.flatMap(({ query }): readonly DocumentFinding[] => {
      if (query.expr === undefined) return [];
      const [bound] = boundsOf(query.expr);
      const node = bound === undefined ? undefined : unwrap(bound.left);
      const call = node?.kind === 'aggregation' ? unwrap(node.expr) : node;
      if (bound?.operator !== '==' || bound.value !== 0 || call?.kind !== 'call') return [];
      if (!/^(?:increase|rate|changes)$/.test(call.function) || unwrap(query.expr) !== bound.node) return [];
      if (metricsOf(query.expr).every((name) => watched.has(name))) return [];
      return [
        {
          message: `when the series is gone, ${call.function}() gives nothing, and nothing never equals 0`,
          span: spanIn(query, bound.node),
        },
      ];
    });
    const described = document.describedAlerts.flatMap(({ condition, span }): readonly DocumentFinding[] => {
      const match = /\b(increase|rate|changes)\([^)]*\)\s*==\s*0/.exec(condition);
      if (match === null || /\babsent|\bup\b/.test(condition)) return [];
      return [{ message: `when the series is gone, ${match[1]}() gives nothing, and nothing never equals 0`, span }];
    });
    return [...rules, ...described, ...impossible(document)];
  },
};

/** `absent()` gives 1 or nothing: a comparison that 1 does not meet never holds. */
function impossible({ queries }: LintDocument): readonly DocumentFinding[] {
  return queries.flatMap((query) =>
    (query.expr === undefined ? [] : boundsOf(query.expr)).flatMap(({ left, operator, value, node }) => {
      if (!isAbsent(left) || compare(operator, 1, value)) return [];
      return [{ message: `absent() gives 1 or nothing at all: this never holds`, span: spanIn(query, node) }];
    }),
  );
}

function isAbsent(expr: Expr): boolean {
  const node = unwrap(expr);
  return node.kind === 'call' && /^absent(?:_over_time)?$/.test(node.function);
}
