import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import { elapsedSelector } from './calendar-rules.ts';
import { justUnder, type Levels } from './levels.ts';
import { groupIdentity, identity, identityLabels, recorded, turnLabel, windowLabel } from './names.ts';
import { type PeriodLevels, periodWords } from './period-levels.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { type OwnLabels, periodScope } from './scope.ts';
import { longestWindow, periodIncreases } from './slow-rules.ts';
import { sinceStep } from './steps.ts';
import { secondsCounted, secondsOver, sumOver } from './sums.ts';

const { binary, call, compare, multiply, on, or, range, selector, sumBy } = build;

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
  const comment = `The ${name} up to now: events, bad events, seconds with data.`;
  if (source === 'evaluations') {
    return [
      record(recorded.periodTotalEvents, sumOver(recorded.totalIncrease, own, longest), labels, comment),
      record(recorded.periodBadEvents, sumOver(recorded.badIncrease, own, longest), labels),
      record(recorded.periodObserved, secondsOver(own, longest, levels.interval), labels),
    ];
  }
  const names = periodIncreases(level);
  const total = upToNow(
    place,
    recorded.periodTotalCoarse,
    names.total,
    sinceStep(level.steps, recorded.totalInStep, own),
  );
  const bad = upToNow(place, recorded.periodBadCoarse, names.bad, sinceStep(level.steps, recorded.badInStep, own));
  return [
    record(
      recorded.periodTotalEvents,
      orAtFirst(place, total, firstEvents(place, recorded.totalEvents, recorded.totalIncrease)),
      labels,
      `${comment} In the first minutes, all there has been.`,
    ),
    record(
      recorded.periodBadEvents,
      orAtFirst(place, bad, firstEvents(place, recorded.badEvents, recorded.badIncrease)),
      labels,
    ),
    record(
      recorded.periodObserved,
      orAtFirst(place, observedUpToNow(place, own), secondsOver(own, youngUntil(level), levels.interval)),
      labels,
    ),
  ];
}

/** All there has been of a new objective: a window that is longer than it is old, or what was recorded so far. */
function firstEvents({ service, slo, levels, level }: Place, windowed: string, increase: string): Expr {
  const own = identityLabels(service, slo);
  const window = levels.fastWindows.at(-1);
  return window !== undefined && youngUntil(level) <= window
    ? selector(windowed, { ...own, [windowLabel]: formatDuration(window) })
    : sumOver(increase, own, youngUntil(level));
}

/** Of a calendar period that has just begun every minute matters; a rolling one is summed in steps, which is cheaper. */
function observedUpToNow(place: Place, own: OwnLabels): Expr {
  const { level } = place;
  if (level.period.kind !== 'calendar') return base(place, recorded.periodObservedCoarse);
  const { interval } = level.steps;
  const since = sinceStep(level.steps, recorded.totalInStep, own, (name, conditions, length) =>
    secondsCounted(name, conditions, length, interval),
  );
  return upToNow(place, recorded.periodObservedCoarse, recorded.observedInPeriod, since);
}

/**
 * The sum of the slow group, the newest coarse increase if that sum does not contain it yet, and what was counted since. Whoever is woken
 * by an outage of three minutes should not read what was left of the budget before it.
 */
function upToNow(place: Place, summed: string, increase: string, since: Expr): Expr {
  const { service, slo, level } = place;
  const own = identityLabels(service, slo);
  const scope = periodScope(service, slo, level);
  const { steps, source } = level;
  const newest = (name: string, conditions: build.Conditions): Expr =>
    call('last_over_time', range(selector(name, conditions), justUnder(steps.length)));
  const contained = latestSum(recorded.periodCoarseStart, scope.conditions, steps.length);
  const start =
    steps.kind === 'coarse' ? newest(recorded.coarseStart, own) : newest(recorded.periodStepStart, scope.conditions);
  const isMissing = compare('>', start, contained, on(...identity));
  const sum = base(place, summed);
  const gained = ofThisTurn(place, newest(increase, source === 'own' ? scope.conditions : own));
  const parts = [sum, binary('and', gained, isMissing, { matching: on(...identity) }), since];
  const groups = groupIdentity(slo);
  const all = sumBy(groups, joined(parts.map((part, index) => numbered(part, index))));
  return binary('and', all, sum, { matching: on(...groups) });
}

/** The newest sum of the slow group; of a calendar period that it has not seen yet, nothing. */
function base(place: Place, summed: string): Expr {
  const { service, slo, level } = place;
  const { conditions } = periodScope(service, slo, level);
  const sum = ofThisTurn(place, latestSum(summed, conditions, level.steps.length));
  if (level.period.kind !== 'calendar') return sum;
  const isYoung = compare('<', elapsedSelector(service, slo, level), (youngSteps * level.steps.length) / 1000);
  const known = range(selector(recorded.totalIncrease, identityLabels(service, slo)), justUnder(level.steps.length));
  const nothing = binary('and', multiply(0, call('last_over_time', known)), isYoung, { matching: on(...identity) });
  return binary('or', sum, nothing, { matching: on(...groupIdentity(slo)) });
}

/** The slow group has seen the first increase of a period at the latest when its third step begins. */
const youngSteps = 3;

/** Of the series that take turns, the one of this period. */
function ofThisTurn({ service, slo, level }: Place, expr: Expr): Expr {
  if (level.period.kind !== 'calendar') return expr;
  const turn = selector(recorded.periodTurn, periodScope(service, slo, level).conditions);
  return binary('and', expr, turn, { matching: on(...identity, turnLabel) });
}

/** Before the slow group has summed anything, what has been recorded so far. */
function orAtFirst({ service, slo, levels, level }: Place, sum: Expr, first: Expr): Expr {
  const own = identityLabels(service, slo);
  const sameSlo = { matching: on(...groupIdentity(slo)) };
  // Whoever had coarse increases so long ago has sums, or will have them after a gap; a short window must not take their place.
  const before = range(selector(recorded.totalCoarse, own), duration(72 * levels.coarseStep));
  const earlier = call('last_over_time', build.offset(before, youngUntil(level)));
  return sumBy(groupIdentity(slo), binary('or', sum, binary('unless', first, earlier, sameSlo), sameSlo));
}

/** A sum of a month is still a good one an hour later, when Prometheus is back and the slow group has not been evaluated yet. */
function latestSum(name: string, conditions: build.Conditions, step: Duration): Expr {
  return call('last_over_time', range(selector(name, conditions), justUnder(duration(12 * step))));
}

function youngUntil({ steps }: PeriodLevels): Duration {
  return duration(4 * steps.length);
}

/** The seconds with data in the longest window, where the period's own begin anew with it. */
function observedRule(place: Place): RecordingRule {
  const { service, slo, levels, level } = place;
  const own = identityLabels(service, slo);
  const labels = { ...own, [windowLabel]: formatDuration(longestWindow(levels)) };
  const latest = latestSum(recorded.windowObservedCoarse, labels, levels.coarseStep);
  const first = secondsOver(own, youngUntil(level), levels.interval);
  return record(
    recorded.windowObserved,
    orAtFirst(place, latest, first),
    labels,
    'Seconds with data in the longest window.',
  );
}

/** Parts with the same labels side by side, so that those that are there can be added up. */
function numbered(part: Expr, index: number): Expr {
  const text = build.string;
  return call('label_replace', part, text('part'), text(String(index)), text(''), text(''));
}

function joined([first, ...rest]: readonly Expr[]): Expr {
  if (first === undefined) throw new RangeError('a sum of no parts');
  return or(first, ...rest);
}
