import { unreachable } from '../base/index.ts';
import { type Expr, metricNameOf, selectorsOf as selectorsIn } from '../promql/index.ts';
import type { Matcher } from '../series/index.ts';
import { alertExpressions, expressionsOf, type Indicator, type Service } from '../slo/index.ts';
import type { YamlPath } from '../yaml/index.ts';

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
    case 'queries': {
      const { counts, events, total } = indicator;
      return [...defined(counts, events), ...(total === undefined ? [] : defined('total', total))];
    }
    case 'composite':
    case 'external':
      return [];
    default:
      return unreachable(indicator);
  }
}

function defined(key: DefinedSelector['key'], expr: Expr): readonly DefinedSelector[] {
  return selectorsIn(expr).map(({ name, matchers }) => ({
    key,
    metric: name === '' ? (matchers.find((matcher) => matcher.name === '__name__')?.value ?? '') : name,
    matchers,
  }));
}

/** An expression of a service, and the keys under which its definition has it; of a dialect, those that ours would have. */
export interface DefinedExpression {
  readonly expr: Expr;
  readonly path: YamlPath;
}

/** All expressions of a service, wherever it has some. */
export function definedExpressions(service: Service): readonly DefinedExpression[] {
  const { slos, indicators, alerts, thresholds, panels } = service;
  const at = (path: YamlPath) => (expr: Expr) => ({ expr, path });
  return [
    ...slos.flatMap(({ name, indicator, conditionAlerts }) => [
      ...indicatorExpressions(indicator, ['slos', name]),
      ...conditionAlerts.flatMap(({ when }) => alertExpressions(when).map(at(['slos', name, 'alerts']))),
    ]),
    ...indicators.flatMap(({ name, indicator }) =>
      indicator.kind === 'query'
        ? [at(['indicators', name])(indicator.value)]
        : indicatorExpressions(indicator, ['indicators', name]),
    ),
    ...alerts.flatMap(({ when }, index) => alertExpressions(when).map(at(['alerts', index]))),
    ...thresholds.map(({ name, value }) => at(['thresholds', name])(value)),
    ...panels.flatMap((row, index) =>
      row.panels.flatMap(({ queries }) => queries.map(({ expr }) => at(['panels', index])(expr))),
    ),
  ];
}

function indicatorExpressions(indicator: Indicator, path: YamlPath): readonly DefinedExpression[] {
  switch (indicator.kind) {
    case 'ratio':
      return [
        { expr: indicator.events, path: [...path, indicator.counts] },
        { expr: indicator.total, path: [...path, 'total'] },
      ];
    case 'distribution':
      return [{ expr: indicator.histogram, path: [...path, 'histogram'] }];
    case 'queries': {
      const counted = indicator.total === undefined ? `${indicator.counts}Ratio` : indicator.counts;
      const keys = [counted, 'total'];
      return expressionsOf(indicator).map((expr, index) => ({ expr, path: [...path, 'queries', keys[index] ?? ''] }));
    }
    case 'condition':
    case 'composite':
    case 'external':
      return expressionsOf(indicator).map((expr) => ({ expr, path: [...path, 'condition'] }));
    default:
      return unreachable(indicator);
  }
}

/** The names of all metrics that services ask for, wherever they do, of histograms of objectives the base name. */
export function metricsOf(...services: readonly Service[]): readonly string[] {
  return services.flatMap((service) =>
    definedExpressions(service).flatMap(({ expr }) => selectorsIn(expr).flatMap((one) => metricNameOf(one) ?? [])),
  );
}
