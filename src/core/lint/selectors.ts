import type { Expr, VectorSelector } from '../promql/index.ts';
import type { Matcher } from '../series/index.ts';
import type { Indicator } from '../slo/index.ts';

/** A selector of an objective, and the key of the definition that it was written under. */
export interface DefinedSelector {
  readonly key: 'good' | 'bad' | 'total' | 'histogram';
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
  }
}

function defined(key: DefinedSelector['key'], expr: Expr): readonly DefinedSelector[] {
  return leaves(expr).map(({ name, matchers }) => ({
    key,
    metric: name === '' ? (matchers.find((matcher) => matcher.name === '__name__')?.value ?? '') : name,
    matchers,
  }));
}

/** An indicator holds selectors and their sums only. */
function leaves(expr: Expr): readonly VectorSelector[] {
  if (expr.kind === 'selector') return [expr];
  return expr.kind === 'binary' ? [...leaves(expr.left), ...leaves(expr.right)] : [];
}
