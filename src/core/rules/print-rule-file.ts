import { formatDuration } from '../base/index.ts';
import { type Expr, prettyLines } from '../promql/index.ts';
import { printYamlText } from '../yaml/index.ts';
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
  const pieces: Pieces = header === undefined ? [] : [printComment(header, '')];
  pieces.push('groups:');
  addGroups(pieces, file.groups, '  ', {});
  return pieces.join('');
}

/** One group as a document of its own, as rulers take it over HTTP. */
export function printRuleGroup(group: RuleGroup): string {
  const pieces: Pieces = [];
  addGroup(pieces, group, '', '', {});
  return pieces.join('');
}

/** Keys of a group that only some of the programs that load rules know, such as Thanos's `partial_response_strategy`. */
export type MoreGroupKeys = Readonly<Record<string, string | Readonly<Record<string, readonly string[]>>>>;

/** The groups as the list behind the key `groups`, each line of it at `indent` or deeper. */
export function printRuleGroups(groups: readonly RuleGroup[], indent: string, more: MoreGroupKeys = {}): string {
  const pieces: Pieces = [];
  addGroups(pieces, groups, indent, more);
  return pieces.join('');
}

/** A text in the making: its pieces are put together at the end, as rule files are long. */
type Pieces = string[];

function addGroups(pieces: Pieces, groups: readonly RuleGroup[], indent: string, more: MoreGroupKeys): void {
  pieces.push(groups.length === 0 ? ' []\n' : '\n');
  for (const group of groups) addGroup(pieces, group, `${indent}- `, `${indent}  `, more);
}

function printMore(key: string, value: MoreGroupKeys[string], indent: string): string {
  if (typeof value === 'string') return `${indent}${key}: ${printYamlText(value, `${indent}  `)}\n`;
  const lists = Object.entries(value).map(([name, list]) => `${indent}  ${name}: ${JSON.stringify(list)}\n`);
  return `${indent}${key}:\n${lists.join('')}`;
}

/** The entries of a group at `inner`; the first line begins with `first`. */
function addGroup(pieces: Pieces, group: RuleGroup, first: string, inner: string, more: MoreGroupKeys): void {
  const add = (key: string, value: string): void => void pieces.push(inner, key, ': ', value, '\n');
  pieces.push(first, 'name: ', printYamlText(group.name, `${inner}  `), '\n');
  if (group.interval !== undefined) add('interval', formatDuration(group.interval));
  if (group.queryOffset !== undefined) add('query_offset', formatDuration(group.queryOffset));
  if (group.limit !== undefined) add('limit', String(group.limit));
  for (const [key, value] of Object.entries(more)) pieces.push(printMore(key, value, inner));
  addTexts(pieces, 'labels', group.labels, inner);
  if (group.rules.length === 0) add('rules', '[]');
  else pieces.push(inner, 'rules:\n');
  for (const rule of group.rules) addRule(pieces, rule, `${inner}  `);
}

function addRule(pieces: Pieces, rule: Rule, indent: string): void {
  const inner = `${indent}  `;
  const deeper = `${inner}  `;
  if (rule.comment !== undefined) pieces.push(printComment(rule.comment, indent));
  const [key, name] = rule.kind === 'recording' ? ['record', rule.record] : ['alert', rule.alert];
  pieces.push(indent, '- ', key, ': ', printYamlText(name, deeper), '\n', inner, 'expr: ');
  addExpr(pieces, rule.expr, deeper);
  if (rule.kind === 'alerting') {
    if (rule.holdFor !== 0) pieces.push(inner, 'for: ', formatDuration(rule.holdFor), '\n');
    if (rule.keepFiringFor !== 0) pieces.push(inner, 'keep_firing_for: ', formatDuration(rule.keepFiringFor), '\n');
  }
  addTexts(pieces, 'labels', rule.labels, inner);
  if (rule.kind === 'alerting') addTexts(pieces, 'annotations', rule.annotations, inner);
}

/** A map of texts behind its key; nothing if it is empty. */
function addTexts(pieces: Pieces, key: string, texts: ReadonlyMap<string, string>, indent: string): void {
  if (texts.size === 0) return;
  const inner = `${indent}  `;
  const deeper = `${inner}  `;
  pieces.push(indent, key, ':\n');
  texts.forEach((value, name) => {
    pieces.push(inner, printKey(name), ': ', printYamlText(value, deeper), '\n');
  });
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
function addExpr(pieces: Pieces, expr: Expr, indent: string): void {
  const { lines, levels, isAscii } = prettyLines(expr);
  const [outermost = 0] = levels;
  if (lines.length === 1 || !isAscii) {
    const indented = lines.map((line, index) => spaces(levels[index], outermost) + line);
    pieces.push(printYamlText(indented.join('\n'), indent), '\n');
    return;
  }
  pieces.push('|-\n');
  lines.forEach((line, index) => {
    pieces.push(indent, spaces(levels[index], outermost), line, '\n');
  });
}

function spaces(level = 0, outermost = 0): string {
  return level <= outermost ? '' : (indents[level - outermost] ?? '  '.repeat(level - outermost));
}

const indents = Array.from({ length: 40 }, (_, level) => '  '.repeat(level));
