import type { Matcher } from '../../series/index.ts';
import { metricName } from '../../series/index.ts';
import type { Expr } from '../syntax/tree.ts';
import { children } from '../syntax/tree.ts';

/** The info metric that `info()` reads unless its second argument names others. */
const targetInfo = 'target_info';

/** The labels by which a series and its info series belong together. Source: prometheus, promql/info.go. */
export const identifyingLabels: readonly string[] = ['instance', 'job'];

/** The matchers of `info()`'s second argument; unless one says which names count, only `target_info` does. */
export function infoMatchers(
  selector: Expr | undefined,
  matchersOf: (expr: Expr) => readonly Matcher[],
): readonly Matcher[] {
  const written = selector === undefined ? [] : matchersOf(selector);
  if (written.some(({ name, operator }) => name === metricName && (operator === '=' || operator === '=~')))
    return written;
  return [{ name: metricName, operator: '=', value: targetInfo }, ...written];
}

/** Where in the expression the first selector stands: the nodes from the root down to it. */
export function pathToFirstSelector(expr: Expr): readonly Expr[] {
  if (expr.kind === 'selector') return [expr];
  for (const child of children(expr)) {
    const path = pathToFirstSelector(child);
    if (path.length !== 0) return [expr, ...path];
  }
  return [];
}
