import { expect } from 'vitest';
import { day, hour, minute, ratio } from '../../../src/core/base/index.ts';
import { allowedTime } from '../../../src/core/slo/index.ts';
import { alerts, alertsOf, boardOf, burns, colourAt, documents, finds, panels, recordsAbout, slo } from '../claims.ts';
import type { Row } from '../row.ts';
import type { System } from '../system.ts';

/** The ranges that a board offers. */
function offers(s: System, from: string): void {
  for (const board of s.boards().values()) expect(board.timepicker.quick_ranges.map((one) => one.from)).toContain(from);
}

/** Minutes of a full outage that an error budget allows. */
function minutes(budget: number, length: number): number {
  return Number(((allowedTime(ratio(budget), day) * (length / day)) / minute).toFixed(9));
}

/** Budgets, alerts and boards of the guide of Task MCP. */
export const taskAlerts: readonly Row[] = [
  {
    id: 'TASK-26',
    says: 'the table of budgets, and what is wrong in the one by hand',
    check: (s) => {
      expect([
        minutes(0.001, 30 * day),
        minutes(0.0005, 30 * day),
        minutes(0.01, day),
        minutes(0.01, hour),
        minutes(0.001, hour),
      ]).toEqual([43.2, 21.6, 14.4, 0.6, 0.06]);
      documents(
        s,
        '| HTTP errors of a day | 99% | 1 day | 1 % | 14.4 min |',
        '| Failed tools | 99.9% | 7 days | 0.1 % | 10.1 min |',
      );
      for (const line of [214, 215, 216, 217]) finds(s, 'budget-table-arithmetic', line);
    },
  },
  {
    id: 'TASK-27',
    says: 'burn rate by recorded values in place of variables',
    check: (s) => {
      expect(recordsAbout(s, 'slo:errors:ratio', 'api-availability')).toContain('slo:events:sum{events="bad"');
      expect(recordsAbout(s, 'slo:burn_rate:ratio', 'api-availability')).toContain('/ 0.001');
      finds(s, 'promql-syntax', 232);
      finds(s, 'budget-constant', 251);
    },
  },
  {
    id: 'TASK-28',
    says: 'fast: 14.4, critical; a budget of 30 days lasts 50 h',
    check: (s) => {
      expect((30 * day) / 14.4 / hour).toBeCloseTo(50, 9);
      expect(alertsOf(s, 'TaskMCPHighErrorRateFastBurn')[0]?.annotations.get('description')).toContain('at this rate');
      finds(s, 'exhaustion-claim', 239, '50 h');
    },
  },
  {
    id: 'TASK-29',
    says: 'medium: 4.8, warning',
    check: (s) => {
      expect(slo(s, 'api-availability').alerts[1]).toMatchObject({ burnRate: 4.8, severity: 'ticket' });
      finds(s, 'exhaustion-claim', 240, '6.25 d');
    },
  },
  {
    id: 'TASK-30',
    says: 'slow: 1.2, info; its missing rule is generated',
    check: (s) => {
      alerts(s, 'TaskMCPHighErrorRateSlowBurn', {
        when: /window="3d"\} \* .* > 1\.2 and .*window="6h"\} > 1\.2/,
        severity: 'info',
        to: ['slo-alerts'],
      });
      finds(s, 'tier-missing', 241);
    },
  },
  {
    id: 'TASK-31',
    says: 'TaskMCPHighErrorRateFastBurn: 1 h, 14.4, for 2m, critical, with a short window',
    check: (s) => {
      alerts(s, 'TaskMCPHighErrorRateFastBurn', {
        when: /window="1h"\} \* .* > 14\.4 and .*window="5m"\} > 14\.4/,
        for: '2m',
        severity: 'critical',
        to: ['slo-alerts', 'critical-alerts'],
      });
      finds(s, 'no-short-window', 248);
    },
  },
  {
    id: 'TASK-32',
    says: 'TaskMCPHighErrorRateMediumBurn: 6 h, 4.8, for 10m, warning, with a short window',
    check: (s) => {
      alerts(s, 'TaskMCPHighErrorRateMediumBurn', {
        when: /window="6h"\} \* .* > 4\.8 and .*window="30m"\} > 4\.8/,
        for: '10m',
        severity: 'warning',
        to: ['slo-alerts', 'warning-alerts'],
      });
      burns(s, 'api-availability', [
        ['page', '1h', '5m', 14.4, 'TaskMCPHighErrorRateFastBurn'],
        ['ticket', '6h', '30m', 4.8, 'TaskMCPHighErrorRateMediumBurn'],
        ['ticket', '1d', '2h', 2, 'TaskMCPHighErrorRateSteadyBurn'],
        ['info', '3d', '6h', 1.2, 'TaskMCPHighErrorRateSlowBurn'],
        ['ticket', '3d', '6h', 1, 'TaskMCPHighErrorRateAnyBurn'],
      ]);
      finds(s, 'no-short-window', 262);
    },
  },
  {
    id: 'TASK-33',
    says: 'overview: objectives by state',
    check: (s) => {
      const own = panels(s, 'Objectives by state', {
        board: 'overview',
        type: 'stat',
        reads: ['>= 0.25', '< 0.25', '< 0'],
      });
      expect(own.targets?.map(({ legendFormat }) => legendFormat)).toEqual(['met', 'at risk', 'missed', 'unknown']);
    },
  },
  {
    id: 'TASK-34',
    says: 'overview: consumption of all budgets',
    check: (s) =>
      panels(s, 'Error budget consumed', {
        board: 'overview',
        type: 'bargauge',
        reads: ['sort_desc(1 - slo:period_error_budget_remaining:ratio'],
        lines: [0.75, 1],
      }),
  },
  {
    id: 'TASK-35',
    says: 'overview: burn-rate alerts that fire',
    check: (s) =>
      panels(s, 'Active burn-rate alerts', {
        board: 'overview',
        type: 'table',
        reads: ['ALERTS{alertstate="firing",service=~"$service",slo!="",window!=""}'],
      }),
  },
  {
    id: 'TASK-36',
    says: 'overview: health of services',
    check: (s) =>
      panels(s, 'Service health', {
        board: 'overview',
        type: 'stat',
        reads: ['min by (service) (slo:period_error_budget_remaining:ratio'],
        lines: [0, 0.25],
      }),
  },
  {
    id: 'TASK-37',
    says: 'met or not, without vanishing',
    check: (s) => {
      panels(s, 'API Availability SLO met', { type: 'stat', reads: ['<= bool 0.001'] });
      panels(s, 'Promise', { board: 'api-availability', type: 'stat', reads: ['>= bool 0'], lines: [1] });
      finds(s, 'sli-contains-comparison', 287);
    },
  },
  {
    id: 'TASK-38',
    says: 'what is left of the budget in percent',
    check: (s) => {
      const own = panels(s, 'Error budget remaining', {
        type: 'gauge',
        reads: ['100 * slo:period_error_budget_remaining:ratio'],
        lines: [0, 20],
        unit: 'percent',
      });
      expect([-5, 10, 90].map((value) => colourAt(own, value))).toEqual(['red', 'orange', 'green']);
      expect(recordsAbout(s, 'slo:period_error_budget_remaining:ratio', 'api-availability')).toMatch(
        /^1 - slo:period_errors:ratio\{.*\} \/ 0\.001$/m,
      );
      finds(s, 'budget-formula', 293);
    },
  },
  {
    id: 'TASK-39',
    says: 'detail: the trend of the indicator',
    check: (s) =>
      panels(s, 'Service level over the period', {
        board: 'api-availability',
        type: 'timeseries',
        reads: ['1 - slo:period_errors:ratio', 'slo:objective:ratio'],
      }),
  },
  {
    id: 'TASK-40',
    says: 'detail: the target with bands',
    check: (s) => {
      const own = panels(s, 'Service level over the period', {
        board: 'api-availability',
        type: 'timeseries',
        reads: [],
        lines: [0.999, 0.99925],
      });
      expect([0.998, 0.9991, 0.9999].map((value) => colourAt(own, value))).toEqual(['red', 'yellow', 'green']);
    },
  },
  {
    id: 'TASK-41',
    says: 'detail: the budget over time',
    check: (s) =>
      panels(s, 'Error budget left', {
        board: 'api-availability',
        type: 'timeseries',
        reads: ['slo:period_error_budget_remaining:ratio'],
        lines: [0, 0.25],
      }),
  },
  {
    id: 'TASK-42',
    says: 'detail: burn rates with lines of the tiers, and alerts marked',
    check: (s) => {
      panels(s, 'Burn rate by window', {
        board: 'api-availability',
        type: 'timeseries',
        reads: ['slo:burn_rate:ratio{service="task-mcp",slo="api-availability"}'],
        lines: [1, 1.2, 2, 4.8, 14.4],
      });
      expect(boardOf(s, 'api-availability').annotations.list.find(({ name }) => name === 'Alerts')?.expr).toContain(
        'slo="api-availability"',
      );
    },
  },
  { id: 'TASK-43', says: '24 hours', check: (s) => offers(s, 'now-24h') },
  { id: 'TASK-44', says: '7 days', check: (s) => offers(s, 'now-7d') },
  { id: 'TASK-45', says: '30 days', check: (s) => offers(s, 'now-30d') },
];
