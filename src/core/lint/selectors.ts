import { unreachable } from '../base/index.ts';
import { children, type Expr, metricNameOf, type VectorSelector } from '../promql/index.ts';
import type { Matcher } from '../series/index.ts';
import { type AlertCondition, expressionsOf, type Indicator, type Service } from '../slo/index.ts';

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

/** The names of all metrics that a service asks for, wherever it does. */
export function metricsOf(service: Service): readonly string[] {
  const { slos, indicators, alerts, thresholds, panels } = service;
  const expressions = [
    ...slos.flatMap(({ indicator }) => expressionsOf(indicator)),
    ...indicators.flatMap(({ indicator }) =>
      indicator.kind === 'query' ? [indicator.value] : expressionsOf(indicator),
    ),
    ...[...alerts, ...slos.flatMap(({ conditionAlerts }) => conditionAlerts)].flatMap(({ when }) =>
      alertExpressions(when),
    ),
    ...thresholds.map(({ value }) => value),
    ...panels.flatMap((row) => row.panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
  ];
  return expressions.flatMap(leaves).flatMap((selector) => metricNameOf(selector) ?? []);
}

function alertExpressions(condition: AlertCondition): readonly Expr[] {
  switch (condition.kind) {
    case 'threshold':
      return [condition.value];
    case 'progress':
    case 'relative':
      return [condition.counter];
    case 'absent':
      return [condition.series];
    case 'all':
    case 'any':
      return condition.of.flatMap(alertExpressions);
    default:
      return unreachable(condition);
  }
}
