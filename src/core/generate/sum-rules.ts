import type { Duration } from '../base/index.ts';
import { mapExpr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Service } from '../slo/index.ts';
import { calendarRules } from './calendar-rules.ts';
import { coarseRules } from './coarse-rules.ts';
import { closedEvents, figureRules, promiseRules } from './figure-rules.ts';
import type { Levels } from './levels.ts';
import { identity } from './names.ts';
import { periodIncreaseRules } from './period-increase-rules.ts';
import { periodSumRules } from './period-rules.ts';
import type { Promised } from './promised.ts';
import { slowRules } from './slow-rules.ts';
import { fastWindowRules } from './window-rules.ts';

/** What is summed up of recorded events. */
export interface SumRules {
  /** At each evaluation. */
  readonly fast: readonly RecordingRule[];
  /** At steps of these lengths. */
  readonly slow: ReadonlyMap<Duration, readonly RecordingRule[]>;
}

/** Gives the sums of an objective, maybe under the name of another one: `underName` makes them its own. */
export type SumRulesOf = (slo: Promised, levels: Levels) => SumRules;

/**
 * The sums of a service's objectives, built once for all that promise the same. Most of them are merged into rules for several objectives
 * afterwards, for which one copy is enough, and nothing has to be printed to see that the copies are the same.
 */
export function sumsOnce(service: Service): SumRulesOf {
  const made = new Map<string, SumRules>();
  return (slo, levels) => {
    const { lifecycle, target, period, furtherPeriods, groupBy, alerts } = slo;
    const windows = alerts.map(({ longWindow }) => longWindow);
    const key = JSON.stringify([lifecycle, target, period, furtherPeriods, groupBy, windows, levels]);
    const sums = made.get(key) ?? sumRules(service, slo, levels);
    made.set(key, sums);
    return sums;
  };
}

function sumRules(service: Service, slo: Promised, levels: Levels): SumRules {
  return {
    fast: [
      ...calendarRules(service, slo, levels),
      ...(levels.isSlow ? coarseRules(service, slo, levels) : []),
      ...periodIncreaseRules(service, slo, levels),
      ...fastWindowRules(service, slo, levels),
      ...periodSumRules(service, slo, levels),
      ...figureRules(service, slo, levels, closedEvents(service, slo)),
      ...promiseRules(service, slo, levels),
    ],
    slow: slowRules(service, slo, levels),
  };
}

const [, sloLabel = ''] = identity;

/** A rule for an objective that may have been built for another one of its service: the name stands in labels and conditions only. */
export function underName(rule: RecordingRule, slo: string): RecordingRule {
  const before = rule.labels.get(sloLabel);
  if (before === undefined || before === slo) return rule;
  // Setting what is there already keeps its place among the labels.
  const labels = new Map(rule.labels).set(sloLabel, slo);
  const expr = mapExpr(rule.expr, (node) => {
    if (node.kind !== 'selector') return node;
    const matchers = node.matchers.map((matcher) =>
      matcher.name === sloLabel && matcher.value === before ? { ...matcher, value: slo } : matcher,
    );
    return { ...node, matchers };
  });
  return { ...rule, labels, expr };
}
