import { expect, test } from 'vitest';
import { readServices } from '../../src/core/formats/index.ts';

// Each with a metric and a notification target of its own. Where every objective was read beside those of all others, this took a minute.
const objective = (index: number): string => `apiVersion: openslo/v1
kind: SLO
metadata: { name: slo-${index} }
spec:
  service: shop
  indicator:
    metadata: { name: slo-${index}-sli }
    spec:
      ratioMetric:
        counter: true
        rawType: success
        raw: { metricSource: { type: Prometheus, spec: { query: 'histogram_fraction(-Inf, 0.25, sum(rate(latency_${index}_seconds[5m])))' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.999 }]
  alertPolicies:
    - kind: AlertPolicy
      metadata: { name: policy-${index} }
      spec:
        conditions: [{ kind: AlertCondition, metadata: { name: fast-${index} }, spec: { severity: page, condition: { kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h, alertAfter: 0m } } }]
        notificationTargets: [{ kind: AlertNotificationTarget, metadata: { name: team-${index} }, spec: { target: email } }]
`;

test('a thousand objectives of one service are read in a time that grows with their number alone', {
  timeout: 20_000,
}, () => {
  const text = Array.from({ length: 1000 }, (_, index) => objective(index)).join('---\n');
  const outcome = readServices({ name: 'many.yaml', text });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  const [service, other] = outcome.value;
  expect(other).toBeUndefined();
  expect(service?.slos.map(({ name }) => name)).toEqual(Array.from({ length: 1000 }, (_, index) => `slo-${index}`));
  expect([service?.contacts.length, service?.metrics.size]).toEqual([1000, 1000]);
  expect(service?.metrics.get('latency_999_seconds')).toMatchObject({ type: 'histogram', native: true });
});
