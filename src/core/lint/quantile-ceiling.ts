import { type ComparisonOperator, type Expr, metricNameOf, selectorsOf } from '../promql/index.ts';
import { numberOf } from './document/expressions.ts';
import { short } from './document/quantities.ts';

/** The upper bounds of the buckets of a histogram by its base name; undefined if nobody knows them. */
export type BucketsOf = (name: string) => readonly number[] | undefined;

/**
 * What is wrong with a comparison of a quantile with a number that it cannot get past. How long anything in the last bucket took is not
 * known, so that `histogram_quantile` answers with the highest finite bound wherever the quantile lies above it.
 */
export function comparisonProblem(
  value: Expr,
  operator: ComparisonOperator,
  bound: number,
  bucketsOf: BucketsOf,
): string | undefined {
  const ceiling = ceilingOf(value, bucketsOf);
  if (ceiling === undefined || operator === '!=') return undefined;
  const isAsked = operator === '>' || operator === '<=' ? bound < ceiling.most : bound <= ceiling.most;
  if (isAsked) return undefined;
  const told = `\`histogram_quantile\` answers at most ${short(ceiling.highest)}, the highest bucket of \`${ceiling.histogram}\``;
  return `${told}: \`${operator} ${short(bound)}\` is ${operator.startsWith('<') ? 'always' : 'never'} true`;
}

/** The most that an expression of a quantile can give, and the histogram whose highest bucket says so. */
interface Ceiling {
  readonly most: number;
  readonly histogram: string;
  readonly highest: number;
}

/** Functions and aggregations that give no more than the most of what they are given. */
const selecting: ReadonlySet<string> = new Set([
  'max',
  'min',
  'avg',
  'topk',
  'bottomk',
  'max_over_time',
  'min_over_time',
  'avg_over_time',
  'last_over_time',
  'sort',
  'sort_desc',
  'label_replace',
]);

function ceilingOf(expr: Expr, bucketsOf: BucketsOf): Ceiling | undefined {
  switch (expr.kind) {
    case 'paren':
    case 'subquery':
      return ceilingOf(expr.expr, bucketsOf);
    case 'aggregation':
      return selecting.has(expr.operator) ? ceilingOf(expr.expr, bucketsOf) : undefined;
    case 'call': {
      const [first, second] = expr.args;
      if (expr.function === 'histogram_quantile')
        return first === undefined || second === undefined ? undefined : highestBucket(first, second, bucketsOf);
      return first !== undefined && selecting.has(expr.function) ? ceilingOf(first, bucketsOf) : undefined;
    }
    case 'binary': {
      if (expr.operator !== '*' && expr.operator !== '/') return undefined;
      const ceiling = ceilingOf(expr.left, bucketsOf);
      const factor = numberOf(expr.right);
      if (ceiling === undefined || factor === undefined || factor <= 0) return undefined;
      return { ...ceiling, most: expr.operator === '*' ? ceiling.most * factor : ceiling.most / factor };
    }
    default:
      return undefined;
  }
}

/** Only of the series of buckets: a native histogram has as many as it needs. A quantile above one is infinite. */
function highestBucket(quantile: Expr, buckets: Expr, bucketsOf: BucketsOf): Ceiling | undefined {
  const phi = numberOf(quantile);
  if (phi === undefined || 1 < phi) return undefined;
  const ceilings = selectorsOf(buckets).map((selector): Ceiling | undefined => {
    const name = metricNameOf(selector);
    if (name === undefined || !name.endsWith('_bucket')) return undefined;
    const histogram = name.slice(0, -'_bucket'.length);
    const highest = bucketsOf(histogram)
      ?.filter(Number.isFinite)
      .toSorted((a, b) => a - b)
      .at(-1);
    return highest === undefined ? undefined : { most: highest, histogram, highest };
  });
  const known = ceilings.flatMap((ceiling) => ceiling ?? []);
  if (known.length < ceilings.length) return undefined;
  return known.toSorted((a, b) => b.most - a.most)[0];
}
