import { parseExpr, type VectorSelector } from '../../promql/index.ts';
import { legacyLabelName, type Matcher } from '../../series/index.ts';
import { metricOf } from '../../slo/index.ts';
import { keySpanAt, type YamlPath } from '../../yaml/index.ts';
import { checkSelector, type Use } from './check-selector.ts';
import type { Catalogue } from './metrics.ts';
import { type Reading, reportInside, reportKey, reportValue } from './reading.ts';
import { nameOf } from './selectors.ts';
import type { ClassesInput } from './slo-input.ts';

/** Conditions on labels, each with the place where it was written. */
export interface Condition {
  readonly matcher: Matcher;
  readonly path: YamlPath;
}

/** Reads conditions by label: `{ status: [2xx, "!204"] }` is `status=~"2.."` and `status!="204"`. */
export function readClasses(reading: Reading, path: YamlPath, classes: ClassesInput): readonly Condition[] | undefined {
  const entries = Object.entries(classes);
  let isRight = true;
  const refuse = (place: YamlPath, message: string, help: string): void => {
    isRight = false;
    const at = place.length === path.length ? reportKey : reportValue;
    at(reading, place, { severity: 'error', code: 'indicator/classes', message, help });
  };
  if (entries.length === 0)
    refuse(path, 'without conditions all events are meant', 'write for example `{ status: [2xx, 3xx] }`');
  const conditions = entries.flatMap(([label, written]): readonly Condition[] => {
    const place = [...path, label];
    const values = Array.isArray(written) ? written.map(String) : [String(written)];
    if (values.length === 0) refuse(place, `\`${label}\` has no values`, 'list at least one, or remove the label');
    if (!legacyLabelName.test(label) || label.startsWith('__'))
      refuse(place, `\`${label}\` is no label name`, 'label names have letters, digits and underscores');
    const wanted = values.filter((value) => !value.startsWith('!'));
    const others = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1));
    return [
      ...(0 < wanted.length ? [matcherOf(label, wanted, '=', '=~')] : []),
      ...(0 < others.length ? [matcherOf(label, others, '!=', '!~')] : []),
    ].map((matcher) => ({ matcher, path: place }));
  });
  return isRight ? conditions : undefined;
}

function matcherOf(name: string, values: readonly string[], plain: '=' | '!=', pattern: '=~' | '!~'): Matcher {
  const [only] = values;
  if (values.length === 1 && only !== undefined && !isClass(only)) return { name, operator: plain, value: only };
  return { name, operator: pattern, value: values.map(patternOf).join('|') };
}

/** `2xx`, as people write classes of status codes. */
function isClass(value: string): boolean {
  return /^[1-5]xx$/i.test(value);
}

function patternOf(value: string): string {
  return isClass(value) ? `${value.slice(0, 1)}..` : value.replaceAll(/[.*+?()[\]{}|\\^$]/g, '\\$&');
}

/** Reads `valid`: conditions in braces, or a map. */
export function readValid(
  reading: Reading,
  path: YamlPath,
  valid: string | ClassesInput | undefined,
): readonly Condition[] | undefined {
  if (valid === undefined) return [];
  if (typeof valid !== 'string') return readClasses(reading, path, valid);
  const braced = valid.trim().startsWith('{');
  const before = braced ? 'x' : 'x{';
  const outcome = parseExpr(braced ? `x${valid}` : `x{${valid}}`);
  if (
    outcome.ok &&
    outcome.value.kind === 'selector' &&
    outcome.value.offset === undefined &&
    outcome.value.at === undefined
  )
    return outcome.value.matchers.map((matcher) => ({ matcher, path }));
  const [first] = outcome.ok ? [] : outcome.diagnostics;
  const shift = before.length;
  const span = first?.span ?? { start: shift, end: shift + valid.length };
  const inside = { start: Math.max(0, span.start - shift), end: Math.max(0, Math.min(span.end - shift, valid.length)) };
  reportInside(reading, path, inside, {
    severity: 'error',
    code: 'indicator/classes',
    message: first?.message ?? 'these are no conditions on labels',
    help: 'write conditions in braces: `{error_type!="validation"}`',
  });
  return undefined;
}

/** The selector with further conditions; those that it has already are not repeated. */
export function withConditions(selector: VectorSelector, conditions: readonly Condition[]): VectorSelector {
  const added = conditions
    .map(({ matcher }) => matcher)
    .filter(
      ({ name, operator, value }) =>
        !selector.matchers.some((own) => own.name === name && own.operator === operator && own.value === value),
    );
  const { matcherSpans: _, ...rest } = selector;
  return added.length === 0 ? selector : { ...rest, matchers: [...selector.matchers, ...added] };
}

/** Checks conditions against the catalogue where they were written. A metric that is not known has been told about. */
export function checkConditions(
  reading: Reading,
  selectors: readonly VectorSelector[],
  conditions: readonly Condition[],
  use: Use,
  catalogue: Catalogue,
): void {
  const told = new Set<string>();
  for (const selector of selectors) {
    const name = nameOf(selector);
    if (told.has(name) || metricOf(name, catalogue.metrics) === undefined) continue;
    told.add(name);
    const errors = reading.diagnostics.length;
    for (const condition of conditions) checkCondition(reading, selector, condition, use, catalogue);
    // One metric is enough to learn that a condition is wrong.
    if (errors < reading.diagnostics.length) return;
  }
}

/** A label that is not there is the key of a map, and no part of the value that stands under it. */
function checkCondition(
  reading: Reading,
  selector: VectorSelector,
  { matcher, path }: Condition,
  use: Use,
  catalogue: Catalogue,
): void {
  const before = reading.diagnostics.length;
  checkSelector(reading, path, { ...selector, matchers: [matcher] }, use, catalogue);
  if (path.at(-1) !== matcher.name) return;
  const found = reading.diagnostics.splice(before);
  reading.diagnostics.push(
    ...found.map((each) => (each.code === 'metric/label' ? { ...each, span: keySpanAt(reading.root, path) } : each)),
  );
}
