import { type Duration, duration, formatDuration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import { justUnder, type Levels } from '../levels.ts';
import { identity, identityLabels, recorded, turnLabel, windowLabel } from '../names.ts';
import { type PeriodLevels, periodWords } from '../period-levels.ts';
import { type OwnLabels, periodScope } from '../scope.ts';
import { gatheringRules } from './coarse-rules.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { stepScope, stepsOf } from './steps.ts';
import { sumOver } from './sums.ts';
import { slowWindowRules } from './window-rules.ts';

const { binary, call, compare, on, range, selector } = build;

/** What is summed seldom, by how often that is: each kind of step has a group of its own. */
export function slowRules(
  service: Named,
  slo: Promised,
  levels: Levels,
): ReadonlyMap<Duration, readonly RecordingRule[]> {
  const byStep = new Map<Duration, readonly RecordingRule[]>();
  const addRules = (step: Duration, rules: readonly RecordingRule[]): void => {
    if (0 < rules.length) byStep.set(step, [...(byStep.get(step) ?? []), ...rules]);
  };
  for (const steps of stepsOf(levels)) addRules(steps.length, gatheringRules(service, slo, levels, steps));
  addRules(levels.coarseStep, slowWindowRules(service, slo, levels));
  for (const level of levels.periods) {
    if (level.source === 'evaluations') continue;
    addRules(level.steps.length, periodSums(service, slo, levels, level));
  }
  const [main] = levels.periods;
  if (main.period.kind === 'calendar') addRules(levels.coarseStep, [observedRule(service, slo, levels)]);
  return byStep;
}

/** The increases that a period is summed from. */
export function periodIncreases({ source }: PeriodLevels): Readonly<Record<'events' | 'observed', string>> {
  return source === 'own'
    ? { events: recorded.eventsInPeriod, observed: recorded.observedInPeriod }
    : { events: recorded.eventsCoarse, observed: recorded.observedCoarse };
}

/** By how many steps a range reaches back beyond the longest calendar period, so that one that is over can still be summed. */
const stepsBeyond = 8;
/** In which of its steps a calendar period records what the one before it came to. */
export const closing = { from: 2, to: 6 };

function periodSums(service: Named, slo: Promised, levels: Levels, level: PeriodLevels): readonly RecordingRule[] {
  const { period, steps, longest, source } = level;
  const scope = periodScope(service, slo, level);
  const from = source === 'own' ? scope.conditions : identityLabels(service, slo);
  const isCalendar = period.kind === 'calendar';
  const whole = duration(isCalendar ? longest + stepsBeyond * steps.length : longest);
  // The events of a rolling period are those of the steps since besides, at least one and a half of them; its seconds are counted in steps alone.
  const summed = isCalendar ? whole : duration(whole - steps.length);
  const names = periodIncreases(level);
  const over = (name: string, length: Duration): Expr => sumOver(name, from, length);
  const comment =
    period.kind === 'calendar'
      ? `The ${periodWords(period)} up to its last step, for each turn: events and seconds with data.`
      : `The period of ${formatDuration(longest)} up to the last step: events and seconds with data.`;
  return [
    record(recorded.periodEventsCoarse, over(names.events, summed), scope.labels, comment),
    record(recorded.periodObservedCoarse, over(names.observed, whole), scope.labels),
    record(
      recorded.periodCoarseStart,
      selector(recorded.coarseStart, stepScope(service, slo, levels, steps).conditions),
      scope.labels,
      'The last step that these contain.',
    ),
    ...(period.kind === 'calendar' ? [closedSum(service, slo, level)] : []),
  ];
}

/** The events of the period before, recorded several times while their range still holds all of it. */
function closedSum(service: Named, slo: Promised, level: PeriodLevels): RecordingRule {
  const { labels, conditions } = periodScope(service, slo, level);
  const step = level.steps.length / 1000;
  // The other group's newest: of evaluations five minutes apart a bare selector may find none.
  const newest = (name: string): Expr =>
    call('last_over_time', range(selector(name, conditions), justUnder(duration(3 * level.steps.interval))));
  const since = newest(recorded.periodElapsed);
  const isClosing = compare('<', compare('>=', since, closing.from * step), closing.to * step);
  const sums = selector(recorded.periodEventsCoarse, conditions);
  const ofPrevious = binary('and', sums, newest(recorded.previousTurn), { matching: on(...identity, turnLabel) });
  return record(
    recorded.closedEvents,
    binary('and', ofPrevious, isClosing, { matching: on(...identity) }),
    labels,
    `Soon after its end, what the ${periodWords(level.period)} before came to.`,
  );
}

/** A calendar period begins anew with no data, but the windows of alerts go on. */
function observedRule(service: Named, slo: Promised, levels: Levels): RecordingRule {
  const own: OwnLabels = identityLabels(service, slo);
  const window = longestWindow(levels);
  return record(
    recorded.windowObservedCoarse,
    sumOver(recorded.observedCoarse, own, window),
    { ...own, [windowLabel]: formatDuration(window) },
    'Seconds with data in the longest window.',
  );
}

/** The longest window of an alert. */
export function longestWindow({ slowWindows, fastWindows, coarseStep }: Levels): Duration {
  return slowWindows.at(-1) ?? fastWindows.at(-1) ?? coarseStep;
}
