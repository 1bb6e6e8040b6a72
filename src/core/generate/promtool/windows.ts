import { type Duration, duration } from '../../base/index.ts';
import type { BurnRateTier, Slo } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import type { Steps } from '../period-levels.ts';
import { fewestBad } from '../rules/burn-conditions.ts';
import type { Counted, Sums } from './counted.ts';

// What the windows of an objective hold at an evaluation of a test case: sums of steps, by arithmetic alone. Rules of the slow level sum whole
// steps, and promtool evaluates them at every evaluation, before those that they are summed from, so they too are known exactly.

/** What an objective knows at each evaluation. */
export interface Windows {
  /** The events in a window; undefined where nothing was recorded. */
  readonly in: (window: Duration, evaluation: number) => Sums | undefined;
  /** The time with data, by which windows that are not full are judged. */
  readonly observed: (evaluation: number) => Duration;
}

/** The windows of an objective that counts events or slices. */
export function windowsOf(counted: Counted, levels: Levels): Windows {
  const total = runningSums(counted.total.map((value) => value ?? 0));
  const bad = runningSums(counted.bad.map((value) => value ?? 0));
  const known = runningSums(counted.total.map((value) => (value === undefined ? 0 : 1)));
  const between = (after: number, last: number): Sums => ({
    total: total(last) - total(after),
    bad: bad(last) - bad(after),
  });
  const { interval, coarseStep, lag } = levels;
  const coarse = { length: coarseStep, phase: lag, interval };
  const inWindow = (window: Duration, evaluation: number): Sums | undefined => {
    const length = Math.ceil(window / interval);
    if (!levels.slowWindows.includes(window)) {
      const since = evaluation - length;
      return known(evaluation) - known(since) === 0 ? undefined : between(since, evaluation);
    }
    const { after, last } = gathered(evaluation, coarse, length);
    return known(last) - known(after) === 0 ? undefined : between(after, last);
  };
  const [main] = levels.periods;
  const period = Math.ceil(main.longest / interval);
  // Of a calendar period, the longest window tells how much is known.
  const steps = main.period.kind === 'calendar' ? coarse : main.steps;
  const observed = (evaluation: number): number => {
    if (main.source === 'evaluations') return known(evaluation) - known(evaluation - period);
    const { after, last } = gathered(evaluation, steps, period);
    // Until the first step is over, all that there has been.
    return last === after ? known(evaluation) : known(last) - known(after);
  };
  return { in: inWindow, observed: (evaluation) => duration(observed(evaluation) * interval) };
}

/** Whether a tier's alert is to be raised at an evaluation: both windows burn, the long one by as much of it as was observed. */
export function isBurning(windows: Windows, slo: Slo, tier: BurnRateTier, evaluation: number): boolean {
  const long = windows.in(tier.longWindow, evaluation);
  const short = windows.in(tier.shortWindow, evaluation);
  if (long === undefined || short === undefined || long.total <= 0 || short.total <= 0) return false;
  const fill = Math.min(1, windows.observed(evaluation) / tier.longWindow);
  const burnRate = ({ bad, total }: Sums): number => bad / total / slo.target.errorBudget;
  return (
    tier.burnRate < burnRate(long) * fill &&
    tier.burnRate < burnRate(short) &&
    Math.max(fewestBad(slo), slo.minimumBadEvents) <= long.bad &&
    slo.minimumEvents <= long.total
  );
}

interface Gathered {
  /** The evaluations that are summed: those behind the first number up to the second. */
  readonly after: number;
  readonly last: number;
}

/** The evaluations in the steps that were gathered within a window: each is, two evaluations after its end. */
function gathered(evaluation: number, { length, phase, interval }: Omit<Steps, 'kind'>, window: number): Gathered {
  const step = length / interval;
  const shift = phase / interval;
  const steps = (seen: number): number => Math.floor((seen - shift) / step);
  // What lies before the first step is gathered with it.
  const end = (count: number): number => (count <= 0 ? -1 : count * step + shift);
  const seen = evaluation - 2;
  return { after: end(steps(seen - window)), last: end(steps(seen)) };
}

/** The sum up to and with an index. */
function runningSums(values: readonly number[]): (index: number) => number {
  let sum = 0;
  const sums = values.map((value) => {
    sum += value;
    return sum;
  });
  return (index) => (index < 0 ? 0 : (sums[Math.min(index, sums.length - 1)] ?? 0));
}
