import { metricsOf } from '../document/expressions.ts';
import type { DocumentCheck } from '../document-check.ts';
import { resourceAsSloText } from '../shared-checks.ts';

export const resourceAsSlo: DocumentCheck = {
  ...resourceAsSloText,
  prose: true,
  inspect: ({ objectives }) =>
    objectives.flatMap(({ name, queries, span }) => {
      const names = queries.flatMap(({ expr }) => (expr === undefined ? [] : metricsOf(expr)));
      if (names.length === 0 || !names.every((one) => resource.test(one))) return [];
      return [{ message: `"${name}" is about a resource: users feel its exhaustion, not its use`, span }];
    }),
};

/** What libraries and exporters say of a process, a machine or a container. */
const resource = /^(?:process|python|go|jvm|node|container|nodejs|kube|windows)_/;
