import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';
import { errorRatioAt } from './burn-rate.ts';
import type { BurnRateTier } from './model/alert.ts';
import { both, type Holding, holdings } from './window-condition.ts';

// Closed forms for a step: the error ratio is `background` before the incident and `during` in it, at constant traffic. The mean over a
// window W is background + (during - background) * t / W at t into the incident, from which everything here follows
// (docs/explanation/alert-maths.md derives it). They are the oracle of tests: rules evaluated on data must fire at these times.

/** A stretch of constant errors on top of a constant background. */
export interface Incident {
  readonly background: Ratio;
  readonly during: Ratio;
  readonly length: Duration;
}

/** An incident whose end is of no interest. */
export type Step = Omit<Incident, 'length'>;

/** An alert on the mean error ratio over a long and a short window: both must be over the same threshold. One window is twice the same. */
export interface WindowAlert {
  readonly threshold: Ratio;
  /** Prometheus's rules compare strictly; Datadog and Grafana ("at least") don't. */
  readonly comparison: '>' | '>=';
  readonly longWindow: Duration;
  readonly shortWindow: Duration;
  readonly holdFor: Duration;
}

/** The alert that a tier stands for at an error budget. */
export function windowAlert(tier: BurnRateTier, errorBudget: Ratio): WindowAlert {
  const { longWindow, shortWindow, holdFor } = tier;
  return { threshold: errorRatioAt(tier.burnRate, errorBudget), comparison: '>', longWindow, shortWindow, holdFor };
}

/**
 * How long after the start of an endless step the long window reaches the threshold: W * (threshold - background) / (during - background).
 * The short window is there before. Undefined if it never gets there, or if the background alone has been over the threshold before.
 */
export function crossingTime(alert: WindowAlert, step: Step): Duration | undefined {
  const share = crossingShare(alert, step);
  return share === undefined ? undefined : duration(alert.longWindow * share);
}

/**
 * How long after the end of a detected incident the condition still holds: until the first of the two windows, the short one, is clean
 * enough. It does not depend on the length of the incident. Undefined where `crossingTime` is.
 */
export function clearingTime(alert: WindowAlert, step: Step): Duration | undefined {
  const share = crossingShare(alert, step);
  return share === undefined ? undefined : duration(Math.min(alert.shortWindow, alert.longWindow) * (1 - share));
}

/** How long after the start of an incident its alert fires, `for` included; undefined if the condition does not hold that long. */
export function firingTime(alert: WindowAlert, incident: Incident): Duration | undefined {
  const crossed = crossingTime(alert, incident);
  const clears = clearingTime(alert, incident);
  if (crossed === undefined || clears === undefined || !reaches(incident.length, crossed, '>=')) return undefined;
  const fires = crossed + alert.holdFor;
  return reaches(incident.length + clears, fires, '>=') ? duration(fires) : undefined;
}

/** First and last evaluation at which an alert fires, counted from the start of the incident. */
export interface Firing {
  readonly first: Duration;
  readonly last: Duration;
}

/** When rules are evaluated, and what else moves the evaluations at which an alert fires. */
export interface EvaluationGrid {
  /** The start of the incident is evaluation 0. */
  readonly interval: Duration;
  /** By how much the alert's inputs are older than its evaluation: one interval if it is evaluated before the rule that records them. */
  readonly delay?: Duration;
  /** How old the series are when the incident begins, if they are younger than the windows. */
  readonly history?: Duration;
  /** When all traffic stops. A window without events has no error ratio, which ends the alert without any recovery. */
  readonly trafficStops?: Duration;
}

/**
 * At which evaluations an alert first fires for an incident; undefined if at none. With a strict comparison a window exactly at the
 * threshold does not fire: 216.0 minutes become 217 (promtool agrees), and an incident that ends at that very moment is never seen. Series
 * that are younger than a window make it a shorter one, so that little budget is spent when the alert fires.
 */
export function firingEvaluations(alert: WindowAlert, incident: Incident, grid: EvaluationGrid): Firing | undefined {
  if (reaches(incident.background, alert.threshold, '>=')) return undefined;
  const { interval, delay = 0, history, trafficStops } = grid;
  const course = { ...incident, history, trafficStops };
  const over = (window: Duration): readonly Holding[] => holdings({ ...alert, window }, course);
  const strict = alert.comparison === '>';
  let run: { active: number; last: number } | undefined;
  for (const { from, to, empty } of both(over(alert.longWindow), over(alert.shortWindow))) {
    const active = onGrid(from, interval, strict || (history === 0 && from === 0) ? 'after' : 'from');
    const last = onGrid(to, interval, strict || empty ? 'before' : 'until');
    if (last < active) continue;
    // What happens between two evaluations is not seen.
    if (run !== undefined && active <= run.last + interval) run = { active: run.active, last };
    else {
      if (run !== undefined && run.active + held(alert, interval) <= run.last) break;
      run = { active, last };
    }
  }
  if (run === undefined) return undefined;
  const first = run.active + held(alert, interval);
  return run.last < first ? undefined : { first: duration(first + delay), last: duration(run.last + delay) };
}

/** How long a condition must have held at evaluations. */
function held({ holdFor }: WindowAlert, interval: number): number {
  return onGrid(holdFor, interval, 'from');
}

/** The share of a window that must lie in the incident before its mean passes the threshold. */
function crossingShare({ threshold, comparison }: WindowAlert, { background, during }: Step): Ratio | undefined {
  if (!reaches(during, threshold, comparison) || reaches(background, threshold, comparison)) return undefined;
  return ratio(Math.min(1, (threshold - background) / (during - background)));
}

/** Figures that differ by less, relatively, are the same: they are sums and products of decimals, rounded a few times. */
const precision = 1e-9;

/** Whether a figure is over a limit, or at least at it. */
function reaches(figure: number, limit: number, comparison: '>' | '>='): boolean {
  const slack = precision * Math.abs(limit);
  return comparison === '>' ? limit + slack < figure : limit - slack <= figure;
}

/** The nearest evaluation on one side of a moment, with the moment itself (`from`, `until`) or without it. */
function onGrid(time: number, interval: number, side: 'after' | 'from' | 'before' | 'until'): number {
  const count = time / interval;
  switch (side) {
    case 'after':
      return (Math.floor(count + precision) + 1) * interval;
    case 'from':
      return Math.ceil(count - precision) * interval;
    case 'before':
      return (Math.ceil(count - precision) - 1) * interval;
    case 'until':
      return Math.floor(count + precision) * interval;
  }
}
