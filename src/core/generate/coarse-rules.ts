import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Levels } from './levels.ts';
import { identityLabels, recorded } from './names.ts';
import { memory } from './options.ts';
import type { Steps } from './period-levels.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { gathered, inStepRules, sinceStepBefore, stepStart } from './steps.ts';
import { secondsOver, sumOver } from './sums.ts';

const { selector } = build;

/**
 * The increases over coarse steps, of which long windows are summed. They belong to the group of the other increases: a slower group
 * would be evaluated at steps of its own, and twice as often by tools that evaluate all groups alike.
 */
export function coarseRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const steps = coarseSteps(levels);
  const longest = longestStep(levels);
  const step = formatDuration(levels.coarseStep);
  const elapsed = selector(recorded.coarseStep, own);
  const gather = (over: (length: Duration) => Expr): Expr => gathered(steps, { elapsed, longest, over });
  const isRead = levels.periods.some(({ source, steps: { kind } }) => source !== 'evaluations' && kind === 'coarse');
  return [
    record(
      recorded.coarseStart,
      stepStart(steps),
      own,
      `Every ${step}, at the first evaluation in the step: its start, and the time since the start recorded before, which is longer ` +
        'than a step if evaluations were missed.',
    ),
    record(recorded.coarseStep, sinceStepBefore(steps, selector(recorded.coarseStart, own), longest), own),
    record(
      recorded.totalCoarse,
      gather((length) => sumOver(recorded.totalIncrease, own, length)),
      own,
      `Events, bad events and seconds with data in the ${step}, or in all that was missed.`,
    ),
    record(
      recorded.badCoarse,
      gather((length) => sumOver(recorded.badIncrease, own, length)),
      own,
    ),
    record(
      recorded.observedCoarse,
      gather((length) => secondsOver(own, length, levels.interval)),
      own,
    ),
    ...(isRead ? inStepRules(steps, own) : []),
  ];
}

/** The steps of which windows are summed. */
export function coarseSteps({ coarseStep, interval, lag }: Levels): Steps {
  return { kind: 'coarse', length: coarseStep, phase: lag, interval };
}

/** Missed steps are made up for within the memory of the counters, but at least one of them. */
function longestStep({ coarseStep }: Levels): Duration {
  return duration(Math.max(2, Math.floor(memory / coarseStep)) * coarseStep);
}
