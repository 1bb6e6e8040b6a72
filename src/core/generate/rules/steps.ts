import { type Duration, duration, formatDuration } from '../../base/index.ts';
import { build, type Expr, type VectorMatching, type VectorSelector } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import { justUnder, type Levels } from '../levels.ts';
import { identity, identityLabels, recorded, stepLabel, stepLengthLabel, totalOnly } from '../names.ts';
import { memory } from '../options.ts';
import type { PeriodLevels, Steps } from '../period-levels.ts';
import { periodScope, type Scope } from '../scope.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';

const { add, aggregate, binary, by, call, compare, groupLeft, multiply, offset, on, range, selector, subtract } = build;
const { unless } = build;

/** Joins what is known of steps. */
export const perStep: VectorMatching = on(...identity, stepLabel);

/** The divisions of time of which an objective's sums are made: the coarse steps, and longer ones of periods that need them. */
export function stepsOf({ isSlow, coarseStep, lag, interval, periods }: Levels): readonly Steps[] {
  if (!isSlow) return [];
  const coarse: Steps = { kind: 'coarse', length: coarseStep, phase: lag, interval };
  const own = new Map(
    periods.flatMap(({ steps }) => (steps.kind === 'own' ? [[`${steps.length} ${steps.phase}`, steps] as const] : [])),
  );
  return [coarse, ...own.values()];
}

/**
 * The increases once more, in series that take turns by the step. One range over all of them holds whichever steps are asked for, and another series tells
 * which ones count: so neither gaps nor the instant at which a group is evaluated need ranges of their own.
 */
export function stepRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  return stepsOf(levels).flatMap((steps) => {
    const { labels } = stepScope(service, slo, levels, steps);
    const now = (conditions: build.Conditions): Expr =>
      call('last_over_time', range(selector(recorded.eventsIncrease, conditions), justUnder(steps.interval)));
    const known = multiply(0, aggregate('max', by(...identity), now({ ...own, ...totalOnly })));
    const calendars = levels.periods.filter((level) => level.period.kind === 'calendar' && isIn(steps, level));
    return [
      record(
        recorded.stepStart,
        add(known, multiply(numberOf(steps), startOf(steps, steps.interval)), withStep),
        labels,
        `The step of ${formatDuration(steps.length)} in which the events of this evaluation lie: its start, and the increases once more, in series that take turns.`,
      ),
      record(recorded.eventsInStep, multiply(now(own), numberOf(steps), withStep), labels),
      ...calendars.map((level) => turnInStep(service, slo, level)),
    ];
  });
}

const withStep = groupLeft(on(), stepLabel);

/** To which calendar period the increases of a step belong. */
function turnInStep(service: Named, slo: Promised, level: PeriodLevels): RecordingRule {
  const { labels, conditions } = periodScope(service, slo, level);
  return record(
    recorded.turnInStep,
    multiply(selector(recorded.periodTurn, conditions), numberOf(level.steps), withStep),
    labels,
    'Which calendar period the step belongs to.',
  );
}

/** The newest step that is over, as the slow group sees it. */
export function newestStepRule({ service, slo, levels, steps }: InSteps): RecordingRule {
  return record(
    recorded.coarseStart,
    call('vector', newestStep(steps)),
    stepScope(service, slo, levels, steps).labels,
    `The newest step of ${formatDuration(steps.length)} that is over.`,
  );
}

/** What the other group has evaluated less than an interval ago may not be written yet. */
function newestStep(steps: Steps): Expr {
  return subtract(startOf(steps, duration(2 * steps.interval)), steps.length / 1000);
}

/** The steps up to that one that were not gathered before: one as a rule, more after missed evaluations. */
function stepsDue({ service, slo, levels, steps }: InSteps): Expr {
  const { conditions } = stepScope(service, slo, levels, steps);
  const newest = range(selector(recorded.coarseStart, conditions), justUnder(remembered(steps)));
  const before = call('last_over_time', offset(newest, steps.interval));
  const starts = call('last_over_time', rememberedSince(selector(recorded.stepStart, conditions), steps));
  const gathered = compare('<=', starts, before, groupLeft(on(...identity)));
  return unless(compare('<=', starts, newestStep(steps)), gathered, perStep);
}

