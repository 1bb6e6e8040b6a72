import type { Urgency } from './severities.ts';

/** What the tiers of the workbook are for, in milliseconds: thirty days. */
export const period: number = 30 * 86_400_000;

const hour = 3_600_000;

/**
 * Table 5-8 of the SRE workbook, "Recommended parameters for an alerting configuration": 2, 5 and 10 % of the budget. The third row is
 * not in the table; it is the fourth tier of most tools that follow it, and told of nobody.
 */
export const workbookTable: readonly {
  readonly factor: number;
  readonly long: number;
  readonly short: number;
  readonly urgency: Urgency;
}[] = [
  { factor: 14.4, long: hour, short: hour / 12, urgency: 'page' },
  { factor: 6, long: 6 * hour, short: hour / 2, urgency: 'page' },
  { factor: 3, long: 24 * hour, short: 2 * hour, urgency: 'ticket' },
  { factor: 1, long: 72 * hour, short: 6 * hour, urgency: 'ticket' },
];
