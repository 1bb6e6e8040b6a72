import { formatDuration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { Levels } from '../levels.ts';
import { eventsLabel, groupIdentity, identityLabels, recorded, turnLabel } from '../names.ts';
import { type PeriodLevels, periodWords, type Steps } from '../period-levels.ts';
import { periodScope } from '../scope.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { type InSteps, inStepsDue, isIn, newestStepRule, perStep, rememberedSince } from './steps.ts';

const { call, groupLeft, multiply, selector, sumBy } = build;

/**
 * The increases over steps, of which long windows and periods are summed. They are gathered by the slow group of the step, at an instant of its
 * own: which steps are over, and which were gathered before, is known from what is recorded.
 */
export function gatheringRules(service: Named, slo: Promised, levels: Levels, steps: Steps): readonly RecordingRule[] {
  const place = { service, slo, levels, steps };
  return [
    newestStepRule(place),
    ...(steps.kind === 'coarse' ? coarseRules(place) : []),
    ...levels.periods.flatMap((level) =>
      level.source === 'own' && isIn(steps, level) ? increaseRules(place, level) : [],
    ),
  ];
}

/** The increases of which windows are summed. */
function coarseRules(place: InSteps): readonly RecordingRule[] {
  const { service, slo, steps } = place;
  const own = identityLabels(service, slo);
  const groups = groupIdentity(slo);
  return [
    record(
      recorded.eventsCoarse,
      sumBy([...groups, eventsLabel], inStepsDue(place, 'events')),
      own,
      `Events and seconds with data in that step and all that were not gathered before: more than one after missed evaluations.`,
    ),
    record(recorded.observedCoarse, sumBy(groups, secondsIn(steps, inStepsDue(place, 'evaluations'))), own),
  ];
}

/** The increases of a period that can't be summed from those of windows: gathered in longer steps, or in three series that take turns. */
function increaseRules(place: InSteps, level: PeriodLevels): readonly RecordingRule[] {
  const { service, slo, steps } = place;
  const { labels, conditions } = periodScope(service, slo, level);
  const isCalendar = level.period.kind === 'calendar';
  const turns = call('last_over_time', rememberedSince(selector(recorded.turnInStep, conditions), steps));
  const sumOf = (kinds: readonly string[], increase: Expr): Expr =>
    isCalendar
      ? sumBy([...groupIdentity(slo), ...kinds, turnLabel], multiply(increase, turns, groupLeft(perStep, turnLabel)))
      : sumBy([...groupIdentity(slo), ...kinds], increase);
  return [
    record(
      recorded.eventsInPeriod,
      sumOf([eventsLabel], inStepsDue(place, 'events')),
      labels,
      `What steps of ${formatDuration(steps.length)} bring to the ${periodWords(level.period)}.`,
    ),
    record(recorded.observedInPeriod, sumOf([], secondsIn(steps, inStepsDue(place, 'evaluations'))), labels),
  ];
}

/** Each evaluation that knew the events stands for its interval. */
function secondsIn({ interval }: Steps, count: Expr): Expr {
  return multiply(count, interval / 1000);
}
