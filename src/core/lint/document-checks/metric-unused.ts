import { selectorsOf } from '../../promql/index.ts';
import { baseName, metricsOf } from '../document/expressions.ts';
import { isGenerated } from '../document/facts.ts';
import type { DocumentCheck } from '../document-check.ts';
import { metricUnusedText } from '../shared-checks.ts';

export const metricUnused: DocumentCheck = {
  ...metricUnusedText,
  inspect: (document) => {
    const { catalogue, queries } = document;
    if (isGenerated(document)) return [];
    const used = new Set(queries.flatMap(({ expr }) => (expr === undefined ? [] : metricsOf(expr))).map(baseName));
    if (queries.every(({ expr }) => expr === undefined || selectorsOf(expr).length === 0)) return [];
    const words = new Set(
      queries
        .filter(({ expr }) => expr === undefined)
        .flatMap(({ text }) => text.match(/[a-zA-Z_:][\w:]*/g) ?? [])
        .map(baseName),
    );
    return [...catalogue.values()]
      .filter(({ name }) => !used.has(name) && !words.has(name))
      .flatMap(({ name, span }) =>
        span === undefined ? [] : [{ message: `no query of the document uses \`${name}\``, span }],
      );
  },
};
