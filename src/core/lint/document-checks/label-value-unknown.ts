import { closest } from '../../base/index.ts';
import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { labelPredicate, type Matcher } from '../../series/index.ts';
import { metricNamed } from '../document/catalogue.ts';
import type { MetricFacts } from '../document/model.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const labelValueUnknown: DocumentCheck = {
  id: 'label-value-unknown',
  severity: 'warning',
  meaning: 'A matcher asks for a value that its label does not have, while it has one that is written nearly so.',
  remedy: 'write the value as the metric has it',
  inspect: unknownValues,
};

/**
 * Matchers whose value is spelt otherwise than the values that are there. A value that is merely not there is no mistake: the first
 * failure may still be to come.
 */
export function unknownValues({ queries, catalogue }: MetricFacts): readonly DocumentFinding[] {
  return queries.flatMap((query) =>
    (query.expr === undefined ? [] : selectorsOf(query.expr)).flatMap((selector) => {
      const values = metricNamed(metricNameOf(selector), catalogue)?.values;
      if (values === undefined) return [];
      return selector.matchers.flatMap((matcher, index) => {
        const known = values.get(matcher.name);
        const message = known === undefined || known.length === 0 ? undefined : problemOf(matcher, known);
        if (message === undefined) return [];
        return [{ message, span: spanIn(query, { span: selector.matcherSpans?.[index] ?? selector.span }) }];
      });
    }),
  );
}

const code = /^[1-5]\d\d$/;
const codeClass = /^[1-5]xx$/i;
const someCodes: readonly string[] = '100 200 201 204 301 302 304 400 401 403 404 429 500 502 503 504'.split(' ');
const allClasses: readonly string[] = '1xx 2xx 3xx 4xx 5xx 1XX 2XX 3XX 4XX 5XX'.split(' ');

function problemOf(matcher: Matcher, known: readonly string[]): string | undefined {
  const { name, operator, value } = matcher;
  const isPattern = operator === '=~' || operator === '!~';
  const words = !isPattern ? [value] : /^[\w-]+(?:\|[\w-]+)*$/.test(value) ? value.split('|') : [];
  for (const word of words) {
    if (word === '' || known.includes(word)) continue;
    const same = known.find((one) => one.toLowerCase() === word.toLowerCase());
    if (same !== undefined) return `\`${name}\` is never \`${word}\`, but \`${same}\``;
    const near = 3 < word.length && !/\d/.test(word) ? closest(word, known) : undefined;
    if (near !== undefined && !/\d/.test(near)) return `\`${name}\` is never \`${word}\`; did you mean \`${near}\`?`;
  }
  const matches = labelPredicate({ ...matcher, operator: isPattern ? '=~' : '=' });
  if (known.every((one) => code.test(one)) && allClasses.some(matches) && !someCodes.some(matches))
    return `\`${name}\` holds codes such as \`${known[0]}\`, not classes: \`${value}\` matches none of them`;
  if (known.every((one) => codeClass.test(one)) && someCodes.some(matches) && !allClasses.some(matches))
    return `\`${name}\` holds classes such as \`${known[0]}\`, not codes: \`${value}\` matches none of them`;
  return undefined;
}
