import { afterEach, describe, expect, test } from 'vitest';
import type { SloDetail } from '../../src/core/api/index.ts';
import { duration, hour, minute, ratio, second } from '../../src/core/base/index.ts';
import { firingOnGrid } from '../../src/core/slo/index.ts';
import { createWorld, definition, scenarioText, type World } from './world.ts';

const scrapeInterval = duration(15 * second);
const evaluationInterval = duration(30 * second);

let world: World | undefined;

afterEach(async () => {
  await world?.stop();
});

async function begin(incidents: string): Promise<World> {
  const history = duration(6 * hour + 30 * minute);
  const settings = { definition, history, scrapeInterval, evaluationInterval };
  world = await createWorld({ ...settings, scenario: scenarioText(incidents) });
  // What is live must have been seen before it can be missed.
  await world.pass(minute);
  return world;
}

async function detail({ server }: World): Promise<SloDetail> {
  const response = await server.app.request('/api/v1/slos/shop/availability');
  const told: SloDetail = JSON.parse(await response.text());
  return told;
}

/** Lives on evaluation by evaluation until an alert of that severity and name fires; how long it took, or undefined after `patience`. */
async function untilFiring(one: World, name: string, severity: string, patience: number): Promise<number | undefined> {
  for (let passed = second; passed <= patience; passed = duration(passed + second)) {
    await one.pass(second);
    const alerts = one.embedded.rules.groups().flatMap(({ rules }) => rules.flatMap((rule) => rule.alerts));
    const fires = alerts.some(
      ({ labels, state }) =>
        state === 'firing' && labels.get('alertname') === name && labels.get('severity') === severity,
    );
    if (fires) return passed;
  }
  return undefined;
}

describe('a total outage in the embedded mode, over real HTTP', () => {
  const outage = 'incidents: [{ name: every request fails, at: +1m, for: 2h, errorRatio: 100% }]\n';

  test('pages no later than on the exact grid, one scrape and one evaluation', async () => {
    const one = await begin(outage);
    const [slo] = one.service.slos;
    const tier = slo!.alerts[0]!;
    const incident = { background: ratio(0.0002), during: ratio(1), length: duration(2 * hour) };
    const exact = firingOnGrid(tier, slo!.target.errorBudget, incident, evaluationInterval);
    expect(exact?.first).toBe(60_000);
    const took = await untilFiring(one, 'ErrorBudgetBurn', 'page', 10 * minute);
    expect(took).toBeGreaterThanOrEqual(50 * second);
    expect(took).toBeLessThanOrEqual(exact!.first + scrapeInterval + evaluationInterval);
    const told = await detail(one);
    // A minute without an answer is more than the budget of the six hours that were seen.
    expect(told).toMatchObject({ state: 'breached', outdated: false });
    expect(told.alerts.find(({ severity, state }) => severity === 'page' && state === 'firing')?.summary).toContain(
      'times the allowed rate',
    );
    expect(told.budget.remainingRatio).toBeLessThan(0.9);
  });

  test('ends after the outage, when the short window is clean', async () => {
    const one = await begin('incidents: [{ name: every request fails, at: +1m, for: 3m, errorRatio: 100% }]\n');
    await one.pass(duration(3 * minute));
    // Of the two pages the one over an hour, which looks at the last five minutes besides.
    const fastest = async (): Promise<string | undefined> => (await detail(one)).alerts[0]?.state;
    expect(await fastest()).toBe('firing');
    await one.pass(duration(6 * minute));
    expect(await fastest()).toBe('inactive');
  });
});

test('without an incident nothing fires, and the figures are those of the traffic', async () => {
  const one = await begin('');
  await one.pass(duration(10 * minute));
  const told = await detail(one);
  expect(told.state).toBe('ok');
  expect(told.alerts.filter(({ state }) => state !== 'inactive')).toEqual([]);
  // 20 requests a second since the first evaluation, 0.02 % of them bad; a scrape and an evaluation are still to come.
  const expected = (20 * (one.now() - one.recordedFrom)) / 1000;
  expect(Math.abs((told.totalEvents ?? 0) - expected)).toBeLessThan(20 * 45);
  expect(told.sli).toBeCloseTo(0.9998, 4);
  expect(told.burnRates.map(({ windowSeconds }) => windowSeconds)).toEqual([
    300, 1800, 3600, 7200, 21600, 86400, 259200, 2592000,
  ]);
});

test('containers that are gone raise the absence alert', async () => {
  const one = await begin('incidents: [{ name: both containers stop, at: +1m, for: 1h, down: true }]\n');
  const [slo] = one.service.slos;
  const took = await untilFiring(one, 'SloDataMissing', 'page', 20 * minute);
  expect(took).toBeGreaterThanOrEqual(slo!.absentFor);
  expect(took).toBeLessThanOrEqual(slo!.absentFor + scrapeInterval + 2 * evaluationInterval);
  expect(await detail(one)).toMatchObject({ state: 'burning' });
});
