import { type Duration, duration } from '../../base/index.ts';
import type { AlertCondition, ConditionAlert, OperationalThreshold, Service } from '../../slo/index.ts';
import { alertNames, thresholdLabel } from '../names.ts';
import { alertSubject } from './condition-alerts.ts';
import type { Subject } from './subject.ts';

/** The two alerts of a figure of operations as subjects: beyond its critical level, and between its two levels. */
export function thresholdSubjects(
  service: Service,
  threshold: OperationalThreshold,
  interval: Duration,
): readonly (Subject | string)[] {
  const { name, value, operator, warning, critical, holdFor } = threshold;
  const beyond = (bound: number): AlertCondition => ({ kind: 'threshold', value, operator, bound });
  const notYet: AlertCondition = {
    kind: 'threshold',
    value,
    operator: operator === '>' ? '<=' : '>=',
    bound: critical,
  };
  const levels = [
    { level: 'critical', alert: alertNames.thresholdCritical, severity: 'page', when: beyond(critical) },
    {
      level: 'warning',
      alert: alertNames.thresholdWarning,
      severity: 'ticket',
      when: { kind: 'all', of: [beyond(warning), notYet] },
    },
  ] as const;
  return levels.map(({ level, alert, severity, when }) => {
    const plain: ConditionAlert = {
      name: alert,
      severity,
      when,
      holdFor,
      keepFiringFor: duration(0),
      profile: 'standard',
      steps: [],
      labels: new Map(),
      dependsOn: [],
    };
    const subject = alertSubject({ service }, plain, interval, { [thresholdLabel]: name });
    return typeof subject === 'string'
      ? subject
      : { ...subject, name: `${name} ${level}`, incident: `${name} is beyond its ${level} level` };
  });
}
