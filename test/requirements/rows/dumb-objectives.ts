import { expect } from 'vitest';
import { hour } from '../../../src/core/base/index.ts';
import { readDefinitions } from '../../../src/core/formats/index.ts';
import { indicatorText } from '../../../src/core/slo/index.ts';
import { alerts, countersOf, documents, finds, panels, promises, recordOf, slo } from '../claims.ts';
import type { Row } from '../row.ts';
import type { System } from '../system.ts';

const kv = 'http_request_duration_seconds{handler=~"/kv/.*",job="dumbkv"}';

function percentile(s: System, name: string, bound: number, target: string): void {
  promises(s, name, { of: `${kv} below ${bound}`, target, period: '30d' });
}

/** The objectives of the document of DumbKV. */
export const dumbObjectives: readonly Row[] = [
  {
    id: 'DUMB-01',
    says: 'a critical service; which metrics its objectives use',
    check: (s) => {
      expect(s.service.criticality).toBe('critical');
      expect(s.lint().filter(({ rule }) => rule === 'metric-unused')).toEqual([]);
      documents(s, '**Criticality:** critical');
    },
  },
  {
    id: 'DUMB-02',
    says: '99.9 % of requests succeed; users feel it',
    check: (s) => {
      expect(slo(s, 'availability')).toMatchObject({ role: 'primary', category: 'user', target: { ratio: 0.999 } });
      expect(s.service.slos.filter(({ category }) => category === 'resource').map(({ name }) => name)).toEqual([
        'memory',
        'file-descriptors',
        'garbage-collection',
      ]);
    },
  },
  {
    id: 'DUMB-03',
    says: 'the indicator without the comparison',
    check: (s) => {
      promises(s, 'availability', {
        of: 'bad http_requests_total{job="dumbkv",status!~"4..",status=~"5.."} of http_requests_total{job="dumbkv",status!~"4.."}',
        target: '99.9%',
        period: '30d',
        further: ['calendar month'],
      });
      finds(s, 'sli-contains-comparison', 19);
      finds(s, 'absent-numerator', 20);
    },
  },
  {
    id: 'DUMB-04',
    says: 'monthly: thirty days count, the calendar month is shown; 43 minutes',
    check: (s) => {
      documents(
        s,
        '| Availability | 99.9% | 30 days | 0.1 % | 43.2 min |',
        'It is shown over calendar month (UTC) as well.',
      );
      expect(
        recordOf(s, 'slo:period_error_budget_remaining:ratio', { slo: 'availability', period: 'calendar-month' }),
      ).toContain('0.001');
    },
  },
  {
    id: 'DUMB-05',
    says: 'client errors are no valid events',
    check: (s) => {
      for (const which of ['total', 'counted'] as const)
        expect(countersOf(s, 'availability', which)).toContain('status!~"4.."');
      finds(s, 'valid-events', 27);
    },
  },
  {
    id: 'DUMB-06',
    says: 'p99 of operations on keys below 100 ms: at most, as buckets count, which the document says',
    check: (s) => {
      percentile(s, 'latency-p99', 0.1, '99%');
      documents(s, 'At least 99% of the observations are at most 100 ms, over any 30 days.');
      finds(s, 'scope-missing', 33);
    },
  },
  {
    id: 'DUMB-07',
    says: 'p99 over 5 min, added up by le',
    check: (s) => {
      expect(recordOf(s, 'slo:quantile:value', { slo: 'latency-p99', quantile: '0.99' })).toContain(
        'histogram_quantile(0.99, sum by (le) (rate(',
      );
      finds(s, 'quantile-without-le', 40);
    },
  },
  {
    id: 'DUMB-08',
    says: 'p95 below 50 ms and p50 below 20 ms, secondary',
    check: (s) => {
      for (const name of ['latency-p95', 'latency-p50'])
        expect(slo(s, name)).toMatchObject({ role: 'secondary', family: 'latency' });
      percentile(s, 'latency-p95', 0.05, '95%');
      percentile(s, 'latency-p50', 0.02, '50%');
    },
  },
  {
    id: 'DUMB-09',
    says: 'a budget of 1 % follows from p99',
    check: (s) => {
      expect(['latency-p99', 'latency-p95', 'latency-p50'].map((name) => slo(s, name).target.errorBudget)).toEqual([
        0.01, 0.05, 0.5,
      ]);
      documents(
        s,
        '| 99 % within 100 ms | 99% | 30 days | 1 % | 7.2 h |',
        '| 95 % within 50 ms | 95% | 30 days | 5 % |',
        '| Half within 20 ms | 50% | 30 days | 50 % |',
      );
    },
  },
  {
    id: 'DUMB-10',
    says: 'server errors below 0.1 % are the availability once more',
    check: (s) => {
      expect(s.service.slos.filter(({ indicator }) => indicator.kind === 'ratio').map(({ name }) => name)).toEqual([
        'availability',
      ]);
      finds(s, 'duplicate-slo', 57);
    },
  },
  {
    id: 'DUMB-11',
    says: 'the same share seen from the bad side',
    check: (s) => {
      panels(s, 'Availability: bad share', {
        type: 'timeseries',
        reads: ['slo:errors:ratio{service="dumbkv",slo="availability",window="5m"}'],
        lines: [0.001],
      });
      finds(s, 'sli-contains-comparison', 63);
    },
  },
  {
    id: 'DUMB-12',
    says: 'less than 0.1 % of 5xx: at most, as budgets count, which the document says',
    check: (s) => {
      expect(slo(s, 'availability').target).toMatchObject({ text: '99.9%', errorBudget: 0.001 });
      documents(s, 'Of 100,000 events 100 may be bad');
    },
  },
  {
    id: 'DUMB-13',
    says: 'more than 0.1 % for 5 min, which is a burn rate of 1',
    check: (s) => {
      alerts(s, 'ServerErrorsAboveObjective', {
        when: 'sum(rate(http_requests_total{job="dumbkv",status=~"5.."}[5m])) / sum(rate(http_requests_total{job="dumbkv",status!~"4.."}[5m])) > 0.001',
        for: '5m',
        severity: 'info',
        to: ['team'],
      });
      finds(s, 'alert-missing', 68);
    },
  },
  {
    id: 'DUMB-14',
    says: 'resident memory, a resource',
    check: (s) =>
      expect(slo(s, 'memory')).toMatchObject({
        category: 'resource',
        role: 'secondary',
        indicator: { kind: 'condition' },
      }),
  },
  {
    id: 'DUMB-15',
    says: 'below 450 MiB, of this job',
    check: (s) => {
      promises(s, 'memory', {
        of: 'process_resident_memory_bytes{job="dumbkv"} < 471859200',
        target: '99%',
        period: '30d',
        slices: '1m',
      });
      finds(s, 'unit', 82);
      finds(s, 'selector-too-wide', 82);
    },
  },
  {
    id: 'DUMB-16',
    says: 'room below the limit of the container',
    check: (s) => {
      documents(s, '**Why:** Leaves a buffer before the container is killed.');
      const limit = '0.8 * container_spec_memory_limit_bytes{job="dumbkv"}';
      const text = s.source.text
        .replace('< 471859200', `< ${limit}`)
        .replace('metrics:\n', 'metrics:\n  container_spec_memory_limit_bytes: { type: gauge, exporter: cadvisor }\n');
      const outcome = readDefinitions({ name: 'slo.yaml', text });
      const moving = outcome.ok ? outcome.value[0]!.slos.find(({ name }) => name === 'memory') : undefined;
      expect(moving && indicatorText(moving.indicator)).toBe(
        'process_resident_memory_bytes{job="dumbkv"} / container_spec_memory_limit_bytes{job="dumbkv"} < 0.8',
      );
    },
  },
  {
    id: 'DUMB-17',
    says: 'file descriptors, a resource',
    check: (s) =>
      expect(slo(s, 'file-descriptors')).toMatchObject({ category: 'resource', indicator: { kind: 'condition' } }),
  },
  {
    id: 'DUMB-18',
    says: 'open by most below 0.8',
    check: (s) => {
      promises(s, 'file-descriptors', {
        of: 'process_open_fds{job="dumbkv"} / process_max_fds{job="dumbkv"} < 0.8',
        target: '99%',
        period: '30d',
        slices: '1m',
      });
      expect(recordOf(s, 'slo:condition:bool', { slo: 'file-descriptors' })).toContain('< bool 0.8');
    },
  },
  {
    id: 'DUMB-19',
    says: 'garbage collection: two conditions in one objective',
    check: (s) => {
      const { indicator } = slo(s, 'garbage-collection');
      expect(indicator).toMatchObject({
        kind: 'condition',
        condition: { kind: 'all', of: [{ kind: 'invariant' }, { kind: 'comparison' }] },
      });
      expect(recordOf(s, 'slo:condition_part:bool', { slo: 'garbage-collection' })).not.toBe('');
    },
  },
  {
    id: 'DUMB-20',
    says: 'uncollectable objects do not grow',
    check: (s) => {
      expect(slo(s, 'garbage-collection').indicator).toMatchObject({
        condition: { of: [{ kind: 'invariant', within: hour }, {}] },
      });
      expect(recordOf(s, 'instance:slo_watched_counters:sum', { slo: 'garbage-collection' })).toContain(
        'python_gc_objects_uncollectable_total{job="dumbkv"}',
      );
    },
  },
  {
    id: 'DUMB-21',
    says: 'fewer than 20 collections a second, of all generations',
    check: (s) => {
      expect(recordOf(s, 'slo:condition_part:bool', { slo: 'garbage-collection' })).toMatch(
        /sum by \(instance\) \(rate\(python_gc_collections_total\{job="dumbkv"\}\[5m\]\)\).*< bool 20/,
      );
      finds(s, 'per-label-threshold', 117);
    },
  },
  {
    id: 'DUMB-22',
    says: 'none uncollectable, fewer than 20: two bounds',
    check: (s) =>
      promises(s, 'garbage-collection', {
        of: 'python_gc_objects_uncollectable_total{job="dumbkv"} does not increase within 1h and sum by (instance) (rate(python_gc_collections_total{job="dumbkv"}[5m])) < 20',
        target: '99%',
        period: '30d',
        slices: '1m',
      }),
  },
];