/** The events of the steps that are due, or at how many evaluations of each they were known. */
export function inStepsDue(place: InSteps, what: InStep): Expr {
  const { steps } = place;
  return binary('and', call(foldOf(what), rememberedSince(eventsInSteps(place, what), steps)), stepsDue(place), {
    matching: perStep,
  });
}

/** What is asked of a step: the events, all and bad ones, or how many evaluations knew them. */
export type InStep = 'events' | 'evaluations';

function foldOf(what: InStep): 'sum_over_time' | 'count_over_time' {
  return what === 'events' ? 'sum_over_time' : 'count_over_time';
}

function eventsInSteps({ service, slo, levels, steps }: InSteps, what: InStep): VectorSelector {
  const { conditions } = stepScope(service, slo, levels, steps);
  return selector(recorded.eventsInStep, what === 'events' ? conditions : { ...conditions, ...totalOnly });
}

/**
 * What is remembered, without the newest evaluation: no step that is due holds it, and a rule that looks only at what was there before needs not be
 * evaluated instant by instant where the past is computed.
 */
export function rememberedSince(series: VectorSelector, steps: Steps): Expr {
  return offset(range(series, justUnder(duration(remembered(steps) - steps.interval))), steps.interval);
}

/** The same of some of the steps, each in a series of its own. */
export function inSteps(place: InSteps, what: InStep, which: Expr): Expr {
  const all = call(foldOf(what), range(eventsInSteps(place, what), justUnder(remembered(place.steps))));
  return binary('and', all, which, { matching: perStep });
}

export interface InSteps {
  readonly service: Named;
  readonly slo: Promised;
  readonly levels: Levels;
  readonly steps: Steps;
}

/** The starts of the steps that are remembered. */
export function stepStarts(steps: Steps, conditions: build.Conditions): Expr {
  return call('last_over_time', range(selector(recorded.stepStart, conditions), justUnder(remembered(steps))));
}

/** Steps of a period have the labels of the objective, and longer ones than the coarse ones their length besides. */
export function stepScope(service: Named, slo: Promised, levels: Levels, { kind, length, phase }: Steps): Scope {
  const own = identityLabels(service, slo);
  if (kind === 'own') {
    const text = phase === 0 ? formatDuration(length) : `${formatDuration(length)}+${formatDuration(phase)}`;
    const labels = { ...own, [stepLengthLabel]: text };
    return { labels, conditions: labels };
  }
  const isAlone = levels.periods.every(({ steps }) => steps.kind === 'coarse');
  return { labels: own, conditions: isAlone ? own : { ...own, [stepLengthLabel]: '' } };
}

/** Whether a period is summed in these steps. */
export function isIn({ kind, length, phase }: Steps, { source, steps }: PeriodLevels): boolean {
  return source !== 'evaluations' && steps.kind === kind && steps.length === length && steps.phase === phase;
}

/**
 * How far back steps can be told apart. After a gap as long as the memory of counters the slow group may be three steps later before it gathers
 * what was recorded before the gap; a series less would mix a step with the one whose turn came before.
 */
export function remembered(steps: Steps): Duration {
  return duration((seriesOf(steps) - 1) * steps.length - steps.interval);
}

function seriesOf({ length }: Steps): number {
  return Math.ceil(memory / length) + 5;
}

/** A series of the value 1 with the number of the step of this evaluation as a label. */
function numberOf(steps: Steps): Expr {
  const { length, phase, interval } = steps;
  const number = call('floor', call('vector', binary('/', ago(interval + phase), length / 1000)));
  return aggregate('count_values', by(), binary('%', number, seriesOf(steps)), build.string(stepLabel));
}

/** The start of the step of some time ago. An evaluation belongs to the step of the one before, for what it counts began then. */
function startOf({ length, phase }: Steps, before: Duration): Expr {
  const since = ago(before + phase);
  const start = subtract(since, binary('%', since, length / 1000));
  return phase === 0 ? start : add(start, phase / 1000);
}

function ago(length: number): Expr {
  return subtract(call('time'), length / 1000);
}
