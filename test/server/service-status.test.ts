import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { ServiceDetail } from '../../src/core/api/index.ts';
import { duration, timestamp } from '../../src/core/base/index.ts';
import { sloRoutes } from '../../src/server/http/slo-routes.ts';
import { silentLog } from '../../src/server/index.ts';
import type { ServiceFigures } from '../../src/server/status/service-status.ts';
import { type FigureReader, statusBoard } from '../../src/server/status/status-board.ts';
import { shop } from '../grafana/boards.ts';

const start = 1_763_700_000_000;
const pod = (instance: string, value: number) => ({ labels: { instance }, value });
const figures: ServiceFigures = {
  time: timestamp(start),
  alerts: [
    { name: 'A', severity: 'page', state: 'firing', since: start, summary: 'It burns.', firesWhen: 'workers < 2' },
  ],
  thresholds: new Map([
    ['memory', [pod('a', 700), pod('b', 900)]],
    ['spare', [pod('a', 4), pod('b', 1)]],
  ]),
  indicators: new Map([['orders', [{ labels: {}, value: 1.5 }]]]),
  outdated: false,
};

/** A server whose source stops answering after the first reading. */
function server() {
  let now = start;
  let readings = 0;
  const reader: FigureReader = {
    read: async () => {
      readings += 1;
      if (1 < readings) throw new Error('gone');
      return { slos: new Map(), services: new Map([['shop', figures]]) };
    },
    history: () => Promise.reject(new Error('nobody asks')),
  };
  const clock = { now: () => timestamp(now) };
  const app = new Hono();
  sloRoutes(app, statusBoard([shop], reader, clock, duration(1000), silentLog), clock);
  return {
    get: (path: string) => app.request(path),
    wait: () => {
      now += 3_600_000;
    },
  };
}

test('thresholds show the worst of their series, and the level that it is beyond', async () => {
  const response = await server().get('/services/shop');
  const detail: ServiceDetail = await response.json();
  expect(detail.thresholds).toMatchObject([
    { name: 'memory', level: 'warning', warning: 800, critical: 1000, unit: 'megabytes', action: 'Restart.' },
    { name: 'spare', level: 'critical', operator: '<', warning: 3, critical: 2, unit: null },
  ]);
  expect(detail.thresholds.map(({ values }) => values)).toEqual([
    [pod('b', 900), pod('a', 700)],
    [pod('b', 1), pod('a', 4)],
  ]);
  expect(detail.indicators).toMatchObject([{ name: 'orders', values: [{ value: 1.5 }], unit: 'requests/s' }]);
  expect(detail.alerts).toEqual(figures.alerts);
  expect(detail.exclusions).toMatchObject([{ name: 'upgrade', reason: 'The queue was upgraded.' }]);
  expect(detail).toMatchObject({ criticality: 'high', description: 'Sells things.', outdated: false });
});

test('once the source is gone no figure is shown, and no alert is said to fire', async () => {
  const { get, wait } = server();
  await get('/services/shop');
  wait();
  const detail: ServiceDetail = await (await get('/services/shop')).json();
  expect(detail).toMatchObject({ outdated: true, evaluatedAt: start, alerts: [] });
  for (const { values, level } of detail.thresholds) expect([values, level]).toEqual([[], null]);
});

test('a service that is not there is none', async () => {
  const response = await server().get('/services/nobody');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'unknown-service' } });
});
