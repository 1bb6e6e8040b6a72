import type { VectorSelector } from '../../promql/index.ts';
import { labelPredicate, type Matcher } from '../../series/index.ts';
import type { Metric } from '../../slo/index.ts';
import { nameOf } from './selectors.ts';

/**
 * Whether all that a selector selects is among what the selectors of a total select: `yes`, `no` (with the condition that it breaks), or
 * `unknown` where two regular expressions would have to be compared or the metric is another one.
 */
export type Containment =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no'; readonly broken: Matcher }
  | { readonly kind: 'unknown'; readonly reason: 'metric' | 'condition' };

/** Compares a selector with each selector of the total; the best answer counts. */
export function containment(
  part: VectorSelector,
  total: readonly VectorSelector[],
  metric: Metric | undefined,
): Containment {
  const same = total.filter((selector) => nameOf(selector) === nameOf(part));
  const answers = same.map((selector) => within(part, selector, metric));
  return (
    answers.find(({ kind }) => kind === 'yes') ??
    answers.find(({ kind }) => kind === 'unknown') ??
    answers[0] ?? { kind: 'unknown', reason: 'metric' }
  );
}

function within(part: VectorSelector, whole: VectorSelector, metric: Metric | undefined): Containment {
  let unknown: Containment | undefined;
  for (const condition of conditions(whole)) {
    const own = conditions(part).filter(({ name }) => name === condition.name);
    const answer = implies(own, condition, metric?.labels.get(condition.name) ?? []);
    if (answer === false) return { kind: 'no', broken: condition };
    if (answer === undefined) unknown = { kind: 'unknown', reason: 'condition' };
  }
  return unknown ?? { kind: 'yes' };
}

function conditions(selector: VectorSelector): readonly Matcher[] {
  return selector.matchers.filter(({ name }) => name !== '__name__');
}

/** Whether conditions on one label leave only values that the wanted condition allows; undefined if that cannot be told. */
function implies(own: readonly Matcher[], wanted: Matcher, known: readonly string[]): boolean | undefined {
  if (own.some(({ operator, value }) => operator === wanted.operator && value === wanted.value)) return true;
  const allowed = labelPredicate(wanted);
  const fixed = own.map(wordsOf).find((words) => words !== undefined);
  if (fixed !== undefined) return fixed.every(allowed);
  const admitted = own.map(labelPredicate);
  // With the values known, asking for each is as good as comparing the expressions.
  if (0 < known.length) return known.filter((value) => admitted.every((admits) => admits(value))).every(allowed);
  // No condition at all admits every value, and hardly any condition allows that: `=~".*"` does.
  if (own.length === 0) return wanted.operator === '=~' && /^\.\*$/.test(wanted.value);
  // Where both only exclude words, more exclusions admit fewer values.
  const excluded = own.flatMap((matcher) => (isExclusion(matcher) ? (wordsOf(positive(matcher)) ?? []) : []));
  if (isExclusion(wanted)) {
    const words = wordsOf(positive(wanted));
    return words?.every((word) => excluded.includes(word)) === true ? true : undefined;
  }
  return undefined;
}

function isExclusion({ operator }: Matcher): boolean {
  return operator === '!=' || operator === '!~';
}

function positive(matcher: Matcher): Matcher {
  return { ...matcher, operator: matcher.operator === '!=' ? '=' : '=~' };
}

/** The values that a condition allows if they can be listed: those of `=`, and of a regular expression of plain alternatives. */
function wordsOf({ operator, value }: Matcher): readonly string[] | undefined {
  if (operator === '=') return [value];
  return operator === '=~' && /^[\w\-/: ]*(?:\|[\w\-/: ]*)*$/.test(value) ? value.split('|') : undefined;
}
