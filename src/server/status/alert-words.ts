import { formatDuration, parseDuration } from '../../core/base/index.ts';
import { alertNames, inWholeSlices, thresholdLabel, windowLabel } from '../../core/generate/index.ts';
import type { AlertingRule } from '../../core/rules/index.ts';
import { alertConditionText, type Service, type Slo } from '../../core/slo/index.ts';

/** When an alert of an objective fires, in words: what its rule is made from says it better than its expression. */
export function firesWhen(service: Service, slo: Slo, rule: AlertingRule): string {
  return withWaiting(causeOf(service, slo, rule), rule);
}

/** The same of an alert that belongs to no single objective. */
export function serviceAlertFiresWhen({ thresholds, alerts }: Service, rule: AlertingRule): string {
  const threshold = thresholds.find(({ name }) => name === rule.labels.get(thresholdLabel));
  if (threshold !== undefined) {
    const { title, operator, unit } = threshold;
    const bound = rule.alert === alertNames.thresholdCritical ? threshold.critical : threshold.warning;
    return withWaiting(`${title} ${operator} ${bound}${unit === undefined ? '' : ` ${unit}`}`, rule);
  }
  const condition = alerts.find(({ name }) => name === rule.alert);
  return withWaiting(condition === undefined ? rule.alert : alertConditionText(condition.when), rule);
}

function withWaiting(cause: string, { labels, holdFor }: AlertingRule): string {
  const held = holdFor === 0 ? '' : ` for ${formatDuration(holdFor)}`;
  const profile = labels.get('profile');
  return `${cause}${held}${profile === undefined ? '' : `; from the profile ${profile} on`}`;
}

function causeOf({ job }: Service, slo: Slo, { alert, labels, annotations }: AlertingRule): string {
  const reason = labels.get('reason');
  if (reason === 'no-target') return `no target of the job ${job} answers scrapes`;
  if (reason === 'no-metric') return `targets of the job ${job} answer scrapes without the metrics of this objective`;
  const window = parseDuration(labels.get(windowLabel) ?? '');
  const tier = inWholeSlices(slo).alerts.find(
    ({ name, longWindow }) => longWindow === window && (name === undefined || name === alert),
  );
  if (tier !== undefined) {
    const { burnRate, longWindow, shortWindow } = tier;
    return `burn rate above ${burnRate} over ${formatDuration(longWindow)} and over ${formatDuration(shortWindow)}`;
  }
  const condition = slo.conditionAlerts.find(({ name }) => name === alert);
  return condition === undefined ? (annotations.get('description') ?? alert) : alertConditionText(condition.when);
}
