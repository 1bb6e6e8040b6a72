import { labelPredicate, type Matcher } from '../../series/index.ts';
import type { Check } from '../check.ts';
import { type DefinedSelector, selectorsOf } from '../selectors.ts';
import { nonUserTrafficText } from '../shared-checks.ts';

/** Where load balancers, orchestrators and Prometheus itself ask; users don't. */
const probes: readonly string[] = [
  '/health',
  '/healthz',
  '/livez',
  '/readyz',
  '/ready',
  '/live',
  '/ping',
  '/metrics',
  '/-/healthy',
  '/-/ready',
];

/** Labels that hold the path of a request. */
const pathLabel = /^(?:endpoint|path|route|handler|uri|url|http_route|request_path)$/;

/** Probes succeed at a steady rate and drown the failures of users. */
export const nonUserTraffic: Check = {
  ...nonUserTrafficText,
  run: (service) =>
    service.slos
      .filter(({ category }) => category === 'user')
      .flatMap(({ name, indicator }) =>
        selectorsOf(indicator)
          .filter(({ key }) => key === 'total' || key === 'histogram')
          .flatMap((selector) => {
            const counted = countedProbes(selector);
            if (counted.length === 0) return [];
            const message = `\`${name}\` counts requests to ${counted.map((path) => `\`${path}\``).join(' and ')} as traffic of users`;
            return [{ message, path: ['slos', name, selector.key] }];
          }),
      ),
};

/**
 * The probes that a selector asks for among other paths: an objective on a probe alone is meant so, and a selector without a condition on
 * the path says nothing about it.
 */
function countedProbes({ matchers }: DefinedSelector): readonly string[] {
  const asking = matchers.filter(({ name, operator }) => pathLabel.test(name) && operator === '=~');
  if (asking.length === 0) return [];
  const predicates = matchers.filter(({ name }) => name === asking[0]?.name).map(labelPredicate);
  const counted = probes.filter(
    (path) => predicates.every((matches) => matches(path)) && asking.some((matcher) => mentions(matcher, path)),
  );
  return asking.some((matcher) => hasOtherPaths(matcher)) ? counted : [];
}

function mentions(matcher: Matcher, path: string): boolean {
  return matcher.value.includes(path.slice(1));
}

/** Whether one of the alternatives of a regular expression is something else than a probe. */
function hasOtherPaths({ value }: Matcher): boolean {
  const alternatives = value.replaceAll(/[()]/g, '|').split('|');
  return alternatives.some(
    (part) => part !== '' && !probes.some((path) => part.includes(path.slice(1))) && /[a-z0-9]/i.test(part),
  );
}
