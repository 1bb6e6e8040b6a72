import { expect } from 'vitest';
import { driftLine, driftOf } from '../../../src/cli/drift/drift-rules.ts';
import { minute } from '../../../src/core/base/index.ts';
import { generateRules, serviceArtefacts, targetNamed } from '../../../src/core/generate/index.ts';
import { printExpr } from '../../../src/core/promql/index.ts';
import type { RuleGroup } from '../../../src/core/rules/index.ts';
import { allowedTime, inEnvironment } from '../../../src/core/slo/index.ts';
import { nodeToValue, readYaml } from '../../../src/core/yaml/index.ts';
import { alertsOf, countersOf, documents, finds, promises, recordOf, slo } from '../claims.ts';
import type { Row } from '../row.ts';

/** A group as Prometheus answers `GET /api/v1/rules`. */
function answeredGroup({ name, interval, rules }: RuleGroup) {
  return {
    name,
    interval: (interval ?? 0) / 1000,
    rules: rules.map((rule) => ({
      type: rule.kind,
      name: rule.kind === 'recording' ? rule.record : rule.alert,
      query: printExpr(rule.expr),
      labels: Object.fromEntries(rule.labels),
      ...(rule.kind === 'alerting' && {
        duration: rule.holdFor / 1000,
        keepFiringFor: rule.keepFiringFor / 1000,
        annotations: Object.fromEntries(rule.annotations),
      }),
    })),
  };
}

