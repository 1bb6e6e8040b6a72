import { lengthsIn, showLength } from '../document/quantities.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const windowMismatch: DocumentCheck = {
  id: 'window-mismatch',
  severity: 'warning',
  meaning:
    'An alert looks back further than the objective allows: what misses the objective for a shorter time is not seen.',
  remedy: 'use the window of the objective, and `for:` if there must be slack',
  inspect: ({ objectives, describedAlerts, rules }) =>
    [
      ...describedAlerts.map(({ condition, span }) => ({ text: condition, span })),
      ...rules.filter(({ kind }) => kind === 'alert').map(({ query }) => ({ text: query.text, span: query.span })),
    ].flatMap(({ text, span }) =>
      objectives.flatMap(({ statement, name }): readonly DocumentFinding[] => {
        const every = /\bevery\s+(\d+(?:\.\d+)?\s*(?:ms|s|min|m|h|d))/i.exec(statement)?.[1];
        const allowed = every === undefined ? undefined : lengthsIn(every)[0]?.ms;
        const metric = /([a-zA-Z_]\w*_total)\b[^[]*\[([^\]]+)\]\)?\s*==\s*0/.exec(text);
        const window = metric === null ? undefined : lengthsIn(metric[2] ?? '')[0]?.ms;
        if (
          allowed === undefined ||
          window === undefined ||
          window <= allowed ||
          !statement.includes(metric?.[1] ?? '')
        )
          return [];
        return [
          { message: `the alert looks back ${showLength(window)}, "${name}" allows ${showLength(allowed)}`, span },
        ];
      }),
    ),
};
