import type { AggregationOperator, ValueType } from './tree.ts';

/** An aggregation and what stands before its operand. */
export interface AggregationSignature {
  readonly param?: ValueType;
  readonly experimental: boolean;
  /** One line for editors and docs. */
  readonly meaning: string;
}

/** All aggregations of PromQL. Source: prometheus, promql/parser/lex.go and docs/querying/operators.md. */
export const aggregationTable: Readonly<Record<AggregationOperator, AggregationSignature>> = {
  sum: { experimental: false, meaning: 'the sum of the values' },
  avg: { experimental: false, meaning: 'the mean of the values' },
  min: { experimental: false, meaning: 'the smallest value' },
  max: { experimental: false, meaning: 'the largest value' },
  count: { experimental: false, meaning: 'how many series there are' },
  group: { experimental: false, meaning: '1 for each group that has a series' },
  stddev: { experimental: false, meaning: 'the population standard deviation of the values' },
  stdvar: { experimental: false, meaning: 'the population variance of the values' },
  topk: { param: 'scalar', experimental: false, meaning: 'the k series with the largest values' },
  bottomk: { param: 'scalar', experimental: false, meaning: 'the k series with the smallest values' },
  count_values: {
    param: 'string',
    experimental: false,
    meaning: 'how many series have each value, which becomes a label',
  },
  quantile: { param: 'scalar', experimental: false, meaning: 'the quantile of the values over the series' },
  limitk: { param: 'scalar', experimental: true, meaning: 'k series of the group, always the same ones' },
  limit_ratio: { param: 'scalar', experimental: true, meaning: 'about this share of the series, always the same ones' },
};

export function isAggregation(name: string): name is AggregationOperator {
  return Object.hasOwn(aggregationTable, name);
}