/** The objectives of the specification of Koder Flow. */
export const flowObjectives: readonly Row[] = [
  {
    id: 'FLOW-01',
    says: 'the page was copied with its navigation; where it came from is kept',
    check: (s) => {
      documents(s, '**From:** specs/slo/flow.kmd');
      finds(s, 'page-chrome', 1, 'Pular para o conteúdo');
    },
  },
  {
    id: 'FLOW-02',
    says: 'two names of the same metrics, never added up',
    check: (s) => {
      expect(s.service.metrics.get('koder_flow_http_requests_total')?.aliases).toEqual(['gitea_http_requests_total']);
      expect(countersOf(s, 'web-availability', 'total')).toMatch(
        /koder_flow_http_requests_total\{[^}]*\}.*(?:or|unless).*gitea_http_requests_total\{/,
      );
      expect(countersOf(s, 'web-availability', 'total')).not.toMatch(/koder_flow[^+]*\+[^+]*gitea/);
      finds(s, 'double-emit', 13);
    },
  },
  {
    id: 'FLOW-03',
    says: 'a mixin with rules, alerts and boards',
    check: (s) => {
      const files = s.files('mixin');
      expect(files.get('mixin.libsonnet')).toMatch(
        /prometheusAlerts\+::[\s\S]*prometheusRules\+::[\s\S]*grafanaDashboards\+::/,
      );
      expect(files.get('services/koder-flow.libsonnet')).toContain('FlowWebAvailabilityBudgetBurnFast');
    },
  },
  {
    id: 'FLOW-04',
    says: 'one yardstick for every deployment',
    check: (s) => {
      expect(s.service.environments.map(({ name, production }) => [name, production])).toEqual([
        ['production', true],
        ['staging', false],
      ]);
      expect(new Set(s.service.slos.map(({ absentFor }) => absentFor)).size).toBe(1);
      documents(s, '| production |', '| staging |');
      // As a server says what it has loaded; over a real one in test/cli/drift.test.ts.
      const { file } = generateRules(s.service);
      const loaded = { groups: file.groups.map(answeredGroup) };
      expect(driftOf(s.service, file, loaded)).toEqual([]);
      const staging = generateRules(inEnvironment(s.service, 'staging')!).file;
      expect(driftOf(s.service, staging, loaded).map(driftLine).join('\n')).toMatch(
        /severity="page".* is loaded and not wanted/,
      );
      expect(driftOf(s.service, file, { groups: loaded.groups.slice(1) }).map(driftLine)).toEqual([
        `${file.groups[0]?.name} is not loaded`,
      ]);
    },
  },
  {
    id: 'FLOW-05',
    says: 'rules are rendered from the specification, the same each time',
    check: (s) => {
      const target = targetNamed('prometheus')!;
      const [again] = serviceArtefacts(s.service, [target]).files;
      expect(again?.text).toBe(s.files('prometheus').get('koder-flow.rules.yaml'));
      expect(s.rules().length).toBeGreaterThan(100);
      finds(s, 'unknown-kind', 15);
    },
  },
  {
    id: 'FLOW-06',
    says: 'SLO-1: 99.9 % of GET / over 30 days; redirects are good too',
    check: (s) => {
      promises(s, 'web-availability', {
        of: 'good koder_flow_http_requests_total{method="GET",route="/",status=~"2..|3.."} of koder_flow_http_requests_total{method="GET",route="/"}',
        target: '99.9%',
        period: '30d',
      });
      finds(s, 'sli-without-query', 20);
    },
  },
  {
    id: 'FLOW-07',
    says: 'SLO-2: 99.9 % of the API is not 5xx, over 30 days',
    check: (s) => {
      promises(s, 'api-availability', {
        of: 'bad koder_flow_http_requests_total{route=~"/api/v1/.*",status=~"5.."} of koder_flow_http_requests_total{route=~"/api/v1/.*"}',
        target: '99.9%',
        period: '30d',
      });
      finds(s, 'good-class', 21);
    },
  },
  {
    id: 'FLOW-08',
    says: 'SLO-3: p95 of committed pushes below 500 ms: at most, as buckets count, which the document says',
    check: (s) => {
      const of = 'koder_flow_reference_transaction_duration_seconds{stage="committed"} below 0.5';
      promises(s, 'git-push-latency', { of, target: '95%', period: '30d' });
      expect(s.at('slos.git-push-latency.below')).toBe('500ms');
      documents(s, 'At least 95% of the observations are at most 500 ms, over any 30 days.');
    },
  },
  {
    id: 'FLOW-09',
    says: 'SLO-4: at least 95 % of the rows of backup runs succeed, over 7 days',
    check: (s) => {
      promises(s, 'backup-success', {
        of: 'good koder_flow_backup_runs_total{status="success"} of koder_flow_backup_runs_total',
        target: '95%',
        period: '1w',
      });
      expect(s.service.metrics.get('koder_flow_backup_runs_total')).toMatchObject({
        exporter: 'sql_exporter',
        rows: { database: 'flow', valueColumn: 'runs' },
      });
      const text = s.files('sql-exporter').get('koder-flow.flow.collector.yml') ?? '';
      const outcome = readYaml(text);
      expect(outcome.ok && outcome.value.map(nodeToValue)).toEqual([
        {
          collector_name: 'koder-flow-flow',
          metrics: [
            {
              metric_name: 'koder_flow_backup_runs_total',
              type: 'counter',
              help: expect.stringContaining('backup runs'),
              key_labels: ['status'],
              values: ['runs'],
              query: expect.stringMatching(/^SELECT status, count\(\*\) AS runs FROM backup_run /),
            },
          ],
        },
      ]);
      finds(s, 'no-data-source', 23);
    },
  },
  {
    id: 'FLOW-10',
    says: 'SLO-5: ticks increase within any 5 minutes; a missing series breaks it',
    check: (s) => {
      promises(s, 'scheduler-liveness', {
        of: 'koder_flow_backups_scheduler_ticks_total increases within 5m',
        target: '100%',
        period: 'continuous',
        slices: '1m',
      });
      expect(slo(s, 'scheduler-liveness').noData).toBe('bad');
    },
  },
  {
    id: 'FLOW-11',
    says: 'SLO-6: failures of no policy grow, each judged by itself',
    check: (s) => {
      const of = 'koder_flow_backups_scheduler_cron_parse_failures_total does not increase within 10m';
      promises(s, 'cron-parse-safety', { of, target: '100%', period: 'continuous', slices: '1m' });
      expect(slo(s, 'cron-parse-safety').target.errorBudget).toBe(0);
      expect(slo(s, 'cron-parse-safety').groupBy).toEqual(['policy_id']);
      expect(recordOf(s, 'slo:condition:bool', { slo: 'cron-parse-safety' })).toContain('by (policy_id)');
      finds(s, 'invariant-semantics', 25);
    },
  },
  {
    id: 'FLOW-12',
    says: 'periods of 30 and 7 days, a window of 5 minutes, continuous',
    check: (s) => {
      expect(s.service.slos.map(({ period }) => [period.kind, period.length / (60 * 24 * minute)])).toEqual([
        ['rolling', 30],
        ['rolling', 30],
        ['rolling', 30],
        ['rolling', 7],
        ['continuous', 30],
        ['continuous', 30],
      ]);
      expect(recordOf(s, 'slo:quantile:value', { slo: 'git-push-latency' })).toContain('[5m]');
    },
  },
  {
    id: 'FLOW-13',
    says: 'SLO-3 waits for FLOW-183: its alerts render and cannot fire',
    check: (s) => {
      expect(slo(s, 'git-push-latency')).toMatchObject({ lifecycle: 'pending', dependsOn: ['FLOW-183'] });
      expect(alertsOf(s, 'FlowGitPushP95LatencyHigh').length).toBe(1);
      const missing = alertsOf(s, 'SloDataMissing').filter(({ labels }) => labels.get('slo') === 'git-push-latency');
      expect(missing).toEqual([]);
      documents(s, '**Not measured yet** (koder_flow_reference_transaction_duration_seconds waits for FLOW-183)');
    },
  },
  {
    id: 'FLOW-14',
    says: '99.9 % over 30 days are 43.2 minutes',
    check: (s) => {
      expect(
        allowedTime(slo(s, 'web-availability').target.errorBudget, slo(s, 'web-availability').period.length),
      ).toBeCloseTo(43.2 * minute, 3);
      documents(s, 'Of 100,000 events 100 may be bad; at even traffic that is a full outage of 43.2 min.');
    },
  },
];
