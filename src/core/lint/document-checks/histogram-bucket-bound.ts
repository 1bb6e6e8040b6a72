import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { baseName } from '../document/catalogue.ts';
import { boundsOf, expanded } from '../document/expressions.ts';
import { alertsOf, metricsOfObjective, quantileOf } from '../document/facts.ts';
import type { LintDocument } from '../document/model.ts';
import { short } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const histogramBucketBound: DocumentCheck = {
  id: 'histogram-bucket-bound',
  severity: 'warning',
  meaning:
    'A latency bound is no bucket bound of the histogram, or lies above its last one: a quantile never gets past that.',
  remedy: 'declare the buckets in the document, the bound among them and at least one above it',
  inspect: (document) => [
    ...document.objectives.flatMap((objective): readonly DocumentFinding[] => {
      const histograms = [...metricsOfObjective(objective)].filter((name) => isHistogram(document, name));
      if (!objective.queries.some(({ text }) => text.includes('_bucket')) || objective.thresholds.length === 0)
        return [];
      return problems(document, histograms, objective.thresholds.slice(0, 1)).map((message) => ({
        message,
        span: objective.span,
      }));
    }),
    ...alertsOf(document).flatMap(({ query }): readonly DocumentFinding[] => {
      const [bound] = query.expr === undefined || document.objectives.length === 0 ? [] : boundsOf(query.expr);
      if (bound === undefined) return [];
      const meaning = expanded(bound.left, document.recorded);
      if (quantileOf(meaning) === undefined) return [];
      const names = selectorsOf(meaning).map((selector) => baseName(metricNameOf(selector) ?? ''));
      return problems(document, names, [bound.value]).map((message) => ({ message, span: spanIn(query, bound.node) }));
    }),
  ],
};

function isHistogram({ catalogue }: LintDocument, name: string): boolean {
  return (catalogue.get(name)?.type ?? 'histogram') === 'histogram';
}

function problems(
  { catalogue }: LintDocument,
  names: readonly string[],
  seconds: readonly number[],
): readonly string[] {
  const [name] = names;
  if (name === undefined) return [];
  const buckets = catalogue.get(name)?.buckets;
  return seconds.flatMap((bound) => {
    if (buckets === undefined)
      return [
        `${short(bound)} s must be a bucket bound of \`${name}\` with a bound above it; the document does not say which buckets it has`,
      ];
    if (buckets.every((one) => one <= bound))
      return [`no bucket of \`${name}\` lies above ${short(bound)} s: a quantile never exceeds the last bound`];
    return buckets.includes(bound)
      ? []
      : [`${short(bound)} s is no bucket bound of \`${name}\`: the share below it is a guess`];
  });
}
