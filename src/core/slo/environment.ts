import { unreachable } from '../base/index.ts';
import { build, type Expr, mapExpr, metricNameOf } from '../promql/index.ts';
import type { AlertCondition, ConditionAlert } from './model/alert.ts';
import type { Condition, Indicator } from './model/indicator.ts';
import type { Environment } from './model/organisation.ts';
import type { InformationalIndicator, Service } from './model.ts';

/**
 * The service as it stands in one of its environments: what is measured has the environment's labels, and where nobody is woken, what
 * pages elsewhere is a ticket. A service that names no environments is the same everywhere; undefined if it names others than this one.
 */
export function inEnvironment(service: Service, name: string): Service | undefined {
  if (service.environments.length === 0) return service;
  const environment = service.environments.find((each) => each.name === name);
  if (environment === undefined) return undefined;
  const narrowed = environment.labels.size === 0 ? service : narrow(service, environment);
  if (environment.production) return narrowed;
  const { severityLabels } = service;
  return { ...narrowed, severityLabels: { ...severityLabels, page: severityLabels.ticket } };
}

function narrow(service: Service, { labels }: Environment): Service {
  const added = [...labels].map(([label, value]) => ({ name: label, operator: '=' as const, value }));
  const narrowed = (expr: Expr): Expr =>
    mapExpr(expr, (node) => {
      if (node.kind !== 'selector' || isRecorded(metricNameOf(node) ?? '')) return node;
      return build.withConditions(node, added);
    });
  const alert = (each: ConditionAlert): ConditionAlert => ({ ...each, when: mapAlertCondition(each.when, narrowed) });
  return {
    ...service,
    slos: service.slos.map((slo) => ({
      ...slo,
      indicator: mapIndicator(slo.indicator, narrowed),
      conditionAlerts: slo.conditionAlerts.map(alert),
    })),
    indicators: service.indicators.map((each) => mapInformational(each, narrowed)),
    alerts: service.alerts.map(alert),
    thresholds: service.thresholds.map((each) => ({ ...each, value: narrowed(each.value) })),
    panels: service.panels.map((row) => ({
      ...row,
      panels: row.panels.map((panel) => ({
        ...panel,
        queries: panel.queries.map((query) => ({ ...query, expr: narrowed(query.expr) })),
      })),
    })),
  };
}

/** Recorded series, whose names have colons, keep only the labels that their rule gives them. */
function isRecorded(metric: string): boolean {
  return metric.includes(':');
}

function mapInformational(each: InformationalIndicator, change: (expr: Expr) => Expr): InformationalIndicator {
  const { indicator } = each;
  if (indicator.kind === 'query') return { ...each, indicator: { ...indicator, value: change(indicator.value) } };
  return { ...each, indicator: mapIndicator(indicator, change) };
}

function mapIndicator(indicator: Indicator, change: (expr: Expr) => Expr): Indicator {
  switch (indicator.kind) {
    case 'ratio':
      return { ...indicator, events: change(indicator.events), total: change(indicator.total) };
    case 'distribution':
      return { ...indicator, histogram: change(indicator.histogram) };
    case 'condition':
      return { ...indicator, condition: mapCondition(indicator.condition, change) };
    case 'queries':
      return {
        ...indicator,
        events: change(indicator.events),
        ...(indicator.total === undefined ? {} : { total: change(indicator.total) }),
      };
    case 'composite':
    case 'external':
      return indicator;
    default:
      return unreachable(indicator);
  }
}

function mapCondition(condition: Condition, change: (expr: Expr) => Expr): Condition {
  switch (condition.kind) {
    case 'comparison':
      return { ...condition, value: change(condition.value) };
    case 'progress':
    case 'invariant':
      return { ...condition, counter: change(condition.counter) };
    case 'all':
    case 'any':
      return { ...condition, of: condition.of.map((part) => mapCondition(part, change)) };
    default:
      return unreachable(condition);
  }
}

function mapAlertCondition(when: AlertCondition, change: (expr: Expr) => Expr): AlertCondition {
  switch (when.kind) {
    case 'threshold':
      return { ...when, value: change(when.value) };
    case 'progress':
    case 'relative':
      return { ...when, counter: change(when.counter) };
    case 'absent':
      return { ...when, series: change(when.series) };
    case 'all':
    case 'any':
      return { ...when, of: when.of.map((part) => mapAlertCondition(part, change)) };
    default:
      return unreachable(when);
  }
}
