import type { Check } from '../check.ts';
import { selectorsOf } from '../selectors.ts';
import { resourceAsSloText, resourceMetric } from '../shared-checks.ts';

/** A full disk is a reason for a ticket, and no broken promise to a user. */
export const resourceAsSlo: Check = {
  ...resourceAsSloText,
  run: (service) =>
    service.slos.flatMap(({ name, category, indicator }) => {
      if (category === 'resource' || indicator.kind !== 'condition') return [];
      const selectors = selectorsOf(indicator);
      if (selectors.length === 0 || !selectors.every(({ metric }) => resourceMetric.test(metric))) return [];
      const message = `\`${name}\` is about a resource, \`${selectors[0]?.metric ?? ''}\`, which no user feels`;
      return [{ message, path: ['slos', name, 'condition'] }];
    }),
};
