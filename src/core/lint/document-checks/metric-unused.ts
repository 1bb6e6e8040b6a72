import { selectorsOf } from '../../promql/index.ts';
import { baseName, metricsOf } from '../document/expressions.ts';
import type { DocumentCheck } from '../document-check.ts';

export const metricUnused: DocumentCheck = {
  id: 'metric-unused',
  severity: 'info',
  meaning: 'A declared metric is used by no objective.',
  remedy: 'remove it from the catalogue, or use it',
  inspect: ({ catalogue, queries }) => {
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
      .map(({ name, span }) => ({ message: `no query of the document uses \`${name}\``, span }));
  },
};
