import type { VectorSelector } from '../../promql/index.ts';
import { metricNameOf } from '../../promql/index.ts';
import { labelPredicate, type Matcher } from '../../series/index.ts';
import { metricOf, type Service } from '../../slo/index.ts';
import type { LabelSet } from './made-series.ts';

// Label values that tell selectors of one metric apart. They are searched among those that the catalogue knows and those that the conditions
// themselves name.

/** More combinations of label values than this are not tried. */
const mostTried = 20_000;

/** A set of labels, and which of several selectors of its metric take it, by their places. */
export interface Taken {
  readonly labels: LabelSet;
  readonly by: readonly number[];
}

/**
 * For each way in which some of the selectors of one metric take a series and the others don't, the first labels found that are taken so. The place that
 * series are scraped from is given.
 */
export function labelsTaken(
  service: Service,
  metric: string,
  selectors: readonly VectorSelector[],
  place: LabelSet,
): readonly Taken[] {
  const matchers = selectors.flatMap((one) => one.matchers);
  const values = candidates(service, metric, labelsOf(matchers, place), matchers);
  const found = new Map<string, Taken>();
  const tests = selectors.map((one) => predicateOf(one.matchers));
  for (const labels of assignments(values, place)) {
    const by = tests.flatMap((takes, index) => (takes(labels) ? [index] : []));
    const key = by.join(' ');
    if (0 < by.length && !found.has(key)) found.set(key, { labels, by });
    if (found.size === 2 ** selectors.length - 1) break;
  }
  return [...found.values()];
}

/** The names of the metrics that selectors take; undefined if one of them names none. */
export function metricsOf(selectors: readonly VectorSelector[]): readonly string[] | undefined {
  const names = selectors.map(metricNameOf);
  return names.every((name) => name !== undefined) ? [...new Set(names)] : undefined;
}

/** Values that a label of selected series may have: those that the catalogue lists, those that the selectors name, or any two. */
export function valuesOfLabel(
  { metrics }: Service,
  selectors: readonly VectorSelector[],
  label: string,
): readonly string[] {
  const known = (metricsOf(selectors) ?? []).flatMap((name) => metricOf(name, metrics)?.labels.get(label) ?? []);
  const named = selectors.flatMap(({ matchers }) => matchers.filter(({ name }) => name === label).flatMap(namedValues));
  return [...new Set([...known, ...named, 'one', 'two'])];
}

function labelsOf(matchers: readonly Matcher[], place: LabelSet): readonly string[] {
  const names = [...new Set(matchers.map(({ name }) => name))];
  return names.filter((name) => name !== '__name__' && (!(name in place) || name === 'job')).toSorted();
}

/** The values to try for each label, likely ones first. */
function candidates(
  service: Service,
  metric: string,
  labels: readonly string[],
  matchers: readonly Matcher[],
): ReadonlyMap<string, readonly string[]> {
  const known = metricOf(metric, service.metrics)?.labels;
  return new Map(
    labels.map((label) => {
      const named = matchers.filter(({ name }) => name === label).flatMap(namedValues);
      const usual = label === 'job' ? [service.job] : [];
      return [label, [...new Set([...usual, ...(known?.get(label) ?? []), ...named, 'other', '200', '500', ''])]];
    }),
  );
}

/** Values that a condition names: its own, or those of the alternatives of a simple pattern. */
function namedValues({ operator, value }: Matcher): readonly string[] {
  if (operator === '=' || operator === '!=') return [value];
  return withoutGroups(value)
    .split('|')
    .map((alternative) =>
      alternative
        .replaceAll(/\\(.)/g, '$1')
        .replaceAll(/\[\^[^\]]*\][+*]?/g, 'x')
        .replaceAll(/\.[*+]/g, 'x')
        .replaceAll('.', '0'),
    );
}

/** A pattern without its innermost groups, then without the next ones: those that may be missing go, of the others the first alternative stays. */
function withoutGroups(pattern: string): string {
  const simpler = pattern
    .replaceAll(/(?<!\\)\((?:\?:)?[^()]*\)[?*]/g, '')
    .replaceAll(/(?<!\\)\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)\+?/g, '$1');
  return simpler === pattern ? pattern : withoutGroups(simpler);
}

/** Every combination of values, up to a number of them. */
function* assignments(values: ReadonlyMap<string, readonly string[]>, place: LabelSet): Generator<LabelSet> {
  const labels = [...values.keys()];
  const counts = labels.map((label) => values.get(label)?.length ?? 0);
  const total = counts.reduce((product, count) => product * count, 1);
  for (let index = 0; index < Math.min(total, mostTried); index += 1) {
    let rest = index;
    const assigned: Record<string, string> = { ...place };
    for (const [position, label] of labels.entries()) {
      const count = counts[position] ?? 1;
      assigned[label] = values.get(label)?.[rest % count] ?? '';
      rest = Math.floor(rest / count);
    }
    yield assigned;
  }
}

function predicateOf(matchers: readonly Matcher[]): (labels: LabelSet) => boolean {
  const conditions = matchers
    .filter(({ name }) => name !== '__name__')
    .map((matcher) => ({ name: matcher.name, holds: labelPredicate(matcher) }));
  return (labels) => conditions.every(({ name, holds }) => holds(labels[name] ?? ''));
}
