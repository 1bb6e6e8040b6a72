import { expect } from 'vitest';
import { day, minute, ratio } from '../../../src/core/base/index.ts';
import { allowedTime } from '../../../src/core/slo/index.ts';
import {
  alerts,
  boardOf,
  countersOf,
  documents,
  finds,
  panels,
  promises,
  recordOf,
  recordsAbout,
  slo,
} from '../claims.ts';
import type { Row } from '../row.ts';

/** Minutes of a full outage that an error budget allows. */
function minutes(budget: number, length: number): number {
  return Number(((allowedTime(ratio(budget), day) * (length / day)) / minute).toFixed(9));
}

/** The objectives of the guide of Task MCP. */
export const taskObjectives: readonly Row[] = [
  {
    id: 'TASK-01',
    says: 'a document of objectives, indicators and budgets, with its concepts',
    check: (s) =>
      documents(
        s,
        '# Service level objectives of Task MCP',
        '## Objectives',
        '## Error budget policy',
        '## Words',
        '**Error budget:** (100 % - target) x period',
      ),
  },
  {
    id: 'TASK-02',
    says: 'an indicator is a metric, a measurement and a period',
    check: (s) => {
      expect(slo(s, 'http-latency-p95')).toMatchObject({
        indicator: { kind: 'distribution', below: 0.2 },
        quantiles: [0.95],
        period: { kind: 'rolling', length: 7 * day },
      });
      documents(s, '**SLI:** A metric, how it is measured');
    },
  },
  {
    id: 'TASK-03',
    says: 'an objective is a target, a period and how critical it is',
    check: (s) => {
      expect(slo(s, 'health-availability')).toMatchObject({
        criticality: 'critical',
        target: { text: '99.95%' },
        period: { length: 30 * day },
      });
      documents(s, '| Health checks | 99.95% | 30 days | 0.05 % | 21.6 min | secondary | critical |');
    },
  },
  {
    id: 'TASK-04',
    says: 'budget = (100 % - target) x period, beside events',
    check: (s) => {
      const { target, period } = slo(s, 'api-availability');
      expect(allowedTime(target.errorBudget, period.length)).toBeCloseTo((1 - target.ratio) * period.length, 3);
      documents(s, 'Of 100,000 events 100 may be bad; at even traffic that is a full outage of 43.2 min.');
    },
  },
  {
    id: 'TASK-05',
    says: 'usage: the share of the budget that is consumed',
    check: (s) =>
      panels(s, 'Error budget consumed', {
        board: 'overview',
        type: 'bargauge',
        reads: ['1 - slo:period_error_budget_remaining:ratio'],
      }),
  },
  {
    id: 'TASK-06',
    says: 'burn rate: for each window',
    check: (s) =>
      expect(recordsAbout(s, 'slo:burn_rate:ratio', 'api-availability')).toMatch(/slo:errors:ratio\{.*\} \/ 0\.001/),
  },
  {
    id: 'TASK-07',
    says: 'API availability: 99.9 % over 30 days, 43.2 min, high',
    check: (s) => {
      const of = 'bad http_server_requests_total{status=~"5.."} of http_server_requests_total';
      promises(s, 'api-availability', { of, target: '99.9%', period: '30d' });
      documents(s, '| API availability | 99.9% | 30 days | 0.1 % | 43.2 min |  | high |');
      finds(s, 'definition-drift', 249);
    },
    partly:
      'Defined, with 5xx as bad where the guide contradicts itself; its own YAML block (slo_name, sli, error_budget) is no dialect that `nines import` reads.',
  },
  {
    id: 'TASK-08',
    says: 'success in percent becomes a ratio',
    check: (s) => {
      expect(recordOf(s, 'slo:objective:ratio', { slo: 'api-availability' })).toBe('vector(0.999)');
      panels(s, 'API Availability SLO', {
        type: 'stat',
        reads: ['100 * (1 - slo:period_errors:ratio'],
        unit: 'percent',
      });
      finds(s, 'range-vs-retention', 48);
    },
  },
  {
    id: 'TASK-09',
    says: 'consumption in minutes of 30 days',
    check: (s) => {
      expect(minutes(0.001, 30 * day)).toBe(43.2);
      finds(s, 'consumption-unit', 52);
      panels(s, 'Budget spent, as time', {
        board: 'api-availability',
        type: 'stat',
        reads: ['slo:period_errors:ratio{period="",service="task-mcp",slo="api-availability"} * 2592000'],
        lines: [0.001 * 2592000],
        unit: 's',
      });
      finds(s, 'promql-syntax', 53);
    },
  },
  {
    id: 'TASK-10',
    says: 'health checks: 99.95 % over 30 days, 21.6 min, critical',
    check: (s) => {
      const scope = 'route=~"/health(/.*)?"';
      promises(s, 'health-availability', {
        of: `good http_server_requests_total{${scope},status=~"2.."} of http_server_requests_total{${scope}}`,
        target: '99.95%',
        period: '30d',
      });
      expect(minutes(0.0005, 30 * day)).toBe(21.6);
    },
  },
  {
    id: 'TASK-11',
    says: 'the route matches /health itself, and the metric has one name',
    check: (s) => {
      expect('/health').toMatch(/^(?:\/health(\/.*)?)$/);
      expect(countersOf(s, 'health-availability', 'total')).toContain(
        'http_server_requests_total{route=~"/health(/.*)?"}',
      );
      finds(s, 'regex-never-matches', 69);
      finds(s, 'metric-name-drift', 69);
    },
  },
  {
    id: 'TASK-12',
    says: 'HTTP latency: p95 below 200 ms and p99 below 500 ms over 7 days',
    check: (s) => {
      promises(s, 'http-latency-p95', {
        of: 'http_server_request_duration_seconds below 0.2',
        target: '95%',
        period: '1w',
      });
      promises(s, 'http-latency-p99', {
        of: 'http_server_request_duration_seconds below 0.5',
        target: '99%',
        period: '1w',
      });
      for (const name of ['http-latency-p95', 'http-latency-p99'])
        expect(slo(s, name)).toMatchObject({ family: 'http-latency', criticality: 'high' });
      finds(s, 'threshold-only-slo', 81);
    },
  },
  {
    id: 'TASK-13',
    says: 'p95 and p99 by le',
    check: (s) => {
      for (const share of ['0.95', '0.99'])
        expect(
          recordOf(s, 'slo:quantile:value', { slo: `http-latency-p${share.slice(2)}`, quantile: share }),
        ).toContain(`histogram_quantile(${share}, sum by (le) (rate(http_server_request_duration_seconds_bucket[`);
      for (const [share, name] of [
        ['0.95', 'p95'],
        ['0.99', 'p99'],
      ] as const) {
        const board = boardOf(s, `http-latency-${name}`);
        const row = board.panels.find(({ title }) => title === 'Distribution over the period');
        expect(JSON.stringify(row)).toContain(
          `histogram_quantile(${share}, sum by (le) (rate(http_server_request_duration_seconds_bucket[1w])))`,
        );
      }
      finds(s, 'unit-suffix-missing', 89);
    },
  },
  {
    id: 'TASK-14',
    says: 'tools: p95 below 500 ms and p99 below 2 s over 7 days',
    check: (s) => {
      promises(s, 'tool-latency-p95', { of: 'tool_execution_duration_seconds below 0.5', target: '95%', period: '1w' });
      promises(s, 'tool-latency-p99', { of: 'tool_execution_duration_seconds below 2', target: '99%', period: '1w' });
      finds(s, 'sli-without-query', 101, 'p99');
    },
  },
  {
    id: 'TASK-15',
    says: 'p95 of tools',
    check: (s) => {
      expect(recordOf(s, 'slo:quantile:value', { slo: 'tool-latency-p95' })).toContain(
        'histogram_quantile(0.95, sum by (le) (rate(tool_execution_duration_seconds_bucket[',
      );
      finds(s, 'unit-suffix-missing', 112);
    },
  },
  {
    id: 'TASK-16',
    says: 'first streamed message: p95 below 100 ms over 24 h, medium',
    check: (s) => {
      promises(s, 'stream-first-message', {
        of: 'stream_first_message_seconds below 0.1',
        target: '95%',
        period: '1d',
      });
      expect(slo(s, 'stream-first-message').criticality).toBe('medium');
      finds(s, 'sli-without-query', 119);
    },
  },
  {
    id: 'TASK-17',
    says: 'HTTP errors: less than 1 % over 24 h, for each endpoint too',
    check: (s) => {
      const of = 'bad http_server_requests_total{status=~"4..|5.."} of http_server_requests_total';
      promises(s, 'http-error-rate', { of, target: '99%', period: '1d' });
      promises(s, 'endpoint-errors', { of, target: '99%', period: '1d' });
      expect(slo(s, 'endpoint-errors').groupBy).toEqual(['route']);
      expect(
        recordsAbout(s, 'slo:events:increase', 'endpoint-errors') + countersOf(s, 'endpoint-errors', 'total'),
      ).toContain('route');
      finds(s, 'contradictory-targets', 131);
    },
  },
  {
    id: 'TASK-18',
    says: '4xx and 5xx are bad',
    check: (s) => {
      expect(countersOf(s, 'http-error-rate', 'counted')).toContain('status=~"4..|5.."');
      finds(s, 'absent-numerator', 141);
    },
  },
  {
    id: 'TASK-19',
    says: 'fewer than 0.1 % of critical tools fail; over a week',
    check: (s) => {
      promises(s, 'tool-error-rate', {
        of: 'bad tool_executions_total{success="false",tool=~"task_.*"} of tool_executions_total{tool=~"task_.*"}',
        target: '99.9%',
        period: '1w',
      });
      expect(slo(s, 'tool-error-rate').criticality).toBe('critical');
    },
  },
  {
    id: 'TASK-20',
    says: 'success="false" is bad',
    check: (s) => expect(countersOf(s, 'tool-error-rate', 'counted')).toContain('success="false"'),
  },
  {
    id: 'TASK-21',
    says: 'sign-ins: less than 5 % fail, intentional failures left out on both sides',
    check: (s) => {
      promises(s, 'auth-error-rate', {
        of: 'bad auth_attempts_total{reason!="intentional",result="failure"} of auth_attempts_total{reason!="intentional"}',
        target: '95%',
        period: '1d',
      });
      expect(slo(s, 'auth-error-rate').criticality).toBe('medium');
      finds(s, 'sli-without-query', 165);
    },
  },
  {
    id: 'TASK-22',
    says: 'a thousand requests a second: hardly any refused while there are no more',
    check: (s) => {
      promises(s, 'throughput', {
        of: 'sum(rate(http_server_requests_total[5m])) > 1000 or (sum(rate(http_server_requests_total{status=~"429|503"}[5m])) or vector(0)) / sum(rate(http_server_requests_total[5m])) < 0.01',
        target: '95%',
        period: '1h',
        slices: '1m',
      });
      alerts(s, 'TaskMCPRefusesRequests', {
        when: / > 0\.05$/,
        for: '5m',
        severity: 'warning',
        to: ['warning-alerts'],
      });
    },
  },
  {
    id: 'TASK-23',
    says: 'requests a second over an hour',
    check: (s) =>
      expect(recordOf(s, 'service:indicator:value', { indicator: 'requests' })).toBe(
        'sum(rate(http_server_requests_total[1h]))',
      ),
  },
  {
    id: 'TASK-24',
    says: 'a thousand streams: the maximum of a day, evidence of capacity',
    check: (s) => {
      promises(s, 'concurrent-streams', {
        of: 'max_over_time(sum(streaming_active_connections)[1d:5m]) > 1000',
        target: '99%',
        period: '1d',
        slices: '5m',
      });
      expect(slo(s, 'concurrent-streams')).toMatchObject({ lifecycle: 'draft', criticality: 'medium', alerts: [] });
      documents(s, '**Evidence:** https://wiki.task-mcp.example.com/load-tests/streams');
      finds(s, 'max-vs-instant', 203);
    },
  },
  {
    id: 'TASK-25',
    says: 'open streams now',
    check: (s) =>
      expect(recordOf(s, 'service:indicator:value', { indicator: 'open-streams' })).toBe(
        'sum(streaming_active_connections)',
      ),
  },
];
