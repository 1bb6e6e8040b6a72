import { selectorsOf } from '../../promql/index.ts';
import { baseName } from '../document/catalogue.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';
import { spanIn } from '../document-check.ts';

/** Words that make another quantity of a name, not another name of a quantity. */
const telling =
  /^(?:created|failed|failures?|errors?|success|succeeded|started|completed|bytes|duration|seconds|size|sent|received|in|out|active|pending|cached|rejected|dropped|retried|slow|last|max|min|total|count)$/;

export const metricNameDrift: DocumentCheck = {
  id: 'metric-name-drift',
  severity: 'error',
  meaning: 'What seems to be one metric goes by two names.',
  remedy: 'use the name that is exported; if both exist, declare both in a reference of metrics',
  inspect: ({ queries, catalogue, kind }) => {
    if (kind !== 'markdown') return [];
    const uses = queries.flatMap((query) =>
      (query.expr === undefined ? [] : selectorsOf(query.expr)).map((selector) => ({
        name: baseName(selector.name),
        span: spanIn(query, selector),
      })),
    );
    const counts = new Map<string, number>();
    for (const { name } of uses) counts.set(name, (counts.get(name) ?? 0) + 1);
    const names = [...counts.keys()]
      .filter((name) => name.includes('_') && !name.includes(':') && !catalogue.has(name))
      .slice(0, 300);
    return names.flatMap((short) =>
      names.flatMap((long): readonly DocumentFinding[] => {
        if (!isDrift(short, long)) return [];
        const [rare, usual] = (counts.get(short) ?? 0) <= (counts.get(long) ?? 0) ? [short, long] : [long, short];
        const first = uses.find(({ name }) => name === rare);
        return first === undefined
          ? []
          : [{ message: `\`${rare}\` here, \`${usual}\` elsewhere: are these two metrics?`, span: first.span }];
      }),
    );
  },
};

/** Whether one name is the other with one more word inside it. */
function isDrift(short: string, long: string): boolean {
  const [a, b] = [short.split('_'), long.split('_')];
  if (b.length !== a.length + 1) return false;
  const at = a.findIndex((word, index) => word !== b[index]);
  const index = at === -1 ? a.length : at;
  const extra = b[index] ?? '';
  return (
    0 < index && index < a.length && a.slice(index).join('_') === b.slice(index + 1).join('_') && !telling.test(extra)
  );
}
