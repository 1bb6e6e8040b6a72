import { type Duration, duration, formatDuration, hour, minute } from '../base/index.ts';
import {
  type CalendarPeriod,
  calendarYears,
  longestCalendarPeriod,
  type Period,
  type Slo,
  startOfYear,
} from '../slo/index.ts';

/** Where one period of an objective takes its sums from. */
export interface PeriodLevels {
  readonly period: Period;
  /** The value of the label `period`; absent for the main one. */
  readonly label?: string;
  /**
   * `evaluations`: the increases of every evaluation. `coarse`: the coarse increases, as windows do. `own`: increases gathered for this
   * period, because it follows the calendar or needs longer steps.
   */
  readonly source: 'evaluations' | 'coarse' | 'own';
  readonly steps: Steps;
  /** The longest that the period can be. */
  readonly longest: Duration;
}

/** A division of time into steps of one length. */
export interface Steps {
  /** Whether they are those of which windows are summed. */
  readonly kind: 'coarse' | 'own';
  readonly length: Duration;
  /** How long after a multiple of the length a step begins. */
  readonly phase: Duration;
  /** How often rules are evaluated. */
  readonly interval: Duration;
}

interface Choices {
  readonly coarseStep: Duration;
  readonly interval: Duration;
  readonly lag: Duration;
  isFast(window: Duration): boolean;
}

/** Chooses the level of each period of an objective, the main one first. */
export function periodLevelsOf(slo: Slo, choices: Choices): readonly [PeriodLevels, ...(readonly PeriodLevels[])] {
  const further = new Map(slo.furtherPeriods.map((period) => [periodName(period), period]));
  further.delete(periodName(slo.period));
  return [
    levelOf(slo.period, choices, true),
    ...[...further].map(([label, period]) => ({ ...levelOf(period, choices, false), label })),
  ];
}

/** A period as a label says it: `30d`, `calendar-month`, and with its time zone where that is not UTC. */
export function periodName(period: Period): string {
  if (period.kind !== 'calendar') return formatDuration(period.length);
  const zone = period.timeZone === 'UTC' ? '' : `-${period.timeZone}`;
  return `calendar-${period.unit}${zone}`;
}

/** A period as a sentence says it: `30d`, `calendar month`, `calendar month in Europe/Berlin`. */
export function periodWords(period: Period): string {
  if (period.kind !== 'calendar') return formatDuration(period.length);
  const zone = period.timeZone === 'UTC' ? '' : ` in ${period.timeZone}`;
  return `calendar ${period.unit}${zone}`;
}

function levelOf(period: Period, choices: Choices, isMain: boolean): PeriodLevels {
  const { coarseStep, interval, lag, isFast } = choices;
  // What is recorded late belongs to a step that much earlier.
  const coarse: Steps = { kind: 'coarse', length: coarseStep, phase: lag, interval };
  if (period.kind === 'calendar') {
    const longest = longestCalendarPeriod(period.unit);
    return { period, source: 'own', steps: calendarSteps(period, coarse), longest };
  }
  const { length } = period;
  if (isFast(length)) return { period, source: 'evaluations', steps: coarse, longest: length };
  // The coarse step was chosen for the main period.
  if (isMain || length / coarseStep <= mostSteps) return { period, source: 'coarse', steps: coarse, longest: length };
  const count = Math.ceil(length / mostSteps / coarseStep);
  return {
    period,
    source: 'own',
    steps: { ...coarse, kind: 'own', length: duration(count * coarseStep) },
    longest: length,
  };
}

/** Ranges hold fewer samples than the 10,000 at which promtool stops, and a little room is left for what they reach back beyond a period. */
const mostSteps = 9800;

/**
 * Steps that no turn of the calendar falls into. Those of up to a quarter of an hour fit every time zone; an hour fits the beginning of a
 * year, at whatever minute of an hour that is in the zone.
 */
function calendarSteps({ unit, timeZone }: CalendarPeriod, coarse: Steps): Steps {
  switch (unit) {
    case 'day':
    case 'week':
    case 'month':
      return coarse;
    case 'quarter':
      return { ...coarse, kind: 'own', length: duration(15 * minute) };
    case 'year': {
      const newYear = startOfYear(calendarYears.last, timeZone);
      return { ...coarse, kind: 'own', length: hour, phase: duration((newYear % hour) + coarse.phase) };
    }
  }
}
