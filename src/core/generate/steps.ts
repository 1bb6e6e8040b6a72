import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr, type VectorSelector } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import { justUnder } from './levels.ts';
import { identity, recorded, stepLabel } from './names.ts';
import type { Steps } from './period-levels.ts';
import { record } from './record.ts';
import type { OwnLabels } from './scope.ts';
import { sumOver } from './sums.ts';

const { binary, call, compare, groupLeft, offset, on, or, range, selector, subtract } = build;

/** The start of the step, at its first evaluation only. */
export function stepStart(steps: Steps): Expr {
  return subtract(call('time'), firstInStep(steps));
}

/** How long after the start recorded before, at the first evaluation in a step. */
export function sinceStepBefore(steps: Steps, starts: VectorSelector, longest: Duration): Expr {
  const before = call('last_over_time', offset(range(starts, justUnder(longest)), steps.interval));
  return subtract(subtract(call('time'), before), firstInStep(steps), groupLeft(on()));
}

/** What is gathered at the first evaluation in a step. */
export interface Gathering {
  /** How long after the step before: longer than a step if evaluations were missed. */
  readonly elapsed: Expr;
  /** Up to what elapsed time nothing is lost. */
  readonly longest: Duration;
  /** What was recorded over a length of time. */
  over(length: Duration): Expr;
}

/**
 * What has been recorded since the last step. Usually that is the length of a step; after missed evaluations a longer range takes in what
 * was recorded before the gap and belongs to no step yet.
 */
export function gathered(steps: Steps, { elapsed, longest, over }: Gathering): Expr {
  const { length: step } = steps;
  const sameSlo = on(...identity);
  const longer: Expr[] = [];
  for (let length = 2 * step; length <= longest; length += step) {
    const missed = compare('==', elapsed, length / 1000);
    longer.push(binary('and', over(duration(length)), missed, { matching: sameSlo }));
  }
  const usual = binary('unless', over(step), compare('>', elapsed, step / 1000), { matching: sameSlo });
  return binary('and', or(usual, ...longer), firstInStep(steps), { matching: on() });
}

/** The increases once more, so that what belongs to no step yet can be summed. */
export function inStepRules(steps: Steps, own: OwnLabels): readonly RecordingRule[] {
  return [
    record(
      recorded.totalInStep,
      bySteps(steps, recorded.totalIncrease, own),
      own,
      'The increases once more, in two series that take turns by the step: a range of one step over the one whose turn it is holds ' +
        'what no coarse increase contains yet.',
    ),
    record(recorded.badInStep, bySteps(steps, recorded.badIncrease, own), own),
  ];
}

/** The first evaluation in a step closes the step before, so its increase belongs there. */
function bySteps(steps: Steps, name: string, own: OwnLabels): Expr {
  const { interval } = steps;
  const now = call('last_over_time', range(selector(name, own), justUnder(interval)));
  const closing = subtract(call('vector', call('time')), interval / 1000);
  const [even, odd] = turns(closing, steps);
  const labelled = (which: 'even' | 'odd'): Expr => {
    const value = build.string(stepName(steps, which));
    return call('label_replace', now, build.string(stepLabel), value, build.string(''), build.string(''));
  };
  return or(
    binary('and', labelled('even'), even, { matching: on() }),
    binary('and', labelled('odd'), odd, { matching: on() }),
  );
}

/** What has been counted since the last step, however that is summed up; absent if nothing was recorded since. */
export function sinceStep(
  steps: Steps,
  name: string,
  own: OwnLabels,
  summed: (name: string, own: OwnLabels, length: Duration) => Expr = sumOver,
): Expr {
  const [even, odd] = turns(call('vector', call('time')), steps);
  const inStep = (which: 'even' | 'odd'): Expr =>
    summed(name, { ...own, [stepLabel]: stepName(steps, which) }, steps.length);
  return or(
    binary('and', inStep('even'), even, { matching: on() }),
    binary('and', inStep('odd'), odd, { matching: on() }),
  );
}

function stepName({ kind, length }: Steps, which: 'even' | 'odd'): string {
  return kind === 'coarse' ? which : `${which} ${formatDuration(length)}`;
}

/** The time that has passed of the current step, at its first evaluation only. */
function firstInStep({ length, phase, interval }: Steps): Expr {
  const now = call('vector', call('time'));
  const shifted = phase === 0 ? now : subtract(now, phase / 1000);
  return compare('<', binary('%', shifted, length / 1000), interval / 1000);
}

/** Whether a time lies in an even or in an odd step: one of the two conditions holds. */
function turns(time: Expr, { length, phase }: Steps): readonly [even: Expr, odd: Expr] {
  const shifted = phase === 0 ? time : subtract(time, phase / 1000);
  const place = binary('%', shifted, (2 * length) / 1000);
  return [compare('<', place, length / 1000), compare('>=', place, length / 1000)];
}
