import type { Duration, Timestamp } from '../../base/index.ts';
import { selectorsOf, type VectorSelector } from '../../promql/index.ts';
import type { PreparedGroup, PreparedRule } from '../evaluate/prepare.ts';
import type { AlertTemplate } from '../template/alert-template.ts';
import { lagBehind, looksBackOnly, mayRead, selectorsOfText } from './reads.ts';

/** A rule with what decides when it is evaluated. */
export interface ScheduledRule {
  readonly rule: PreparedRule;
  readonly group: PreparedGroup;
  /** At one instant rules are evaluated in this order. */
  readonly order: number;
  /** The time between two evaluations. */
  readonly interval: Duration;
}

/** Rules that are computed together, and how: each over the whole stretch at once, or tick by tick because they read one another. */
export interface Unit {
  readonly mode: 'range' | 'ticks';
  readonly rules: readonly ScheduledRule[];
}

/**
 * Puts rules into an order in which each can be computed over a whole stretch of time before the next one. That is what rule evaluation
 * comes to as long as a rule only reads rules before it and only looks back. Rules that read themselves, one another or a later
 * rule, or that look ahead, are to be computed tick by tick.
 */
export function schedule(rules: readonly ScheduledRule[], start: Timestamp): readonly Unit[] {
  const reads = rules.map((reader) => {
    const wanted = selectorsOfRule(reader.rule);
    return rules.filter((writer) => wanted === 'everything' || mayRead(wanted, writer.rule));
  });
  return components(rules.length, (index) => (reads[index] ?? []).map(({ order }) => order)).map((members) => {
    const unit = members.toSorted((a, b) => a - b).flatMap((order) => rules[order] ?? []);
    const [only, second] = unit;
    const inOne =
      only !== undefined &&
      second === undefined &&
      looksBackOnly(only.rule.expr, start) &&
      !labelsAsk(only.rule) &&
      (reads[only.order] ?? []).every((writer) => isWritten(writer, only));
    return { mode: inOne ? 'range' : 'ticks', rules: unit };
  });
}

/**
 * Whether all that a rule sees of another one's samples is there by the time it looks, and nothing else. A sample of an earlier rule is there at the
 * same instant; one of a later rule if the reader looks further back than that.
 */
function isWritten(writer: ScheduledRule, reader: ScheduledRule): boolean {
  if (writer === reader) return false;
  const ahead = writer.group.queryOffset - reader.group.queryOffset;
  if (writer.order < reader.order) return ahead <= 0;
  const wanted = selectorsOfRule(reader.rule);
  return wanted !== 'everything' && ahead < lagBehind(wanted, writer.rule);
}

/** What evaluating a rule reads, the queries in the templates of its labels included. */
export function selectorsOfRule(rule: PreparedRule): readonly VectorSelector[] | 'everything' {
  const own = selectorsOf(rule.expr);
  if (rule.kind === 'recording') return own;
  const asked = rule.labelTemplates.flatMap(([, template]) => queriesOf(template));
  return asked.includes(undefined) ? 'everything' : [...own, ...asked.flatMap((text) => selectorsOfText(text ?? ''))];
}

/** Whether the labels of a rule's alerts depend on queries, which have to be asked at each tick. */
function labelsAsk(rule: PreparedRule): boolean {
  return rule.kind === 'alerting' && rule.labelTemplates.some(([, template]) => 0 < queriesOf(template).length);
}

/** The queries of a template; undefined stands for one whose text is put together at run time. */
function queriesOf(template: AlertTemplate): readonly (string | undefined)[] {
  if (template.kind === 'constant' || !/\bquery\b/.test(template.template.text)) return [];
  const spelled = template.template.text.match(/\bquery\b/g)?.length ?? 0;
  return template.queries.length < spelled ? [...template.queries, undefined] : template.queries;
}

/** Tarjan's strongly connected components, each after those that it reads from. */
function components(count: number, successors: (index: number) => readonly number[]): readonly (readonly number[])[] {
  const found: number[][] = [];
  const number = new Map<number, number>();
  const lowest = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const visit = (index: number): void => {
    const own = number.size;
    number.set(index, own);
    lowest.set(index, own);
    stack.push(index);
    onStack.add(index);
    for (const next of successors(index)) {
      if (!number.has(next)) visit(next);
      else if (!onStack.has(next)) continue;
      lowest.set(index, Math.min(lowest.get(index) ?? own, lowest.get(next) ?? own));
    }
    if (lowest.get(index) !== own) return;
    const members: number[] = [];
    for (;;) {
      const member = stack.pop();
      if (member === undefined) break;
      onStack.delete(member);
      members.push(member);
      if (member === index) break;
    }
    found.push(members);
  };
  for (let index = 0; index < count; index += 1) if (!number.has(index)) visit(index);
  return found;
}
