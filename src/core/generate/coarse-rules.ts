import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import { justUnder, type Levels } from './levels.ts';
import { identity, identityLabels, recorded, stepLabel } from './names.ts';
import { memory } from './options.ts';
import { record } from './record.ts';
import { secondsOver, sumOver } from './sums.ts';

const { binary, call, compare, offset, on, or, range, selector, subtract } = build;

/**
 * The increases over coarse steps, of which long windows are summed. They belong to the group of the other increases: a slower group
 * would be evaluated at steps of its own, and twice as often by tools that evaluate all groups alike.
 */
export function coarseRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const step = formatDuration(levels.coarseStep);
  const total = gathered(levels, own, (length) => sumOver(recorded.totalIncrease, own, length));
  const bad = gathered(levels, own, (length) => sumOver(recorded.badIncrease, own, length));
  const observed = gathered(levels, own, (length) => secondsOver(own, length, levels.interval));
  return [
    record(
      recorded.coarseStart,
      stepStart(levels),
      own,
      `Every ${step}, at the first evaluation in the step: its start, and the time since the start recorded before, which is longer ` +
        'than a step if evaluations were missed.',
    ),
    record(recorded.coarseStep, sinceStepBefore(levels, own), own),
    record(
      recorded.totalCoarse,
      total,
      own,
      `Events, bad events and seconds with data in the ${step}, or in all that was missed.`,
    ),
    record(recorded.badCoarse, bad, own),
    record(recorded.observedCoarse, observed, own),
    record(
      recorded.totalInStep,
      bySteps(levels, recorded.totalIncrease, own),
      own,
      'The increases once more, in two series that take turns by the step: a range of one step over the one whose turn it is holds ' +
        'what no coarse increase contains yet.',
    ),
    record(recorded.badInStep, bySteps(levels, recorded.badIncrease, own), own),
  ];
}

type OwnLabels = Readonly<Record<string, string>>;

/** The time that has passed of the current step, at its first evaluation only. */
function firstInStep({ coarseStep, interval }: Levels): Expr {
  return compare('<', binary('%', call('vector', call('time')), coarseStep / 1000), interval / 1000);
}

function stepStart(levels: Levels): Expr {
  return subtract(call('time'), firstInStep(levels));
}

function sinceStepBefore(levels: Levels, own: OwnLabels): Expr {
  const before = range(selector(recorded.coarseStart, own), justUnder(duration(longestStep(levels))));
  return subtract(stepStart(levels), call('last_over_time', offset(before, levels.interval)), on());
}

/**
 * What has been recorded since the last coarse step. Usually that is the length of a step; after missed evaluations a longer range takes
 * in what was recorded before the gap and belongs to no step yet.
 */
function gathered(levels: Levels, own: OwnLabels, over: (length: Duration) => Expr): Expr {
  const { coarseStep } = levels;
  const elapsed = selector(recorded.coarseStep, own);
  const sameSlo = on(...identity);
  const longer: Expr[] = [];
  for (let length = 2 * coarseStep; length <= longestStep(levels); length += coarseStep) {
    const missed = compare('==', elapsed, length / 1000);
    longer.push(binary('and', over(duration(length)), missed, { matching: sameSlo }));
  }
  const usual = binary('unless', over(coarseStep), compare('>', elapsed, coarseStep / 1000), { matching: sameSlo });
  return binary('and', or(usual, ...longer), firstInStep(levels), { matching: on() });
}

/** The first evaluation in a step closes the step before, so its increase belongs there. */
function bySteps({ coarseStep, interval }: Levels, name: string, own: OwnLabels): Expr {
  const now = call('last_over_time', range(selector(name, own), justUnder(interval)));
  const closing = subtract(call('vector', call('time')), interval / 1000);
  const [even, odd] = turns(closing, coarseStep);
  const labelled = (step: string): Expr =>
    call('label_replace', now, build.string(stepLabel), build.string(step), build.string(''), build.string(''));
  return or(
    binary('and', labelled('even'), even, { matching: on() }),
    binary('and', labelled('odd'), odd, { matching: on() }),
  );
}

/** What has been counted since the last coarse increase; absent if nothing was recorded since. */
export function sinceCoarse({ coarseStep }: Levels, name: string, own: OwnLabels): Expr {
  const [even, odd] = turns(call('vector', call('time')), coarseStep);
  const inStep = (step: string): Expr => sumOver(name, { ...own, [stepLabel]: step }, coarseStep);
  return or(
    binary('and', inStep('even'), even, { matching: on() }),
    binary('and', inStep('odd'), odd, { matching: on() }),
  );
}

/** Whether a time lies in an even or in an odd step: one of the two conditions holds. */
function turns(time: Expr, coarseStep: Duration): readonly [even: Expr, odd: Expr] {
  const phase = binary('%', time, (2 * coarseStep) / 1000);
  return [compare('<', phase, coarseStep / 1000), compare('>=', phase, coarseStep / 1000)];
}

/** Missed steps are made up for within the memory of the counters, but at least one of them. */
function longestStep({ coarseStep }: Levels): number {
  return Math.max(2, Math.floor(memory / coarseStep)) * coarseStep;
}
