import { expect } from 'vitest';
import { minute } from '../../../src/core/base/index.ts';
import { allowedTime, budgetShareAt } from '../../../src/core/slo/index.ts';
import {
  agenda,
  alerts,
  alertsOf,
  burns,
  colourAt,
  documents,
  finds,
  panels,
  recordOf,
  slo,
  stateAt,
  told,
} from '../claims.ts';
import type { Row } from '../row.ts';

const gate = 'The state and its verdicts are there; the server that follows them and tells people comes with Run.';

/** Budgets, alerts, escalation, boards, reviews and goals of DumbKV. */
export const dumbOperations: readonly Row[] = [
  {
    id: 'DUMB-23',
    says: 'the table of budgets: 43 min, 7.2 h',
    check: (s) => {
      const time = (name: string): number =>
        allowedTime(slo(s, name).target.errorBudget, slo(s, name).period.length) / minute;
      expect([time('availability'), time('latency-p99')].map((value) => Number(value.toFixed(6)))).toEqual([43.2, 432]);
    },
  },
  {
    id: 'DUMB-24',
    says: 'HighErrorBudgetBurn at 2 % of the budget in 1 h: a burn rate of 14.4',
    check: (s) => {
      const [first] = slo(s, 'availability').alerts;
      expect(budgetShareAt(first!.burnRate, first!.longWindow, slo(s, 'availability').period.length)).toBeCloseTo(
        0.02,
        12,
      );
      burns(s, 'availability', [
        ['page', '1h', '5m', 14.4, 'HighErrorBudgetBurn'],
        ['page', '6h', '30m', 6, 'HighErrorBudgetBurn6h'],
        ['ticket', '1d', '2h', 3, 'HighErrorBudgetBurn1d'],
        ['ticket', '3d', '6h', 1, 'HighErrorBudgetBurn3d'],
      ]);
      expect(alertsOf(s, 'HighErrorBudgetBurn')[0]?.annotations.get('description')).toContain(
        'This alert fires when 1h have spent 2% of the budget.',
      );
      finds(s, 'burn-threshold-scale', 139, '720');
    },
  },
  {
    id: 'DUMB-25',
    says: 'CriticalLatencySLO: p99 above 0.1 for 5m, warning',
    check: (s) => {
      alerts(s, 'CriticalLatencySLO', {
        when: 'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{handler=~"/kv/.*",job="dumbkv"}[5m]))) > 0.1',
        for: '5m',
        severity: 'warning',
        to: ['team'],
        summary: 'P99 latency exceeding 100ms SLO',
      });
      finds(s, 'name-vs-severity', 147);
    },
  },
  {
    id: 'DUMB-26',
    says: 'less than 25 % consumed: normal, the team',
    check: (s) => {
      expect(stateAt(s, 'escalation', 0.76)).toMatchObject({ name: 'normal', notify: ['team'] });
      documents(s, 'less than 25 %');
    },
    later: 'run',
    why: gate,
  },
  {
    id: 'DUMB-27',
    says: '25 to 50 %: review, the engineering lead',
    check: (s) => {
      for (const left of [0.75, 0.51])
        expect(stateAt(s, 'escalation', left)).toMatchObject({
          name: 'watchful',
          notify: ['engineering-lead'],
          changes: { high: 'review' },
        });
    },
    later: 'run',
    why: `${gate} Recent deployments are not linked.`,
  },
  {
    id: 'DUMB-28',
    says: '50 to 75 %: freeze, the director',
    check: (s) => {
      for (const left of [0.5, 0.26])
        expect(stateAt(s, 'escalation', left)).toMatchObject({
          name: 'frozen',
          notify: ['director'],
          changes: { low: 'allow', medium: 'deny', high: 'deny' },
        });
      finds(s, 'policy-bounds', 163);
    },
    later: 'run',
    why: gate,
  },
  {
    id: 'DUMB-29',
    says: '75 % and more: an incident, executives',
    check: (s) => {
      for (const left of [0.25, 0, -1])
        expect(stateAt(s, 'escalation', left)).toMatchObject({
          name: 'incident',
          notify: ['executives'],
          opensIncident: true,
        });
      finds(s, 'policy-bounds', 164);
    },
    later: 'run',
    why: gate,
  },
  {
    id: 'DUMB-30',
    says: 'availability of 30 days, from what is recorded',
    check: (s) => {
      panels(s, '30-day availability', {
        row: 'SLO',
        type: 'stat',
        reads: ['1 - slo:period_errors:ratio{period="",service="dumbkv",slo="availability"}'],
        lines: [0.999],
      });
      finds(s, 'range-vs-retention', 175);
    },
  },
  {
    id: 'DUMB-31',
    says: 'what is left of the budget; the gauge ends at 0',
    check: (s) => {
      const own = panels(s, 'Error budget remaining', {
        row: 'SLO',
        type: 'gauge',
        reads: ['slo:period_error_budget_remaining:ratio{period="",service="dumbkv",slo="availability"}'],
        lines: [0, 0.25],
      });
      expect(own.fieldConfig?.defaults.min).toBe(0);
      expect([-0.2, 0.1, 0.9].map((value) => colourAt(own, value))).toEqual(['red', 'orange', 'green']);
      finds(s, 'promql-syntax', 181);
    },
  },
  {
    id: 'DUMB-32',
    says: 'the volume of requests',
    check: (s) =>
      panels(s, 'Request volume', {
        row: 'SLO',
        type: 'timeseries',
        reads: ['sum(rate(http_requests_total{job="dumbkv"}[5m]))'],
        unit: 'reqps',
      }),
  },
  {
    id: 'DUMB-33',
    says: 'memory, in bytes as people read them',
    check: (s) => {
      panels(s, 'Memory trend', {
        row: 'Resource health',
        type: 'timeseries',
        reads: ['process_resident_memory_bytes{job="dumbkv"}'],
        lines: [471859200],
        unit: 'bytes',
      });
      finds(s, 'unit', 195);
    },
  },
  {
    id: 'DUMB-34',
    says: 'file descriptors in percent',
    check: (s) =>
      panels(s, 'FD usage', {
        row: 'Resource health',
        type: 'timeseries',
        reads: ['100 * process_open_fds{job="dumbkv"} / process_max_fds{job="dumbkv"}'],
        lines: [80],
        unit: 'percent',
      }),
  },
  {
    id: 'DUMB-35',
    says: 'garbage collections',
    check: (s) =>
      panels(s, 'GC activity', {
        row: 'Resource health',
        type: 'timeseries',
        reads: ['rate(python_gc_collections_total{job="dumbkv"}[5m])'],
        lines: [20],
      }),
  },
  {
    id: 'DUMB-36',
    says: 'weekly: consumption of budgets',
    later: 'run',
    why: 'Reports come with Run.',
    check: (s) => agenda(s, 'weekly', 'Error budget consumption', 'budget'),
  },
  {
    id: 'DUMB-37',
    says: 'weekly: changes of the latency distribution',
    later: 'run',
    why: 'A heat map is on the board; the comparison of weeks comes with reports (Run).',
    check: (s) => {
      agenda(s, 'weekly', 'Latency distribution changes', 'latency-distribution');
      panels(s, '99 % within 100 ms: heat map', {
        board: 'latency-p99',
        type: 'heatmap',
        reads: ['http_request_duration_seconds_bucket'],
      });
    },
  },
  {
    id: 'DUMB-38',
    says: 'weekly: trends of resources',
    later: 'proof',
    why: 'Trends are on the board; forecasts come with Proof.',
    check: (s) => {
      agenda(s, 'weekly', 'Resource utilization trends', 'resources');
      panels(s, 'Memory: value', { type: 'timeseries', reads: ['process_resident_memory_bytes'], lines: [471859200] });
    },
  },
  {
    id: 'DUMB-39',
    says: 'monthly: compliance',
    later: 'run',
    why: 'Reports come with Run.',
    check: (s) => {
      agenda(s, 'monthly', 'SLO compliance status', 'compliance');
      expect(
        recordOf(s, 'slo:previous_period_errors:ratio', { slo: 'availability', period: 'calendar-month' }),
      ).not.toBe('');
    },
  },
  {
    id: 'DUMB-40',
    says: 'monthly: what incidents cost',
    later: 'run',
    why: 'Incidents and their share of the budget come with Run.',
    check: (s) => agenda(s, 'monthly', 'Incident impact analysis', 'incidents'),
  },
  {
    id: 'DUMB-41',
    says: 'monthly: targets to adjust',
    later: 'proof',
    why: 'Suggestions from history come with Proof.',
    check: (s) => agenda(s, 'monthly', 'Target adjustment recommendations', 'target-suggestions'),
  },
  {
    id: 'DUMB-42',
    says: '99.9 % three months running',
    later: 'run',
    why: 'The goal is defined and its months are recorded one by one; streaks are counted by Run.',
    check: (s) => {
      expect(s.service.goals[0]?.measure).toEqual({ kind: 'streak', slo: 'availability', periods: 3, unit: 'month' });
      documents(s, 'met in 3 calendar months in a row');
    },
  },
  {
    id: 'DUMB-43',
    says: 'p99 consistently below 100 ms: 99 % of the 5 minutes',
    later: 'run',
    why: 'The goal has the share that the document lacks; it is computed by Run.',
    check: (s) =>
      expect(s.service.goals[1]?.measure).toMatchObject({
        kind: 'share',
        slo: 'latency-p99',
        share: 0.99,
        slice: 5 * minute,
      }),
  },
  {
    id: 'DUMB-44',
    says: 'no unplanned downtime',
    later: 'run',
    why: 'The goal is defined; the register of incidents comes with Run.',
    check: (s) => expect(s.service.goals[2]?.measure).toMatchObject({ kind: 'incidents', planned: false, atMost: 0 }),
  },
  {
    id: 'DUMB-45',
    says: 'less alert fatigue: at most 2 pages a week',
    later: 'proof',
    why: 'The goal is defined; pages a week, precision and before and after come with the scorecard (Proof).',
    check: (s) => {
      expect(s.service.goals[3]?.measure).toMatchObject({ kind: 'pages', atMost: 2 });
      expect(told(s, { severity: 'critical' })).toEqual(['on-call']);
    },
  },
];
