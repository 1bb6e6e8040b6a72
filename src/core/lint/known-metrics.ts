import type { Exposition } from '../series/index.ts';
import { baseName } from './document/catalogue.ts';
import { metricsOf } from './document/expressions.ts';
import type { DeclaredMetric, LintDocument } from './document/model.ts';

/** A metric as a page of metrics or a server shows it; of a histogram, under its base name. */
export interface KnownMetric {
  readonly name: string;
  readonly type: DeclaredMetric['type'];
  /** Empty if nothing is known of them. */
  readonly labels: readonly string[];
  /** Upper bounds of the buckets, in ascending order. */
  readonly buckets?: readonly number[];
}

/** What metrics there are, and where that is known from: the name of a file or the address of a server. */
export interface KnownMetrics {
  readonly from: string;
  readonly metrics: readonly KnownMetric[];
}

/** The metrics of a page in Prometheus's or OpenMetrics's text format. */
export function metricsOfPage(from: string, { samples, families }: Exposition): KnownMetrics {
  const types = new Map(families.map(({ name, type }) => [name, type]));
  const found = new Map<
    string,
    { readonly type: string; readonly labels: Set<string>; readonly buckets: Set<number> }
  >();
  for (const { labels } of samples) {
    const name = labels.get('__name__') ?? '';
    const base = types.get(baseName(name)) === undefined ? name : baseName(name);
    const family = base.replace(/_total$/, '');
    const metric = found.get(base) ?? {
      type: types.get(base) ?? types.get(family) ?? '',
      labels: new Set<string>(),
      buckets: new Set<number>(),
    };
    found.set(base, metric);
    for (const [index, label] of labels.names.entries()) {
      const value = labels.values[index] ?? '';
      if (label === 'le' && name.endsWith('_bucket')) metric.buckets.add(Number(value.replace('+Inf', 'Infinity')));
      else if (label !== '__name__' && label !== 'le' && label !== 'quantile') metric.labels.add(label);
    }
  }
  const metrics = [...found].map(([name, { type, labels, buckets }]) => ({
    name,
    type: metricType(name, type),
    labels: [...labels].toSorted(),
    ...(buckets.size === 0 ? {} : { buckets: [...buckets].filter(Number.isFinite).toSorted((a, b) => a - b) }),
  }));
  return { from, metrics };
}

/** The type as checks know it: what is neither a histogram nor a counter is read as a gauge is. */
export function metricType(name: string, type: string): KnownMetric['type'] {
  if (/histogram/.test(type)) return 'histogram';
  return type === 'counter' || (type !== 'gauge' && name.endsWith('_total')) ? 'counter' : 'gauge';
}

/** The names of metrics that the queries of a document read, recorded ones too. */
export function metricNamesIn({ queries }: LintDocument): readonly string[] {
  return [...new Set(queries.flatMap(({ expr }) => (expr === undefined ? [] : metricsOf(expr))))].toSorted();
}

/** The document with what is known from elsewhere put into its catalogue: what is measured counts for more than what is written. */
export function withKnownMetrics(document: LintDocument, known: KnownMetrics | undefined): LintDocument {
  if (known === undefined) return document;
  const catalogue = new Map(document.catalogue);
  for (const metric of known.metrics) {
    const own = catalogue.get(metric.name);
    catalogue.set(metric.name, {
      ...own,
      ...metric,
      labels: metric.labels.length === 0 ? (own?.labels ?? []) : metric.labels,
    });
  }
  return { ...document, catalogue, catalogueFrom: known.from };
}
