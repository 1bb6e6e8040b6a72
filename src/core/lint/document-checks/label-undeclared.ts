import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { labelPredicate } from '../../series/index.ts';
import { baseName, metricNamed } from '../document/catalogue.ts';
import { exportedLabels } from '../document/exporters.ts';
import type { LintDocument, MetricFacts } from '../document/model.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

/** Labels that come from scraping, from histograms and summaries, not from the instrumentation. */
const given = new Set([
  '__name__',
  'job',
  'instance',
  'le',
  'quantile',
  'cluster',
  'namespace',
  'pod',
  'container',
  'node',
  'service',
  'env',
  'environment',
  'region',
]);

export const labelUndeclared: DocumentCheck = {
  id: 'label-undeclared',
  severity: 'error',
  meaning:
    "A matcher names a label that the metric does not have, by the document's reference, a page of metrics or a server.",
  remedy: 'use a label that the reference lists, or declare the label there and export it',
  inspect: (document) => [...undeclaredLabels(document), ...scopesWithoutLabel(document)],
};

/** Matchers on labels that their metric does not have. */
export function undeclaredLabels({ queries, catalogue }: MetricFacts): readonly DocumentFinding[] {
  return queries.flatMap((query) =>
    (query.expr === undefined ? [] : selectorsOf(query.expr)).flatMap((selector) => {
      const metric = metricNamed(metricNameOf(selector), catalogue);
      if (metric === undefined || (metric.labels.length === 0 && metric.labelsKnown !== true)) return [];
      return selector.matchers.flatMap((matcher, index) => {
        if (given.has(matcher.name) || metric.labels.includes(matcher.name)) return [];
        const effect = labelPredicate(matcher)('')
          ? 'a missing label meets the matcher, so that it leaves nothing out'
          : 'the matcher lets nothing through';
        const known = metric.labels.length === 0 ? 'it has none' : `it has ${metric.labels.join(', ')}`;
        return [
          {
            message: `\`${metric.name}\` has no label \`${matcher.name}\` (${known}): ${effect}`,
            span: spanIn(query, { span: selector.matcherSpans?.[index] ?? selector.span }),
          },
        ];
      });
    }),
  );
}

/** Labels that hold the endpoint of a request. */
const endpointLabel = /^(?:path|endpoint|route|handler|ur[il]|resource|view)$/;

/** Objectives on one endpoint, measured by a metric that has no label for endpoints. */
function scopesWithoutLabel({ objectives, indicators, catalogue, source }: LintDocument): readonly DocumentFinding[] {
  return objectives.flatMap((objective): readonly DocumentFinding[] => {
    const endpoint = /(?:^|[\s`(])(\/[a-z][\w-]*(?:\/[\w{}-]+)*)(?=[\s`).,]|$)/.exec(objective.statement)?.[1];
    if (endpoint === undefined) return [];
    const named = indicators.filter(({ name }) => name === objective.name).flatMap(({ queries }) => queries);
    return [...objective.queries, ...named].slice(0, 1).flatMap((query) => {
      const { expr } = query;
      const name = expr === undefined ? undefined : selectorsOf(expr).map(metricNameOf)[0];
      const labels =
        name === undefined ? undefined : (catalogue.get(baseName(name))?.labels ?? exportedLabels(source.text, name));
      if (labels === undefined || labels.length === 0 || labels.some((label) => endpointLabel.test(label))) return [];
      const message = `\`${name}\` has the labels ${labels.join(', ')}: nothing in it tells ${endpoint} from other endpoints`;
      return [
        { message, span: query.span },
        { message, span: objective.span },
      ];
    });
  });
}
