import { type Duration, duration } from '../../base/index.ts';
import { build, type Expr, mapExpr, metricNameOf, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import type { Rule, RuleFile, RuleGroup } from '../../rules/index.ts';
import { labelPredicate } from '../../series/index.ts';

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
  const rules = new Map(placed.map((one) => [one.rule, late(one, delays, interval)]));
  const alerts = placed.filter(({ rule }) => rule.kind === 'alerting');
  return {
    file: { groups: groups.map((group) => ({ ...group, rules: group.rules.map((rule) => rules.get(rule) ?? rule) })) },
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
  const byName = new Map<string, PlacedRule[]>();
  for (const one of placed) {
    if (one.rule.kind !== 'recording') continue;
    byName.set(one.rule.record, [...(byName.get(one.rule.record) ?? []), one]);
  }
  for (const { reads } of placed) {
    for (const { selector, sources } of reads) {
      const named = byName.get(metricNameOf(selector) ?? '') ?? [];
      sources.push(...named.filter(({ rule }) => mayGive(rule, selector)));
    }
  }
  return placed;
}

/** Whether a selector can select what a rule records: no label that the rule sets says otherwise. */
function mayGive({ labels }: Rule, { matchers }: VectorSelector): boolean {
  return matchers.every((matcher) => {
    const value = labels.get(matcher.name);
    return value === undefined || labelPredicate(matcher)(value);
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
  if (delay === 0) return one.rule;
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
    return isNow(node) ? build.paren(subtract(call('time'), (delay * interval) / 1000)) : node;
  });
  return { ...one.rule, expr };
}

function isNow(node: Expr): boolean {
  return node.kind === 'call' && node.function === 'time';
}

/** In milliseconds. */
function offsetOf({ offset: ago }: VectorSelector): number {
  return ago?.kind === 'literal' ? ago.seconds * 1000 : 0;
}
