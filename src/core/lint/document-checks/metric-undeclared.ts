import { closest } from '../../base/index.ts';
import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { baseName } from '../document/catalogue.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

/** Metrics that no service declares for itself. */
const foreign =
  /^(?:up|ALERTS(?:_FOR_STATE)?|scrape_.*|process_.*|go_.*|python_.*|node_.*|kube_.*|container_.*|probe_.*|prometheus_.*|alertmanager_.*|jvm_.*)$/;

export const metricUndeclared: DocumentCheck = {
  id: 'metric-undeclared',
  severity: 'warning',
  meaning: "A query reads a metric that the document's own reference does not list.",
  remedy: 'correct the name, or add the metric to the reference',
  inspect: ({ queries, catalogue, catalogueFrom, recorded }) => {
    const where =
      catalogueFrom === undefined ? "the document's reference of metrics" : `the metrics of ${catalogueFrom}`;
    if (catalogue.size < 2) return [];
    return queries.flatMap((query) =>
      (query.expr === undefined ? [] : selectorsOf(query.expr)).flatMap((selector) => {
        const name = metricNameOf(selector);
        if (name === undefined || recorded.has(name) || name.includes(':') || foreign.test(name)) return [];
        if (catalogue.has(name) || catalogue.has(baseName(name))) return [];
        const near = closest(baseName(name), catalogue.keys());
        const help = near === undefined ? undefined : `did you mean \`${near}\`?`;
        const message = `\`${name}\` is not in ${where}`;
        return [{ message, ...(help === undefined ? {} : { help }), span: spanIn(query, selector) }];
      }),
    );
  },
};
