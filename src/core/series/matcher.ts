import { type Labels, metricName } from './labels.ts';
import { compileRegex } from './regex.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition on a label, as in `status=~"5.."`. A missing label counts as one with the empty value. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** A matcher made ready to be asked many times. */
export type LabelPredicate = (value: string) => boolean;

/** Compiles the condition. A regular expression that does not compile throws a RegexError; the PromQL parser has refused it before. */
export function labelPredicate(matcher: Matcher): LabelPredicate {
  const { operator, value } = matcher;
  switch (operator) {
    case '=':
      return (text) => text === value;
    case '!=':
      return (text) => text !== value;
    case '=~':
      return compileRegex(value);
    case '!~': {
      const matches = compileRegex(value);
      return (text) => !matches(text);
    }
  }
}

/** Compiles matchers that must all hold. */
export function labelsPredicate(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map((matcher) => ({ name: matcher.name, matches: labelPredicate(matcher) }));
  return (labels) => {
    for (const { name, matches } of tests) if (!matches(labels.get(name))) return false;
    return true;
  };
}

/** The metric name that the matchers pin with `=`, by which sources find series quickly. */
export function pinnedName(matchers: readonly Matcher[]): string | undefined {
  return matchers.find((matcher) => matcher.name === metricName && matcher.operator === '=')?.value;
}
