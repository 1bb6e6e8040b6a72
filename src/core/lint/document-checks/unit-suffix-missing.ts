import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { baseName } from '../document/expressions.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

/** Words for what is measured in seconds or bytes, at the end of a name that should say the unit. */
const measured = /(?:^|_)(?:duration|latency|response_time|elapsed|age|delay|lag|memory|size|uptime)$/;

export const unitSuffixMissing: DocumentCheck = {
  id: 'unit-suffix-missing',
  severity: 'warning',
  meaning:
    'The name of a metric for a length of time or a size does not say its unit: whether a bound of 0.2 or of 200 is meant, nobody can tell.',
  remedy: 'export it in base units and say so in the name: `..._duration_seconds`, `..._size_bytes`',
  inspect: ({ queries, kind, objectives }) => {
    // Who reads a rule file cannot rename what others export.
    if (kind !== 'markdown') return [];
    const told = new Set<string>();
    return queries.flatMap((query) =>
      (query.expr === undefined ? [] : selectorsOf(query.expr)).flatMap((selector): readonly DocumentFinding[] => {
        const name = baseName(metricNameOf(selector) ?? '');
        if (!measured.test(name.replace(/_total$/, '')) || name.includes(':') || told.has(name)) return [];
        told.add(name);
        const objective = objectives.find((one) => one.queries.includes(query));
        const bound = /\d\s*ms\b/.exec(objective?.statement ?? '') === null ? '' : '; the text gives its bounds in ms';
        return [{ message: `\`${name}\` does not say its unit${bound}`, span: spanIn(query, selector) }];
      }),
    );
  },
};
