import { type Expr, metricNameOf, selectorsOf } from '../../promql/index.ts';
import { expressionsOf, type Metric, metricOf, type Service, type Slo } from '../../slo/index.ts';

/** Whether an objective waits for data: its rules stand ready, nothing is missed and nothing can fire. */
export function isPending(service: Service, slo: Slo): boolean {
  return slo.lifecycle === 'pending' || 0 < pendingMetrics(service, expressionsOf(slo.indicator)).length;
}

/** The metrics in expressions that do not exist yet. */
export function pendingMetrics({ metrics }: Service, exprs: readonly Expr[]): readonly Metric[] {
  const names = new Set(exprs.flatMap(selectorsOf).map((selector) => metricNameOf(selector) ?? ''));
  const found = [...names].flatMap((name) => {
    const metric = metricOf(name, metrics);
    return metric?.pendingOn === undefined ? [] : [metric];
  });
  return [...new Set(found)];
}
