import { expect } from 'vitest';
import { lintDocument, metricsOfPage } from '../../../src/core/lint/index.ts';
import { parseExposition } from '../../../src/core/series/index.ts';
import { allowedEvents } from '../../../src/core/slo/index.ts';
import { agenda, documents, finds, metric, panels, review, slo, stateAt, threshold, told } from '../claims.ts';
import type { Row } from '../row.ts';

const reports = 'The point and what fills it are there; the report that fills it comes with Run.';
const gate =
  'The state and its verdicts are there; the server that follows them, tells people and answers a gate comes with Run.';

/** Reviews, policy, thresholds, metrics and contacts of the ComfyUI API. */
export const comfyOperations: readonly Row[] = [
  {
    id: 'COMFY-66',
    says: 'a review every month',
    later: 'run',
    why: 'The cadence is a rule of RFC 5545; reminders and the pack of a review come with Run.',
    check: (s) =>
      expect(review(s, 'monthly').cadence).toMatchObject({
        kind: 'recurring',
        rule: expect.stringContaining('FREQ=MONTHLY'),
      }),
  },
  {
    id: 'COMFY-67',
    says: 'who takes part',
    check: (s) => {
      expect(review(s, 'monthly').participants).toEqual(['engineering', 'product', 'support']);
      documents(s, 'Every month. With Engineering, Product, Support.');
    },
  },
  {
    id: 'COMFY-68',
    says: 'compliance of the last 30 days',
    later: 'run',
    why: reports,
    check: (s) => agenda(s, 'monthly', 'SLO compliance of the last 30 days', 'compliance'),
  },
  {
    id: 'COMFY-69',
    says: 'violations and their causes',
    later: 'run',
    why: reports,
    check: (s) => agenda(s, 'monthly', 'Violations and their root causes', 'violations'),
  },
  {
    id: 'COMFY-70',
    says: 'targets that are too loose or too tight',
    later: 'proof',
    why: 'Targets are suggested from history by `nines suggest`, which comes with Proof.',
    check: (s) => agenda(s, 'monthly', 'Targets that are too loose or too tight', 'target-suggestions'),
  },
  {
    id: 'COMFY-71',
    says: 'alerts and runbooks to update',
    later: 'proof',
    why: 'The quality of alerts is scored from history, which comes with Proof.',
    check: (s) => agenda(s, 'monthly', 'Alerts and runbooks to update', 'alert-quality'),
  },
  {
    id: 'COMFY-72',
    says: 'improvements of the infrastructure',
    organisation: 'reviews.monthly.agenda.4',
    holds: 'Improvements of the infrastructure',
  },
  {
    id: 'COMFY-73',
    says: 'the monthly budget is 0.5 %, of the objectives that the policy watches',
    check: (s) => {
      const [policy] = s.service.policies;
      expect(policy?.slos).toEqual(['control-plane', 'data-plane']);
      for (const name of policy?.slos ?? []) {
        expect(slo(s, name).target.errorBudget).toBe(0.005);
        expect(slo(s, name).furtherPeriods).toMatchObject([{ kind: 'calendar', unit: 'month' }]);
      }
    },
  },
  {
    id: 'COMFY-74',
    says: 'of 100,000 requests 500 may fail; what is left is counted',
    check: (s) => {
      expect(allowedEvents(100_000, slo(s, 'control-plane').target.errorBudget)).toBe(500);
      documents(s, 'Of 100,000 events 500 may be bad');
      panels(s, 'Bad and all events', {
        board: 'control-plane',
        type: 'stat',
        reads: ['slo:period_events:sum{events="bad"', 'slo:period_events:sum{events="total"', '* 0.005 -'],
      });
    },
  },
  {
    id: 'COMFY-75',
    says: 'above 50 %: ship',
    check: (s) =>
      expect(stateAt(s, 'error-budget', 0.5001)).toMatchObject({
        name: 'ample',
        above: 0.5,
        actions: ['Ship aggressively.', 'Take risks.'],
      }),
  },
  {
    id: 'COMFY-76',
    says: '25 to 50 %: normal velocity; 50 % belongs here, 25 % to the next',
    check: (s) => {
      expect([0.5, 0.26, 0.25].map((left) => stateAt(s, 'error-budget', left).name)).toEqual([
        'normal',
        'normal',
        'scarce',
      ]);
      expect(stateAt(s, 'error-budget', 0.5).actions).toEqual(['Normal velocity.']);
      documents(s, 'more than 25 %, up to 50 %');
    },
  },
  {
    id: 'COMFY-77',
    says: 'below 25 %: freeze',
    check: (s) =>
      expect(stateAt(s, 'error-budget', 0.25)).toMatchObject({
        name: 'scarce',
        changes: { low: 'allow', medium: 'review', high: 'deny' },
        always: ['critical-fix'],
      }),
    later: 'run',
    why: gate,
  },
  {
    id: 'COMFY-78',
    says: 'exhausted: incident mode',
    check: (s) => {
      for (const left of [0, -0.5])
        expect(stateAt(s, 'error-budget', left)).toMatchObject({
          name: 'exhausted',
          opensIncident: true,
          changes: { low: 'deny', high: 'deny' },
          notify: ['on-call', 'engineering', 'product'],
        });
      finds(s, 'policy-bounds', 355);
    },
    later: 'run',
    why: gate,
  },
  {
    id: 'COMFY-79',
    says: 'queue depth: 50, 100, scale workers',
    check: (s) =>
      threshold(s, 'queue-depth', {
        of: 'sum(comfyui_queue_depth)',
        warning: 50,
        critical: 100,
        action: 'Scale workers.',
      }),
  },
  {
    id: 'COMFY-80',
    says: 'worker CPU: 70 %, 85 %, add workers; of another exporter',
    check: (s) => {
      threshold(s, 'worker-cpu', {
        of: 'container_cpu_usage_seconds_total',
        warning: 0.7,
        critical: 0.85,
        action: 'Add workers.',
      });
      expect(metric(s, 'container_cpu_usage_seconds_total', 'counter').exporter).toBe('cadvisor');
    },
  },
  {
    id: 'COMFY-81',
    says: 'Redis memory: 70 %, 85 %, upgrade',
    check: (s) => {
      threshold(s, 'redis-memory', {
        of: 'redis_memory_used_bytes / redis_memory_max_bytes',
        warning: 0.7,
        critical: 0.85,
        action: 'Upgrade the instance.',
      });
      expect(metric(s, 'redis_memory_used_bytes', 'gauge').exporter).toBe('redis_exporter');
    },
  },
  {
    id: 'COMFY-82',
    says: 'MinIO disk: 70 %, 85 %, add storage',
    check: (s) => {
      threshold(s, 'minio-disk', {
        of: 'minio_cluster_capacity_usable_free_bytes',
        warning: 0.7,
        critical: 0.85,
        action: 'Add storage.',
      });
      expect(metric(s, 'minio_cluster_capacity_usable_free_bytes', 'gauge').exporter).toBe('MinIO');
    },
  },
  {
    id: 'COMFY-83',
    says: 'P99 latency: 40 s, 60 s, investigate; of jobs, not of the API',
    check: (s) => {
      threshold(s, 'job-latency-p99', {
        of: 'comfyui_job_duration_seconds_bucket',
        warning: 40,
        critical: 60,
        action: 'Investigate the bottleneck.',
      });
      finds(s, 'metric-confusion', 370);
    },
  },
  {
    id: 'COMFY-84',
    says: 'what /metrics exposes is held against the list',
    check: () => {
      const page = parseExposition('# TYPE jobs_total counter\njobs_total{status="failed"} 1\n');
      if (!page.ok) throw new Error('the page does not parse');
      const text =
        'groups: [{ name: a, rules: [{ alert: A, expr: \'sum(rate(jobs_total{state="failed"}[5m])) > 0\' }] }]';
      const found = lintDocument({ name: 'rules.yaml', text }, 'rules', {
        metrics: metricsOfPage('/metrics', page.value),
      });
      expect(found.map(({ code }) => code)).toContain('lint/label-undeclared');
    },
  },
  { id: 'COMFY-85', says: 'jobs by status', check: (s) => metric(s, 'comfyui_jobs_total', 'counter', ['status']) },
  { id: 'COMFY-86', says: 'jobs created', check: (s) => metric(s, 'comfyui_jobs_created_total', 'counter') },
  {
    id: 'COMFY-87',
    says: 'durations of jobs, with buckets for 20 s and 40 s',
    check: (s) => {
      expect(metric(s, 'comfyui_job_duration_seconds', 'histogram').buckets).toEqual(
        expect.arrayContaining([20, 40, 80]),
      );
      finds(s, 'histogram-bucket-bound', 25);
    },
  },
  { id: 'COMFY-88', says: 'depth of the queue', check: (s) => metric(s, 'comfyui_queue_depth', 'gauge') },
  { id: 'COMFY-89', says: 'jobs in progress', check: (s) => metric(s, 'comfyui_jobs_in_progress', 'gauge') },
  { id: 'COMFY-90', says: 'active workers', check: (s) => metric(s, 'comfyui_active_workers', 'gauge') },
  {
    id: 'COMFY-91',
    says: 'HTTP requests, whose labels judge queries',
    check: (s) => {
      metric(s, 'comfyui_http_requests_total', 'counter', ['method', 'endpoint', 'status']);
      finds(s, 'label-undeclared', 171, 'it has method, endpoint, status');
    },
  },
  {
    id: 'COMFY-92',
    says: 'durations of HTTP requests',
    check: (s) => metric(s, 'comfyui_http_request_duration_seconds', 'histogram', ['method', 'endpoint']),
  },
  { id: 'COMFY-93', says: 'uploads', check: (s) => metric(s, 'comfyui_storage_uploads_total', 'counter', ['status']) },
  {
    id: 'COMFY-94',
    says: 'bytes of uploads',
    check: (s) => expect(metric(s, 'comfyui_storage_upload_bytes_total', 'counter').unit).toBe('bytes'),
  },
  {
    id: 'COMFY-95',
    says: 'backend requests',
    check: (s) => metric(s, 'comfyui_backend_requests_total', 'counter', ['status']),
  },
  {
    id: 'COMFY-96',
    says: 'durations of backend requests',
    check: (s) => metric(s, 'comfyui_backend_request_duration_seconds', 'histogram'),
  },
  {
    id: 'COMFY-97',
    says: 'Redis operations',
    check: (s) => metric(s, 'comfyui_redis_operations_total', 'counter', ['operation', 'status']),
  },
  {
    id: 'COMFY-98',
    says: 'a Slack channel',
    check: (s) => {
      expect(told(s, { severity: 'warning' })).toEqual(['reliability']);
      expect(s.files('alertmanager').get('alertmanager.yaml')).toContain("channel: '#comfyui-api-reliability'");
    },
  },
  {
    id: 'COMFY-99',
    says: 'a mail address',
    check: (s) => {
      expect(s.files('alertmanager').get('alertmanager.yaml')).toContain('to: sre@example.com');
      documents(s, 'mailto:sre@example.com');
    },
  },
  {
    id: 'COMFY-100',
    says: 'on-call by PagerDuty for what is critical',
    check: (s) => {
      expect(told(s, { severity: 'critical' })).toEqual(['pagerduty']);
      expect(s.files('alertmanager').get('alertmanager.yaml')).toMatch(
        /name: comfyui-api\/pagerduty\n\s+pagerduty_configs:/,
      );
    },
  },
];
