import { expect } from 'vitest';
import { parseInstant, timestamp } from '../../../src/core/base/index.ts';
import { lintService } from '../../../src/core/lint/index.ts';
import { selectorsOf } from '../../../src/core/promql/index.ts';
import { expressionsOf } from '../../../src/core/slo/index.ts';
import { alertsOf, burns, countersOf, documents, finds, promises, recordOf, slo } from '../claims.ts';
import type { Row } from '../row.ts';
import type { System } from '../system.ts';

const jobs = 'endpoint=~"/api/v1/jobs(/[^/]+)?",method=~"GET|POST|DELETE"';

/** Whether every selector of an objective's events takes a request. */
function counts(system: System, name: string, labels: Readonly<Record<string, string>>): boolean {
  const total = expressionsOf(slo(system, name).indicator).at(-1)!;
  return selectorsOf(total).every(({ matchers }) =>
    matchers.every(({ name: label, operator, value }) => {
      const fits = operator.includes('~')
        ? new RegExp(`^(?:${value})$`).test(labels[label] ?? '')
        : labels[label] === value;
      return operator.startsWith('!') ? !fits : fits;
    }),
  );
}

/** The objectives of the document of the ComfyUI API. */
export const comfyObjectives: readonly Row[] = [
  {
    id: 'COMFY-01',
    says: 'version 1.0.0 of 2025-11-07',
    check: (s) => {
      documents(s, '**Version:** 1.0.0', '**Last reviewed:** 2025-11-07', '**Reviewed at least every:** 31d');
      const found = (date: string): readonly string[] =>
        lintService(s.service, s.source, { now: parseInstant(`${date}T00:00Z`) ?? timestamp(0) })
          .filter(({ code }) => code === 'lint/review-overdue')
          .map(({ severity, message }) => `${severity}: ${message}`);
      expect(found('2025-12-09')).toEqual([]);
      expect(found('2026-01-01')).toEqual(['warning: the last review was 55 days ago, and one is due every 31d']);
    },
  },
  {
    id: 'COMFY-02',
    says: 'every alert leads back to the objective that it serves',
    check: (s) => {
      const own = s.service.alerts.map(({ name }) => name);
      const loose = s.rules().filter((rule) => rule.kind === 'alerting' && !rule.labels.has('slo'));
      for (const rule of loose)
        expect(rule.labels.has('threshold') || own.includes('alert' in rule ? rule.alert : '')).toBe(true);
      expect(alertsOf(s, 'APISuccessRateLow')[0]?.labels.get('slo')).toBe('control-plane');
      finds(s, 'alert-without-slo', 267, 'WorkerJobsStuck');
    },
  },
  {
    id: 'COMFY-03',
    says: 'an indicator has a unit, a direction and a query',
    check: (s) => {
      expect(s.service.metrics.get('comfyui_job_duration_seconds')?.unit).toBe('seconds');
      expect(slo(s, 'job-latency').indicator).toMatchObject({ kind: 'distribution', below: 40 });
      documents(s, 'Observations, good up to 40 s: `comfyui_job_duration_seconds`');
    },
  },
  {
    id: 'COMFY-04',
    says: 'a target is a share of events under a threshold, not only a percentile',
    check: (s) => {
      expect(slo(s, 'first-progress-event')).toMatchObject({ measure: { kind: 'events' }, target: { ratio: 0.95 } });
      expect(countersOf(s, 'first-progress-event', 'counted')).toMatch(/_bucket\{.*le=/);
    },
  },
  {
    id: 'COMFY-05',
    says: 'the error budget is derived: 1 % for 99 %',
    check: (s) => {
      expect(slo(s, 'job-latency').target.errorBudget).toBe(0.01);
      expect(s.at('slos.job-latency.errorBudget')).toBeUndefined();
    },
  },
  {
    id: 'COMFY-06',
    says: '95 % of jobs for small images finish in at most 20 s',
    check: (s) => {
      const of = 'comfyui_job_duration_seconds{size_class="le_2mp"} below 20';
      promises(s, 'small-image-latency', { of, target: '95%', period: '30d' });
      finds(s, 'missing-window', 25);
    },
  },
  {
    id: 'COMFY-07',
    says: 'only jobs of at most 2 megapixels count, by a label',
    check: (s) => {
      expect(s.service.metrics.get('comfyui_job_duration_seconds')?.labels.get('size_class')).toEqual([
        'le_2mp',
        'gt_2mp',
      ]);
      expect(counts(s, 'small-image-latency', { size_class: 'le_2mp' })).toBe(true);
      expect(counts(s, 'small-image-latency', { size_class: 'gt_2mp' })).toBe(false);
      finds(s, 'promql-syntax', 31);
    },
  },
  {
    id: 'COMFY-08',
    says: 'p95 of the job duration over 5 min by le, beside the bucket of 20 s',
    check: (s) => {
      expect(recordOf(s, 'slo:quantile:value', { slo: 'small-image-latency', quantile: '0.95' })).toBe(
        'histogram_quantile(0.95, sum by (le) (rate(comfyui_job_duration_seconds_bucket{size_class="le_2mp"}[5m]))) > -Inf',
      );
      expect(countersOf(s, 'small-image-latency', 'counted')).toMatch(/le=(?:~"20\\\\\.0\|20"|"20")/);
    },
  },
  {
    id: 'COMFY-09',
    says: 'why 20 s',
    check: (s) => documents(s, '**Why:** Most requests are small images for rapid prototyping'),
  },
  {
    id: 'COMFY-10',
    says: 'what a miss does to users of the tier FREE',
    check: (s) => {
      expect(slo(s, 'small-image-latency').customers).toEqual(['FREE']);
      documents(s, 'Users are frustrated. The service feels slow. FREE users leave.', '**Customers:** FREE');
    },
  },
  {
    id: 'COMFY-11',
    says: '99 % of all jobs finish in at most 40 s',
    check: (s) => {
      promises(s, 'job-latency', { of: 'comfyui_job_duration_seconds below 40', target: '99%', period: '30d' });
      expect(counts(s, 'job-latency', { size_class: 'gt_2mp' })).toBe(true);
    },
  },
  {
    id: 'COMFY-12',
    says: 'p99 from the same histogram, in one family with p95',
    check: (s) => {
      expect(slo(s, 'job-latency').family).toBe(slo(s, 'small-image-latency').family);
      expect(recordOf(s, 'slo:quantile:value', { slo: 'job-latency', quantile: '0.99' })).toContain(
        'histogram_quantile(0.99, sum by (le) (rate(comfyui_job_duration_seconds_bucket[5m])))',
      );
    },
  },
  {
    id: 'COMFY-13',
    says: 'why 40 s',
    check: (s) => documents(s, '**Why:** The tail matters in production; 40 s is acceptable for batches.'),
  },
  {
    id: 'COMFY-14',
    says: 'the objective keeps an agreement with enterprise customers',
    check: (s) => {
      const [sla] = s.service.slas;
      expect(sla).toMatchObject({
        slo: 'job-latency',
        binding: true,
        consequence: 'Credits as agreed with the customer.',
      });
      expect(sla?.target?.ratio).toBeLessThan(slo(s, 'job-latency').target.ratio);
      expect(slo(s, 'job-latency').customers).toEqual(['PRO', 'enterprise']);
      finds(s, 'sla-undefined', 60);
    },
  },
  {
    id: 'COMFY-15',
    says: '99.5 % of control-plane requests succeed',
    check: (s) => {
      promises(s, 'control-plane', {
        of: `good comfyui_http_requests_total{${jobs},status=~"2..|3.."} of comfyui_http_requests_total{${jobs}}`,
        target: '99.5%',
        period: '30d',
        further: ['calendar month'],
      });
      burns(s, 'control-plane', [
        ['page', '1h', '5m', 14.4],
        ['page', '6h', '30m', 6],
        ['ticket', '1d', '2h', 3],
        ['ticket', '3d', '6h', 1],
      ]);
    },
  },
  {
    id: 'COMFY-16',
    says: 'submission is in scope',
    check: (s) => expect(counts(s, 'control-plane', { method: 'POST', endpoint: '/api/v1/jobs' })).toBe(true),
  },
  {
    id: 'COMFY-17',
    says: 'polling is in scope, as a template with a parameter',
    check: (s) => {
      expect(counts(s, 'control-plane', { method: 'GET', endpoint: '/api/v1/jobs/{id}' })).toBe(true);
      expect(counts(s, 'control-plane', { method: 'GET', endpoint: '/api/v1/images/{id}' })).toBe(false);
    },
  },
  {
    id: 'COMFY-18',
    says: 'cancelling is in scope',
    check: (s) => {
      expect(counts(s, 'control-plane', { method: 'DELETE', endpoint: '/api/v1/jobs/{id}' })).toBe(true);
      expect(counts(s, 'control-plane', { method: 'PUT', endpoint: '/api/v1/jobs/{id}' })).toBe(false);
    },
  },
  {
    id: 'COMFY-19',
    says: 'health probes are warned of, and have an indicator of their own',
    check: (s) => {
      expect(counts(s, 'control-plane', { method: 'GET', endpoint: '/health' })).toBe(false);
      expect(recordOf(s, 'service:indicator:value', { indicator: 'probes' })).toContain('endpoint=~"/health|/metrics"');
      finds(s, 'non-user-traffic', 75);
    },
  },
  {
    id: 'COMFY-20',
    says: 'so are scrapes',
    check: (s) => {
      expect(counts(s, 'control-plane', { method: 'GET', endpoint: '/metrics' })).toBe(false);
      finds(s, 'non-user-traffic', 76);
    },
  },
  {
    id: 'COMFY-21',
    says: '2xx and 3xx are good, and the scope matches every endpoint that it lists',
    check: (s) => {
      const counted = countersOf(s, 'control-plane', 'counted');
      expect(counted).toContain(`${jobs},status=~"2..|3.."`);
      finds(s, 'regex-never-matches', 82);
      finds(s, 'label-undeclared', 81, '`code`');
    },
  },
  {
    id: 'COMFY-22',
    says: 'why',
    check: (s) =>
      documents(s, '**Why:** The control plane must be there whenever somebody wants to submit or check a job.'),
  },
  {
    id: 'COMFY-23',
    says: 'what a miss does',
    check: (s) => documents(s, 'Users cannot submit work. Dashboards go dark. Support is called.'),
  },
  {
    id: 'COMFY-24',
    says: 'fewer than 0.5 % of jobs fail: 99.5 % succeed',
    check: (s) => {
      expect(s.at('slos.data-plane.maxErrorRatio')).toBe('0.5%');
      promises(s, 'data-plane', {
        of: 'bad comfyui_jobs_total{error_type!="ValidationError",status="failed"} of comfyui_jobs_total{error_type!="ValidationError"}',
        target: '99.5%',
        period: '30d',
        further: ['calendar month'],
      });
    },
  },
  {
    id: 'COMFY-25',
    says: 'validation errors are left out on both sides',
    check: (s) => {
      for (const which of ['counted', 'total'] as const)
        expect(countersOf(s, 'data-plane', which)).toContain('error_type!="ValidationError"');
      finds(s, 'ratio-valid-events', 105);
    },
  },
  {
    id: 'COMFY-26',
    says: 'the hour of the indicator is not the period of the promise',
    check: (s) => {
      expect(alertsOf(s, 'JobFailureRateHigh').length).toBe(1);
      expect(recordOf(s, 'slo:period:seconds', { slo: 'data-plane' })).toContain('vector(2592000)');
      expect(recordOf(s, 'slo:events:sum')).toMatch(/data-plane/);
      finds(s, 'missing-window', 101);
    },
  },
  {
    id: 'COMFY-27',
    says: 'why',
    check: (s) => documents(s, '**Why:** Only bad input may fail; failures of the infrastructure are rare.'),
  },
  {
    id: 'COMFY-28',
    says: 'what a miss costs',
    check: (s) => {
      expect(slo(s, 'data-plane').costs).toEqual(['Compute and credits are wasted.', 'Revenue is refunded.']);
      documents(
        s,
        '**If it is missed:** Users complain.',
        '**What that costs:** Compute and credits are wasted. Revenue is refunded.',
      );
    },
  },
  {
    id: 'COMFY-29',
    says: 'the first progress event comes within 2 s',
    check: (s) => {
      promises(s, 'first-progress-event', {
        of: 'comfyui_ws_first_event_seconds below 2',
        target: '95%',
        period: '30d',
      });
      finds(s, 'objective-without-ratio', 123);
    },
  },
  {
    id: 'COMFY-30',
    says: 'p95 of a histogram that the list of metrics lacks',
    check: (s) => {
      expect(recordOf(s, 'slo:quantile:value', { slo: 'first-progress-event', quantile: '0.95' })).toContain(
        'sum by (le) (rate(comfyui_ws_first_event_seconds_bucket[5m]))',
      );
      finds(s, 'metric-undeclared', 128, 'comfyui_ws_first_event_seconds');
    },
  },
  {
    id: 'COMFY-31',
    says: 'why, and what a miss does',
    check: (s) =>
      documents(
        s,
        'Progress in real time is what sets the service apart',
        'Users think that the job is stuck. Support is asked more. Competitors look better.',
      ),
  },
  {
    id: 'COMFY-32',
    says: 'fewer than 50 jobs wait, in 99 % of the minutes',
    check: (s) =>
      promises(s, 'queue-depth', { of: 'sum(comfyui_queue_depth) < 50', target: '99%', period: '30d', slices: '1m' }),
  },
  {
    id: 'COMFY-33',
    says: 'a gauge with an aggregation and a comparison',
    check: (s) => {
      expect(recordOf(s, 'slo:condition:bool', { slo: 'queue-depth' })).toContain('sum(comfyui_queue_depth)');
      expect(recordOf(s, 'slo:condition:bool', { slo: 'queue-depth' })).toContain('< bool 50');
      finds(s, 'gauge-unaggregated', 147);
    },
  },
  {
    id: 'COMFY-34',
    says: 'why, and to scale out',
    check: (s) => {
      documents(s, 'A deep queue means too few workers and long waits.', 'Everybody waits. Workers must be added.');
      expect(alertsOf(s, 'QueueDepthHigh')[0]?.annotations.get('steps')).toContain('Scale workers horizontally.');
    },
  },
];
