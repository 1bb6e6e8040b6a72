import { type Duration, day, duration, hour, minute } from '../base/index.ts';
import type { BurnRateTier } from '../slo/index.ts';

/** A way to alert on an objective. */
export interface Strategy {
  /** Its number in the workbook. */
  readonly number: number;
  readonly title: string;
  /** The fastest first. A tier with one window has it twice. */
  readonly tiers: readonly BurnRateTier[];
}

/** The six strategies that the SRE workbook, chapter 5, tries one after the other, for 30 days. The last is what it recommends. */
export const workbookStrategies: readonly Strategy[] = [
  { number: 1, title: 'Target error ratio', tiers: [tier('page', 1, 10 * minute)] },
  { number: 2, title: 'Longer window', tiers: [tier('page', 1, 36 * hour)] },
  { number: 3, title: 'Longer duration', tiers: [{ ...tier('page', 1, minute), holdFor: hour }] },
  { number: 4, title: 'One burn rate', tiers: [tier('page', 36, hour)] },
  {
    number: 5,
    title: 'Several burn rates',
    tiers: [tier('page', 14.4, hour), tier('page', 6, 6 * hour), tier('ticket', 1, 3 * day)],
  },
  {
    number: 6,
    title: 'Several burn rates, each with two windows',
    tiers: [
      tier('page', 14.4, hour, 5 * minute),
      tier('page', 6, 6 * hour, 30 * minute),
      tier('ticket', 1, 3 * day, 6 * hour),
    ],
  },
];

function tier(severity: BurnRateTier['severity'], burnRate: number, long: number, short: number = long): BurnRateTier {
  const holdFor: Duration = duration(0);
  return { severity, burnRate, longWindow: duration(long), shortWindow: duration(short), holdFor };
}
