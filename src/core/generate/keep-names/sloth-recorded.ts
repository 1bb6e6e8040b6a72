import { type Duration, formatDuration } from '../../base/index.ts';

/** What Sloth records. The windows are in the names; `slo:objective:ratio` and its like have the names that Nines gives them too. */
export const slothRecorded = {
  objective: 'slo:objective:ratio',
  errorBudget: 'slo:error_budget:ratio',
  periodDays: 'slo:time_period:days',
  currentBurnRate: 'slo:current_burn_rate:ratio',
  periodBurnRate: 'slo:period_burn_rate:ratio',
  periodBudgetRemaining: 'slo:period_error_budget_remaining:ratio',
  info: 'sloth_slo_info',
} as const;

/** The record of a window's share of bad events: `slo:sli_error:ratio_rate5m`. */
export function slothRatio(window: Duration): string {
  return `slo:sli_error:ratio_rate${formatDuration(window)}`;
}

/** The label with a record's window. */
export const slothWindowLabel = 'sloth_window';

/** By these labels Sloth joins an objective's series, in the order in which it writes them. */
export const slothJoin: readonly string[] = ['sloth_id', 'sloth_slo', 'sloth_service'];
