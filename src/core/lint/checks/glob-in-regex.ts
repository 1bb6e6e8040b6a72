import type { Check } from '../check.ts';
import { selectorsOf } from '../selectors.ts';

/** `/api/*` is a wildcard in a shell; in a regular expression it is `/api` with any number of slashes. */
export const globInRegex: Check = {
  id: 'glob-in-regex',
  severity: 'warning',
  meaning: 'A `*` is used as a wildcard, which it is in neither a regular expression nor an exact comparison.',
  remedy: 'write `.*` for any text, with `=~`',
  run: (service) =>
    service.slos.flatMap(({ name, indicator }) =>
      selectorsOf(indicator).flatMap(({ key, matchers }) =>
        matchers
          .filter(({ operator, value }) => {
            const isRegex = operator === '=~' || operator === '!~';
            return isRegex
              ? /(?:\/|^)\*|[/_-]\w*[a-zA-Z0-9]\*/.test(value) && !/\\/.test(value)
              : /\/\*|\*$/.test(value) && value !== '*';
          })
          .map(({ name: label, operator, value }) => ({
            message: `in \`${name}\` the \`*\` of \`${label}${operator}"${value}"\` is no wildcard`,
            path: ['slos', name, key],
          })),
      ),
    ),
};
