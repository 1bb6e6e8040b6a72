import { expect } from 'vitest';
import { readRuleFile } from '../../../src/core/rules/index.ts';
import { alerts, alertsOf, corrected, countersOf, documents, finds, recordOf } from '../claims.ts';
import type { Row } from '../row.ts';

const jobs = 'endpoint=~"/api/v1/jobs(/[^/]+)?",method=~"GET|POST|DELETE"';

/** The rules and alerts of the document of the ComfyUI API. */
export const comfyRules: readonly Row[] = [
  {
    id: 'COMFY-35',
    says: 'rules stand in a file of their own',
    check: (s) => {
      const [[file, text] = ['', '']] = s.files('prometheus');
      expect(file).toBe('comfyui-api.rules.yaml');
      expect(text).toMatch(/^groups:/m);
      expect(text).not.toMatch(/^(?:global|scrape_configs|rule_files):/m);
      expect(text).toMatch(/^# Loaded by this entry .*: rule_files: \[comfyui-api\.rules\.yaml\]$/m);
      finds(s, 'rules-in-prometheus-yml', 161);
    },
  },
  {
    id: 'COMFY-36',
    says: 'a group that is evaluated every 30 s',
    check: (s) =>
      expect(s.files('prometheus').get('comfyui-api.rules.yaml')).toMatch(
        /name: nines-comfyui-api-objectives\n\s+interval: 30s/,
      ),
  },
  {
    id: 'COMFY-37',
    says: 'the API ratio over 5 min, with the scope of the objective',
    check: (s) => {
      expect(recordOf(s, 'slo:errors:ratio')).toMatch(
        /slo:events:sum\{events="bad",service="comfyui-api",slo=~"control-plane\|[^}]*window=~"5m/,
      );
      expect(countersOf(s, 'control-plane', 'total')).toContain(`comfyui_http_requests_total{${jobs}}`);
      finds(s, 'definition-drift', 173);
    },
  },
  {
    id: 'COMFY-38',
    says: 'the job ratio over 1 h, without validation errors as its comment says',
    check: (s) => {
      expect(recordOf(s, 'slo:errors:ratio')).toMatch(/data-plane\|[^}]*window=~"5m\|30m\|1h/);
      expect(countersOf(s, 'data-plane', 'total')).toContain('{error_type!="ValidationError"}');
      finds(s, 'comment-vs-expr', 178);
    },
  },
  {
    id: 'COMFY-39',
    says: 'p95 to look at, and a share of buckets to budget',
    check: (s) => {
      expect(recordOf(s, 'slo:quantile:value', { slo: 'small-image-latency', quantile: '0.95' })).toContain(
        'size_class="le_2mp"',
      );
      expect(countersOf(s, 'small-image-latency', 'counted')).toContain('_bucket{');
      finds(s, 'population-drift', 186);
    },
  },
  {
    id: 'COMFY-40',
    says: 'the same for p99',
    check: (s) => {
      expect(recordOf(s, 'slo:quantile:value', { slo: 'job-latency', quantile: '0.99' })).toContain(
        'histogram_quantile(0.99,',
      );
      expect(countersOf(s, 'job-latency', 'counted')).toMatch(/_bucket\{le=(?:~"40\\\\\.0\|40"|"40")/);
    },
  },
  {
    id: 'COMFY-41',
    says: 'the depth of the queue, summed over replicas',
    check: (s) => {
      expect(recordOf(s, 'service:threshold:value', { threshold: 'queue-depth' })).toBe('sum(comfyui_queue_depth)');
      finds(s, 'gauge-unaggregated', 198);
    },
  },
  {
    id: 'COMFY-42',
    says: 'worker utilization, summed and guarded against no workers',
    check: (s) => {
      expect(recordOf(s, 'service:indicator:value', { indicator: 'worker-utilization' })).toBe(
        'sum(comfyui_jobs_in_progress) / (sum(comfyui_active_workers) > 0)',
      );
      finds(s, 'vector-matching', 203);
    },
  },
  {
    id: 'COMFY-43',
    says: 'a group without an interval has the server’s',
    check: () => {
      const text = 'groups:\n  - name: slow\n    rules:\n      - { alert: Down, expr: up == 0 }\n';
      const read = readRuleFile({ name: 'rules.yaml', text });
      expect(read).toMatchObject({ ok: true, value: { groups: [{ name: 'slow' }] } });
      expect(read.ok && read.value.groups[0]?.interval).toBeUndefined();
    },
  },
  {
    id: 'COMFY-44',
    says: 'APISuccessRateLow below 0.98 for 10m, critical',
    check: (s) => {
      alerts(s, 'APISuccessRateLow', {
        when: /^sum\(rate\(comfyui_http_requests_total\{.*status=~"2\.\.\|3\.\."\}\[5m\]\)\) \/ sum\(.*\) < 0\.98$/,
        for: '10m',
        severity: 'critical',
        to: ['pagerduty'],
        summary: 'API success rate below 98% for 10 minutes',
        description: 'Current success rate: {{ $value | humanizePercentage }}',
      });
      finds(s, 'threshold-vs-slo', 220, 'burn rate 4');
    },
  },
  {
    id: 'COMFY-45',
    says: 'LatencyP95High above 20 s for 30m, warning',
    check: (s) =>
      alerts(s, 'LatencyP95High', {
        when: 'histogram_quantile(0.95, sum by (le) (rate(comfyui_job_duration_seconds_bucket{size_class="le_2mp"}[5m]))) > 20',
        for: '30m',
        severity: 'warning',
        to: ['reliability'],
        summary: 'P95 latency above 20s for 30 minutes',
        description: 'Current P95: {{ $value | humanizeDuration }}',
      }),
  },
  {
    id: 'COMFY-46',
    says: 'QueueDepthHigh above 50 for 10m, warning',
    check: (s) =>
      alerts(s, 'QueueDepthHigh', {
        when: 'sum(comfyui_queue_depth) > 50',
        for: '10m',
        severity: 'warning',
        to: ['reliability'],
        summary: 'Queue depth above 50 for 10 minutes',
      }),
  },
  {
    id: 'COMFY-47',
    says: 'JobFailureRateHigh above 0.5 % of an hour for 15m, a warning as its burn rate is 1',
    check: (s) => {
      alerts(s, 'JobFailureRateHigh', {
        when: /error_type!="ValidationError",status="failed"\}\[1h\].*error_type!="ValidationError"\}\[1h\].* > 0\.005$/,
        for: '15m',
        severity: 'warning',
        to: ['reliability'],
        summary: 'Job failure rate > 0.5% for 15 minutes',
      });
      finds(s, 'low-precision', 254, 'burn rate 1');
    },
  },
  {
    id: 'COMFY-48',
    says: 'WorkerJobsStuck: jobs in progress and none finished for 10 minutes, warning',
    check: (s) => {
      alerts(s, 'WorkerJobsStuck', {
        when: /^sum\(comfyui_jobs_in_progress\) > 0 and on \(\) \(.*slo:watching:info.* unless on \(\) .*watched_counters:increase.*> 0\)\)$/,
        for: '1m',
        severity: 'warning',
        to: ['reliability'],
      });
      expect(recordOf(s, 'instance:slo_watched_counters:sum')).toContain('comfyui_jobs_total');
    },
  },
  {
    id: 'COMFY-49',
    says: 'BackendErrorSpike at 5 times the hour before, with a floor, for 5m, info',
    check: (s) => {
      const rule = alerts(s, 'BackendErrorSpike', {
        when: /\[5m\]\)\) > 0\.05 unless on \(\) .*<= on \(\) 5 \* sum\(rate\(comfyui_backend_requests_total\{status=~"error\|timeout"\}\[1h\] offset 1h\)\)/,
        for: '5m',
        severity: 'info',
        to: ['reliability'],
        summary: 'Backend error rate spiked 5x',
      });
      expect(rule.annotations.get('runbook_url')).toMatch(/^https:/);
      finds(s, 'zero-baseline', 283);
      finds(s, 'missing-for-annotations', 281, 'no runbook');
    },
  },
  {
    id: 'COMFY-50',
    says: 'descriptions are templates with $value',
    check: (s) => {
      for (const [name, filter] of [
        ['APISuccessRateLow', 'humanizePercentage'],
        ['JobFailureRateHigh', 'humanizePercentage'],
        ['LatencyP95High', 'humanizeDuration'],
      ] as const)
        expect(alertsOf(s, name)[0]?.annotations.get('description')).toContain(`{{ $value | ${filter} }}`);
      documents(s, 'Current success rate: 98%');
      const broken =
        'groups: [{ name: a, rules: [{ alert: A, expr: up, annotations: { summary: "{{ $value | nonsense }}" } }] }]';
      expect(readRuleFile({ name: 'a.yaml', text: broken }).ok).toBe(false);
    },
  },
  {
    id: 'COMFY-51',
    says: 'runbooks: an address, steps and dependencies',
    check: (s) => {
      for (const name of [
        'APISuccessRateLow',
        'LatencyP95High',
        'QueueDepthHigh',
        'JobFailureRateHigh',
        'WorkerJobsStuck',
      ]) {
        const [rule] = alertsOf(s, name);
        expect(rule?.annotations.get('runbook_url')).toMatch(/^https:/);
        expect(rule?.annotations.get('steps')).toMatch(/^1\. .*\n2\. /);
        expect(rule?.annotations.get('dependencies')).toContain('workers');
      }
      expect(alertsOf(s, 'JobFailureRateHigh')[0]?.annotations.get('dependencies')).toBe('ComfyUI, MinIO, the workers');
      documents(s, 'Depends on: Redis, the workers.');
      corrected(s, 'missing-runbook');
      finds(s, 'annotation', 227);
    },
  },
];
