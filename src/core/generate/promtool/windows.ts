import { type Duration, duration } from '../../base/index.ts';
import type { BurnRateTier, Slo } from '../../slo/index.ts';
import { fewestBad } from '../burn-conditions.ts';
import type { Levels } from '../levels.ts';
import type { Counted } from './counted.ts';

// What the windows of an objective hold at an evaluation of a test case: sums of steps, by arithmetic alone. Rules of the slow level sum
// whole coarse steps up to the evaluation before, and promtool evaluates them at every evaluation, so they too are known exactly.

/** Events, and bad ones among them. */
export interface Sums {
  readonly total: number;
  readonly bad: number;
}

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
  const { interval } = levels;
  const step = levels.coarseStep / interval;
  const inWindow = (window: Duration, evaluation: number): Sums | undefined => {
    const length = Math.ceil(window / interval);
    if (!levels.slowWindows.includes(window)) {
      const since = evaluation - length;
      return known(evaluation) - known(since) === 0 ? undefined : between(since, evaluation);
    }
    const steps = coarseSteps(evaluation, step, length);
    return steps === undefined || known(steps.last) - known(steps.after) === 0
      ? undefined
      : between(steps.after, steps.last);
  };
  const [main] = levels.periods;
  const period = Math.ceil(main.longest / interval);
  const isFast = main.source === 'evaluations';
  return {
    in: inWindow,
    observed: (evaluation) => {
      const steps = isFast ? undefined : coarseSteps(evaluation, step, period);
      const count = isFast
        ? known(evaluation) - known(evaluation - period)
        : steps === undefined
          ? known(evaluation)
          : known(steps.last) - known(steps.after);
      return duration(count * interval);
    },
  };
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

interface CoarseSteps {
  /** The evaluations that they hold: those behind the first number up to the second. */
  readonly after: number;
  readonly last: number;
}

/** The coarse steps that a window of some evaluations holds: those that ended within it, as seen an evaluation ago. */
function coarseSteps(evaluation: number, step: number, window: number): CoarseSteps | undefined {
  const seen = evaluation - 1;
  const last = Math.floor(seen / step) * step;
  const first = Math.max(0, (Math.floor((seen - window) / step) + 1) * step);
  return last < first || seen < 0 ? undefined : { after: first - step, last };
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
