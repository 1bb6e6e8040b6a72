import { type Diagnostic, duration } from '../../base/index.ts';
import { build, type Expr, typeOf } from '../../promql/index.ts';
import type { AlertingRule, RecordingRule, RuleGroup } from '../../rules/index.ts';
import type { InformationalIndicator, OperationalThreshold, Service } from '../../slo/index.ts';
import { about } from '../codes.ts';
import { countersOfIndicator } from '../counters.ts';
import { underEveryName } from '../former-names.ts';
import { alertNames, indicatorLabel, recorded, thresholdLabel } from '../names.ts';
import type { GenerateOptions } from '../options.ts';
import { alertLabels, ownLabels } from './alert-labels.ts';
import { increaseBy, linksOf } from './alert-links.ts';
import { conditionAlertRules } from './condition-alerts.ts';
import { comparison } from './condition-rules.ts';
import { thresholdTexts } from './condition-text.ts';
import { profileRules } from './profile-rules.ts';
import { record, uniqueRules } from './record.ts';

const { call, compare, divide, multiply, or, selector } = build;

export interface ServiceGroup {
  readonly groups: readonly RuleGroup[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The rules of what a service has beside its objectives: figures of operations with two levels, indicators without a target, and alerts
 * that belong to no single objective.
 */
export function serviceGroup(service: Service, options: GenerateOptions): ServiceGroup {
  const owner = { service };
  const own = ownLabels(owner);
  const diagnostics: Diagnostic[] = [];
  const conditions = conditionAlertRules(owner, service.alerts, options);
  const needsProfile = conditions.alerts.some(({ labels }) => labels.has('profile'));
  const rules = [
    ...service.indicators.flatMap((indicator) => indicatorRules(service, indicator, diagnostics)),
    ...service.thresholds.map((threshold) => thresholdValue(service, threshold)),
    ...uniqueRules(conditions.recordings),
    ...(needsProfile ? profileRules(service, undefined, own) : []),
    ...service.thresholds.flatMap((threshold) => thresholdAlerts(service, threshold, options)),
    ...conditions.alerts,
  ];
  // Names have no two hyphens in a row, so no objective's group is called the same.
  const group = { name: `nines-${service.name}--service`, interval: options.interval, labels: new Map(), rules };
  return { groups: 0 < rules.length ? [group] : [], diagnostics: [...diagnostics, ...conditions.diagnostics] };
}

function thresholdValue(service: Service, { name, title, value }: OperationalThreshold): RecordingRule {
  const labels = { service: service.name, [thresholdLabel]: name };
  return record(recorded.thresholdValue, vector(service, value), labels, `${title}.`);
}

/** Two alerts: a critical figure wakes somebody, a warning becomes a ticket while it is not critical. */
function thresholdAlerts(
  service: Service,
  threshold: OperationalThreshold,
  options: GenerateOptions,
): readonly AlertingRule[] {
  const { name, operator, warning, critical, holdFor, runbook } = threshold;
  const value = selector(recorded.thresholdValue, { service: service.name, [thresholdLabel]: name });
  const notYet = operator === '>' ? '<=' : '>=';
  const alert = (level: 'warning' | 'critical', expr: Expr): AlertingRule => ({
    kind: 'alerting',
    alert: level === 'critical' ? alertNames.thresholdCritical : alertNames.thresholdWarning,
    expr,
    holdFor,
    keepFiringFor: duration(0),
    labels: alertLabels(
      { service },
      { severity: level === 'critical' ? 'page' : 'ticket', more: { [thresholdLabel]: name } },
    ),
    annotations: new Map([...thresholdTexts(service, threshold, level), ...linksOf({ service }, options, runbook)]),
  });
  return [
    alert('critical', compare(operator, value, critical)),
    alert('warning', compare(notYet, compare(operator, value, warning), critical)),
  ];
}

/** How far back the figure of an indicator without a target looks. */
const current = duration(300_000);

function indicatorRules(
  service: Service,
  { name, title, indicator }: InformationalIndicator,
  diagnostics: Diagnostic[],
): readonly RecordingRule[] {
  const report = (message: string): void =>
    void diagnostics.push(about(service, undefined, 'generate/indicator', message));
  const labels = { service: service.name, [indicatorLabel]: name };
  const rule = (expr: Expr, what: string): readonly RecordingRule[] => [
    record(recorded.indicatorValue, expr, labels, `${title}${what}.`),
  ];
  const { kind } = indicator;
  if (kind === 'query') return rule(vector(service, indicator.value), '');
  if (kind === 'condition' && indicator.condition.kind === 'comparison') {
    const holds = comparison(service, indicator.condition, []);
    return rule(holds, ': 1 while it holds');
  }
  if (kind === 'condition' || kind === 'composite') {
    report(`the indicator ${name} can be shown only with a target`);
    return [];
  }
  const counters = countersOfIndicator(service, undefined, indicator);
  if ('length' in counters) {
    diagnostics.push(...counters);
    return [];
  }
  const total = increaseBy([], counters.total, current);
  const counted = or(increaseBy([], counters.counted, current), multiply(0, total));
  return rule(divide(counted, compare('>', total, 0)), `: the share of ${counters.counts} events`);
}

function vector(service: Service, value: Expr): Expr {
  const named = underEveryName(service, value);
  return typeOf(named) === 'scalar' ? call('vector', named) : named;
}
