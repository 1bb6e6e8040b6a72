import { metricsOfObjective, quantileOf } from '../document/facts.ts';
import { quantilesIn } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const sliWithoutQuery: DocumentCheck = {
  id: 'sli-without-query',
  severity: 'warning',
  prose: true,
  meaning: 'An objective has neither a query nor the name of a metric: nobody can say whether it is met.',
  remedy: 'write the query that measures it',
  inspect: ({ objectives, indicators, sections }) =>
    objectives.flatMap((objective) => {
      const { name, queries, statement, span, target, quantile, thresholds } = objective;
      if (target === undefined && quantile === undefined && thresholds.length === 0) return [];
      const said = quantilesIn(statement);
      const measured = queries.flatMap(({ expr }) => (expr === undefined ? [] : (quantileOf(expr) ?? [])));
      const missing = said.filter((one) => 0 < measured.length && !measured.includes(one));
      if (0 < missing.length && queries.every(({ expr }) => expr !== undefined))
        return [{ message: `no query of "${name}" gives ${missing.map((one) => `p${one * 100}`).join(', ')}`, span }];
      if (0 < queries.length || 0 < metricsOfObjective(objective).size) return [];
      // A list of objectives may have a part for each below it, which says how it is measured.
      if (sections.some((one) => one !== objective.section && one.title === name)) return [];
      const word = /^[a-z]+/i.exec(name.replace(/^SLO[-\s]?\d+:\s*/, ''))?.[0].toLowerCase() ?? name;
      if (indicators.some((one) => one.name.toLowerCase().includes(word))) return [];
      return [{ message: `nothing measures "${name}"`, span }];
    }),
};
