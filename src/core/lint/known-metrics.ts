import type { Exposition } from '../series/index.ts';
import { baseName } from './document/catalogue.ts';
import { metricsOf } from './document/expressions.ts';
import type { DeclaredMetric, LintDocument } from './document/model.ts';

/** A metric as a page of metrics or a server shows it; of a histogram, under its base name. */
export interface KnownMetric extends Omit<DeclaredMetric, 'span'> {
  /** The unit that its exporter states, as OpenMetrics has it: `seconds`. */
  readonly unit?: string;
}

/** What metrics there are, and where that is known from: the name of a file or the address of a server. */
export interface KnownMetrics {
  readonly from: string;
  /** Whether it is the page of one program, which knows nothing of what others export. */
  readonly isPage: boolean;
  readonly metrics: readonly KnownMetric[];
}

/** A metric as it was found, with no more than it says itself. */
export interface FoundMetric {
  readonly name: string;
  /** As the target says it: `counter`, `gauge`, `histogram`, `summary`; empty or `unknown` if it does not. */
  readonly type: string;
  readonly unit?: string | undefined;
  /** The values of each label; undefined if nobody looked. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** Upper bounds of the buckets, in any order. */
  readonly buckets: Iterable<number>;
}

/** A label with more values than this is no list of words: identifiers, paths. */
const mostValues = 100;

/** The metrics of a page in Prometheus's or OpenMetrics's text format. */
export function metricsOfPage(from: string, { samples, families }: Exposition): KnownMetrics {
  const stated = new Map(families.map((family) => [family.name, family]));
  const found = new Map<string, { readonly labels: Map<string, Set<string>>; readonly buckets: Set<number> }>();
  for (const { labels } of samples) {
    const name = labels.get('__name__') ?? '';
    const base = stated.has(baseName(name)) ? baseName(name) : name;
    const metric = found.get(base) ?? { labels: new Map<string, Set<string>>(), buckets: new Set<number>() };
    found.set(base, metric);
    for (const [index, label] of labels.names.entries()) {
      const value = labels.values[index] ?? '';
      if (label === 'le' && name.endsWith('_bucket')) metric.buckets.add(Number(value.replace('+Inf', 'Infinity')));
      else if (label !== '__name__' && label !== 'le' && label !== 'quantile')
        metric.labels.set(label, (metric.labels.get(label) ?? new Set()).add(value));
    }
  }
  const metrics = [...found].map(([name, { labels, buckets }]) => {
    const family = stated.get(name) ?? stated.get(name.replace(/_total$/, ''));
    return knownMetric({ name, type: family?.type ?? '', unit: family?.unit, labels, buckets });
  });
  return { from, isPage: true, metrics };
}

/** What checks may conclude from a metric that was found. */
export function knownMetric({ name, type, unit, labels, buckets }: FoundMetric): KnownMetric {
  const exact = exactTypes.find((one) => one === type);
  const bounds = [...buckets].filter(Number.isFinite).toSorted((a, b) => a - b);
  return {
    name,
    type: metricType(name, type),
    ...(exact === undefined ? {} : { exact }),
    ...(unit === undefined || unit === '' ? {} : { unit }),
    labels: [...(labels?.keys() ?? [])].toSorted(),
    ...(labels === undefined ? {} : { labelsKnown: true, values: valuesOf(labels) }),
    ...(bounds.length === 0 ? {} : { buckets: bounds }),
  };
}

const exactTypes = ['counter', 'gauge', 'histogram', 'summary'] as const;

function valuesOf(labels: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...labels].flatMap(([label, values]) =>
      values.size <= mostValues ? [[label, [...values].toSorted()] as const] : [],
    ),
  );
}

/** The type as checks know it: what is neither a histogram nor a counter is read as a gauge is. */
function metricType(name: string, type: string): KnownMetric['type'] {
  if (/histogram/.test(type)) return 'histogram';
  return type === 'counter' || (type !== 'gauge' && name.endsWith('_total')) ? 'counter' : 'gauge';
}

/** The names of metrics that the queries of a document read, recorded ones too. */
export function metricNamesIn({ queries }: LintDocument): readonly string[] {
  return [...new Set(queries.flatMap(({ expr }) => (expr === undefined ? [] : metricsOf(expr))))].toSorted();
}

/** The document with what is known from elsewhere put into its catalogue. */
export function withKnownMetrics(document: LintDocument, known: KnownMetrics | undefined): LintDocument {
  if (known === undefined) return document;
  return { ...document, catalogue: catalogueWith(document.catalogue, known), catalogueFrom: known.from };
}

/** A catalogue with what is known from elsewhere: what is measured counts for more than what is written. */
export function catalogueWith(
  written: ReadonlyMap<string, DeclaredMetric>,
  { metrics }: KnownMetrics,
): ReadonlyMap<string, DeclaredMetric> {
  const catalogue = new Map(written);
  for (const metric of metrics) {
    const own = catalogue.get(metric.name);
    const labels = metric.labelsKnown === true ? metric.labels : (own?.labels ?? []);
    catalogue.set(metric.name, { ...own, ...metric, labels });
  }
  return catalogue;
}
