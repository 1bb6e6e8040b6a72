import { formatDuration } from '../base/index.ts';
import { type Expr, prettyExpr } from '../promql/index.ts';
import { printYaml, type YamlValue } from '../yaml/index.ts';
import type { Rule, RuleFile, RuleGroup } from './model.ts';

export interface RuleFilePrintOptions {
  /** Comment at the top: what made the file. Lines are separated by line feeds. */
  readonly header?: string;
}

/**
 * Prints a rule file as YAML: the same rules, the same bytes. Expressions too long for a line become blocks of several lines; comments
 * of rules stand above them. What is printed reads back as the same rules.
 */
export function printRuleFile(file: RuleFile, { header }: RuleFilePrintOptions = {}): string {
  const comments = new Map<string, string>();
  if (header !== undefined) comments.set('', header);
  for (const [i, { rules }] of file.groups.entries()) {
    for (const [j, { comment }] of rules.entries()) {
      if (comment !== undefined) comments.set(`/groups/${i}/rules/${j}`, comment);
    }
  }
  return printYaml({ groups: file.groups.map(groupValue) }, { comments });
}

/** A rule group as a plain value. Keys that are undefined are left out. */
function groupValue(group: RuleGroup): YamlValue {
  return {
    name: group.name,
    interval: group.interval === undefined ? undefined : formatDuration(group.interval),
    query_offset: group.queryOffset === undefined ? undefined : formatDuration(group.queryOffset),
    limit: group.limit,
    labels: group.labels.size === 0 ? undefined : group.labels,
    rules: group.rules.map(ruleValue),
  };
}

/**
 * An expression over several lines, as people write it in YAML: operators stand between their operands without indentation. (A block
 * that begins with spaces would need an indentation indicator.)
 */
function exprText(expr: Expr): string {
  const text = prettyExpr(expr);
  const indent = /^ */.exec(text)?.[0].length ?? 0;
  return indent === 0 ? text : text.replaceAll(new RegExp(`^ {0,${indent}}`, 'gm'), '');
}

function ruleValue(rule: Rule): YamlValue {
  const expr = exprText(rule.expr);
  const labels = rule.labels.size === 0 ? undefined : rule.labels;
  switch (rule.kind) {
    case 'recording':
      return { record: rule.record, expr, labels };
    case 'alerting':
      return {
        alert: rule.alert,
        expr,
        for: rule.holdFor === 0 ? undefined : formatDuration(rule.holdFor),
        keep_firing_for: rule.keepFiringFor === 0 ? undefined : formatDuration(rule.keepFiringFor),
        labels,
        annotations: rule.annotations.size === 0 ? undefined : rule.annotations,
      };
  }
}
