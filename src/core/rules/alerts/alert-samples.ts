import { type Labels, metricName } from '../../series/index.ts';
import type { Alert, Alerts } from './alert.ts';

/** The series that Prometheus writes about alerts: which are active, and since when. */
export const alertsMetric = 'ALERTS';
export const alertsForStateMetric = 'ALERTS_FOR_STATE';
export const alertName = 'alertname';
const alertState = 'alertstate';

/** A sample that an alerting rule writes at a tick. */
export interface AlertSample {
  readonly labels: Labels;
  readonly value: number;
}

/**
 * The samples of a rule's active alerts. `ruleLabels` are the rule's labels as written: Prometheus starts from them, so that a label whose
 * template gives nothing shows with its template. Source: prometheus, rules/alerting.go, sample and forStateSample.
 */
export function alertSamples(name: string, ruleLabels: Labels, alerts: Alerts): readonly AlertSample[] {
  const samples: AlertSample[] = [];
  for (const alert of alerts.values()) {
    if (alert.state === 'inactive') continue;
    samples.push(
      { labels: alertsLabels(name, ruleLabels, alert.labels, alert.state), value: 1 },
      { labels: alertsForStateLabels(name, ruleLabels, alert.labels), value: Math.floor(alert.activeAt / 1000) },
    );
  }
  return samples;
}

/** The labels of an alert's `ALERTS` series while it is in that state. */
export function alertsLabels(name: string, ruleLabels: Labels, labels: Labels, state: Alert['state']): Labels {
  return ruleLabels.merge([...labels.entries(), [metricName, alertsMetric], [alertName, name], [alertState, state]]);
}

/** The labels of an alert's `ALERTS_FOR_STATE` series. */
export function alertsForStateLabels(name: string, ruleLabels: Labels, labels: Labels): Labels {
  return ruleLabels.merge([...labels.entries(), [metricName, alertsForStateMetric], [alertName, name]]);
}
