import { formatDuration } from '../../base/index.ts';
import { printExpr } from '../../promql/index.ts';
import type { Rule, RuleGroup } from '../../rules/index.ts';

/** A rule group as jsonnet and JSON write it. */
export interface GroupValue {
  readonly name: string;
  readonly interval?: string;
  readonly query_offset?: string;
  readonly limit?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Groups apart by what a mixin keeps apart. The alerts of a group become a group of their own, since the two lists are usually loaded from
 * one file, where no name may stand twice.
 */
export function splitGroups(groups: readonly RuleGroup[]): {
  readonly alerts: readonly GroupValue[];
  readonly rules: readonly GroupValue[];
} {
  const alerts: GroupValue[] = [];
  const rules: GroupValue[] = [];
  for (const group of groups) {
    const recording = group.rules.filter(({ kind }) => kind === 'recording');
    const alerting = group.rules.filter(({ kind }) => kind === 'alerting');
    if (0 < recording.length) rules.push(groupValue(group, group.name, recording));
    if (0 < alerting.length) alerts.push(groupValue(group, `${group.name}-alerts`, alerting));
  }
  return { alerts, rules };
}

function groupValue(group: RuleGroup, name: string, rules: readonly Rule[]): GroupValue {
  return {
    name,
    ...(group.interval !== undefined && { interval: formatDuration(group.interval) }),
    ...(group.queryOffset !== undefined && { query_offset: formatDuration(group.queryOffset) }),
    ...(group.limit !== undefined && { limit: group.limit }),
    ...(0 < group.labels.size && { labels: Object.fromEntries(group.labels) }),
    rules: rules.map(ruleValue),
  };
}

function ruleValue(rule: Rule): Readonly<Record<string, unknown>> {
  const labels = 0 < rule.labels.size && { labels: Object.fromEntries(rule.labels) };
  switch (rule.kind) {
    case 'recording':
      return { record: rule.record, expr: printExpr(rule.expr), ...labels };
    case 'alerting':
      return {
        alert: rule.alert,
        expr: printExpr(rule.expr),
        ...(0 < rule.holdFor && { for: formatDuration(rule.holdFor) }),
        ...(0 < rule.keepFiringFor && { keep_firing_for: formatDuration(rule.keepFiringFor) }),
        ...labels,
        ...(0 < rule.annotations.size && { annotations: Object.fromEntries(rule.annotations) }),
      };
  }
}
