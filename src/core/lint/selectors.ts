import { unreachable } from '../base/index.ts';
import { children, type Expr, type VectorSelector } from '../promql/index.ts';
import type { Matcher } from '../series/index.ts';
import { expressionsOf, type Indicator } from '../slo/index.ts';

/** A selector of an objective, and the key of the definition that it was written under. */
export interface DefinedSelector {
  readonly key: 'good' | 'bad' | 'total' | 'histogram' | 'condition';
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** The selectors of an indicator, in the order in which they are written. */
export function selectorsOf(indicator: Indicator): readonly DefinedSelector[] {
  switch (indicator.kind) {
    case 'ratio':
      return [...defined(indicator.counts, indicator.events), ...defined('total', indicator.total)];
    case 'distribution':
      return defined('histogram', indicator.histogram);
    case 'condition':
      return expressionsOf(indicator).flatMap((expr) => defined('condition', expr));
    case 'composite':
      return [];
    default:
      return unreachable(indicator);
  }
}

function defined(key: DefinedSelector['key'], expr: Expr): readonly DefinedSelector[] {
  return leaves(expr).map(({ name, matchers }) => ({
    key,
    metric: name === '' ? (matchers.find((matcher) => matcher.name === '__name__')?.value ?? '') : name,
    matchers,
  }));
}

function leaves(expr: Expr): readonly VectorSelector[] {
  return expr.kind === 'selector' ? [expr] : children(expr).flatMap(leaves);
}
