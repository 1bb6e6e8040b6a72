import { type Duration, duration, hour, minute, type Timestamp, timestamp } from '../../base/index.ts';
import { type Labels, type Matcher, metricName, type Selection, type Series } from '../../series/index.ts';
import type { AlertingRule } from '../model.ts';
import type { Alert, Alerts } from './alert.ts';
import { alertName, alertsForStateMetric } from './alert-samples.ts';

/** How a restart treats alerts that were pending before it. */
export interface RestoreOptions {
  /** How long an outage may have lasted for the state from before it to count. */
  readonly outageTolerance: Duration;
  /** An alert does not fire sooner than this after the restart, so that the cause of the restart does not page by itself. */
  readonly gracePeriod: Duration;
}

/** Prometheus's defaults: --rules.alert.for-outage-tolerance and --rules.alert.for-grace-period. */
export const defaultRestoreOptions: RestoreOptions = { outageTolerance: hour, gracePeriod: duration(10 * minute) };

/**
 * What must be read to restore a rule's alerts; undefined if the rule needs no restoring because its `for` is shorter than the grace
 * period.
 */
export function restoreSelection(
  rule: AlertingRule,
  ruleLabels: Labels,
  time: Timestamp,
  { outageTolerance, gracePeriod }: RestoreOptions,
): Selection | undefined {
  if (rule.holdFor < gracePeriod) return undefined;
  const matchers: Matcher[] = [
    { name: metricName, operator: '=', value: alertsForStateMetric },
    { name: alertName, operator: '=', value: rule.alert },
  ];
  for (const [name, value] of ruleLabels.entries()) {
    // What a template gives is not known here.
    if (name !== alertName && !value.includes('{{')) matchers.push({ name, operator: '=', value });
  }
  return { matchers, from: timestamp(time - outageTolerance), to: time };
}

/**
 * The alerts with the time since which they have been active taken from before a restart: the downtime does not count as time held, and
 * what would fire within the grace period fires at its end. Source: prometheus, rules/group.go, RestoreForState.
 */
export function restoreAlerts(
  alerts: Alerts,
  stored: readonly Series[],
  rule: AlertingRule,
  time: Timestamp,
  options: RestoreOptions,
): Alerts {
  const byLabels = new Map(stored.map((series) => [series.labels.without(metricName).key, series]));
  const restored = new Map<string, Alert>();
  for (const [key, alert] of alerts) {
    const series = byLabels.get(key);
    const activeAt = series === undefined ? undefined : restoredActiveAt(series, rule.holdFor, time, options);
    restored.set(key, activeAt === undefined ? alert : { ...alert, activeAt });
  }
  return restored;
}

function restoredActiveAt(
  series: Series,
  holdFor: Duration,
  time: Timestamp,
  { gracePeriod, outageTolerance }: RestoreOptions,
): Timestamp | undefined {
  let last = series.timestamps.length - 1;
  while (0 <= last && time < (series.timestamps[last] ?? 0)) last -= 1;
  const sampledAt = series.timestamps[last];
  const seconds = series.values[last];
  // A stale marker is a NaN here: the alert had ended.
  if (sampledAt === undefined || seconds === undefined || !Number.isFinite(seconds)) return undefined;
  if (sampledAt < time - outageTolerance) return undefined;
  const downAt = Math.floor(sampledAt / 1000) * 1000;
  const activeAt = Math.trunc(seconds) * 1000;
  const remaining = holdFor - (downAt - activeAt);
  if (remaining <= 0) return timestamp(activeAt);
  return remaining < gracePeriod ? timestamp(time + gracePeriod - holdFor) : timestamp(activeAt + time - downAt);
}
