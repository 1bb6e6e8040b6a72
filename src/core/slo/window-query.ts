import { type Duration, duration, minute } from '../base/index.ts';
import { build, type Expr, mapExpr, printExpr, walk } from '../promql/index.ts';

// A query over a window that is filled in holds `[range()]` where the window stands: PromQL's own word for the range of a query.

/** How long the steps are over which queries are evaluated, where an objective does not say. */
export const queryStep: Duration = duration(5 * minute);

/** The word for the window in definitions. */
export const windowWord = '{{.window}}';

/** The query with a window put in. */
export function overWindow(query: Expr, window: Duration): Expr {
  return mapExpr(query, (expr) =>
    (expr.kind === 'matrix' || expr.kind === 'subquery') && expr.range.kind === 'range'
      ? { ...expr, range: build.durationLiteral(window) }
      : expr,
  );
}

/** How often the window stands as the range of a selector or a subquery: nowhere else can it be filled in. */
export function windowsIn(query: Expr): number {
  let found = 0;
  walk(query, (expr) => {
    if ((expr.kind === 'matrix' || expr.kind === 'subquery') && expr.range.kind === 'range') found += 1;
  });
  return found;
}

/** The query as definitions write it, with a word for the window. */
export function windowQueryText(query: Expr, word: string = windowWord): string {
  return printExpr(query).replaceAll(windowRange, `[${word}`);
}

/** How the window is printed: the beginning of `[range()]` and of `[range():1m]`. */
const windowRange = '[range()';

/** What stands for the window in the text of a query when it is parsed. */
export const windowStandIn = 'range()';
