import { unwrap } from '../../promql/index.ts';
import type { DocumentCheck } from '../document-check.ts';

export const recordNaming: DocumentCheck = {
  id: 'record-naming',
  severity: 'info',
  meaning: 'The name of a recorded series does not say level:metric:operations.',
  remedy: 'name the labels that are kept, the metric, and what was done to it: `job:http_requests:rate5m`',
  inspect: ({ rules }) =>
    rules.flatMap((rule) => {
      if (rule.kind !== 'record') return [];
      const parts = rule.name.split(':');
      const last = parts.at(-1) ?? '';
      const problem = problemOf(rule.name, last);
      if (problem === undefined || (parts.length < 3 && !rule.name.includes(':'))) return [];
      const expr = rule.query.expr === undefined ? undefined : unwrap(rule.query.expr);
      if (expr?.kind === 'number') return [];
      return [{ message: problem, span: rule.nameSpan }];
    }),
};

function problemOf(name: string, last: string): string | undefined {
  if (!/^(?:\d+[smhdwy]|current|now|latest|total)$/.test(last)) return undefined;
  return `\`${name}\` ends with \`${last}\`, which is no operation`;
}
