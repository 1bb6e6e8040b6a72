import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { baseName } from '../document/catalogue.ts';
import { boundsOf, expanded } from '../document/expressions.ts';
import { alertsOf, metricsOfObjective, quantileOf } from '../document/facts.ts';
import type { LintDocument } from '../document/model.ts';
import { short } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';
import { bucketProblem, histogramBucketBoundText } from '../shared-checks.ts';

export const histogramBucketBound: DocumentCheck = {
  ...histogramBucketBoundText,
  inspect: (document) => [
    ...unknownBuckets(document),
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
      // That a quantile never gets past the highest bucket is a finding of its own.
      const [name = ''] = names;
      if (document.catalogue.get(name)?.buckets?.every((one) => one <= bound.value) === true) return [];
      return problems(document, names, [bound.value]).map((message) => ({ message, span: spanIn(query, bound.node) }));
    }),
  ],
};

/** Matchers on a bucket that the histogram does not have select nothing. */
function unknownBuckets({ queries, catalogue }: LintDocument): readonly DocumentFinding[] {
  return queries.flatMap((query) =>
    (query.expr === undefined ? [] : selectorsOf(query.expr)).flatMap((selector) => {
      const name = metricNameOf(selector) ?? '';
      const buckets = name.endsWith('_bucket') ? catalogue.get(baseName(name))?.buckets : undefined;
      if (buckets === undefined) return [];
      return selector.matchers.flatMap((matcher, index) => {
        const bound = Number(matcher.value.replace('+Inf', 'Infinity'));
        if (matcher.name !== 'le' || matcher.operator !== '=' || matcher.value === '' || Number.isNaN(bound)) return [];
        if (bound === Number.POSITIVE_INFINITY || buckets.includes(bound)) return [];
        const message = `\`${baseName(name)}\` has no bucket of ${matcher.value}: the matcher lets nothing through`;
        return [{ message, span: spanIn(query, { span: selector.matcherSpans?.[index] ?? selector.span }) }];
      });
    }),
  );
}

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
    return bucketProblem(name, buckets, bound) ?? [];
  });
}
