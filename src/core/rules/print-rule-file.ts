import { formatDuration } from '../base/index.ts';
import { type Expr, prettyLines } from '../promql/index.ts';
import { commentLine, printYamlText } from '../yaml/index.ts';
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
  const draft = newDraft(header === undefined ? '' : printComment(header, ''));
  draft.text += 'groups:';
  addGroups(draft, file.groups, '  ', {});
  return draft.text;
}

/** One group as a document of its own, as rulers take it over HTTP. */
export function printRuleGroup(group: RuleGroup): string {
  const draft = newDraft();
  addGroup(draft, group, '', '', {});
  return draft.text;
}

/** Keys of a group that only some of the programs that load rules know, such as Thanos's `partial_response_strategy`. */
export type MoreGroupKeys = Readonly<Record<string, string | Readonly<Record<string, readonly string[]>>>>;

/** The groups as the list behind the key `groups`, each line of it at `indent` or deeper. */
export function printRuleGroups(groups: readonly RuleGroup[], indent: string, more: MoreGroupKeys = {}): string {
  const draft = newDraft();
  addGroups(draft, groups, indent, more);
  return draft.text;
}

/** A text in the making. Adding to one text is cheaper than to join a list of its pieces, of which a file has tens of thousands. */
interface Draft {
  text: string;
  /** The names of labels and annotations as they are printed: a file has thousands of the same few. */
  readonly keys: Map<string, string>;
}

function newDraft(text = ''): Draft {
  return { text, keys: new Map() };
}

function addGroups(draft: Draft, groups: readonly RuleGroup[], indent: string, more: MoreGroupKeys): void {
  draft.text += groups.length === 0 ? ' []\n' : '\n';
  for (const group of groups) addGroup(draft, group, `${indent}- `, `${indent}  `, more);
}

function printMore(key: string, value: MoreGroupKeys[string], indent: string): string {
  if (typeof value === 'string') return `${indent}${key}: ${printYamlText(value, `${indent}  `)}\n`;
  const lists = Object.entries(value).map(([name, list]) => `${indent}  ${name}: ${JSON.stringify(list)}\n`);
  return `${indent}${key}:\n${lists.join('')}`;
}

/** The entries of a group at `inner`; the first line begins with `first`. */
function addGroup(draft: Draft, group: RuleGroup, first: string, inner: string, more: MoreGroupKeys): void {
  const add = (key: string, value: string): void => {
    draft.text += `${inner}${key}: ${value}\n`;
  };
  draft.text += `${first}name: ${printYamlText(group.name, `${inner}  `)}\n`;
  if (group.interval !== undefined) add('interval', formatDuration(group.interval));
  if (group.queryOffset !== undefined) add('query_offset', formatDuration(group.queryOffset));
  if (group.limit !== undefined) add('limit', String(group.limit));
  for (const [key, value] of Object.entries(more)) draft.text += printMore(key, value, inner);
  addTexts(draft, 'labels', group.labels, inner);
  if (group.rules.length === 0) add('rules', '[]');
  else draft.text += `${inner}rules:\n`;
  for (const rule of group.rules) addRule(draft, rule, `${inner}  `);
}

function addRule(draft: Draft, rule: Rule, indent: string): void {
  const inner = `${indent}  `;
  const deeper = `${inner}  `;
  if (rule.comment !== undefined) draft.text += printComment(rule.comment, indent);
  const [key, name] = rule.kind === 'recording' ? ['record', rule.record] : ['alert', rule.alert];
  draft.text += `${indent}- ${key}: ${printYamlText(name, deeper)}\n${inner}expr: `;
  addExpr(draft, rule.expr, deeper);
  if (rule.kind === 'alerting') {
    if (rule.holdFor !== 0) draft.text += `${inner}for: ${formatDuration(rule.holdFor)}\n`;
    if (rule.keepFiringFor !== 0) draft.text += `${inner}keep_firing_for: ${formatDuration(rule.keepFiringFor)}\n`;
  }
  addTexts(draft, 'labels', rule.labels, inner);
  if (rule.kind === 'alerting') addTexts(draft, 'annotations', rule.annotations, inner);
}

/** A map of texts behind its key; nothing if it is empty. */
function addTexts(draft: Draft, key: string, texts: ReadonlyMap<string, string>, indent: string): void {
  if (texts.size === 0) return;
  const inner = `${indent}  `;
  const deeper = `${inner}  `;
  draft.text += `${indent}${key}:\n`;
  texts.forEach((value, name) => {
    draft.text += `${inner}${printKey(draft, name)}: ${printYamlText(value, deeper)}\n`;
  });
}

/** Prometheus 3 takes any text for the name of a label. */
function printKey({ keys }: Draft, name: string): string {
  const before = keys.get(name);
  if (before !== undefined) return before;
  const key = name.includes('\n') ? JSON.stringify(name) : printYamlText(name, '');
  keys.set(name, key);
  return key;
}

function printComment(comment: string, indent: string): string {
  return comment
    .split('\n')
    .map((line) => `${indent}${commentLine(line)}\n`)
    .join('');
}

/**
 * An expression behind its key, over several lines as people write it in YAML: operators stand between their operands without indentation. (A
 * block that begins with spaces would need an indentation indicator.)
 */
function addExpr(draft: Draft, expr: Expr, indent: string): void {
  const { lines, levels, isAscii } = prettyLines(expr);
  // How deep the operands stand: behind an operator further out less deep than before it.
  let [depth = 0] = levels;
  const spacesBefore = (index: number): string => {
    const level = levels[index] ?? 0;
    if (level < depth) depth = level + 1;
    return spaces(level - depth);
  };
  if (lines.length === 1 || !isAscii) {
    const indented = lines.map((line, index) => spacesBefore(index) + line);
    draft.text += `${printYamlText(indented.join('\n'), indent)}\n`;
    return;
  }
  draft.text += '|-\n';
  lines.forEach((line, index) => {
    draft.text += `${indent}${spacesBefore(index)}${line}\n`;
  });
}

function spaces(levels: number): string {
  return levels <= 0 ? '' : (indents[levels] ?? '  '.repeat(levels));
}

const indents = Array.from({ length: 40 }, (_, level) => '  '.repeat(level));
