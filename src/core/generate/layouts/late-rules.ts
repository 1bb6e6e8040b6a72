import { type Duration, duration } from '../../base/index.ts';
import { build, type Expr, mapExpr, metricNameOf, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import type { Rule, RuleFile, RuleGroup } from '../../rules/index.ts';
import { labelPredicate, type Matcher, metricName } from '../../series/index.ts';
import { identity } from '../names.ts';
import { mayHaveLabel } from '../possible-labels.ts';

const { call, offset, subtract } = build;

/** Rules that speak of the past. */
export interface LateRules {
  readonly file: RuleFile;
  /** How long after an evaluation the latest alert tells what it has found. */
  readonly alertDelay: Duration;
}

/**
 * The same rules for a server that shows what a rule records some time after it: not to the rules behind it in the same evaluation, but
 * to those of the next one. Each rule speaks of an evaluation in the past, by as many intervals as it takes for all that it reads to be
 * there, raw samples too. It reads everything as it was then, so that it records what the rule that it is made of would have recorded,
 * only so much later.
 */
export function lateRules({ groups }: RuleFile, interval: Duration): LateRules {
  const placed = placedRules(groups, interval);
  const delays = delaysOf(placed);
  // A rule may stand in several groups, so what becomes of it goes by its place.
  const rules = new Map<RuleGroup, Rule[]>(groups.map((group) => [group, []]));
  for (const one of placed) rules.get(one.group)?.push(late(one, delays, interval));
  const alerts = placed.filter(({ rule }) => rule.kind === 'alerting');
  return {
    file: { groups: groups.map((group) => ({ ...group, rules: rules.get(group) ?? [] })) },
    alertDelay: duration(Math.max(0, ...alerts.map((one) => delays.get(one) ?? 0)) * interval),
  };
}

interface PlacedRule {
  readonly rule: Rule;
  readonly group: RuleGroup;
  /** Whether its group is evaluated more seldom than the others: it may find what is a step old. */
  readonly isSlow: boolean;
  /** The rules that record what its selectors select, and how many intervals in the past each is read. */
  readonly reads: readonly Read[];
}

interface Read {
  readonly selector: VectorSelector;
  readonly sources: PlacedRule[];
  readonly intervals: number;
}

function placedRules(groups: readonly RuleGroup[], interval: Duration): readonly PlacedRule[] {
  const placed = groups.flatMap((group) =>
    group.rules.map(
      (rule): PlacedRule => ({
        rule,
        group,
        isSlow: interval < (group.interval ?? interval),
        reads: selectorsOf(rule.expr).map((selector) => ({
          selector,
          sources: [],
          intervals: Math.floor(offsetOf(selector) / interval),
        })),
      }),
    ),
  );
  const recording = recordingRules(placed);
  for (const { reads } of placed) {
    for (const { selector, sources } of reads) {
      const candidates = recording(selector);
      if (0 < candidates.length) sources.push(...candidates.filter(mayGive(selector)));
    }
  }
  return placed;
}

/** Finds the rules that record what a selector names, of one objective where it says which: a service may have thousands. */
function recordingRules(placed: readonly PlacedRule[]): (selector: VectorSelector) => readonly PlacedRule[] {
  const byName = new Map<string, { readonly all: PlacedRule[]; readonly bySlo: Map<string, PlacedRule[]> }>();
  for (const one of placed) {
    if (one.rule.kind !== 'recording') continue;
    const named = byName.get(one.rule.record) ?? { all: [], bySlo: new Map<string, PlacedRule[]>() };
    byName.set(one.rule.record, named);
    named.all.push(one);
    for (const slo of slosOf(one)) {
      const same = named.bySlo.get(slo) ?? [];
      same.push(one);
      named.bySlo.set(slo, same);
    }
  }
  return (selector) => {
    const named = byName.get(metricNameOf(selector) ?? '');
    if (named === undefined) return [];
    const condition = selector.matchers.find(({ name }) => name === sloLabel);
    const slos = condition === undefined ? undefined : namesIn(condition);
    if (slos === undefined) return named.all;
    return [...new Set([...slos, ''].flatMap((slo) => named.bySlo.get(slo) ?? []))];
  };
}

/** The objectives that a rule records something of. One for several of them says so in what it reads, for it takes the label from there. */
function slosOf({ rule, reads }: PlacedRule): readonly string[] {
  const own = rule.labels.get(sloLabel);
  if (own !== undefined) return [own];
  const named = new Set(
    reads.flatMap(({ selector }) =>
      selector.matchers.flatMap((matcher) => (matcher.name === sloLabel ? (namesIn(matcher) ?? ['']) : [])),
    ),
  );
  return named.size === 0 ? [''] : [...named];
}

/** The names that a condition allows, where it lists them. */
function namesIn({ operator, value }: Matcher): readonly string[] | undefined {
  if (operator === '=') return value === '' ? undefined : [value];
  return operator === '=~' && /^[-\w|]+$/.test(value) ? value.split('|') : undefined;
}

const [, sloLabel = ''] = identity;

/** Whether a selector can select what a rule records: neither a label that the rule sets nor the lack of one says otherwise. */
function mayGive({ matchers }: VectorSelector): (placed: PlacedRule) => boolean {
  const conditions = matchers
    .filter(({ name }) => name !== metricName)
    .map((matcher) => ({ name: matcher.name, holds: labelPredicate(matcher) }));
  return ({ rule: { labels, expr } }) =>
    conditions.every(({ name, holds }) => {
      const value = labels.get(name);
      return holds(value ?? '') || (value === undefined && mayHaveLabel(expr, name));
    });
}

/**
 * By how many intervals each rule is late. The rules of a slow group are so by the same number, for they are read together, and so are
 * those of one group that a selector reads at once.
 */
function delaysOf(placed: readonly PlacedRule[]): ReadonlyMap<PlacedRule, number> {
  const delays = new Map<PlacedRule, number>(placed.map((one) => [one, 0]));
  const slow = new Map<RuleGroup, PlacedRule[]>();
  for (const one of placed) if (one.isSlow) slow.set(one.group, [...(slow.get(one.group) ?? []), one]);
  const raise = (rules: readonly PlacedRule[], least: number): boolean => {
    const behind = rules.filter((one) => (delays.get(one) ?? 0) < least);
    for (const one of behind) delays.set(one, least);
    return 0 < behind.length;
  };
  // Each pass carries delays one rule further; there are no circles, as no rule reads itself by way of others.
  for (let pass = 0; pass <= placed.length; pass += 1) {
    let isSettled = true;
    for (const one of placed) {
      const least = Math.max(0, ...one.reads.map((read) => leastDelay(one, read, delays)));
      if (raise(slow.get(one.group) ?? [one], least)) isSettled = false;
      for (const { sources } of one.reads) {
        const [first] = sources;
        if (first === undefined || sources.some(({ group }) => group !== first.group)) continue;
        if (raise(sources, Math.max(...sources.map((source) => delays.get(source) ?? 0)))) isSettled = false;
      }
    }
    if (isSettled) return delays;
  }
  throw new RangeError('rules that read one another in a circle');
}

function leastDelay(one: PlacedRule, { sources, intervals }: Read, delays: ReadonlyMap<PlacedRule, number>): number {
  if (sources.length === 0) return 1 - intervals;
  return Math.max(
    ...sources.map((source) =>
      // What a slow group recorded before is as good to itself as what it records now.
      one.isSlow && source.group === one.group ? 0 : (delays.get(source) ?? 0) + 1 - intervals,
    ),
  );
}

/** The rule as it speaks of the past. */
function late(one: PlacedRule, delays: ReadonlyMap<PlacedRule, number>, interval: Duration): Rule {
  const delay = delays.get(one) ?? 0;
  const shifts = new Map(
    one.reads.map(({ selector, sources }) => {
      const sourceDelay = Math.max(0, ...sources.map((source) => delays.get(source) ?? 0));
      return [selector, duration((delay - sourceDelay) * interval)];
    }),
  );
  const expr = mapExpr(one.rule.expr, (node) => {
    if (node.kind === 'selector') {
      const shift = shifts.get(node) ?? 0;
      return shift === 0 ? node : offset(node, duration(offsetOf(node) + shift));
    }
    if (isNow(node)) return delay === 0 ? node : build.paren(subtract(call('time'), (delay * interval) / 1000));
    // MetricsQL finds the brackets of a subquery behind an offset only if that is closed off.
    return node.kind === 'subquery' && hasOffset(node.expr) ? { ...node, expr: build.paren(node.expr) } : node;
  });
  return { ...one.rule, expr };
}

function hasOffset(expr: Expr): boolean {
  return (expr.kind === 'selector' || expr.kind === 'subquery') && (expr.offset !== undefined || expr.at !== undefined);
}

function isNow(node: Expr): boolean {
  return node.kind === 'call' && node.function === 'time';
}

/** In milliseconds. */
function offsetOf({ offset: ago }: VectorSelector): number {
  return ago?.kind === 'literal' ? ago.seconds * 1000 : 0;
}
