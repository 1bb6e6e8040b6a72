import { formatFloat } from '../../core/api/index.ts';
import { printExpr } from '../../core/promql/index.ts';
import type { ActiveAlert, GroupStatus, RuleStatus } from '../rules/group-status.ts';
import type { Parameters } from './parameters.ts';

/** The `data.groups` of Prometheus's `/api/v1/rules`, filtered as its parameters say. Source: prometheus, web/api/v1/api.go, rules. */
export function ruleGroups(groups: readonly GroupStatus[], parameters: Parameters): readonly unknown[] {
  const wanted = (name: string, value: string): boolean => {
    const values = [...parameters.getAll(`${name}[]`), ...parameters.getAll(name)];
    return values.length === 0 || values.includes(value);
  };
  const type = parameters.get('type') ?? '';
  const filtered = ['rule_name', 'rule_group', 'file', 'type'].some(
    (name) => parameters.has(name) || parameters.has(`${name}[]`),
  );
  return groups
    .filter(({ name, file }) => wanted('rule_group', name) && wanted('file', file))
    .map((group) => ({
      name: group.name,
      file: group.file,
      interval: group.interval / 1000,
      limit: group.limit,
      evaluationTime: group.evaluationSeconds,
      lastEvaluation: wireTime(group.lastEvaluation),
      rules: group.rules
        .filter(({ rule }) => wanted('rule_name', rule.kind === 'recording' ? rule.record : rule.alert))
        .filter(({ rule }) => type === '' || (type === 'alert') === (rule.kind === 'alerting'))
        .map((status) => ruleData(status, group)),
    }))
    .filter(({ rules }) => !filtered || 0 < rules.length);
}

/** The `data.alerts` of Prometheus's `/api/v1/alerts`. */
export function alertList(groups: readonly GroupStatus[]): readonly unknown[] {
  return groups.flatMap(({ rules }) => rules.flatMap(({ alerts }) => alerts.map(alertData)));
}

/** An instant as RFC 3339; the year 1 where Prometheus has no instant yet. */
export function wireTime(time: number | undefined): string {
  return time === undefined ? '0001-01-01T00:00:00Z' : new Date(time).toISOString();
}

function ruleData({ rule, health, lastError, alerts }: RuleStatus, group: GroupStatus): unknown {
  const common = {
    query: printExpr(rule.expr),
    labels: Object.fromEntries(rule.labels),
    health,
    ...(lastError === '' ? {} : { lastError }),
    evaluationTime: group.evaluationSeconds,
    lastEvaluation: wireTime(group.lastEvaluation),
  };
  if (rule.kind === 'recording') return { type: 'recording', name: rule.record, ...common };
  const firing = alerts.some(({ state }) => state === 'firing');
  return {
    type: 'alerting',
    name: rule.alert,
    ...common,
    state: firing ? 'firing' : 0 < alerts.length ? 'pending' : 'inactive',
    duration: rule.holdFor / 1000,
    keepFiringFor: rule.keepFiringFor / 1000,
    annotations: Object.fromEntries(rule.annotations),
    alerts: alerts.map(alertData),
  };
}

function alertData({ labels, annotations, state, activeAt, keepFiringSince, value }: ActiveAlert): unknown {
  return {
    labels: labels.toRecord(),
    annotations: Object.fromEntries(annotations),
    state,
    activeAt: wireTime(activeAt),
    ...(keepFiringSince === undefined ? {} : { keepFiringSince: wireTime(keepFiringSince) }),
    value: exponentForm(value),
  };
}

/** A value as Go's `%e` in its shortest form, in which Prometheus shows the value of an alert: `1e+00`. */
function exponentForm(value: number): string {
  return Number.isFinite(value) ? value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2') : formatFloat(value);
}
