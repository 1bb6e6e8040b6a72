import { type Duration, day, duration, hour, minute } from '../base/index.ts';
import type { Measure, Slo } from '../slo/index.ts';

/**
 * Windows are summed from two levels of recorded increases: short ones from the increase of every evaluation, long ones from increases
 * over coarse steps and by a slower group, so that neither reads many samples.
 */
export interface Levels {
  readonly interval: Duration;
  /** A multiple of the interval: the length of a coarse step, and how often the slow group is evaluated. */
  readonly coarseStep: Duration;
  /** Ascending. */
  readonly fastWindows: readonly Duration[];
  readonly slowWindows: readonly Duration[];
  readonly period: Duration;
  readonly periodIsSlow: boolean;
}

/** With no alert to name a window, this one shows what is going on at the moment. */
const currentWindow = duration(5 * minute);

/** promtool evaluates nothing that reads 10,000 samples at once; a little room is left for what an expression reads besides. */
export const mostSamples = 9900;
/** Windows with fewer samples than six hours have at half a minute are cheap enough to be summed at every evaluation. */
const cheapSamples = (6 * hour) / (30 * 1000);
const shortestCoarseStep = 5 * minute;

/** Chooses the level of each window that an SLO needs. */
export function levelsOf(slo: Slo, interval: Duration): Levels {
  const period = slo.period.length;
  const windows = [...new Set(slo.alerts.flatMap(({ longWindow, shortWindow }) => [longWindow, shortWindow]))];
  const ascending = (0 < windows.length ? windows : [currentWindowOf(slo.measure)]).sort((a, b) => a - b);
  const isFast = (window: Duration): boolean =>
    window / interval <= cheapSamples || (window <= 6 * hour && window / interval <= mostSamples);
  const longest = Math.max(period, ascending.at(-1) ?? day);
  const steps = Math.max(1, Math.ceil(longest / mostSamples / shortestCoarseStep));
  return {
    interval,
    coarseStep: duration(Math.ceil((steps * shortestCoarseStep) / interval) * interval),
    fastWindows: ascending.filter(isFast),
    slowWindows: ascending.filter((window) => !isFast(window)),
    period,
    periodIsSlow: !isFast(period),
  };
}

/** It holds a slice at any time. */
function currentWindowOf(measure: Measure): Duration {
  return measure.kind === 'events' ? currentWindow : duration(Math.max(currentWindow, measure.length));
}

/** The range that holds the samples of one length of time, neither more nor less, whether ranges are closed at both ends or left-open. */
export function justUnder(length: Duration): Duration {
  return duration(length - 1);
}
