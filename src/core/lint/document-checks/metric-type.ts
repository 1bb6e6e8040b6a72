import { type Expr, metricNameOf, type VectorSelector, walk } from '../../promql/index.ts';
import { baseName } from '../document/catalogue.ts';
import type { DeclaredMetric, MetricFacts } from '../document/model.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const metricType: DocumentCheck = {
  id: 'metric-type',
  severity: 'warning',
  meaning:
    'A query treats a metric as one of another type: a rate of a gauge, a difference of a counter, buckets of a summary.',
  remedy: 'use the function that fits the type, or correct what the exporter says of the metric',
  inspect: (document) => mistypedMetrics(document),
};

/** How a selector is used, as far as that tells what the metric must be. */
export type MetricUse = 'counter' | 'gauge' | 'histogram';

/** Functions of counters see a reset in every fall; those of gauges see a fall in every reset. */
const ofCounters: ReadonlySet<string> = new Set(['rate', 'irate', 'increase', 'resets']);
const ofGauges: ReadonlySet<string> = new Set([
  'delta',
  'idelta',
  'deriv',
  'predict_linear',
  'double_exponential_smoothing',
  'holt_winters',
]);

/** Selectors whose metric is of another type than their use; `used` tells of uses that no function shows. */
export function mistypedMetrics(
  { queries, catalogue }: MetricFacts,
  used: ReadonlyMap<string, MetricUse> = new Map(),
): readonly DocumentFinding[] {
  return queries.flatMap((query) => {
    const found: DocumentFinding[] = [];
    if (query.expr === undefined) return found;
    walk(query.expr, (node, parents) => {
      if (node.kind !== 'selector') return;
      const name = metricNameOf(node);
      if (name === undefined) return;
      const use = impliedUse(node, parents) ?? used.get(name);
      const message = problemOf(name, use, catalogue);
      if (message !== undefined) found.push({ message, span: spanIn(query, node) });
    });
    return found;
  });
}

function impliedUse(selector: VectorSelector, parents: readonly Expr[]): MetricUse | undefined {
  // The function stands right around the range: `rate(x[5m])`; a subquery of a gauge may be anything.
  const [call, matrix] = [parents.at(-2), parents.at(-1)];
  if (matrix?.kind !== 'matrix' || matrix.selector !== selector || call?.kind !== 'call') return undefined;
  if (ofCounters.has(call.function)) return 'counter';
  return ofGauges.has(call.function) ? 'gauge' : undefined;
}

function problemOf(
  name: string,
  use: MetricUse | undefined,
  catalogue: ReadonlyMap<string, DeclaredMetric>,
): string | undefined {
  const own = catalogue.get(name);
  const suffix = own === undefined ? /_(?:bucket|count|sum)$/.exec(name)?.[0] : undefined;
  const metric = own ?? (suffix === undefined ? undefined : catalogue.get(baseName(name)));
  const type = metric?.exact;
  if (metric === undefined || type === undefined) return undefined;
  if (suffix !== undefined) {
    if (type === 'counter' || type === 'gauge') return `\`${metric.name}\` is a ${type}: there is no \`${name}\``;
    if (type === 'summary' && suffix === '_bucket')
      return `\`${metric.name}\` is a summary, which has no buckets: there is no \`${name}\``;
    return use === 'gauge' ? `\`${name}\` is a counter: a restart looks like a fall` : undefined;
  }
  if (use === 'counter' && type === 'gauge')
    return `\`${name}\` is a gauge: each time it falls, that is taken for a restart`;
  if (use === 'gauge' && type === 'counter') return `\`${name}\` is a counter: a restart looks like a fall`;
  if (use === 'histogram' && type !== 'histogram') return `\`${name}\` is a ${type}, not a histogram`;
  return undefined;
}
