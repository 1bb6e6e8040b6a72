import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceList, SloDetail, SloHistory, SloList } from '../../src/core/api/index.ts';
import { duration, hour, minute, second } from '../../src/core/base/index.ts';
import { type NinesServer, ninesServer, silentLog } from '../../src/server/index.ts';
import { prometheusClient } from '../../src/sources/index.ts';
import { startPrometheus } from '../prometheus.ts';
import { allSeries, historyText } from './history-text.ts';
import { createWorld, type World } from './world.ts';

/**
 * What the server tells of objectives that are no plain ratio over a rolling period, read from what their rules recorded while things of
 * known length went wrong: ten minutes of a full queue, one panic, errors for twenty minutes.
 */
const definition = `
apiVersion: nines/v1
service: shop
owner: shop-team
metrics:
  http_requests_total: { type: counter, labels: [status] }
  queue_depth: { type: gauge }
  panics_total: { type: counter }
  beats_total: { type: counter }
  pushes_total: { type: counter, labels: [status], pendingOn: SHOP-7 }
slos:
  availability: { target: 99.9%, period: 4h, bad: 'http_requests_total{status=~"5.."}', total: http_requests_total, alerts: none }
  queue:
    target: 90% of 1m slices
    period: 4h
    condition: queue_depth < 50
    alerts:
      - { severity: ticket, long: 1h, short: 10m, burn: 2 }
      - { name: QueueFull, severity: ticket, when: queue_depth > 100, for: 5m }
  no-panic: { period: continuous over 4h, condition: { neverIncreases: panics_total, within: 5m } }
  heartbeat: { period: continuous over 4h, condition: { increases: beats_total, within: 5m } }
  journey:
    target: 99%
    period: 4h
    alerts: none
    composite: { combine: worst, members: [availability, queue] }
  pushes: { target: 99%, bad: 'pushes_total{status="500"}', total: pushes_total }
  idea: { target: 99% of 1m slices, condition: queue_depth < 5, lifecycle: draft, alerts: none }
  former: { target: 99% of 1m slices, condition: queue_depth < 500, lifecycle: retired, alerts: none }
  today: { target: 99%, period: calendar day, bad: 'http_requests_total{status=~"5.."}', total: http_requests_total, alerts: none }
policies:
  budget:
    title: Budget policy
    slos: [availability, queue]
    states:
      fine: { remainingAbove: 50%, actions: [Ship.] }
      scarce: { remainingAbove: 0%, actions: [Be careful.] }
      spent: { actions: [Stop.], changes: deny }
`;

const scenario = `
apiVersion: nines-scenario/v1
service: shop
interval: 15s
seed: 7
replicas: [shop-1:8080]
metrics:
  http_requests_total:
    type: counter
    help: HTTP requests.
    rate: 20/s
    arrivals: clockwork
    outcomes: { good: { status: ["200"] }, bad: { status: ["500"] }, errorRatio: 0.02% }
  queue_depth: { type: gauge, help: Waiting., value: 3 }
  beats_total: { type: counter, help: Beats., rate: 1/m, arrivals: clockwork }
  panics_total: { type: counter, help: Panics., rate: 0.5/h, arrivals: clockwork }
incidents:
  - { name: errors, at: -2h, for: 20m, errorRatio: 1%, metrics: [http_requests_total] }
  - { name: the queue is full, at: -90m, for: 10m, metrics: [queue_depth], gaugeValue: 130 }
`;

const interval = duration(30 * second);
let world: World;

beforeAll(async () => {
  const options = { history: duration(6 * hour), scrapeInterval: duration(15 * second), evaluationInterval: interval };
  world = await createWorld({ definition, scenario, ...options });
}, 120_000);

afterAll(() => world.stop());

async function get<T>(path: string, { app }: NinesServer = world.server): Promise<T> {
  const answer: T = JSON.parse(await (await app.request(`/api/v1/${path}`)).text());
  return answer;
}

const detail = (slo: string): Promise<SloDetail> => get<SloDetail>(`slos/shop/${slo}`);

