import { expect } from 'vitest';
import { hour, minute } from '../../../src/core/base/index.ts';
import { allowedTime } from '../../../src/core/slo/index.ts';
import {
  agenda,
  alerts,
  countersOf,
  documents,
  finds,
  metric,
  panels,
  promises,
  recordOf,
  review,
  slo,
  told,
} from '../claims.ts';
import type { Row } from '../row.ts';

/** What the document of PacToDo asks for. */
export const pacRows: readonly Row[] = [
  {
    id: 'PAC-01',
    says: 'the metrics of prometheus_flask_exporter and their labels',
    check: (s) => {
      expect([...metric(s, 'flask_http_request_total', 'counter', ['method', 'status']).labels.keys()]).not.toContain(
        'path',
      );
      expect(metric(s, 'flask_http_request_duration_seconds', 'histogram', ['path']).exporter).toBe(
        'prometheus_flask_exporter',
      );
      // The document does not list any labels: the linter knows the exporter's.
      finds(s, 'label-undeclared', 13, 'has the labels method, status');
    },
  },
  {
    id: 'PAC-02',
    says: 'share of tasks that succeed',
    check: (s) => {
      expect(slo(s, 'availability').indicator).toMatchObject({ kind: 'ratio', counts: 'bad' });
      finds(s, 'share-but-rate', 12);
    },
  },
  {
    id: 'PAC-03',
    says: 'availability, the same share',
    check: (s) => {
      expect(s.service.slos.map(({ name }) => name)).toEqual(['latency', 'availability', 'error-rate']);
      finds(s, 'duplicate-sli', 13);
      finds(s, 'ratio-without-aggregation', 13);
    },
  },
  {
    id: 'PAC-04',
    says: 'share of 4xx and 5xx',
    check: (s) => {
      expect(recordOf(s, 'service:indicator:value', { indicator: 'error-share' })).toBe(
        '(sum(rate(flask_http_request_total{status=~"4..|5.."}[5m])) or vector(0)) / sum(rate(flask_http_request_total[5m]))',
      );
      finds(s, 'definition-drift', 14);
    },
  },
  {
    id: 'PAC-05',
    says: 'latency by the buckets of 25, 50 and 500 ms',
    check: (s) => {
      expect(metric(s, 'flask_http_request_duration_seconds', 'histogram').buckets).toEqual([0.025, 0.05, 0.5, 1]);
      expect(countersOf(s, 'latency', 'counted')).toMatch(/le="0\.5"/);
    },
  },
  {
    id: 'PAC-06',
    says: 'rates of created and deleted tasks, without an objective',
    check: (s) => {
      expect(recordOf(s, 'service:indicator:value', { indicator: 'created-tasks' })).toBe(
        'sum(rate(create_task_total[5m]))',
      );
      expect(recordOf(s, 'service:indicator:value', { indicator: 'deleted-tasks' })).toBe(
        'sum(rate(delete_task_total[5m]))',
      );
      finds(s, 'indicator-without-objective', 16);
    },
  },
  {
    id: 'PAC-07',
    says: '95 % of requests within 500 ms',
    check: (s) => {
      promises(s, 'latency', { of: 'flask_http_request_duration_seconds below 0.5', target: '95%', period: '30d' });
      finds(s, 'missing-window', 23);
    },
  },
  {
    id: 'PAC-08',
    says: '99.9 % of /api/tasks, 43 min a month',
    check: (s) => {
      promises(s, 'availability', {
        of: 'bad flask_http_request_duration_seconds_count{path=~"/api/tasks(/.*)?",status=~"5.."} of flask_http_request_duration_seconds_count{path=~"/api/tasks(/.*)?"}',
        target: '99.9%',
        period: '30d',
        further: ['calendar month'],
      });
      documents(s, '| Availability of /api/tasks | 99.9% | 30 days | 0.1 % | 43.2 min |');
      finds(s, 'label-undeclared', 24);
    },
  },
  {
    id: 'PAC-09',
    says: 'at most 1 % of a day’s requests are 5xx',
    check: (s) => {
      promises(s, 'error-rate', {
        of: 'bad flask_http_request_total{status=~"5.."} of flask_http_request_total',
        target: '99%',
        period: '1d',
        further: ['calendar day'],
      });
      expect(
        recordOf(s, 'slo:period_error_budget_remaining:ratio', { slo: 'error-rate', period: 'calendar-day' }),
      ).toContain('0.01');
      finds(s, 'missing-window', 25);
    },
  },
  {
    id: 'PAC-10',
    says: 'an informal agreement about latency, looser than the objective',
    check: (s) => {
      const sla = s.service.slas.find(({ name }) => name === 'latency');
      expect(sla).toMatchObject({ slo: 'latency', binding: false });
      expect(sla?.target?.ratio).toBeLessThan(slo(s, 'latency').target.ratio);
      finds(s, 'sla-not-looser', 32);
    },
  },
  {
    id: 'PAC-11',
    says: 'an informal agreement about uptime, looser than the objective',
    check: (s) => {
      const sla = s.service.slas.find(({ name }) => name === 'uptime');
      expect(sla).toMatchObject({ slo: 'availability', binding: false });
      expect(sla?.target?.ratio).toBeLessThan(slo(s, 'availability').target.ratio);
      finds(s, 'sla-not-looser', 33);
    },
  },
  {
    id: 'PAC-12',
    says: 'a response within 60 minutes, which is more than the budget',
    later: 'run',
    why: 'The agreement is defined and compared with the budget; response times are measured on incidents, which come with Run.',
    check: (s) => {
      expect(s.service.slas.find(({ name }) => name === 'incidents')?.response).toBe(hour);
      expect(allowedTime(slo(s, 'availability').target.errorBudget, slo(s, 'availability').period.length)).toBeLessThan(
        hour,
      );
      documents(s, 'within 1 hour');
      finds(s, 'response-exceeds-budget', 34, '43.2 min');
    },
  },
  {
    id: 'PAC-13',
    says: 'the exporter exposes /metrics',
    organisation: 'resources.0.items.0',
    holds: 'prometheus_flask_exporter exposes /metrics',
  },
  {
    id: 'PAC-14',
    says: 'Prometheus scrapes and stores',
    check: (s) => {
      expect(s.rules().length).toBeGreaterThan(50);
      expect(s.files('operator').get('pactodo.yaml')).toContain('kind: PrometheusRule');
    },
  },
  {
    id: 'PAC-15',
    says: 'a panel: success of tasks',
    check: (s) =>
      panels(s, 'Task Success SLO', { row: 'Objectives', type: 'stat', reads: ['status=~"2.."'], unit: 'percentunit' }),
  },
  {
    id: 'PAC-16',
    says: 'a panel: availability',
    check: (s) =>
      panels(s, 'Availability of /api/tasks', {
        row: 'Compliance',
        type: 'gauge',
        reads: ['1 - slo:period_errors:ratio{period="",service="pactodo",slo="availability"}'],
        lines: [0.999],
      }),
  },
  {
    id: 'PAC-17',
    says: 'a panel: errors',
    check: (s) =>
      panels(s, 'Failed responses (4xx, 5xx)', {
        type: 'timeseries',
        reads: ['status=~"4..|5.."'],
        unit: 'percentunit',
      }),
  },
  {
    id: 'PAC-18',
    says: 'a panel: latency for 25, 50 and 500 ms',
    check: (s) =>
      panels(s, 'Latency SLO', {
        row: 'Objectives',
        type: 'timeseries',
        reads: ['le="0.025"', 'le="0.05"', 'le="0.5"', '_count'],
        unit: 'reqps',
      }),
  },
  {
    id: 'PAC-19',
    says: 'Docker simulates failures',
    later: 'proof',
    why: 'The scenario stops the container on the emulator; drills against a live stack come with Proof.',
    check: (s) => expect(s.at('resources.0.items.3')).toContain('simulates failures'),
  },
  {
    id: 'PAC-20',
    says: 'success of the task API now',
    check: (s) =>
      panels(s, 'Task Success SLO', {
        row: 'Objectives',
        type: 'stat',
        reads: ['path=~"/api/tasks(/.*)?",status=~"2.."'],
        lines: [0.999],
      }),
  },
  {
    id: 'PAC-21',
    says: 'share of failed responses',
    check: (s) =>
      panels(s, 'Error Rate SLO', {
        row: 'Objectives',
        type: 'timeseries',
        reads: [
          '(sum(rate(flask_http_request_total{status=~"4..|5.."}[5m])) or vector(0)) / sum(rate(flask_http_request_total[5m]))',
        ],
        lines: [0.01],
      }),
  },
  {
    id: 'PAC-22',
    says: 'stacked bands between the bounds, not buckets',
    check: (s) => {
      const bands = panels(s, 'Requests within 500 ms: bands', {
        row: 'Latency',
        type: 'timeseries',
        reads: ['le="0.025"', 'le="0.05"', 'le="0.5"'],
      });
      expect(bands.fieldConfig?.defaults.custom?.stacking?.mode).toBe('normal');
      for (const { expr } of (bands.targets ?? []).slice(1)) expect(expr).toContain(' - ');
      finds(s, 'stack-cumulative', 55);
    },
  },
  {
    id: 'PAC-23',
    says: 'availability by classes of status',
    check: (s) => {
      const own = panels(s, 'Availability SLO', {
        row: 'Objectives',
        type: 'gauge',
        reads: ['slo="availability"'],
        lines: [0.999],
      });
      expect(own.targets?.[0]?.expr).not.toContain('200');
    },
  },
  {
    id: 'PAC-24',
    says: 'the container is down: missing data is told within minutes',
    check: (s) => {
      alerts(s, 'SloDataMissing', {
        when: 'absent(slo:instances:count{service="pactodo",slo="availability"})',
        for: '5m',
        severity: 'page',
        to: ['backend'],
        labels: { slo: 'availability', reason: 'no-target' },
      });
      expect(review(s, 'drill').cadence).toEqual({ kind: 'event', event: 'drill' });
      agenda(s, 'drill', 'When the alert about missing data came', 'alert-quality');
    },
    later: 'proof',
    why: 'The scenario has the outage and the alert is generated; a drill that compares the times with what was expected comes with Proof.',
  },
  {
    id: 'PAC-25',
    says: 'a postmortem is to be added',
    organisation: 'actionItems.0.title',
    holds: 'Add the postmortem of the drill',
  },
  {
    id: 'PAC-26',
    says: 'alert rules, at 500 ms and not at 300',
    check: (s) => {
      alerts(s, 'PacToDoSlow', {
        when: 'histogram_quantile(0.95, sum by (le) (rate(flask_http_request_duration_seconds_bucket[5m]))) > 0.5',
        for: '10m',
        severity: 'ticket',
        to: ['backend'],
      });
      finds(s, 'alert-threshold-vs-slo', 70, '0.3 s');
    },
  },
  {
    id: 'PAC-27',
    says: 'boards as JSON',
    check: (s) => {
      const files = [...s.files('grafana').keys()].toSorted();
      expect(files).toEqual([
        'overview.json',
        'service.pactodo.json',
        'slo.pactodo.availability.json',
        'slo.pactodo.error-rate.json',
        'slo.pactodo.latency.json',
      ]);
    },
  },
  {
    id: 'PAC-28',
    says: 'an alert on spikes of 5xx; recovery is seen',
    check: (s) => {
      const rule = alerts(s, 'PacToDoServerErrorSpike', {
        when: /> 0\.05 unless on \(\) .* <= on \(\) 5 \* .*\[1h\] offset 1h/,
        for: '2m',
        severity: 'ticket',
        to: ['backend'],
      });
      expect(rule.keepFiringFor).toBe(5 * minute);
      expect(s.files('alertmanager').get('alertmanager.yaml')).toContain('send_resolved: true');
    },
  },
  {
    id: 'PAC-29',
    says: 'a webhook to the log of incidents',
    check: (s) => {
      expect(told(s, { severity: 'page' })).toEqual(['backend']);
      expect(s.files('alertmanager').get('alertmanager.yaml')).toMatch(
        /webhook_configs:[\s\S]*url: http:\/\/incidents\.pactodo\.example\.com\/alerts/,
      );
    },
  },
  { id: 'PAC-30', says: 'of 31 May 2025', check: (s) => documents(s, '**Last reviewed:** 2025-05-31') },
];
