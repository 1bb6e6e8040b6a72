import { closest } from '../../base/index.ts';
import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { baseName } from '../document/catalogue.ts';
import type { MetricFacts } from '../document/model.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

/** Metrics that no service declares for itself. */
const foreign =
  /^(?:up|ALERTS(?:_FOR_STATE)?|scrape_.*|process_.*|go_.*|python_.*|node_.*|kube_.*|container_.*|probe_.*|prometheus_.*|alertmanager_.*|jvm_.*)$/;

export const metricUndeclared: DocumentCheck = {
  id: 'metric-undeclared',
  severity: 'warning',
  meaning:
    "A query reads a metric that is not among those that are known: by the document's reference, a page of metrics or a server.",
  remedy: 'correct the name, or add the metric to the reference',
  inspect: undeclaredMetrics,
};

/** Selectors of metrics that the catalogue does not have. */
export function undeclaredMetrics({
  queries,
  catalogue,
  catalogueFrom,
  recorded,
}: MetricFacts): readonly DocumentFinding[] {
  const where = catalogueFrom === undefined ? "the document's reference of metrics" : `the metrics of ${catalogueFrom}`;
  // A document that names one metric in passing has no reference; what else is known of metrics is known to be all of them.
  if (catalogue.size < (catalogueFrom === undefined ? 2 : 1)) return [];
  const helps = new Map<string, string | undefined>();
  const helpFor = (name: string): string | undefined => {
    if (!helps.has(name)) {
      const near = closest(baseName(name), catalogue.keys());
      helps.set(name, near === undefined ? undefined : `did you mean \`${near}\`?`);
    }
    return helps.get(name);
  };
  return queries.flatMap((query) =>
    (query.expr === undefined ? [] : selectorsOf(query.expr)).flatMap((selector) => {
      const name = metricNameOf(selector);
      if (name === undefined || recorded.has(name) || name.includes(':') || foreign.test(name)) return [];
      if (catalogue.has(name) || catalogue.has(baseName(name))) return [];
      const help = helpFor(name);
      const message = `\`${name}\` is not in ${where}`;
      return [{ message, ...(help === undefined ? {} : { help }), span: spanIn(query, selector) }];
    }),
  );
}
