import { labelPredicate, type Matcher, metricName, RegexError } from '../../series/index.ts';
import { quoteGo } from '../syntax/string-literal.ts';
import type { VectorSelector } from '../syntax/tree.ts';
import type { Report } from './report.ts';

/** A selector names its metric once, selects not simply everything, and its regular expressions compile. */
export function checkSelector(
  selector: VectorSelector,
  report: Report,
  { mayMatchEverything = false }: { readonly mayMatchEverything?: boolean } = {},
): void {
  const { name, matchers, matcherSpans, span } = selector;
  let selective = name !== '' || mayMatchEverything;
  for (const [i, matcher] of matchers.entries()) {
    const matcherSpan = matcherSpans?.[i] ?? span;
    const matchesEmpty = matchesEmptyText(matcher);
    if (matchesEmpty instanceof RegexError)
      report('promql/regex', matcherSpan, ...describe(matchesEmpty, matcher.value));
    // One error is enough: a selector with a broken pattern would have selected something.
    if (matchesEmpty !== true) selective = true;
    if (name !== '' && matcher.name === metricName) {
      const message = `metric name must not be set twice: ${quoteGo(name)} or ${quoteGo(matcher.value)}`;
      report('promql/matcher', matcherSpan, message);
    }
  }
  if (selective) return;
  const help = 'name a metric, or add a condition that the empty string does not meet, such as job!=""';
  report('promql/matcher', span, 'vector selector must contain at least one non-empty matcher', help);
}

function matchesEmptyText(matcher: Matcher): boolean | RegexError {
  switch (matcher.operator) {
    case '=':
      return matcher.value === '';
    case '!=':
      return matcher.value !== '';
    case '=~':
    case '!~':
      try {
        return labelPredicate(matcher)('');
      } catch (error) {
        if (error instanceof RegexError) return error;
        throw error;
      }
  }
}

/** The reason without the flag that stands in front of every pattern, and what helps in the most frequent case. */
function describe({ message }: RegexError, pattern: string): readonly [message: string, help?: string] {
  const own = message.replace('`(?s)', '`');
  if (/\(\?<?[=!]/.test(pattern)) return [own, 'RE2 knows no look-around; use a second condition with !~'];
  return [own];
}
