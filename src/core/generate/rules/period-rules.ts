import { type Duration, duration, formatDuration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import { justUnder, type Levels } from '../levels.ts';
import {
  eventsLabel,
  groupIdentity,
  identity,
  identityLabels,
  recorded,
  totalOnly,
  turnLabel,
  windowLabel,
} from '../names.ts';
import { type PeriodLevels, periodWords } from '../period-levels.ts';
import { periodScope } from '../scope.ts';
import { elapsedSelector } from './calendar-rules.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { longestWindow } from './slow-rules.ts';
import { type InStep, inSteps, stepScope, stepStarts } from './steps.ts';
import { secondsOver, sumOver } from './sums.ts';

const {
  aggregate,
  binary,
  by,
  call,
  compare,
  groupLeft,
  multiply,
  offset,
  on,
  or,
  range,
  selector,
  subtract,
  sumBy,
  unless,
} = build;

/** The events of the periods as they stand at this evaluation, for everyone to read. */
export function periodSumRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  const [main] = levels.periods;
  return [
    ...levels.periods.flatMap((level) => sumsUpToNow({ service, slo, levels, level })),
    ...(main.period.kind === 'calendar' ? [observedRule({ service, slo, levels, level: main })] : []),
  ];
}

interface Place {
  readonly service: Named;
  readonly slo: Promised;
  readonly levels: Levels;
  readonly level: PeriodLevels;
}

function sumsUpToNow(place: Place): readonly RecordingRule[] {
  const { service, slo, levels, level } = place;
  const own = identityLabels(service, slo);
  const { labels } = periodScope(service, slo, level);
  const { longest, source, period } = level;
  const name = period.kind === 'calendar' ? periodWords(period) : `period of ${formatDuration(longest)}`;
  const comment = `The ${name} up to now: events and seconds with data.`;
  if (source === 'evaluations') {
    return [
      record(recorded.periodEvents, sumOver(recorded.eventsIncrease, own, longest), labels, comment),
      record(recorded.periodObserved, sumBy(groupIdentity(slo), secondsOver(own, longest, levels.interval)), labels),
    ];
  }
  return [
    record(
      recorded.periodOpenStep,
      openSteps(place),
      labels,
      `The steps that the sums of the ${name} do not contain yet; of a new objective, all there have been.`,
    ),
    record(
      recorded.periodEvents,
      sumBy(
        [...groupIdentity(slo), eventsLabel],
        upToNow(place, recorded.periodEventsCoarse, inOpenSteps(place, 'events')),
      ),
      labels,
      comment,
    ),
    record(recorded.periodObserved, observedUpToNow(place), labels),
  ];
}

/** The sum of the slow group and what has been counted since: whoever is woken by an outage of three minutes should not read what was left before it. */
function upToNow(place: Place, summed: string, since: Expr): Expr {
  return or(latestSum(place, summed, place.level.steps.interval), since);
}

function inOpenSteps(place: Place, what: InStep): Expr {
  const { service, slo, level } = place;
  const open = selector(recorded.periodOpenStep, periodScope(service, slo, level).conditions);
  const now = call('last_over_time', range(open, justUnder(level.steps.interval)));
  return inSteps({ ...place, steps: level.steps }, what, now);
}

/**
 * The steps that the slow group has not summed yet. Before its first evaluation those are all; but whoever had coarse increases so long ago has
 * sums, or will have them after a gap, and a few steps must not take their place.
 */
function openSteps(place: Place): Expr {
  const { service, slo, levels, level } = place;
  const { interval } = level.steps;
  const sameSlo = on(...identity);
  const starts = stepStarts(level.steps, stepScope(service, slo, levels, level.steps).conditions);
  const events = selector(recorded.eventsIncrease, { ...identityLabels(service, slo), ...totalOnly });
  const nothing = unless(multiply(0, aggregate('max', by(...identity), events)), earlierSums(place), sameSlo);
  const contained = binary('or', lastContained(place), nothing, { matching: sameSlo });
  const open = compare('>', starts, contained, groupLeft(sameSlo));
  if (level.period.kind !== 'calendar') return open;
  // The steps of the calendar period before are none of this one's.
  const start = subtract(subtract(call('time'), interval / 1000), elapsedSelector(service, slo, level));
  return compare('>=', open, start, groupLeft(sameSlo));
}

/** Whether anything was summed when the objective must have been young, had it begun since. */
function earlierSums({ service, slo, levels, level }: Place): Expr {
  const increases = range(
    selector(recorded.eventsCoarse, { ...identityLabels(service, slo), ...totalOnly }),
    duration(72 * levels.coarseStep),
  );
  return call('last_over_time', offset(increases, youngUntil(level)));
}

function youngUntil({ steps }: PeriodLevels): Duration {
  return duration(4 * steps.length);
}

/** Of a calendar period that has just begun every minute matters; a rolling one is summed in steps, which is cheaper. */
function observedUpToNow(place: Place): Expr {
  const { service, slo, level } = place;
  const { interval } = level.steps;
  if (level.period.kind === 'calendar') {
    const since = multiply(inOpenSteps(place, 'evaluations'), interval / 1000);
    return sumBy(groupIdentity(slo), upToNow(place, recorded.periodObservedCoarse, since));
  }
  const sum = latestSum(place, recorded.periodObservedCoarse, noTime);
  return orAtFirst(place, sum, secondsOver(identityLabels(service, slo), youngUntil(level), interval));
}

/** Before the slow group has summed anything, what there has been so far. */
function orAtFirst(place: Place, sum: Expr, all: Expr): Expr {
  const groups = groupIdentity(place.slo);
  const first = unless(all, earlierSums(place), on(...groups));
  return sumBy(groups, binary('or', sum, first, { matching: on(...groups) }));
}

const noTime = duration(0);

/** Of the series that take turns, the one of this period. */
function ofThisTurn({ service, slo, level }: Place, expr: Expr): Expr {
  if (level.period.kind !== 'calendar') return expr;
  const turn = selector(recorded.periodTurn, periodScope(service, slo, level).conditions);
  return binary('and', expr, turn, { matching: on(...identity, turnLabel) });
}

/**
 * The newest sum of the slow group. One of a month is still good an hour later, when Prometheus is back and the slow group has not been evaluated
 * yet. Those that belong together are taken as they stood an interval `ago`: at this moment only some of them may be written.
 */
function latestSum(place: Place, name: string, ago: Duration): Expr {
  const { service, slo, level } = place;
  const { conditions } = periodScope(service, slo, level);
  return ofThisTurn(place, latest(name, conditions, level.steps.length, ago));
}

function lastContained({ service, slo, level }: Place): Expr {
  const { conditions } = periodScope(service, slo, level);
  return latest(recorded.periodCoarseStart, conditions, level.steps.length, level.steps.interval);
}

function latest(name: string, conditions: build.Conditions, step: Duration, ago: Duration): Expr {
  const sums = range(selector(name, conditions), justUnder(duration(12 * step)));
  return call('last_over_time', ago === 0 ? sums : offset(sums, ago));
}

/** The seconds with data in the longest window, where the period's own begin anew with it. */
function observedRule(place: Place): RecordingRule {
  const { service, slo, levels, level } = place;
  const own = identityLabels(service, slo);
  const labels = { ...own, [windowLabel]: formatDuration(longestWindow(levels)) };
  const sum = latest(recorded.windowObservedCoarse, labels, levels.coarseStep, noTime);
  const first = secondsOver(own, youngUntil(level), levels.interval);
  return record(
    recorded.windowObserved,
    orAtFirst(place, sum, first),
    labels,
    'Seconds with data in the longest window.',
  );
}
