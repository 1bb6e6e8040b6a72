import { describe, expect, test } from 'vitest';
import type { Board } from '../../src/core/generate/grafana/board.ts';
import { example, exampleNames } from '../example-services.ts';
import { boards, panelsOf } from './boards.ts';

/**
 * Every row of the requirements that asks for something on a board, and where it stands on the boards of the example that it comes from.
 * The rows are those of the collected requirements of the five documents, by their ids.
 */
const panels: readonly (readonly [row: string, file: string, title: string, type: string])[] = [
  ['COMFY-53', 'service.comfyui-api.json', 'API Success Rate', 'gauge'],
  ['COMFY-54', 'service.comfyui-api.json', 'P95 Latency', 'timeseries'],
  ['COMFY-55', 'service.comfyui-api.json', 'P99 Latency', 'timeseries'],
  ['COMFY-56', 'service.comfyui-api.json', 'Job Success Rate', 'gauge'],
  ['COMFY-58', 'service.comfyui-api.json', 'Queue Depth', 'timeseries'],
  ['COMFY-59', 'service.comfyui-api.json', 'Active Workers', 'stat'],
  ['COMFY-60', 'service.comfyui-api.json', 'Jobs In Progress', 'timeseries'],
  ['COMFY-61', 'service.comfyui-api.json', 'Worker Utilization', 'gauge'],
  ['COMFY-63', 'service.comfyui-api.json', 'API Error Budget', 'gauge'],
  ['COMFY-64', 'service.comfyui-api.json', 'Job Failure Rate', 'timeseries'],
  ['COMFY-65', 'service.comfyui-api.json', 'Backend Errors', 'timeseries'],
  ['FLOW-28', 'slo.koder-flow.api-availability.json', 'Burn rate by window', 'timeseries'],
  ['DUMB-30', 'service.dumbkv.json', '30-day availability', 'stat'],
  ['DUMB-31', 'service.dumbkv.json', 'Error budget remaining', 'gauge'],
  ['DUMB-32', 'service.dumbkv.json', 'Request volume', 'timeseries'],
  ['DUMB-32', 'service.dumbkv.json', 'Availability: traffic', 'timeseries'],
  ['DUMB-33', 'service.dumbkv.json', 'Memory trend', 'timeseries'],
  ['DUMB-34', 'service.dumbkv.json', 'FD usage', 'timeseries'],
  ['DUMB-35', 'service.dumbkv.json', 'GC activity', 'timeseries'],
  ['TASK-33', 'overview.json', 'Objectives by state', 'stat'],
  ['TASK-34', 'overview.json', 'Error budget consumed', 'bargauge'],
  ['TASK-35', 'overview.json', 'Active burn-rate alerts', 'table'],
  ['TASK-36', 'overview.json', 'Service health', 'stat'],
  ['TASK-37', 'slo.task-mcp.api-availability.json', 'Promise', 'stat'],
  ['TASK-38', 'slo.task-mcp.api-availability.json', 'Error budget left now', 'stat'],
  ['TASK-39', 'slo.task-mcp.api-availability.json', 'Service level over the period', 'timeseries'],
  ['TASK-40', 'slo.task-mcp.api-availability.json', 'Service level over the period', 'timeseries'],
  ['TASK-41', 'slo.task-mcp.api-availability.json', 'Error budget left', 'timeseries'],
  ['TASK-42', 'slo.task-mcp.api-availability.json', 'Burn rate by window', 'timeseries'],
  ['TASK-94', 'service.task-mcp.json', 'API Availability SLO', 'stat'],
  ['PAC-15', 'service.pactodo.json', 'Task Success SLO', 'stat'],
  ['PAC-16', 'service.pactodo.json', 'Availability of /api/tasks', 'gauge'],
  ['PAC-17', 'service.pactodo.json', 'Server errors of a day: bad share', 'timeseries'],
  ['PAC-18', 'service.pactodo.json', 'Requests within 500 ms: bands', 'timeseries'],
  ['PAC-20', 'service.pactodo.json', 'Task Success SLO', 'stat'],
  ['PAC-21', 'service.pactodo.json', 'Error Rate SLO', 'timeseries'],
  ['PAC-22', 'service.pactodo.json', 'Requests within 500 ms: bands', 'timeseries'],
  ['PAC-23', 'service.pactodo.json', 'Availability SLO', 'gauge'],
];

