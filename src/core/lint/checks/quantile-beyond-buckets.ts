import type { ComparisonOperator, Expr } from '../../promql/index.ts';
import type { AlertCondition, Condition, Service } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import type { Check } from '../check.ts';
import type { KnownMetrics } from '../known-metrics.ts';
import { type BucketsOf, comparisonProblem } from '../quantile-ceiling.ts';
import { quantileBeyondBucketsText } from '../shared-checks.ts';

export const quantileBeyondBuckets: Check = {
  ...quantileBeyondBucketsText,
  run: (service, { metrics }) => {
    const bucketsOf = bucketsIn(service, metrics);
    return comparisonsIn(service).flatMap(({ value, operator, bound, path }) => {
      const message = comparisonProblem(value, operator, bound, bucketsOf);
      return message === undefined ? [] : [{ message, path }];
    });
  },
};

/** What is there counts for more than what is declared. A declared histogram may be native and have no buckets at all. */
function bucketsIn({ metrics }: Service, known: KnownMetrics | undefined): BucketsOf {
  const declared = new Map(
    [...metrics.values()].flatMap(({ name, aliases = [], buckets }) =>
      buckets.length === 0 ? [] : [name, ...aliases].map((one) => [one, buckets] as const),
    ),
  );
  const there = new Map((known?.metrics ?? []).map(({ name, buckets }) => [name, buckets] as const));
  return (name) => there.get(name) ?? declared.get(name);
}

interface Comparison {
  readonly value: Expr;
  readonly operator: ComparisonOperator;
  readonly bound: number;
  readonly path: YamlPath;
}

function comparisonsIn({ slos, alerts, thresholds }: Service): readonly Comparison[] {
  return [
    ...slos.flatMap(({ name, indicator, conditionAlerts }) => [
      ...(indicator.kind === 'condition' ? comparisonsOf(indicator.condition, ['slos', name, 'condition']) : []),
      ...conditionAlerts.flatMap(({ when }) => comparisonsOf(when, ['slos', name, 'alerts'])),
    ]),
    ...alerts.flatMap(({ when }, index) => comparisonsOf(when, ['alerts', index, 'name'])),
    ...thresholds.flatMap(({ name, value, operator, warning, critical }) => [
      { value, operator, bound: warning, path: ['thresholds', name, 'warning'] },
      { value, operator, bound: critical, path: ['thresholds', name, 'critical'] },
    ]),
  ];
}

function comparisonsOf(condition: Condition | AlertCondition, path: YamlPath): readonly Comparison[] {
  if ('of' in condition) return condition.of.flatMap((one) => comparisonsOf(one, path));
  return 'operator' in condition ? [{ ...condition, path }] : [];
}
