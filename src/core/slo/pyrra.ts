import { type Duration, day, duration, hour, minute, type Ratio, second } from '../base/index.ts';
import type { BurnRateTier } from './model/alert.ts';

/** Pyrra's tiers for its base period of 28 days (slo/rules.go, Windows). */
const twentyEightDays: readonly BurnRateTier[] = [
  tier('page', 14, hour, 5 * minute, 2 * minute),
  tier('page', 7, 6 * hour, 30 * minute, 15 * minute),
  tier('ticket', 2, day, 2 * hour, hour),
  tier('ticket', 1, 4 * day, 6 * hour, 3 * hour),
];

/** The tiers that Pyrra generates for a period: windows and `for` scaled from 28 days and rounded to whole minutes, half ones up. */
export function pyrraTiers(period: Duration): readonly BurnRateTier[] {
  const scaled = (length: Duration): Duration => wholeMinutes((length * period) / (28 * day));
  return twentyEightDays.map((each) => ({
    ...each,
    longWindow: scaled(each.longWindow),
    shortWindow: scaled(each.shortWindow),
    holdFor: scaled(each.holdFor),
  }));
}

/**
 * How long Pyrra waits before it takes series for absent: about as long as its fastest tier takes to fire in a full outage, so that a
 * vanished exporter pages as late as an outage would (slo/slo.go, AbsentDuration).
 */
export function pyrraAbsentFor(period: Duration, errorBudget: Ratio): Duration {
  const [fastest] = pyrraTiers(period);
  if (fastest === undefined) return duration(0);
  // Whole seconds, as there; a product of decimals may miss one by its rounding.
  const seconds = Math.floor((fastest.burnRate * errorBudget * fastest.longWindow) / second + 1e-9);
  return wholeMinutes(seconds * second + fastest.holdFor);
}

function wholeMinutes(length: number): Duration {
  return duration(Math.floor(length / minute + 0.5) * minute);
}

function tier(
  severity: BurnRateTier['severity'],
  burnRate: number,
  long: number,
  short: number,
  holdFor: number,
): BurnRateTier {
  return { severity, burnRate, longWindow: duration(long), shortWindow: duration(short), holdFor: duration(holdFor) };
}
