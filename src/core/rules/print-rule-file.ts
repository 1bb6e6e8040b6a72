import { formatDuration } from '../base/index.ts';
import { type Expr, type PrintedLine, prettyLines } from '../promql/index.ts';
import { printYamlLines, printYamlText } from '../yaml/index.ts';
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
  const top = header === undefined ? '' : printComment(header, '');
  return `${top}groups:${printRuleGroups(file.groups, '  ')}`;
}

/** One group as a document of its own, as rulers take it over HTTP. */
export function printRuleGroup(group: RuleGroup): string {
  return printGroup(group, '', '', {});
}

/** Keys of a group that only some of the programs that load rules know, such as Thanos's `partial_response_strategy`. */
export type MoreGroupKeys = Readonly<Record<string, string | Readonly<Record<string, readonly string[]>>>>;

/** The groups as the list behind the key `groups`, each line of it at `indent` or deeper. */
export function printRuleGroups(groups: readonly RuleGroup[], indent: string, more: MoreGroupKeys = {}): string {
  if (groups.length === 0) return ' []\n';
  let text = '\n';
  for (const group of groups) text += printGroup(group, `${indent}- `, `${indent}  `, more);
  return text;
}

function printMore(key: string, value: MoreGroupKeys[string], indent: string): string {
  if (typeof value === 'string') return `${indent}${key}: ${printYamlText(value, `${indent}  `)}\n`;
  const lists = Object.entries(value).map(([name, list]) => `${indent}  ${name}: ${JSON.stringify(list)}\n`);
  return `${indent}${key}:\n${lists.join('')}`;
}

/** The entries of a group at `inner`; the first line begins with `first`. */
function printGroup(group: RuleGroup, first: string, inner: string, more: MoreGroupKeys): string {
  let text = `${first}name: ${printYamlText(group.name, `${inner}  `)}\n`;
  if (group.interval !== undefined) text += `${inner}interval: ${formatDuration(group.interval)}\n`;
  if (group.queryOffset !== undefined) text += `${inner}query_offset: ${formatDuration(group.queryOffset)}\n`;
  if (group.limit !== undefined) text += `${inner}limit: ${group.limit}\n`;
  for (const [key, value] of Object.entries(more)) text += printMore(key, value, inner);
  text += printTexts('labels', group.labels, inner);
  if (group.rules.length === 0) return `${text}${inner}rules: []\n`;
  text += `${inner}rules:\n`;
  for (const rule of group.rules) text += printRule(rule, `${inner}  `);
  return text;
}

function printRule(rule: Rule, indent: string): string {
  const inner = `${indent}  `;
  const deeper = `${inner}  `;
  const comment = rule.comment === undefined ? '' : printComment(rule.comment, indent);
  const expr = `${inner}expr: ${printExprText(rule.expr, deeper)}\n`;
  const labels = printTexts('labels', rule.labels, inner);
  switch (rule.kind) {
    case 'recording':
      return `${comment}${indent}- record: ${printYamlText(rule.record, deeper)}\n${expr}${labels}`;
    case 'alerting': {
      const holdFor = rule.holdFor === 0 ? '' : `${inner}for: ${formatDuration(rule.holdFor)}\n`;
      const keep = rule.keepFiringFor === 0 ? '' : `${inner}keep_firing_for: ${formatDuration(rule.keepFiringFor)}\n`;
      const annotations = printTexts('annotations', rule.annotations, inner);
      const alert = printYamlText(rule.alert, deeper);
      return `${comment}${indent}- alert: ${alert}\n${expr}${holdFor}${keep}${labels}${annotations}`;
    }
  }
}

/** A map of texts behind its key; nothing if it is empty. */
function printTexts(key: string, texts: ReadonlyMap<string, string>, indent: string): string {
  if (texts.size === 0) return '';
  const inner = `${indent}  `;
  let text = `${indent}${key}:\n`;
  for (const [name, value] of texts) text += `${inner}${printKey(name)}: ${printYamlText(value, `${inner}  `)}\n`;
  return text;
}

/** Prometheus 3 takes any text for the name of a label. */
function printKey(name: string): string {
  return name.includes('\n') ? JSON.stringify(name) : printYamlText(name, '');
}

function printComment(comment: string, indent: string): string {
  return comment
    .split('\n')
    .map((line) => (line === '' ? `${indent}#\n` : `${indent}# ${line}\n`))
    .join('');
}

/**
 * An expression behind its key, over several lines as people write it in YAML: operators stand between their operands without indentation. (A
 * block that begins with spaces would need an indentation indicator.)
 */
function printExprText(expr: Expr, indent: string): string {
  const lines = prettyLines(expr);
  const [first] = lines;
  if (first === undefined || lines.length === 1) return printYamlText(first?.text ?? '', indent);
  const indented = ({ level, text }: PrintedLine): string => spaces(Math.max(0, level - first.level)) + text;
  return printYamlLines(lines.map(indented), indent);
}

function spaces(level: number): string {
  return '  '.repeat(level);
}
