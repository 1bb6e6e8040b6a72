import { type Diagnostic, type Duration, day, formatDuration } from '../../base/index.ts';
import { build, type Expr, mapExpr, type VectorSelector } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import {
  type Exclusion,
  exclusionsOf,
  instantOf,
  listedRecurrence,
  type RecurringTime,
  readRecurrence,
  type Service,
  type Slo,
  simpleRecurrence,
} from '../../slo/index.ts';
import { about } from '../codes.ts';
import { justUnder, type Levels } from '../levels.ts';
import { identity, identityLabels, rawName, recorded, windowLabel } from '../names.ts';
import type { OwnLabels } from '../scope.ts';
import { localTime } from './calendar-rules.ts';
import { named, namingOf } from './naming.ts';
import { record } from './record.ts';
import { isWithin, sumOf } from './recurrence-rules.ts';

const { add, call, compareBool, groupLeft, multiply, on, range, selector, subtract, sum } = build;

/** Why the exclusions of an objective can't be written as rules; empty if they can. */
export function exclusionProblems(service: Service, slo: Slo): readonly Diagnostic[] {
  return exclusionsOf(service, slo).flatMap(({ name, when }) => {
    if (when.kind === 'once') return [];
    const complain = (text: string): readonly Diagnostic[] => [
      about(service, slo, 'generate/exclusion', `the exclusion ${name} ${text}`),
    ];
    if (readRecurrence(when) === undefined) return complain(`does not recur by a rule of RFC 5545: ${when.rule}`);
    return isComputed(when) || !listedRecurrence(when).isCut
      ? []
      : complain(`recurs too often to be listed: ${when.rule}`);
  });
}

/** Whether an exclusion held when what an evaluation counts began. */
export function excludedRules(service: Service, slo: Slo, ago: Duration): readonly RecordingRule[] {
  const exclusions = exclusionsOf(service, slo);
  if (exclusions.length === 0) return [];
  const own = identityLabels(service, slo);
  const parts = exclusions.map((exclusion) => holds(exclusion, own, ago));
  const names = exclusions.map(({ name }) => name).join(', ');
  return [
    record(
      recorded.excluded,
      call('clamp_max', sumOf(parts), 1),
      own,
      `Whether an exclusion (${names}) held at the evaluation before, when what is counted now began.`,
    ),
  ];
}

/**
 * The rules that record events, with their increases under raw names, and the increases that count: all but those of exclusions. An
 * excluded evaluation counts no events, good or bad, but its time counts as seen.
 */
export function withoutExcluded(
  service: Service,
  slo: Slo,
  interval: Duration,
  rules: readonly RecordingRule[],
): readonly RecordingRule[] {
  if (exclusionsOf(service, slo).length === 0) return rules;
  const own = identityLabels(service, slo);
  const counts = subtract(1, selector(recorded.excluded, own));
  const raw = selector(rawName(recorded.eventsIncrease), own);
  const counted = multiply(call('last_over_time', range(raw, justUnder(interval))), counts, groupLeft(on(...identity)));
  const naming = namingOf(service.name, [slo.name]);
  return [
    ...rules.map((rule) => renamed(service, named(rule, naming), new Set([recorded.eventsIncrease]))),
    record(recorded.eventsIncrease, counted, own, 'What of it counts: nothing while an exclusion holds.'),
  ];
}

/** What is recorded of the events of periods once more with nothing excluded. */
export function rawRules(
  service: Service,
  slo: Slo,
  levels: Levels,
  rules: readonly RecordingRule[],
): readonly RecordingRule[] {
  if (exclusionsOf(service, slo).length === 0) return [];
  const window = formatDuration(levels.fastWindows.at(-1) ?? levels.coarseStep);
  const isFirst = ({ labels }: RecordingRule): boolean => [undefined, window].includes(labels.get(windowLabel));
  const naming = namingOf(service.name, [slo.name]);
  const again = rules
    .filter((rule) => rawFigures.has(rule.record) && isFirst(rule))
    .map(({ comment: _, ...rule }) =>
      renamed(service, named(rule, naming), new Set([...rawFigures, recorded.eventsIncrease])),
    );
  const [first, ...rest] = again;
  return first === undefined ? [] : [{ ...first, comment: 'The same with nothing excluded.' }, ...rest];
}

/** What raw figures of periods need. The first minutes of an objective are taken from its longest window. */
const rawFigures: ReadonlySet<string> = new Set([
  recorded.eventsCoarse,
  recorded.eventsInStep,
  recorded.eventsInPeriod,
  recorded.windowEvents,
  recorded.periodEventsCoarse,
  recorded.periodEvents,
  recorded.periodErrorRatio,
  recorded.periodBudgetRemaining,
]);

function renamed(service: Service, rule: RecordingRule, names: ReadonlySet<string>): RecordingRule {
  const expr = mapExpr(rule.expr, (node) =>
    node.kind === 'selector' && names.has(node.name) && hasRaw(service, node)
      ? { ...node, name: rawName(node.name) }
      : node,
  );
  return { ...rule, expr, record: names.has(rule.record) ? rawName(rule.record) : rule.record };
}

/** Members of a composite that no exclusion touches have no raw figures: theirs are raw. */
function hasRaw(service: Service, { matchers }: VectorSelector): boolean {
  const [serviceName, sloName] = identity.map((label) => matchers.find(({ name }) => name === label)?.value);
  const slo = serviceName === service.name ? service.slos.find(({ name }) => name === sloName) : undefined;
  return slo !== undefined && 0 < exclusionsOf(service, slo).length;
}

/** 1 while one exclusion holds, 0 otherwise, without labels. */
function holds({ when }: Exclusion, own: OwnLabels, ago: Duration): Expr {
  if (when.kind === 'once') {
    const from = compareBool('>=', call('time'), (instantOf(when.from) + ago) / 1000);
    const to = compareBool('<', call('time'), (instantOf(when.to) + ago) / 1000);
    return call('vector', multiply(from, to));
  }
  const local = localTime(own, when.timeZone, ago);
  return sum(isComputed(when) ? isWithin(local, when) : isListed(local, when));
}

/** Longer ones would overlap with the next day, whose place in the month is another. */
function isComputed(when: RecurringTime): boolean {
  const simple = simpleRecurrence(when);
  if (simple === undefined) return false;
  return when.length <= (simple.frequency === 'weekly' ? 7 * day : day);
}

function isListed(local: Expr, when: RecurringTime): Expr {
  const parts = listedRecurrence(when).starts.map((start) =>
    multiply(compareBool('>=', local, start / 1000), compareBool('<', local, (start + when.length) / 1000)),
  );
  return 0 < parts.length ? sumOf(parts) : multiply(0, add(local, 0));
}