/** Rows of panels that are asked for by their names. */
const rows: readonly (readonly [row: string, file: string, title: string])[] = [
  ['COMFY-52', 'service.comfyui-api.json', 'SLO compliance'],
  ['COMFY-57', 'service.comfyui-api.json', 'Capacity'],
  ['COMFY-62', 'service.comfyui-api.json', 'Error budget'],
];

const all = boards(exampleNames.map(example));

test.each(panels)('%s: %s has "%s", a %s', (_, file, title, type) => {
  const found = panelsOf(boardOf(file)).filter((panel) => panel.title === title);
  expect(found.map((panel) => panel.type)).toContain(type);
});

test.each(rows)('%s: %s has the row "%s"', (_, file, title) => {
  expect(boardOf(file).panels.some((panel) => panel.type === 'row' && panel.title === title)).toBe(true);
});

describe('lines of panels', () => {
  const lines: readonly (readonly [row: string, file: string, title: string, value: number])[] = [
    ['COMFY-53', 'service.comfyui-api.json', 'API Success Rate', 0.995],
    ['COMFY-54', 'service.comfyui-api.json', 'P95 Latency', 20],
    ['COMFY-55', 'service.comfyui-api.json', 'P99 Latency', 40],
    ['COMFY-58', 'service.comfyui-api.json', 'Queue Depth', 50],
    ['COMFY-61', 'service.comfyui-api.json', 'Worker Utilization', 0.8],
    ['COMFY-64', 'service.comfyui-api.json', 'Job Failure Rate', 0.005],
    ['TASK-40', 'slo.task-mcp.api-availability.json', 'Service level over the period', 0.999],
  ];
  test.each(lines)('%s: %s "%s" changes colour at %s', (_, file, title, value) => {
    const [panel] = panelsOf(boardOf(file)).filter((one) => one.title === title);
    expect(panel?.fieldConfig.defaults.thresholds?.steps.map((step) => step.value)).toContain(value);
  });

  test('TASK-42: each tier of the alerts has its line', () => {
    const slo = example('task-mcp').slos.find(({ name }) => name === 'api-availability')!;
    const [panel] = panelsOf(boardOf('slo.task-mcp.api-availability.json')).filter(
      ({ title }) => title === 'Burn rate by window',
    );
    const values = panel?.fieldConfig.defaults.thresholds?.steps.map(({ value }) => value);
    expect(slo.alerts.length).toBeGreaterThan(2);
    for (const { burnRate } of slo.alerts) expect(values).toContain(burnRate);
  });

  test('PAC-22: the bands are stacked, and none contains another', () => {
    const [panel] = panelsOf(boardOf('service.pactodo.json')).filter(
      ({ title }) => title === 'Requests within 500 ms: bands',
    );
    expect(panel?.fieldConfig.defaults.custom).toMatchObject({ stacking: { mode: 'normal' } });
    expect(panel?.targets?.map(({ legendFormat }) => legendFormat)).toEqual([
      'at most 25 ms',
      '25 ms to 50 ms',
      '50 ms to 500 ms',
      '500 ms to 1 s',
      'above 1 s',
    ]);
  });
});

test.each([...all.keys()])('TASK-43, TASK-44, TASK-45: %s offers 24 hours, 7 and 30 days', (file) => {
  const { timepicker, links } = boardOf(file);
  const presets = ['now-24h', 'now-7d', 'now-30d'];
  expect(timepicker.quick_ranges.map(({ from }) => from)).toEqual(expect.arrayContaining(presets));
  expect(links.flatMap(({ url }) => /from=([^&]+)/.exec(url ?? '')?.[1] ?? [])).toEqual(presets);
});

test('TASK-35: the list of alerts is filtered by the label of objectives', () => {
  const [panel] = panelsOf(boardOf('overview.json')).filter(({ title }) => title === 'Active burn-rate alerts');
  expect(panel?.targets?.[0]?.expr).toContain('slo!=""');
});

function boardOf(file: string): Board {
  const board = all.get(file);
  if (board === undefined) throw new Error(`no board ${file}`);
  return board;
}
