import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import { justUnder, type Levels } from './levels.ts';
import { identity, identityLabels, recorded, windowLabel } from './names.ts';
import { memory } from './options.ts';
import { record } from './record.ts';

const { binary, call, compare, multiply, offset, on, or, range, selector, subtract } = build;

/** The events in the short windows, from the increase of every evaluation. */
export function fastWindowRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const rules = levels.fastWindows.flatMap((window) => windowSums(own, window, fastSources));
  return levels.periodIsSlow ? rules : [...rules, ...periodSums(service, slo, levels)];
}

/** The slow group: the increases between its evaluations, and the long windows summed from them. */
export function slowRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const { totalIncrease, badIncrease } = recorded;
  const rules = [
    record(recorded.slowTime, call('time'), own, 'When this group was evaluated.'),
    record(
      recorded.slowStep,
      sinceLastEvaluation(own, levels),
      own,
      'How long after the evaluation before; more than the interval if some were missed.',
    ),
    record(
      recorded.totalSlowIncrease,
      sinceThen(levels, (length) => sumOver(totalIncrease, own, length), own),
      own,
      'Events since then.',
    ),
    record(
      recorded.badSlowIncrease,
      sinceThen(levels, (length) => sumOver(badIncrease, own, length), own),
      own,
    ),
    record(
      recorded.observedSlowIncrease,
      sinceThen(levels, (length) => secondsOver(own, length, levels.interval), own),
      own,
      'Seconds since then for which there is data.',
    ),
    ...levels.slowWindows.flatMap((window) => windowSums(own, window, slowSources)),
  ];
  return levels.periodIsSlow ? [...rules, ...periodSums(service, slo, levels)] : rules;
}

/** The names of the increases that a window is summed from. */
interface Sources {
  readonly total: string;
  readonly bad: string;
}

const fastSources: Sources = { total: recorded.totalIncrease, bad: recorded.badIncrease };
const slowSources: Sources = { total: recorded.totalSlowIncrease, bad: recorded.badSlowIncrease };

type OwnLabels = Readonly<Record<string, string>>;

function windowSums(own: OwnLabels, window: Duration, sources: Sources): readonly RecordingRule[] {
  const labels = { ...own, [windowLabel]: formatDuration(window) };
  return [
    record(recorded.totalEvents, sumOver(sources.total, own, window), labels),
    record(recorded.badEvents, sumOver(sources.bad, own, window), labels),
  ];
}

function periodSums(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const { period, periodIsSlow } = levels;
  const sources = periodIsSlow ? slowSources : fastSources;
  const observed = periodIsSlow
    ? sumOver(recorded.observedSlowIncrease, own, period)
    : secondsOver(own, period, levels.interval);
  return [
    record(
      recorded.periodTotalEvents,
      sumOver(sources.total, own, period),
      own,
      `The whole period of ${formatDuration(period)}: events, bad events, and the time with data.`,
    ),
    record(recorded.periodBadEvents, sumOver(sources.bad, own, period), own),
    record(recorded.periodObserved, observed, own),
  ];
}

function sumOver(name: string, own: OwnLabels, length: Duration): Expr {
  return call('sum_over_time', range(selector(name, own), justUnder(length)));
}

/** Each evaluation that knew the events stands for its interval. */
function secondsOver(own: OwnLabels, length: Duration, interval: Duration): Expr {
  const known = call('count_over_time', range(selector(recorded.totalIncrease, own), justUnder(length)));
  return multiply(known, interval / 1000);
}

function sinceLastEvaluation(own: OwnLabels, { slowInterval }: Levels): Expr {
  const stretch = duration(slowSpan(slowInterval) - slowInterval);
  const last = call(
    'last_over_time',
    offset(range(selector(recorded.slowTime, own), justUnder(stretch)), slowInterval),
  );
  return subtract(call('time'), last);
}

/**
 * What lies between the last evaluation of the slow group and this one. Usually that is its interval; after missed evaluations a longer
 * range takes in what was recorded before the gap and has not been summed yet.
 */
function sinceThen({ slowInterval }: Levels, over: (length: Duration) => Expr, own: OwnLabels): Expr {
  const elapsed = selector(recorded.slowStep, own);
  const sameSlo = on(...identity);
  const seconds = slowInterval / 1000;
  const usual = binary('unless', over(slowInterval), compare('>', elapsed, seconds * 1.5), { matching: sameSlo });
  const longer: Expr[] = [];
  for (let count = 2; count * slowInterval <= slowSpan(slowInterval); count += 1) {
    const missed = compare('<=', compare('>', elapsed, seconds * (count - 0.5)), seconds * (count + 0.5));
    longer.push(binary('and', over(duration(count * slowInterval)), missed, { matching: sameSlo }));
  }
  return or(usual, ...longer);
}

/** Missed evaluations are made up for within the memory of the counters, but at least one of them. */
function slowSpan(slowInterval: Duration): number {
  return Math.max(2, Math.floor(memory / slowInterval)) * slowInterval;
}
