import { afterEach, describe, expect, test } from 'vitest';
import type { SloHistory, SloList } from '../../src/core/api/index.ts';
import { type Duration, duration, hour, minute, ratio, second, timestamp } from '../../src/core/base/index.ts';
import { printRuleFile } from '../../src/core/rules/index.ts';
import { firingOnGrid } from '../../src/core/slo/index.ts';
import {
  type Clock,
  keepTicking,
  type NinesServer,
  ninesServer,
  silentLog,
  systemClock,
} from '../../src/server/index.ts';
import { prometheusClient } from '../../src/sources/index.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { allSeries, historyText } from './history-text.ts';
import { createWorld, definition, scenarioText, type World } from './world.ts';

const begun: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(begun.splice(0).map((one) => one.stop()));
});

function overPrometheus(world: World, prometheus: RunningServer, clock: Clock, interval: Duration): NinesServer {
  return ninesServer({
    version: '0.0.0',
    services: [world.service],
    backend: { kind: 'prometheus', client: prometheusClient(new URL(prometheus.url)) },
    interval,
    clock,
    log: silentLog,
    web: new Map(),
  });
}

async function get<T>({ app }: NinesServer, path: string): Promise<T> {
  const answer: T = JSON.parse(await (await app.request(path)).text());
  return answer;
}

describe('over a real Prometheus', () => {
  test('the answers are those of the embedded mode on the same samples', async (context) => {
    const interval = duration(30 * second);
    const world = await createWorld({
      definition,
      scenario: scenarioText('incidents: [{ name: errors, at: -2h, for: 20m, errorRatio: 1% }]\n'),
      history: duration(8 * hour),
      scrapeInterval: duration(15 * second),
      evaluationInterval: interval,
    });
    begun.push(world);
    const prometheus = await startPrometheus(context, { history: historyText(await allSeries(world.embedded.store)) });
    begun.push(prometheus);
    const server = overPrometheus(world, prometheus, { now: world.now }, interval);

    const told = await get<SloList>(server, '/api/v1/slos');
    expect(told).toEqual(await get(world.server, '/api/v1/slos'));
    expect(told.slos[0]).toMatchObject({
      state: 'ok',
      outdated: false,
      budget: { remainingRatio: expect.any(Number) },
    });

    const day = `from=${world.anchor - 6 * hour}&to=${world.anchor}&step=300`;
    const history = await get<SloHistory>(server, `/api/v1/slos/shop/availability/history?${day}`);
    expect(history).toEqual(await get(world.server, `/api/v1/slos/shop/availability/history?${day}`));
    expect(history.errorRatio?.filter((value) => value !== null && 0.005 < value).length).toBeGreaterThan(3);

    // Away: what was known is told as old, and nothing is invented.
    await prometheus.stop();
    await server.board.refresh();
    const away = await get<SloList>(server, '/api/v1/slos');
    expect(away.slos[0]).toMatchObject({ state: 'noData', outdated: true, sli: told.slos[0]?.sli });
    expect((await server.app.request('/readyz')).status).toBe(503);
  }, 120_000);

  test('an outage pages at the same time as in the embedded mode', async (context) => {
    const interval = duration(5 * second);
    const quick = definition.replace(
      '    target: 99.9%',
      '    target: 99.9%\n    alerts: [{ severity: page, long: 10m, short: 2m, burn: 14.4 }]',
    );
    const world = await createWorld({
      definition: quick,
      scenario: scenarioText('incidents: [{ name: every request fails, at: +20s, for: 1h, errorRatio: 100% }]\n'),
      history: duration(6 * hour + 5 * minute),
      scrapeInterval: interval,
      evaluationInterval: interval,
      live: true,
    });
    begun.push(world);
    const prometheus = await startPrometheus(context, {
      history: historyText(await allSeries(world.embedded.store)),
      configuration: `
global: { scrape_interval: 5s, evaluation_interval: 5s }
rule_files: [shop.rules.yaml]
scrape_configs:
  - job_name: shop
    static_configs:
${world.targets.map(({ address, instance }) => `      - { targets: ["${address}"], labels: { instance: "${instance}" } }`).join('\n')}
`,
      ruleFiles: { 'shop.rules.yaml': printRuleFile(world.ruleFile) },
    });
    begun.push(prometheus);
    const stop = new AbortController();
    const running = keepTicking(world.server.work, systemClock, stop.signal);
    const server = overPrometheus(world, prometheus, systemClock, interval);
    const since = async (one: NinesServer): Promise<number | null | undefined> => {
      await one.board.refresh();
      const { slos } = await get<SloList>(one, '/api/v1/slos');
      return slos[0]?.alerts.find(({ state, severity }) => state === 'firing' && severity === 'page')?.since;
    };
    const begin = timestamp(world.anchor + 20 * second);
    try {
      for (const one of [server, world.server]) {
        await expect.poll(() => since(one), { timeout: 90_000, interval: 500 }).toEqual(expect.any(Number));
      }
      const slo = world.service.slos[0]!;
      const incident = { background: ratio(0.0002), during: ratio(1), length: hour };
      const exact = firingOnGrid(slo.alerts[0]!, slo.target.errorBudget, incident, interval)!;
      const [byPrometheus = 0, embedded = 0] = [await since(server), await since(world.server)].map(
        (time) => (time ?? 0) - begin,
      );
      for (const took of [byPrometheus, embedded]) {
        expect(took).toBeGreaterThan(0);
        expect(took).toBeLessThanOrEqual(exact.first + 2 * interval);
      }
      expect(Math.abs(byPrometheus - embedded)).toBeLessThanOrEqual(2 * interval);
    } finally {
      stop.abort();
      await running;
    }
  }, 240_000);
});
