import { rangeOf, ratiosOf } from '../document/expressions.ts';
import type { LintDocument } from '../document/model.ts';
import { about, lengthsIn, showLength } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const windowMismatch: DocumentCheck = {
  id: 'window-mismatch',
  severity: 'warning',
  meaning: 'An objective is judged over one length of time, and its query or its alert looks at another.',
  remedy:
    'measure over the period of the objective, and alert over what it allows; record short windows under another name',
  inspect: (document) => [...alerts(document), ...measurements(document)],
};

/** Alerts on standstill that look back further than the objective allows: what misses it for a shorter time is not seen. */
function alerts({ objectives, describedAlerts, rules }: LintDocument): readonly DocumentFinding[] {
  return [
    ...describedAlerts.map(({ condition, span }) => ({ text: condition, span })),
    ...rules.filter(({ kind }) => kind === 'alert').map(({ query }) => ({ text: query.text, span: query.span })),
  ].flatMap(({ text, span }) =>
    objectives.flatMap(({ statement, name }): readonly DocumentFinding[] => {
      const every = /\bevery\s+(\d+(?:\.\d+)?\s*(?:ms|s|min|m|h|d))/i.exec(statement)?.[1];
      const allowed = every === undefined ? undefined : lengthsIn(every)[0]?.ms;
      const metric = /([a-zA-Z_]\w*_total)\b[^[]*\[([^\]]+)\]\)?\s*==\s*0/.exec(text);
      const window = metric === null ? undefined : lengthsIn(metric[2] ?? '')[0]?.ms;
      if (allowed === undefined || window === undefined || window <= allowed || !statement.includes(metric?.[1] ?? ''))
        return [];
      return [{ message: `the alert looks back ${showLength(window)}, "${name}" allows ${showLength(allowed)}`, span }];
    }),
  );
}

const day = 86_400_000;

/** The ratio of some minutes, where the objective is one of days or weeks and no query of its part covers those. */
function measurements({ objectives }: LintDocument): readonly DocumentFinding[] {
  return objectives.flatMap(({ queries, period, name, target, thresholds }): readonly DocumentFinding[] => {
    if (period === undefined || period < day || target === undefined || 0 < thresholds.length) return [];
    const ratios = queries.flatMap((query) =>
      (query.expr === undefined ? [] : ratiosOf(query.expr)).map(({ node, range }) => ({ query, node, range })),
    );
    const [first] = ratios;
    if (first?.range === undefined || ratios.some(({ range }) => range === undefined || day <= range * 1000)) return [];
    if (about(first.range * 1000, period) || rangeOf(first.node) === undefined) return [];
    const message = `this is the ratio of ${showLength(first.range * 1000)}, and "${name}" is judged over ${showLength(period)}`;
    return [{ message, span: spanIn(first.query, first.node) }];
  });
}
