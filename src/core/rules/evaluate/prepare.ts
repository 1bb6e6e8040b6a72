import { type Duration, duration } from '../../base/index.ts';
import type { Expr } from '../../promql/index.ts';
import { Labels } from '../../series/index.ts';
import type { AlertingRule, RecordingRule, Rule, RuleGroup } from '../model.ts';
import { type AlertTemplate, readAlertTemplate } from '../template/alert-template.ts';

/** A rule made ready to be evaluated many times: labels of the group merged in, templates parsed. */
export type PreparedRule = PreparedRecordingRule | PreparedAlertingRule;

export interface PreparedRecordingRule {
  readonly kind: 'recording';
  readonly rule: RecordingRule;
  readonly name: string;
  readonly expr: Expr;
  /** Set on the result; an empty value removes a label. */
  readonly labels: ReadonlyMap<string, string>;
}

export interface PreparedAlertingRule {
  readonly kind: 'alerting';
  readonly rule: AlertingRule;
  readonly name: string;
  readonly expr: Expr;
  /** As written, templates not expanded. */
  readonly labels: Labels;
  readonly labelTemplates: readonly (readonly [name: string, template: AlertTemplate])[];
  readonly annotationTemplates: readonly (readonly [name: string, template: AlertTemplate])[];
}

export interface PreparedGroup {
  readonly group: RuleGroup;
  readonly interval: Duration;
  readonly queryOffset: Duration;
  readonly limit: number;
  readonly rules: readonly PreparedRule[];
}

/** Makes a group ready; `defaultInterval` is that of groups that name none. */
export function prepareGroup(group: RuleGroup, defaultInterval: Duration): PreparedGroup {
  return {
    group,
    interval: group.interval ?? defaultInterval,
    queryOffset: group.queryOffset ?? duration(0),
    limit: group.limit ?? 0,
    rules: group.rules.map((rule) => prepareRule(rule, group.labels)),
  };
}

function prepareRule(rule: Rule, groupLabels: ReadonlyMap<string, string>): PreparedRule {
  const written = new Map([...groupLabels, ...rule.labels]);
  if (rule.kind === 'recording')
    return { kind: 'recording', rule, name: rule.record, expr: rule.expr, labels: written };
  const labelTemplates = readTemplates(rule.alert, written);
  const annotationTemplates = readTemplates(rule.alert, rule.annotations);
  return {
    kind: 'alerting',
    rule,
    name: rule.alert,
    expr: rule.expr,
    labels: Labels.from(written),
    labelTemplates,
    annotationTemplates,
  };
}

function readTemplates(alert: string, texts: ReadonlyMap<string, string>): PreparedAlertingRule['labelTemplates'] {
  return [...texts].map(([name, text]) => {
    const read = readAlertTemplate(alert, text);
    if (read.ok) return [name, read.template];
    // A file with such a template is refused when it is read; only a built rule or a group's label can have one.
    const place = `template: __alert_${alert}:${read.problem.line}: ${read.problem.message}`;
    const shown = `<error expanding template: error parsing template __alert_${alert}: ${place}>`;
    return [name, { kind: 'constant', text: shown }];
  });
}
