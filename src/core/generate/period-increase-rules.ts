import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import { justUnder, type Levels } from './levels.ts';
import { identity, identityLabels, recorded, turnLabel } from './names.ts';
import { type PeriodLevels, periodWords } from './period-levels.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { type OwnLabels, periodScope } from './scope.ts';
import { gathered, inStepRules, sinceStepBefore, stepStart } from './steps.ts';
import { sumOver } from './sums.ts';

const { call, groupLeft, multiply, on, range, selector } = build;

/** The increases of periods that can't be summed from those of windows: gathered in longer steps, or in three series that take turns. */
export function periodIncreaseRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  const longSteps = new Map(levels.periods.map(({ steps }) => [steps.kind === 'own' ? steps.length : 0, steps]));
  longSteps.delete(0);
  return [
    ...[...longSteps.values()].flatMap((steps) => inStepRules(steps, identityLabels(service, slo))),
    ...levels.periods.flatMap((level) => (level.source === 'own' ? increaseRules(service, slo, level) : [])),
  ];
}

/** How long the steps of a period may be missed. */
const longestInSteps = 4;

function increaseRules(service: Named, slo: Promised, level: PeriodLevels): readonly RecordingRule[] {
  const { steps, period } = level;
  const own = identityLabels(service, slo);
  const { labels, conditions } = periodScope(service, slo, level);
  const longest = duration(longestInSteps * steps.length);
  const increase = (name: string): Expr => {
    const gained = steps.kind === 'coarse' ? ofThisEvaluation(name, own, steps.interval) : longer(name);
    return period.kind === 'calendar'
      ? multiply(gained, selector(recorded.periodTurn, conditions), groupLeft(on(...identity), turnLabel))
      : gained;
  };
  const elapsed = selector(recorded.periodStep, conditions);
  const longer = (name: string): Expr =>
    gathered(steps, { elapsed, longest, over: (length: Duration) => sumOver(name, own, length) });
  const step = formatDuration(steps.length);
  const starts = [
    record(
      recorded.periodStepStart,
      stepStart(steps),
      labels,
      `The steps of ${step} of which the ${periodWords(period)} is summed, as the coarse ones above.`,
    ),
    record(
      recorded.periodStep,
      sinceStepBefore(steps, selector(recorded.periodStepStart, conditions), longest),
      labels,
    ),
  ];
  return [
    ...(steps.kind === 'own' ? starts : []),
    record(
      recorded.totalInPeriod,
      increase(recorded.totalCoarse),
      labels,
      `What the ${step} bring to the ${periodWords(period)}.`,
    ),
    record(recorded.badInPeriod, increase(recorded.badCoarse), labels),
    record(recorded.observedInPeriod, increase(recorded.observedCoarse), labels),
  ];
}

function ofThisEvaluation(name: string, own: OwnLabels, interval: Duration): Expr {
  return call('last_over_time', range(selector(name, own), justUnder(interval)));
}
