import { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import type { SloDetail, SloSummary } from '../../src/core/api/index.ts';
import { duration, type Timestamp, timestamp } from '../../src/core/base/index.ts';
import { readDefinitions } from '../../src/core/formats/index.ts';
import { sloRoutes } from '../../src/server/http/slo-routes.ts';
import { silentLog } from '../../src/server/index.ts';
import { type FigureReader, type StatusBoard, sloKey, statusBoard } from '../../src/server/status/status-board.ts';
import { noFigures, type SloFigures } from '../../src/server/status/summarize.ts';
import { definition, readValue } from './world.ts';

const services = [
  ...readValue(readDefinitions({ name: 'slo.yaml', text: definition })),
  ...readValue(readDefinitions({ name: 'slo.yaml', text: definition.replace('service: shop', 'service: cafe') })),
];

const noAlerts = [
  {
    name: 'ErrorBudgetBurn',
    severity: 'page',
    state: 'inactive',
    since: null,
    summary: '',
    firesWhen: 'burn rate above 14.4',
  },
] as const;
const firing = [{ ...noAlerts[0], state: 'firing', since: 5 }] as const;

let now: Timestamp;
let figures: Map<string, SloFigures>;
let failure: Error | undefined;
let readings: number;
let board: StatusBoard;

const reader: FigureReader = {
  async read(time) {
    readings += 1;
    if (failure !== undefined) throw failure;
    const slos = new Map([...figures].map(([key, known]) => [key, { ...known, time }] as const));
    return { slos, services: new Map() };
  },
  async history(_subject, { from, to, step }) {
    const timestamps = [];
    for (let time: number = from; time <= to; time += step) timestamps.push(time);
    const column = timestamps.map(() => 1);
    return { timestamps, sli: column, budgetRemaining: column, errorRatio: column, eventsPerSecond: column };
  },
};

function figuresOf(bad: number | null, total: number | null, alerts: SloFigures['alerts'] = noAlerts): SloFigures {
  const errorRatios = [{ window: duration(3_600_000), errorRatio: bad === null || !total ? null : bad / total }];
  return { ...noFigures, time: now, bad, total, errorRatios, seen: 1, alerts, outdated: false };
}

beforeEach(() => {
  now = timestamp(1_763_700_000_000);
  failure = undefined;
  readings = 0;
  figures = new Map();
  board = statusBoard(services, reader, { now: () => now }, duration(2000), silentLog);
});

describe('what is told of an objective', () => {
  // 99.9 % of 100,000 events: 100 may be bad; 30 days allow 2,592 s of outage.
  test.each([
    ['untouched', figuresOf(0, 100_000), { state: 'ok', sli: 1, remaining: 1, events: 100, seconds: 2592 }],
    [
      'a quarter spent',
      figuresOf(25, 100_000),
      { state: 'ok', sli: 0.99975, remaining: 0.75, events: 75, seconds: 1944 },
    ],
    ['spent', figuresOf(100, 100_000), { state: 'breached', sli: 0.999, remaining: 0, events: 0, seconds: 0 }],
    [
      'overspent while it burns',
      figuresOf(200, 100_000, firing),
      { state: 'breached', sli: 0.998, remaining: -1, events: -100, seconds: -2592 },
    ],
    [
      'burning',
      figuresOf(25, 100_000, firing),
      { state: 'burning', sli: 0.99975, remaining: 0.75, events: 75, seconds: 1944 },
    ],
    ['no traffic', figuresOf(0, 0), { state: 'noData', sli: null, remaining: null, events: null, seconds: null }],
    [
      'no data, and the alert about it',
      figuresOf(null, null, firing),
      { state: 'burning', sli: null, remaining: null, events: null, seconds: null },
    ],
    ['never read', undefined, { state: 'noData', sli: null, remaining: null, events: null, seconds: null }],
  ] as const)('%s', async (_name, known, expected) => {
    if (known !== undefined) figures.set(sloKey('shop', 'availability'), known);
    const slo = (await board.slo('shop', 'availability'))!;
    expect(slo.state).toBe(expected.state);
    const close = (value: number | null, wanted: number | null): void =>
      wanted === null ? expect(value).toBeNull() : expect(value).toBeCloseTo(wanted, 9);
    close(slo.sli, expected.sli);
    close(slo.budget.remainingRatio, expected.remaining);
    close(slo.budget.remainingEvents, expected.events);
    close(slo.budget.remainingSeconds, expected.seconds);
  });

  test('the detail has what was promised', async () => {
    figures.set(sloKey('shop', 'availability'), figuresOf(25, 100_000));
    expect(await board.slo('shop', 'availability')).toMatchObject({
      target: '99.9%',
      targetRatio: 0.999,
      periodSeconds: 2_592_000,
      indicator: { kind: 'ratio', good: null, bad: 'http_requests_total{status=~"5.."}', total: 'http_requests_total' },
      goodEvents: 99_975,
      badEvents: 25,
      totalEvents: 100_000,
      burnRates: [{ windowSeconds: 3600, burnRate: expect.closeTo(0.25) }],
      evaluatedAt: now,
      outdated: false,
    } satisfies Partial<Record<keyof SloDetail, unknown>>);
  });
});

test('the worst comes first, and a service is as its worst objective', async () => {
  figures.set(sloKey('shop', 'availability'), figuresOf(25, 100_000));
  expect((await board.slos()).map(({ service, state }) => [service, state])).toEqual([
    ['cafe', 'noData'],
    ['shop', 'ok'],
  ]);
  expect(await board.services()).toMatchObject([
    { name: 'shop', slos: 1, state: 'ok' },
    { name: 'cafe', slos: 1, state: 'noData' },
  ]);
});

describe('when the source is away', () => {
  const only = async (): Promise<SloSummary> => (await board.slos()).find(({ service }) => service === 'shop')!;

  test('the last known figures are told as old, until it is back', async () => {
    figures.set(sloKey('shop', 'availability'), figuresOf(200, 100_000));
    const first = now;
    expect(await only()).toMatchObject({ state: 'breached', outdated: false, evaluatedAt: first });
    failure = new Error('connection refused');
    now = timestamp(now + 60_000);
    expect(await only()).toMatchObject({ state: 'noData', outdated: true, evaluatedAt: first, sli: 0.998 });
    expect(board.trouble()).toBe('connection refused');
    failure = undefined;
    now = timestamp(now + 60_000);
    expect(await only()).toMatchObject({ state: 'breached', outdated: false, evaluatedAt: now });
    expect(board.trouble()).toBeUndefined();
  });

  test('before it ever answered nothing is known', async () => {
    failure = new Error('connection refused');
    expect(await only()).toMatchObject({ state: 'noData', outdated: false, evaluatedAt: null, sli: null });
  });
});

test('many who ask at once cause one reading, and the next only after a while', async () => {
  await Promise.all([board.slos(), board.services(), board.slo('shop', 'availability')]);
  await board.slos();
  expect(readings).toBe(1);
  now = timestamp(now + 2000);
  await board.slos();
  expect(readings).toBe(2);
});

describe('over HTTP', () => {
  async function get(path: string): Promise<readonly [number, unknown]> {
    const app = new Hono();
    sloRoutes(app, board, { now: () => now });
    app.onError((error, context) => context.text(error.message, 400));
    const response = await app.request(path);
    const body = await response.text();
    return [response.status, body.startsWith('{') ? JSON.parse(body) : body];
  }

  test('an objective that there is not', async () => {
    expect(await get('/slos/shop/latency')).toMatchObject([404, { error: { code: 'unknown-slo' } }]);
    expect(await get('/slos/shop/latency/history')).toMatchObject([404, { error: { code: 'unknown-slo' } }]);
  });

  test('history has the asked steps, or those of the last day', async () => {
    const [, body] = await get(`/slos/shop/availability/history?from=${now - 120_000}&to=${now}&step=60`);
    expect(body).toMatchObject({ timestamps: [now - 120_000, now - 60_000, now], sli: [1, 1, 1] });
    const [, day] = await get('/slos/shop/availability/history');
    expect(day).toMatchObject({ timestamps: { length: 500, 0: now - 86_400_000 } });
  });

  test.each([
    ['from=x', '"from" is "x", which is no number'],
    ['from=2000&to=1000', '"to" lies before "from"'],
    ['step=0', '"step" must be above zero'],
    ['step=-5', '"step" is "-5"'],
    ['from=0&step=1', 'more than 11000 points'],
    ['to=1e99', '"to" is "1e99"'],
  ])('%s is refused', async (query, reason) => {
    expect(await get(`/slos/shop/availability/history?${query}`)).toEqual([400, expect.stringContaining(reason)]);
  });
});
