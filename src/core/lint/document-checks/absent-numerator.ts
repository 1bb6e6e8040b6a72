import { type Expr, selectorsOf, unwrap } from '../../promql/index.ts';
import { boundsOf, calls, countsGood, type EventRatio, metricsOf, ratiosOf } from '../document/expressions.ts';
import { readableParts } from '../document/queries.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const absentNumerator: DocumentCheck = {
  id: 'absent-numerator',
  severity: 'error',
  meaning:
    'The failures above the line have no series until the first failure, and then the ratio has no value instead of 0.',
  remedy: 'give the numerator a zero: `(sum(rate(errors[5m])) or vector(0)) / sum(rate(all[5m]))`',
  inspect: ({ queries, objectives }) => {
    const readers = queries.filter(({ role, expr }) => role !== 'recording' && expr !== undefined);
    const shown = new Set(
      readers.filter(({ role }) => role !== 'alert').flatMap(({ expr }) => (expr === undefined ? [] : metricsOf(expr))),
    );
    const alerted = new Set(readers.flatMap(({ expr }) => (expr === undefined ? [] : metricsOf(expr))));
    return queries.flatMap(readableParts).flatMap((query) => {
      const { expr } = query;
      // In an alert that asks whether errors are many, no errors need no value.
      if (expr === undefined || query.role === 'alert' || objectives.length === 0) return [];
      // Neither need a record that only alerts read.
      if (query.role === 'recording' && alerted.has(query.title) && !shown.has(query.title)) return [];
      if (boundsOf(expr).some(({ operator }) => operator === '>' || operator === '>=') && !isComplement(expr))
        return [];
      return ratiosOf(expr)
        .filter((ratio) => isNarrowError(ratio) && !hasZero(ratio.node.left))
        .map(({ node, part }) => ({
          message: `while nothing has failed, \`${selectorText(part.name)}\` has no such series and the ratio has no value`,
          span: spanIn(query, node.left),
        }));
    });
  },
};

function isNarrowError(ratio: EventRatio): boolean {
  return (
    countsGood(ratio) === false && selectorsOf(ratio.node.left)[0]?.matchers.length !== ratio.whole.matchers.length
  );
}

function hasZero(expr: Expr): boolean {
  const node = unwrap(expr);
  return node.kind === 'binary' && node.operator === 'or' ? true : calls(node, 'vector');
}

function isComplement(expr: Expr): boolean {
  const left = boundsOf(expr)[0]?.left;
  const node = left === undefined ? undefined : unwrap(left);
  return node?.kind === 'binary' && node.operator === '-';
}

function selectorText(name: string): string {
  return `${name}{...}`;
}
