import { metricsOfObjective } from '../document/facts.ts';
import { about, lengthsIn, quantilesIn } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const metricConfusion: DocumentCheck = {
  id: 'metric-confusion',
  severity: 'warning',
  meaning: 'A bound is stated for one thing and is, to the digit, the bound that the document sets for another.',
  remedy: 'name the thing that the bound is about, or set a bound for the thing that is named',
  inspect: ({ markdown, objectives, catalogue }) =>
    markdown.tables.flatMap(({ rows }) =>
      rows.flatMap(({ cells, span }) => {
        const name = cells[0]?.text ?? '';
        const [quantile] = quantilesIn(name);
        const bounds = cells
          .slice(1)
          .flatMap(({ text }) => lengthsIn(text).slice(0, 1))
          .map(({ ms }) => ms / 1000);
        if (quantile === undefined || bounds.length === 0) return [];
        const words = wordsOf(name);
        const same = objectives.find(
          (one) =>
            one.quantile === quantile && one.thresholds.some((bound) => bounds.some((other) => about(bound, other))),
        );
        if (same === undefined) return [];
        const own = new Set([...wordsOf(same.name), ...[...metricsOfObjective(same)].flatMap(wordsOf)]);
        const strange = words.filter((word) => !own.has(word));
        const others = [...catalogue.values()].filter(
          ({ name: other, type }) => type === 'histogram' && !metricsOfObjective(same).has(other),
        );
        if (strange.length === 0 || others.length === 0) return [];
        const message = `"${name}" has the bound of "${same.name}", which is measured by \`${[...metricsOfObjective(same)][0] ?? ''}\`; \`${others[0]?.name}\` is another histogram`;
        return [{ message, span }];
      }),
    ),
};

const common = new Set([
  'latency',
  'duration',
  'seconds',
  'time',
  'response',
  'the',
  'of',
  'slo',
  'total',
  'percentile',
]);

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => 1 < word.length && !common.has(word) && !/^p$/.test(word));
}
