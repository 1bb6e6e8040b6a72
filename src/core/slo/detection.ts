import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';
import { errorRatioAt } from './burn-rate.ts';
import type { BurnRateTier } from './model.ts';

// Closed forms for a step: the error ratio is `background` before the incident, `during` in it, at constant traffic. The mean over a
// window W then rises as background + (during - background) * t / W, from which everything here follows. They are the oracle of tests:
// generated alerts, evaluated on data, must fire at these times.

/** A stretch of constant errors on top of a constant background. */
export interface Incident {
  readonly background: Ratio;
  readonly during: Ratio;
  readonly length: Duration;
}

/** How long after its start an endless incident is detected; undefined if never. It depends on the long window only. */
export function detectionTime(
  tier: BurnRateTier,
  errorBudget: Ratio,
  incident: Omit<Incident, 'length'>,
): Duration | undefined {
  const share = crossing(errorRatioAt(tier.burnRate, errorBudget), incident);
  return share === undefined ? undefined : duration(tier.longWindow * share);
}

/** How long after the end of a detected incident the condition still holds: until the first of the two windows, the short one, is clean enough. */
export function resetTime(
  tier: BurnRateTier,
  errorBudget: Ratio,
  incident: Omit<Incident, 'length'>,
): Duration | undefined {
  const share = crossing(errorRatioAt(tier.burnRate, errorBudget), incident);
  return share === undefined ? undefined : duration(tier.shortWindow * (1 - share));
}

/** First and last evaluation at which an alert fires, counted from the start of the incident. */
export interface Firing {
  readonly first: Duration;
  readonly last: Duration;
}

/**
 * When a tier fires for an incident, evaluated every `interval` from its start on (the start itself is evaluation 0); undefined if it
 * never does. The comparison is strict, so that a window exactly at the threshold does not fire: 216.0 minutes become 217.
 */
export function firingOnGrid(
  tier: BurnRateTier,
  errorBudget: Ratio,
  incident: Incident,
  interval: Duration,
): Firing | undefined {
  const detected = detectionTime(tier, errorBudget, incident);
  const reset = resetTime(tier, errorBudget, incident);
  if (detected === undefined || reset === undefined) return undefined;
  const active = firstAfter(detected, interval);
  const last = lastBefore(incident.length + reset, interval);
  const first = active + Math.ceil(tier.holdFor / interval) * interval;
  // An incident that ends before the long window is over the threshold is never seen, whatever the grid.
  if (incident.length < detected || last < first) return undefined;
  return { first: duration(first), last: duration(last) };
}

/** The share of a window that must lie in the incident before its mean passes the threshold. */
function crossing(threshold: Ratio, { background, during }: Omit<Incident, 'length'>): Ratio | undefined {
  if (during <= threshold) return undefined;
  return ratio(Math.max(0, (threshold - background) / (during - background)));
}

/** Figures that differ by less are the same: the closed forms are sums and products of decimals, rounded a few times. */
const precision = 1e-9;

function firstAfter(time: number, interval: Duration): number {
  return (Math.floor(time / interval + precision) + 1) * interval;
}

function lastBefore(time: number, interval: Duration): number {
  return (Math.ceil(time / interval - precision) - 1) * interval;
}
