import { expect } from 'vitest';
import { minute } from '../../../src/core/base/index.ts';
import {
  defaultGenerateOptions,
  generateRules,
  serviceArtefacts,
  targetNamed,
} from '../../../src/core/generate/index.ts';
import { diffServices, type Service, scaledTiers } from '../../../src/core/slo/index.ts';
import { agenda, alerts, alertsOf, burns, documents, finds, panels, review, slo, told } from '../claims.ts';
import type { Row } from '../row.ts';

/** The names of all that the rules of a service record. */
function recordNames(service: Service): readonly string[] {
  const rules = generateRules(service).file.groups.flatMap((group) => group.rules);
  return [...new Set(rules.flatMap((rule) => (rule.kind === 'recording' ? [rule.record] : [])))].toSorted();
}

/** Alerts, routes, scope and changes of the specification of Koder Flow. */
export const flowOperations: readonly Row[] = [
  {
    id: 'FLOW-15',
    says: 'pages at 14.4, tickets at 6',
    check: (s) => {
      const tiers = slo(s, 'api-availability').alerts.map(({ severity, burnRate }) => [severity, burnRate]);
      expect(tiers.slice(0, 2)).toEqual([
        ['page', 14.4],
        ['ticket', 6],
      ]);
      finds(s, 'wrong-dimension', 31);
    },
  },
  {
    id: 'FLOW-16',
    says: 'the windows of the SRE workbook, as a preset with a name',
    check: (s) => {
      const preset = scaledTiers(slo(s, 'web-availability').period).map(({ longWindow, shortWindow, burnRate }) => [
        longWindow / minute,
        shortWindow / minute,
        burnRate,
      ]);
      expect(preset).toEqual([
        [60, 5, 14.4],
        [360, 30, 6],
        [1440, 120, 3],
        [4320, 360, 1],
      ]);
      const own = slo(s, 'web-availability').alerts.map(({ longWindow, shortWindow, burnRate }) => [
        longWindow / minute,
        shortWindow / minute,
        burnRate,
      ]);
      for (const tier of own) expect(preset).toContainEqual(tier);
    },
  },
  {
    id: 'FLOW-17',
    says: 'a page: 1 h and 5 min, 14.4',
    check: (s) => {
      alerts(s, 'FlowWebAvailabilityBudgetBurnFast', {
        when: /window="1h"\} \* .* > 14\.4 and .*window="5m"\} > 14\.4/,
        severity: 'page',
        to: ['on-call'],
      });
    },
  },
  {
    id: 'FLOW-18',
    says: 'a ticket: 6 h and 30 min, 6; the missing cell is told',
    check: (s) => {
      alerts(s, 'FlowWebAvailabilityBudgetBurnSlow', {
        when: /window="6h"\} \* .* > 6 and .*window="30m"\} > 6/,
        severity: 'ticket',
        to: ['operations-inbox'],
      });
      finds(s, 'missing-cell', 39);
    },
  },
  {
    id: 'FLOW-19',
    says: 'four alerts from two names with braces',
    check: (s) => {
      const names = ['Web', 'API'].flatMap((side) =>
        ['Fast', 'Slow'].map((speed) => `Flow${side}AvailabilityBudgetBurn${speed}`),
      );
      expect(names.map((name) => alertsOf(s, name).length)).toEqual([1, 1, 1, 1]);
      burns(s, 'api-availability', [
        ['page', '1h', '5m', 14.4, 'FlowAPIAvailabilityBudgetBurnFast'],
        ['ticket', '6h', '30m', 6, 'FlowAPIAvailabilityBudgetBurnSlow'],
        ['ticket', '3d', '6h', 1, 'FlowAPIAvailabilityBudgetBurnLeak'],
      ]);
    },
  },
  {
    id: 'FLOW-20',
    says: 'FlowGitPushP95LatencyHigh above 500 ms, a ticket',
    check: (s) =>
      alerts(s, 'FlowGitPushP95LatencyHigh', {
        when: 'histogram_quantile(0.95, sum by (le) (rate(koder_flow_reference_transaction_duration_seconds_bucket{stage="committed"}[5m]))) > 0.5',
        for: '5m',
        severity: 'ticket',
        to: ['operations-inbox'],
      }),
  },
  {
    id: 'FLOW-21',
    says: 'FlowGitPushP99LatencyHigh above 2 s, a ticket without an objective',
    check: (s) => {
      alerts(s, 'FlowGitPushP99LatencyHigh', {
        when: 'histogram_quantile(0.99, sum by (le) (rate(koder_flow_reference_transaction_duration_seconds_bucket{stage="committed"}[5m]))) > 2',
        for: '5m',
        severity: 'ticket',
        to: ['operations-inbox'],
      });
      finds(s, 'alert-without-slo', 47);
    },
  },
  {
    id: 'FLOW-22',
    says: 'FlowBackupFailureRateHigh pages, before the budget is spent',
    check: (s) => {
      alerts(s, 'FlowBackupFailureRateHigh', {
        when: /slo="backup-success",window="1d"\} \* .* > 3 and .*window="2h"\} > 3 .*>= 4$/,
        severity: 'page',
        to: ['on-call'],
      });
      finds(s, 'fires-after-exhaustion', 48);
      finds(s, 'good-bad-complement', 48);
    },
  },
  {
    id: 'FLOW-23',
    says: 'FlowSchedulerTickStalled after 10 minutes, without a series too',
    check: (s) => {
      alerts(s, 'FlowSchedulerTickStalled', {
        when: /^sum\(last_over_time\(slo:watching:info\{.*\}\[34m59s999ms\] offset 10m\)\) unless on \(\) sum\(sum_over_time\(slo:watched_counters:increase\{.*\}\[9m59s999ms\]\) > 0\)$/,
        severity: 'page',
        to: ['on-call'],
      });
      finds(s, 'absent-never-fires', 49);
    },
  },
  {
    id: 'FLOW-24',
    says: 'FlowCronParseFailureRecurring at the first failure, a ticket',
    check: (s) => {
      alerts(s, 'FlowCronParseFailureRecurring', {
        when: /^sum by \(policy_id\) \(sum_over_time\(slo:watched_counters:increase\{.*slo="cron-parse-safety".*\}\[9m59s999ms\]\) > 0\)$/,
        severity: 'ticket',
        to: ['operations-inbox'],
      });
      finds(s, 'first-sample-lost', 50);
    },
  },
  {
    id: 'FLOW-25',
    says: 'a Prometheus for production, one for staging meanwhile',
    check: (s) => {
      expect(s.service.environments).toMatchObject([
        { name: 'production', prometheus: 'https://prometheus.koder.example.com', production: true },
        { name: 'staging', prometheus: 'https://prometheus-staging.koder.example.com', production: false },
      ]);
      expect([...(s.service.environments[0]?.labels ?? [])]).toEqual([['instance', 'flow.koder.dev:443']]);
      const rulesIn = (environment: string): string =>
        serviceArtefacts(s.service, [targetNamed('prometheus')!], { ...defaultGenerateOptions, environment }).files[0]!
          .text;
      expect(rulesIn('production')).toContain('{instance="flow.koder.dev:443",method="GET",route="/"}');
      expect(rulesIn('production')).toMatch(/^ +severity: page$/m);
      expect(rulesIn('staging')).toContain('{method="GET",route="/"}');
      expect(rulesIn('staging')).not.toMatch(/^ +severity: page$/m);
    },
  },
  {
    id: 'FLOW-26',
    says: 'page: on-call',
    check: (s) => {
      expect(told(s, { severity: 'page', alertname: 'X' })).toEqual(['on-call']);
      expect(s.files('alertmanager').get('alertmanager.yaml')).toMatch(
        /name: koder-flow\/on-call\n\s+pagerduty_configs:/,
      );
    },
  },
  {
    id: 'FLOW-27',
    says: 'ticket: the inbox of operations',
    check: (s) => {
      expect(told(s, { severity: 'ticket', alertname: 'X' })).toEqual(['operations-inbox']);
      expect(s.files('alertmanager').get('alertmanager.yaml')).toContain('to: flow-operations@koder.example.com');
    },
  },
  {
    id: 'FLOW-28',
    says: 'an alert leads to a board with burn rates',
    check: (s) => {
      for (const side of ['Web', 'API'])
        expect(alertsOf(s, `Flow${side}AvailabilityBudgetBurnFast`)[0]?.annotations.get('dashboard_url')).toMatch(
          /^https:.*koder-flow/,
        );
      panels(s, 'Burn rate by window', {
        board: 'web-availability',
        type: 'timeseries',
        reads: ['slo:burn_rate:ratio{service="koder-flow",slo="web-availability"}'],
        lines: [1, 6, 14.4],
      });
    },
  },
  {
    id: 'FLOW-29',
    says: 'no alert "Flow is up": grouping is no composition',
    check: (s) => {
      documents(s, 'A composite alert "Flow is up"', 'it does not make an objective of several');
      expect(s.service.slos.filter(({ indicator }) => indicator.kind === 'composite')).toEqual([]);
      finds(s, 'grouping-not-composition', 60);
    },
  },
  {
    id: 'FLOW-30',
    says: 'objectives for each organisation can be added later without other names',
    check: (s) => {
      const own = s.service.slos.filter(({ name }) => name === 'api-availability');
      const grouped = own.map((one) => ({ ...one, groupBy: ['method'] }));
      expect(recordNames({ ...s.service, slos: grouped })).toEqual(recordNames({ ...s.service, slos: own }));
      documents(s, 'Objectives for each organisation or repository');
    },
  },
  {
    id: 'FLOW-31',
    says: 'probes from outside are no part of it',
    organisation: 'outOfScope.2.what',
    holds: 'Probes from outside of the network',
  },
  {
    id: 'FLOW-32',
    says: 'the owner, on every alert',
    check: (s) => {
      for (const rule of s.rules())
        if (rule.kind === 'alerting') expect(rule.labels.get('owner')).toBe('products/dev/flow/engine');
      documents(s, '**Owner:** products/dev/flow/engine');
    },
  },
  {
    id: 'FLOW-33',
    says: 'reviewed at each release wave, and signed',
    later: 'run',
    why: 'The event and the signature are there; a review is opened and signed in Run.',
    check: (s) => {
      expect(review(s, 'release-wave')).toMatchObject({
        cadence: { kind: 'event', event: 'release wave' },
        signOff: true,
      });
      agenda(s, 'release-wave', 'Thresholds still match what production does', 'compliance');
      documents(s, 'It must be signed.');
    },
  },
  {
    id: 'FLOW-34',
    says: 'thresholds change by pull requests, which say what changes',
    check: (s) => {
      const after = {
        ...s.service,
        slos: s.service.slos.map((one) =>
          one.name === 'web-availability' ? { ...one, target: slo(s, 'backup-success').target } : one,
        ),
      };
      expect(diffServices([s.service], [after])).toContainEqual({
        service: 'koder-flow',
        slo: 'web-availability',
        aspect: 'target',
        before: '99.9%',
        after: '95%',
      });
      expect(s.service.changeProcess?.steps[1]).toMatchObject({ state: 'in-review', approvers: ['maintainers'] });
    },
  },
  {
    id: 'FLOW-35',
    says: 'targets to grow into',
    check: (s) => {
      expect(slo(s, 'web-availability').aspiration?.text).toBe('99.95%');
      expect(slo(s, 'api-availability').aspiration?.text).toBe('99.95%');
      documents(s, '99.95%');
    },
    later: 'proof',
    why: 'That a target can be tightened is suggested from history, which comes with Proof.',
  },
];
