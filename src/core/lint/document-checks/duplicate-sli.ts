import { type Expr, selectorsOf } from '../../promql/index.ts';
import { baseName, metricsOf } from '../document/expressions.ts';
import type { Indicator } from '../document/model.ts';
import { showClasses, statusClasses } from '../document/status-classes.ts';
import type { DocumentCheck } from '../document-check.ts';

export const duplicateSli: DocumentCheck = {
  id: 'duplicate-sli',
  severity: 'warning',
  meaning: 'Two indicators measure the same events by the same condition: whoever reads both counts one thing twice.',
  remedy: 'keep one of them, or say what tells them apart',
  inspect: ({ indicators }) =>
    indicators.flatMap((indicator, index) => {
      const own = measured(indicator);
      const same = own === undefined ? undefined : indicators.slice(0, index).find((one) => measured(one) === own);
      if (same === undefined || own === undefined) return [];
      return [{ message: `"${indicator.name}" measures the same as "${same.name}"`, span: indicator.span }];
    }),
};

/** What an indicator counts: the metric, the classes of its first selector with a status, and its other conditions. */
function measured({ queries }: Indicator): string | undefined {
  const exprs = queries.flatMap(({ expr }): readonly Expr[] => (expr === undefined ? [] : [expr]));
  const [expr] = exprs;
  if (expr === undefined || exprs.length !== 1 || metricsOf(expr).length !== 1) return undefined;
  const counted = selectorsOf(expr).find(({ matchers }) => statusClasses(matchers) !== undefined);
  const classes = counted === undefined ? undefined : statusClasses(counted.matchers);
  if (counted === undefined || classes === undefined) return undefined;
  const others = counted.matchers
    .filter((matcher) => statusClasses([matcher]) === undefined)
    .map(({ name, operator, value }) => `${name}${operator}${value}`)
    .toSorted();
  return [baseName(counted.name), showClasses(classes), ...others].join(' ');
}
