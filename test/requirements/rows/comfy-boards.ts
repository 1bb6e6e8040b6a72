import { expect } from 'vitest';
import { boardOf, colourAt, finds, panels, slo, threshold } from '../claims.ts';
import type { Row } from '../row.ts';

/** The boards of the document of the ComfyUI API. */
export const comfyBoards: readonly Row[] = [
  {
    id: 'COMFY-52',
    says: 'a row of panels named SLO compliance',
    check: (s) =>
      expect(
        boardOf(s)
          .panels.filter(({ type }) => type === 'row')
          .map(({ title }) => title),
      ).toContain('SLO compliance'),
  },
  {
    id: 'COMFY-53',
    says: 'API success rate: a gauge with 99.5 %',
    check: (s) => {
      const own = panels(s, 'API Success Rate', {
        row: 'SLO compliance',
        type: 'gauge',
        reads: ['slo="control-plane",window="5m"'],
        lines: [0.995],
        unit: 'percentunit',
      });
      expect([colourAt(own, 0.994), colourAt(own, 0.996)]).toEqual(['red', 'green']);
      panels(s, 'Control plane', {
        row: 'Compliance',
        type: 'gauge',
        reads: ['1 - slo:period_errors:ratio'],
        lines: [slo(s, 'control-plane').target.ratio],
      });
    },
  },
  {
    id: 'COMFY-54',
    says: 'P95: a graph with a line at 20 s',
    check: (s) =>
      panels(s, 'P95 Latency', {
        row: 'SLO compliance',
        type: 'timeseries',
        reads: ['histogram_quantile(0.95,'],
        lines: [20],
        unit: 's',
      }),
  },
  {
    id: 'COMFY-55',
    says: 'P99: a graph with a line at 40 s',
    check: (s) =>
      panels(s, 'P99 Latency', {
        row: 'SLO compliance',
        type: 'timeseries',
        reads: ['histogram_quantile(0.99,'],
        lines: [40],
        unit: 's',
      }),
  },
  {
    id: 'COMFY-56',
    says: 'job success rate: a gauge with 99.5 %',
    check: (s) =>
      panels(s, 'Job Success Rate', {
        row: 'SLO compliance',
        type: 'gauge',
        reads: ['slo="data-plane",window="1h"'],
        lines: [0.995],
      }),
  },
  {
    id: 'COMFY-57',
    says: 'a row of panels without objectives',
    check: (s) => {
      const { panels: all } = boardOf(s);
      const start = all.findIndex(({ type, title }) => type === 'row' && title === 'Capacity');
      expect(all.slice(start + 1, start + 5).map(({ title }) => title)).toEqual([
        'Queue Depth',
        'Active Workers',
        'Jobs In Progress',
        'Worker Utilization',
      ]);
    },
  },
  {
    id: 'COMFY-58',
    says: 'the depth of the queue with a line at 50, as the threshold has it',
    check: (s) => {
      const own = s.service.thresholds.find(({ name }) => name === 'queue-depth');
      expect(own?.warning).toBe(50);
      panels(s, 'Queue Depth', {
        row: 'Capacity',
        type: 'timeseries',
        reads: ['sum(comfyui_queue_depth)'],
        lines: [50, 100],
      });
    },
  },
  {
    id: 'COMFY-59',
    says: 'active workers: a stat',
    check: (s) =>
      panels(s, 'Active Workers', { row: 'Capacity', type: 'stat', reads: ['sum(comfyui_active_workers)'] }),
  },
  {
    id: 'COMFY-60',
    says: 'jobs in progress: a graph',
    check: (s) =>
      panels(s, 'Jobs In Progress', { row: 'Capacity', type: 'timeseries', reads: ['sum(comfyui_jobs_in_progress)'] }),
  },
  {
    id: 'COMFY-61',
    says: 'worker utilization: a gauge that warns from 80 % on',
    check: (s) => {
      const own = panels(s, 'Worker Utilization', {
        row: 'Capacity',
        type: 'gauge',
        reads: ['(sum(comfyui_active_workers) > 0)'],
        lines: [0.8],
        unit: 'percentunit',
      });
      expect([colourAt(own, 0.79), colourAt(own, 0.81)]).toEqual(['green', 'orange']);
      threshold(s, 'worker-utilization', {
        of: 'sum(comfyui_jobs_in_progress)',
        warning: 0.8,
        critical: 0.95,
        action: 'Add workers.',
      });
    },
  },
  {
    id: 'COMFY-62',
    says: 'a row with the budget of thirty days',
    check: (s) => {
      expect(boardOf(s).panels.filter(({ type, title }) => type === 'row' && title === 'Error budget').length).toBe(2);
      panels(s, 'Error budget left', {
        row: 'Error budget',
        type: 'bargauge',
        reads: ['slo:period_error_budget_remaining:ratio{period=""'],
      });
    },
  },
  {
    id: 'COMFY-63',
    says: 'API error budget: what is left of thirty days, not a ratio of five minutes',
    check: (s) => {
      const own = panels(s, 'API Error Budget', {
        row: 'Error budget',
        type: 'gauge',
        reads: ['slo:period_error_budget_remaining:ratio{period="",service="comfyui-api",slo="control-plane"}'],
      });
      expect([-0.1, 0.1, 0.9].map((value) => colourAt(own, value))).toEqual(['red', 'orange', 'green']);
      finds(s, 'not-a-budget', 322);
    },
  },
  {
    id: 'COMFY-64',
    says: 'job failure rate: a graph with a line at 0.5 %',
    check: (s) =>
      panels(s, 'Job Failure Rate', {
        type: 'timeseries',
        reads: ['slo:errors:ratio{service="comfyui-api",slo="data-plane",window="1h"}'],
        lines: [0.005],
      }),
  },
  {
    id: 'COMFY-65',
    says: 'backend errors: a graph of a rate',
    check: (s) =>
      panels(s, 'Backend Errors', {
        type: 'timeseries',
        reads: ['sum(rate(comfyui_backend_requests_total{status="error"}[5m]))'],
      }),
  },
];
