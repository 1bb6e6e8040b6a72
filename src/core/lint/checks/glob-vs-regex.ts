import type { Check } from '../check.ts';
import { selectorsOf } from '../selectors.ts';
import { globVsRegexText, shellStar } from '../shared-checks.ts';

/** `/api/*` is a wildcard in a shell; in a regular expression it is `/api` with any number of slashes. */
export const globVsRegex: Check = {
  ...globVsRegexText,
  run: (service) =>
    service.slos.flatMap(({ name, indicator }) =>
      selectorsOf(indicator).flatMap(({ key, matchers }) =>
        matchers
          .filter((matcher) => shellStar(matcher) !== undefined)
          .map(({ name: label, operator, value }) => ({
            message: `in \`${name}\` the \`*\` of \`${label}${operator}"${value}"\` is no wildcard`,
            path: ['slos', name, key],
          })),
      ),
    ),
};
