import { type Duration, duration, formatDuration, minute, second } from '../../base/index.ts';

/** What Pyrra records for dashboards, beside the records that are named after the metric. */
export const pyrraRecorded = {
  objective: 'pyrra_objective',
  window: 'pyrra_window',
  availability: 'pyrra_availability',
  requests: 'pyrra_requests:rate5m',
  errors: 'pyrra_errors:rate5m',
} as const;

/** The record of a window's share of bad events: `http_requests:burnrate5m`. */
export function pyrraBurnRate(metric: string, window: Duration): string {
  return `${metric.replace(/_total$/, '').replace(/_count$/, '')}:burnrate${formatDuration(window)}`;
}

/** The record of what was counted in the period: `http_requests:increase30d`. */
export function pyrraIncrease(metric: string, period: Duration): string {
  const base = metric
    .replace(/_total$/, '')
    .replace(/_count$/, '')
    .replace(/_bucket$/, '');
  return `${base}:increase${formatDuration(period)}`;
}

/** How often Pyrra adds up the period: half a minute for each week of it, from half a minute to four (slo/rules.go, increaseInterval). */
export function pyrraIncreaseInterval(period: Duration): Duration {
  const weeks = Math.floor(period / (7 * 24 * 60 * minute));
  return duration(Math.min(8, weeks + 1) * 30 * second);
}
