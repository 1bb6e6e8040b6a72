import type { VectorSelector } from '../../promql/index.ts';
import { metricNameOf } from '../../promql/index.ts';
import { labelPredicate, type Matcher, quoteString } from '../../series/index.ts';
import type { Service } from '../../slo/index.ts';
import type { Counters } from '../counters.ts';

/** One series of good and one of bad events, in the notation of rule tests but for their values. */
export interface EventSeries {
  /** Series that grow with every event. */
  readonly total: readonly string[];
  /** Series that grow with good events only. */
  readonly good: readonly string[];
  /** Series that grow with bad events only. */
  readonly bad: readonly string[];
}

/** More combinations of label values than this are not tried. */
const mostTried = 20_000;

/**
 * Series that the selectors of an objective tell apart as good and bad: label values are searched among those that the catalogue knows and
 * those that the conditions themselves name. Undefined if none are found.
 */
export function eventSeries(service: Service, counters: Counters): EventSeries | undefined {
  // Of several counters one is enough; former names of a metric count only where the metric itself is missing.
  const own = (sources: Counters['total']): VectorSelector | undefined =>
    sources.find((source) => source.unless === undefined)?.selector;
  const total = own(counters.total);
  const counted = own(counters.counted);
  if (total === undefined || counted === undefined) return undefined;
  const place = { job: service.job, instance: 'test:80' };
  const name = metricNameOf(total);
  const countedName = metricNameOf(counted);
  if (name === undefined || countedName === undefined) return undefined;
  if (name !== countedName) return apart(service, { total, counted, name, countedName, place }, counters.counts);
  const labels = labelsOf([...total.matchers, ...counted.matchers]);
  const isCounted = (assigned: Assignment): boolean => satisfies(assigned, counted.matchers);
  const values = candidates(service, name, labels, [...total.matchers, ...counted.matchers]);
  const inTotal = [...assignments(values, place)].filter((assigned) => satisfies(assigned, total.matchers));
  const inside = inTotal.find(isCounted);
  const outside = inTotal.find((assigned) => !isCounted(assigned));
  if (inside === undefined || outside === undefined) return undefined;
  const [good, bad] = counters.counts === 'good' ? [inside, outside] : [outside, inside];
  return { total: [], good: [written(name, good)], bad: [written(name, bad)] };
}

interface Pair {
  readonly total: VectorSelector;
  readonly counted: VectorSelector;
  readonly name: string;
  readonly countedName: string;
  readonly place: Assignment;
}

/** Two metrics: all events are counted by one, the good or the bad ones by the other, as the buckets of a histogram are. */
function apart(service: Service, pair: Pair, counts: Counters['counts']): EventSeries | undefined {
  const find = (name: string, { matchers }: VectorSelector): string | undefined => {
    const values = candidates(service, name, labelsOf(matchers), matchers);
    const found = [...assignments(values, pair.place)].find((assigned) => satisfies(assigned, matchers));
    return found === undefined ? undefined : written(name, found);
  };
  const all = find(pair.name, pair.total);
  const counted = find(pair.countedName, pair.counted);
  if (all === undefined || counted === undefined) return undefined;
  return { total: [all], good: counts === 'good' ? [counted] : [], bad: counts === 'bad' ? [counted] : [] };
}

type Assignment = Readonly<Record<string, string>>;

function labelsOf(matchers: readonly Matcher[]): readonly string[] {
  return [...new Set(matchers.map(({ name }) => name))].filter((name) => name !== '__name__').toSorted();
}

/** The values to try for each label, likely ones first. */
function candidates(
  service: Service,
  metric: string,
  labels: readonly string[],
  matchers: readonly Matcher[],
): ReadonlyMap<string, readonly string[]> {
  const base = metric.replace(/_(?:bucket|count|sum)$/, '');
  const known = (service.metrics.get(metric) ?? service.metrics.get(base))?.labels;
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
function* assignments(values: ReadonlyMap<string, readonly string[]>, place: Assignment): Generator<Assignment> {
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

function satisfies(assigned: Assignment, matchers: readonly Matcher[]): boolean {
  return matchers.every(
    (matcher) => matcher.name === '__name__' || labelPredicate(matcher)(assigned[matcher.name] ?? ''),
  );
}

/** A series in the notation of rule tests; a label without a value is none. */
export function written(name: string, labels: Assignment): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${quoteString(value)}`);
  return `${name}{${pairs.join(',')}}`;
}
