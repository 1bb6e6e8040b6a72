import { equalExpr, type VectorSelector } from '../promql/index.ts';
import type { DistributionIndicator } from '../slo/index.ts';
import { nameOf, sumOf } from './definition/selectors.ts';

/** `x_bucket{le="0.5"}` out of `x_count`, or out of the bucket of everything, is the share of observations up to 0.5. */
export function distributionOf(
  good: readonly VectorSelector[],
  total: readonly VectorSelector[],
): DistributionIndicator | undefined {
  const [bucket, ...others] = good;
  const [all, ...further] = total;
  if (bucket === undefined || all === undefined || 0 < others.length + further.length) return undefined;
  const [name] = nameOf(bucket).split(/_bucket$/);
  if (name === undefined || name === nameOf(bucket)) return undefined;
  const below = boundOf(bucket);
  const ofAll = nameOf(all) === `${name}_count` || (nameOf(all) === `${name}_bucket` && boundOf(all) === Infinity);
  if (below === undefined || !Number.isFinite(below) || !ofAll) return undefined;
  const histogram = sumOf([withoutBound(bucket, name)]);
  if (!equalExpr(histogram, sumOf([withoutBound(all, name)]))) return undefined;
  return { kind: 'distribution', histogram, below };
}

/** The bound of a bucket, also where its spellings by different client libraries stand side by side: `20|20\.0`. */
function boundOf({ matchers }: VectorSelector): number | undefined {
  const [bound, second] = matchers.filter(({ name }) => name === 'le');
  if (bound === undefined || second !== undefined) return undefined;
  if (bound.operator !== '=' && bound.operator !== '=~') return undefined;
  const texts =
    bound.operator === '=' ? [bound.value] : bound.value.split('|').map((text) => text.replaceAll('\\', ''));
  const numbers = new Set(
    texts.map((text) => (text === '+Inf' ? Infinity : text.trim() === '' ? Number.NaN : Number(text))),
  );
  const [only = Number.NaN] = numbers;
  return numbers.size === 1 && !Number.isNaN(only) ? only : undefined;
}

function withoutBound(selector: VectorSelector, name: string): VectorSelector {
  const matchers = selector.matchers.filter((matcher) => matcher.name !== 'le' && matcher.name !== '__name__');
  return { kind: 'selector', name, matchers, span: selector.span };
}
