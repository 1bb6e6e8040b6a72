import { type Duration, day, duration, hour, minute } from '../base/index.ts';
import { maximumBurnRate } from './burn-rate.ts';
import type { BurnRateTier } from './model/alert.ts';
import type { Period, Target } from './model.ts';

/**
 * The tiers of the SRE workbook, chapter 5, for its thirty days: table 5-8, and between its tickets the fourth one of its example rules
 * (24 h at 3 times) that Sloth, Grafana and Datadog use as well. They spend 2, 5, 10 and 10 % of the budget before they fire.
 */
const thirtyDays: readonly BurnRateTier[] = [
  { severity: 'page', longWindow: hour, shortWindow: duration(5 * minute), burnRate: 14.4, holdFor: duration(0) },
  {
    severity: 'page',
    longWindow: duration(6 * hour),
    shortWindow: duration(30 * minute),
    burnRate: 6,
    holdFor: duration(0),
  },
  { severity: 'ticket', longWindow: day, shortWindow: duration(2 * hour), burnRate: 3, holdFor: duration(0) },
  {
    severity: 'ticket',
    longWindow: duration(3 * day),
    shortWindow: duration(6 * hour),
    burnRate: 1,
    holdFor: duration(0),
  },
];

/** A long window below this has too few scrapes in its twelfth part for a rate. */
const shortestLongWindow = duration(10 * minute);
const shortestShortWindow = duration(2 * minute);

/** Lengths that people use for windows; between two steps lie at most 50 %, so that rounding moves a window by at most a quarter. */
const usual: readonly Duration[] = [
  ...[2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45].map((count) => duration(count * minute)),
  ...[1, 1.5, 2, 3, 4, 6, 8, 12, 18].map((count) => duration(count * hour)),
  ...[1, 1.5, 2, 3, 4, 6, 9, 12, 18, 24, 36].map((count) => duration(count * day)),
];

/**
 * The workbook's tiers for any period. Of the three ways to carry them over, this keeps burn rates and budget shares and scales the
 * windows with the period (as Pyrra does), because a burn rate is what the words of the workbook are about: whoever is paged at 14.4 has
 * a fiftieth of the budget gone and the rest will not last seven hundredths of the period, be it a week or a quarter. Keeping windows
 * and shares instead (as Sloth does) moves the burn rates: below thirty days the slowest falls under 1 and warns a service that keeps
 * its promise, above it the fast tiers sleep through outages. Windows are rounded to lengths that people use, which makes the periods
 * from 28 to 31 days share the workbook's own; the exact share follows from the window (`budgetShareAt`).
 *
 * Tiers that make no sense are left out: those with windows of a few scrapes, and those whose burn rate no outage can reach at this
 * target. Short windows are a twelfth of the long ones.
 */
export function workbookTiers(period: Period, target: Target): readonly BurnRateTier[] {
  return scaledTiers(period).filter(({ burnRate }) => burnRate < maximumBurnRate(target.errorBudget));
}

/** The workbook's tiers for a period, whether or not they can fire for a target. */
export function scaledTiers(period: Period): readonly BurnRateTier[] {
  const scale = period.length / (30 * day);
  return thirtyDays
    .filter(({ longWindow }) => shortestLongWindow <= longWindow * scale)
    .map((tier) => {
      const longWindow = nearestUsual(tier.longWindow * scale);
      return { ...tier, longWindow, shortWindow: shortWindowOf(longWindow) };
    });
}

/** The short window that goes with a long one: a twelfth of it in whole minutes, and at least two for a rate to have its samples. */
export function shortWindowOf(longWindow: Duration): Duration {
  const twelfth = Math.max(minute, Math.round(longWindow / 12 / minute) * minute);
  return duration(Math.min(Math.max(twelfth, shortestShortWindow), longWindow));
}

/** The usual length nearest by proportion. */
function nearestUsual(length: number): Duration {
  let nearest = shortestLongWindow;
  for (const candidate of usual) {
    if (timesAsLong(candidate, length) < timesAsLong(nearest, length)) nearest = candidate;
  }
  return nearest;
}

/** How many times as long as the shorter one the longer one is. */
function timesAsLong(a: number, b: number): number {
  return a < b ? b / a : a / b;
}
