import type { AlertmanagerRoute } from '../../formats/index.ts';
import { selectorsOf } from '../../promql/index.ts';
import { compileRegex } from '../../series/index.ts';
import { configurationsOf, routesIn } from '../document/alertmanager.ts';
import type { YamlBlock } from '../document/model.ts';
import { problemSpan } from '../document/queries.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';
import { globVsRegexText, shellStar } from '../shared-checks.ts';

export const globVsRegex: DocumentCheck = {
  ...globVsRegexText,
  inspect: ({ yaml, queries }) => [
    ...yaml.flatMap((block) =>
      configurationsOf(block).flatMap((one) => routesIn(one).flatMap((route) => inRoute(block, route))),
    ),
    ...queries.flatMap((query) =>
      (query.expr === undefined ? [] : selectorsOf(query.expr)).flatMap(({ matchers, matcherSpans }) =>
        matchers.flatMap(({ operator, value, name }, index): readonly DocumentFinding[] => {
          const star = shellStar({ name, operator, value });
          const exact = star === 'exact';
          const pattern = star === 'pattern' && missesGlob(value);
          const span = matcherSpans?.[index];
          if ((!exact && !pattern) || span === undefined) return [];
          const message = exact
            ? `\`${name}${operator}"${value}"\` compares with the very characters; \`*\` is no wildcard`
            : `in \`${value}\` the \`*\` repeats the character before it; the pattern does not match \`${value.replace('*', 'x')}\``;
          return [{ message, span: problemSpan(query, { severity: 'error', code: '', message: '', span }) }];
        }),
      ),
    ),
  ],
};

/** Whether the pattern does not match what a shell would match. */
function missesGlob(value: string): boolean {
  try {
    return !compileRegex(value)(value.replace('*', 'xyz1'));
  } catch {
    return false;
  }
}

function inRoute(block: YamlBlock, { matchers }: AlertmanagerRoute): readonly DocumentFinding[] {
  return matchers.flatMap(({ name, operator, value, key, span }) => {
    if (!(operator === '=' || operator === '!=') || !value.includes('*')) return [];
    const message = `\`${key}\` compares with the very characters: only an alert whose ${name} is literally \`${value}\` ${operator === '=' ? 'takes this route' : 'is kept out'}`;
    const pattern = value.replaceAll('.*', '*').replaceAll('*', '.*');
    const help = `write \`matchers: ['${name}${operator === '=' ? '=~' : '!~'}"${pattern}"']\``;
    return [{ message, help, span: placed(block, span) }];
  });
}
