import { metricsOf } from '../document/expressions.ts';
import type { DocumentCheck } from '../document-check.ts';
import { resourceAsSloText, resourceMetric } from '../shared-checks.ts';

export const resourceAsSlo: DocumentCheck = {
  ...resourceAsSloText,
  prose: true,
  inspect: ({ objectives }) =>
    objectives.flatMap(({ name, queries, span }) => {
      const names = queries.flatMap(({ expr }) => (expr === undefined ? [] : metricsOf(expr)));
      if (names.length === 0 || !names.every((one) => resourceMetric.test(one))) return [];
      return [{ message: `"${name}" is about a resource: users feel its exhaustion, not its use`, span }];
    }),
};
