/** What widely used instrumentation libraries export, by the end of the name: the beginning can be configured. */
const exporters: readonly {
  readonly library: RegExp;
  readonly metrics: readonly { readonly ending: string; readonly labels: readonly string[] }[];
}[] = [
  {
    // README of prometheus_flask_exporter: the counter has no path, the histogram has.
    library: /\bprometheus[-_]flask[-_]exporter\b/,
    metrics: [
      { ending: '_http_request_total', labels: ['method', 'status'] },
      { ending: '_http_request_duration_seconds', labels: ['method', 'path', 'status'] },
    ],
  },
];

/** The labels of a metric, if a document names the library that exports it and the library is known. */
export function exportedLabels(document: string, metric: string): readonly string[] | undefined {
  return exporters
    .filter(({ library }) => library.test(document))
    .flatMap(({ metrics }) =>
      metrics.filter(({ ending }) => metric.replace(/_(?:bucket|count|sum)$/, '').endsWith(ending)),
    )
    .map(({ labels }) => labels)[0];
}
