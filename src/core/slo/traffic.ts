import { type Ratio, ratio } from '../base/index.ts';

// Burn rates take a window to carry average traffic. These figures say what differs where it doesn't.

/**
 * The share of an event budget that is spent where the same incident spends this share of a time budget, with traffic at a multiple of
 * the average: 10 minutes of outage at 99.9 % over 30 d are 23.1 % of the time and, at a tenth of the traffic, 2.3 % of the events.
 */
export function shareOfEvents(shareOfTime: Ratio, trafficMultiple: number): Ratio {
  return ratio(shareOfTime * trafficMultiple);
}

/** The bad events that spend a share of the budget of a period with so many events. */
export function badEventsFor(budgetShare: Ratio, eventsInPeriod: number, errorBudget: Ratio): number {
  return budgetShare * eventsInPeriod * errorBudget;
}

/**
 * The error ratio over a window that spends a share of the budget, whatever the window's traffic (Y. Stark's dynamic burn rate). At
 * average traffic it is the static threshold. Undefined without events in the window; above 1 the window has too few to fire at all.
 */
export function dynamicThreshold(
  budgetShare: Ratio,
  events: { readonly inPeriod: number; readonly inWindow: number },
  errorBudget: Ratio,
): Ratio | undefined {
  if (events.inWindow <= 0) return undefined;
  return ratio(badEventsFor(budgetShare, events.inPeriod, errorBudget) / events.inWindow);
}
