import { type Duration, duration } from '../base/index.ts';
import { budgetShareAt, burnRateFor } from './burn-rate.ts';
import type { BurnRateTier } from './model/alert.ts';

// Two exact ways to carry tiers from one period to another. `workbookTiers` takes the second and rounds the windows.

/**
 * Windows and budget shares stay, burn rates move (as Sloth does): good only near the first period. Below it the slowest tier falls under
 * 1 and warns a service that keeps its promise, which `tierFlaws` tells.
 */
export function keepWindows(tier: BurnRateTier, from: Duration, to: Duration): BurnRateTier {
  const share = budgetShareAt(tier.burnRate, tier.longWindow, from);
  return { ...tier, burnRate: burnRateFor(share, tier.longWindow, to) };
}

/** Burn rates and budget shares stay, windows and `for` scale with the period. */
export function keepBurnRate(tier: BurnRateTier, from: Duration, to: Duration): BurnRateTier {
  const scaled = (length: Duration): Duration => duration((length * to) / from);
  return {
    ...tier,
    longWindow: scaled(tier.longWindow),
    shortWindow: scaled(tier.shortWindow),
    holdFor: scaled(tier.holdFor),
  };
}
