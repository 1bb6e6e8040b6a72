import { selectorsOf } from '../../promql/index.ts';
import type { Indicator } from '../document/model.ts';
import { statusClasses } from '../document/status-classes.ts';
import type { DocumentCheck } from '../document-check.ts';

export const indicatorWithoutObjective: DocumentCheck = {
  id: 'indicator-without-objective',
  severity: 'info',
  meaning: 'An indicator is listed for which the document has no objective.',
  remedy: 'set an objective, or mark the indicator as informational',
  inspect: ({ indicators, objectives }) => {
    if (objectives.length === 0) return [];
    const known = new Set(objectives.flatMap(({ name }) => wordsOf(name)));
    const aboutSuccess = objectives.some(({ name }) => /availab|error|success|uptime|fail/i.test(name));
    return indicators
      .filter(({ name, description }) => !/\binformational\b|\bno objective\b/i.test(`${name} ${description}`))
      .filter(({ name }) => !wordsOf(name).some((word) => known.has(word)))
      .filter((indicator) => !(aboutSuccess && readsStatus(indicator)))
      .map(({ name, span }) => ({ message: `no objective is about "${name}"`, span }));
  },
};

function readsStatus({ queries, name }: Indicator): boolean {
  if (/success|error|fail/i.test(name)) return true;
  return queries.some(
    ({ expr }) => expr !== undefined && selectorsOf(expr).some(({ matchers }) => statusClasses(matchers) !== undefined),
  );
}

const common = new Set(['rate', 'ratio', 'slo', 'sli', 'time', 'total', 'the', 'of']);

function wordsOf(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => 1 < word.length && !common.has(word));
}
