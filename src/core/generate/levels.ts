import { type Duration, day, duration, hour, minute } from '../base/index.ts';
import type { BurnRateTier, Measure, Slo } from '../slo/index.ts';
import { type PeriodLevels, periodLevelsOf } from './period-levels.ts';

/**
 * Windows are summed from two levels of recorded increases: short ones from the increase of every evaluation, long ones from increases
 * over coarse steps and by a slower group, so that neither reads many samples.
 */
export interface Levels {
  readonly interval: Duration;
  /** How far what is recorded of events is behind the evaluation that records it: a pot of other objectives' events waits for theirs. */
  readonly lag: Duration;
  /** A multiple of the interval: the length of a coarse step, and how often the slow group is evaluated. */
  readonly coarseStep: Duration;
  /** Ascending. */
  readonly fastWindows: readonly Duration[];
  readonly slowWindows: readonly Duration[];
  /** The main period first. */
  readonly periods: readonly [main: PeriodLevels, ...further: readonly PeriodLevels[]];
  readonly period: Duration;
  /** Whether anything is summed from coarse increases. */
  readonly isSlow: boolean;
}

/** With no alert to name a window, this one shows what is going on at the moment. */
const currentWindow = duration(5 * minute);

const noTime = duration(0);

/** promtool evaluates nothing that reads 10,000 samples at once; a little room is left for what an expression reads besides. */
export const mostSamples = 9900;
/** Windows with fewer samples than six hours have at half a minute are cheap enough to be summed at every evaluation. */
const cheapSamples = (6 * hour) / (30 * 1000);
const shortestCoarseStep = 5 * minute;
/** All time zones are whole multiples of it away from UTC, so that no step of a divisor of it straddles a midnight. */
const zoneGrid = 15 * minute;

/** What others need of an objective's levels. */
export interface LevelNeeds {
  /** Windows of objectives that look at it. */
  readonly windows?: readonly Duration[];
  readonly lag?: Duration;
}

/** Chooses the level of each window that an SLO needs, for its alerts or for others that look at it. */
export function levelsOf(slo: Slo, interval: Duration, { windows = [], lag = noTime }: LevelNeeds = {}): Levels {
  const all = [...new Set([...slo.alerts.flatMap(windowsOfTier), ...windows])];
  const ascending = (0 < all.length ? all : [currentWindowOf(slo.measure)]).sort((a, b) => a - b);
  const isFast = (window: Duration): boolean =>
    window / interval <= cheapSamples || (window <= 6 * hour && window / interval <= mostSamples);
  const longest = Math.max(slo.period.kind === 'calendar' ? 0 : slo.period.length, ascending.at(-1) ?? day);
  const steps = Math.max(1, Math.ceil(longest / mostSamples / shortestCoarseStep));
  const coarseStep = hasCalendar(slo)
    ? alignedStep(duration(steps * shortestCoarseStep), interval)
    : duration(Math.ceil((steps * shortestCoarseStep) / interval) * interval);
  const periods = periodLevelsOf(slo, { coarseStep, interval, lag, isFast });
  const slowWindows = ascending.filter((window) => !isFast(window));
  return {
    interval,
    lag,
    coarseStep,
    fastWindows: ascending.filter(isFast),
    slowWindows,
    periods,
    period: slo.period.length,
    isSlow: 0 < slowWindows.length || periods.some(({ source }) => source !== 'evaluations'),
  };
}

function windowsOfTier({ longWindow, shortWindow }: BurnRateTier): readonly Duration[] {
  return [longWindow, shortWindow];
}

/** It holds a slice at any time. */
function currentWindowOf(measure: Measure): Duration {
  return measure.kind === 'events' ? currentWindow : duration(Math.max(currentWindow, measure.length));
}

/** Whether rules evaluated so often can meet the turns of the calendar in every time zone. */
export function fitsCalendar(interval: Duration): boolean {
  return zoneGrid % interval === 0;
}

export function hasCalendar({ period, furtherPeriods }: Slo): boolean {
  return [period, ...furtherPeriods].some(({ kind }) => kind === 'calendar');
}

/** The shortest step of at least a length that holds whole evaluations and of which whole ones fit into the grid of time zones. */
function alignedStep(least: Duration, interval: Duration): Duration {
  for (let count = Math.floor(zoneGrid / least); 1 <= count; count -= 1) {
    const step = zoneGrid / count;
    if (Number.isInteger(step) && step % interval === 0) return duration(step);
  }
  return duration(Math.ceil(least / zoneGrid) * zoneGrid);
}

/** The range that holds the samples of one length of time, neither more nor less, whether ranges are closed at both ends or left-open. */
export function justUnder(length: Duration): Duration {
  return duration(length - 1);
}