describe('each kind of objective', () => {
  test('a condition is told in slices of time', async () => {
    const slo = await detail('queue');
    expect(slo).toMatchObject({
      kind: 'condition',
      measure: { kind: 'slices', sliceSeconds: 60 },
      invariant: false,
      state: 'ok',
      indicator: { kind: 'condition', good: 'queue_depth < 50', bad: null },
    });
    // Ten minutes of four hours, and at most the slice at either end of the incident.
    expect(slo.badEvents).toBeGreaterThanOrEqual(10);
    expect(slo.badEvents).toBeLessThanOrEqual(11);
    expect(slo.totalEvents).toBeCloseTo(240, -0.5);
    const remaining = 1 - (slo.badEvents ?? 0) / (slo.totalEvents ?? 0) / 0.1;
    expect(slo.budget.remainingRatio).toBeCloseTo(remaining, 9);
    expect(slo.alerts.map(({ name, firesWhen }) => [name, firesWhen])).toEqual([
      ['ErrorBudgetBurn', 'burn rate above 2 over 1h and over 10m'],
      ['QueueFull', 'queue_depth > 100 for 5m'],
      ['SloDataMissing', 'no target of the job shop answers scrapes for 5m'],
      ['SloDataMissing', 'targets of the job shop answer scrapes without the metrics of this objective for 5m'],
    ]);
    const day = `from=${world.anchor - 3 * hour}&to=${world.anchor}&step=60`;
    const history = await get<SloHistory>(`slos/shop/queue/history?${day}`);
    expect(history.eventsPerSecond).toBeNull();
    const worst = Math.max(...(history.errorRatio ?? []).map((value) => value ?? 0));
    expect(worst).toBeCloseTo(1, 1);
  });

  test('what must always hold is kept or broken, and burns nothing', async () => {
    const kept = await detail('heartbeat');
    expect(kept).toMatchObject({ invariant: true, state: 'ok', badEvents: 0, sli: 1, burnRates: [] });
    const broken = await detail('no-panic');
    expect(broken).toMatchObject({ invariant: true, state: 'breached', burnRates: [], budget: { ratio: 0 } });
    // Two panics in four hours; each is seen for five minutes.
    expect(broken.badEvents).toBeGreaterThanOrEqual(8);
    expect(broken.badEvents).toBeLessThanOrEqual(14);
    const history = await get<SloHistory>('slos/shop/no-panic/history');
    expect(history).toMatchObject({ errorRatio: null, eventsPerSecond: null });
  });

  test('a composite has its members as they stand', async () => {
    const [journey, availability, queue] = await Promise.all(['journey', 'availability', 'queue'].map(detail));
    expect(journey).toMatchObject({
      kind: 'composite',
      combine: 'worst',
      measure: { kind: 'mixed', sliceSeconds: null },
      members: [
        { slo: 'availability', title: availability?.title, state: availability?.state, sli: availability?.sli },
        { slo: 'queue', title: queue?.title, state: queue?.state, budgetRemaining: queue?.budget.remainingRatio },
      ],
    });
    expect(journey?.members.map(({ weight }) => weight)).toEqual([null, null]);
    expect(journey?.sli).toBeCloseTo(Math.min(availability?.sli ?? 0, queue?.sli ?? 0), 3);
  });

  test('what is not measured says why, and what is retired is not shown', async () => {
    expect(await detail('pushes')).toMatchObject({ state: 'pending', waitsFor: 'SHOP-7', sli: null, periodSeen: null });
    expect(await detail('idea')).toMatchObject({ state: 'draft', waitsFor: null, sli: null });
    const { slos } = await get<SloList>('slos');
    expect(slos.map(({ name }) => name).slice(-2)).toEqual(['pushes', 'idea']);
    expect(slos.map(({ name }) => name)).not.toContain('former');
    expect((await world.server.app.request('/api/v1/slos/shop/former')).status).toBe(404);
  });

  test('a period of the calendar says when it began', async () => {
    const slo = await detail('today');
    const midnight = Math.floor(world.anchor / 86_400_000) * 86_400_000;
    expect(slo).toMatchObject({ period: 'calendar-day', periodStart: midnight });
    const began = Math.max(midnight, world.anchor - 6 * hour);
    expect((slo.totalEvents ?? 0) / ((world.anchor - began) / 50)).toBeCloseTo(1, 1);
    expect((await detail('queue')).periodStart).toBeNull();
  });
});

test('a policy is in the state of its worst budget, and says which that is', async () => {
  const { services } = await get<ServiceList>('services');
  const left = Math.min(
    ...(await Promise.all(['availability', 'queue'].map(detail))).map(({ budget }) => budget.remainingRatio ?? 0),
  );
  const [policy] = services[0]?.policies ?? [];
  const state = 0.5 < left ? 'fine' : 0 < left ? 'scarce' : 'spent';
  expect(policy).toMatchObject({ name: 'budget', title: 'Budget policy', slo: null, state });
  const { title } = await detail('availability');
  expect(policy?.reason).toMatch(
    new RegExp(`^${title}, the worst of 2, has (?:overspent its budget by [\\d.]+%|[\\d.]+% of)`),
  );
});

test('over a real Prometheus all of it is the same', async (context) => {
  const prometheus = await startPrometheus(context, { history: historyText(await allSeries(world.embedded.store)) });
  try {
    const server = ninesServer({
      version: '0.0.0',
      services: [world.service],
      backend: { kind: 'prometheus', client: prometheusClient(new URL(prometheus.url)) },
      interval: duration(minute / 2),
      clock: { now: world.now },
      log: silentLog,
      web: new Map(),
    });
    const { slos } = await get<SloList>('slos');
    expect(slos.filter(({ sli }) => sli !== null)).toHaveLength(6);
    expect(await get<SloList>('slos', server)).toEqual({ slos });
    for (const { name } of slos) expect(await get(`slos/shop/${name}`, server)).toEqual(await detail(name));
  } finally {
    await prometheus.stop();
  }
}, 120_000);
