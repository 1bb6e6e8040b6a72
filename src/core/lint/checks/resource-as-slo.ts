import type { Check } from '../check.ts';
import { selectorsOf } from '../selectors.ts';

/** What runtimes and exporters say about processes, containers and machines. Users feel none of it before something else fails. */
const resources =
  /^(?:process_(?:resident_memory|virtual_memory|open_fds|max_fds|cpu)|go_(?:memstats|goroutines|gc|threads)|jvm_(?:memory|gc|threads)|nodejs_(?:heap|eventloop|active)|container_(?:memory|cpu|fs)|node_(?:memory|cpu|filesystem|load|disk))/;

/** A full disk is a reason for a ticket, and no broken promise to a user. */
export const resourceAsSlo: Check = {
  id: 'resource-as-slo',
  severity: 'info',
  meaning: 'An objective about a resource is called one that users feel: it pages while nobody is hurt.',
  remedy: 'write `category: resource`, and promise what users feel instead',
  run: (service) =>
    service.slos.flatMap(({ name, category, indicator }) => {
      if (category === 'resource' || indicator.kind !== 'condition') return [];
      const selectors = selectorsOf(indicator);
      if (selectors.length === 0 || !selectors.every(({ metric }) => resources.test(metric))) return [];
      const message = `\`${name}\` is about a resource, \`${selectors[0]?.metric ?? ''}\`, which no user feels`;
      return [{ message, path: ['slos', name, 'condition'] }];
    }),
};
