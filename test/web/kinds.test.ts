import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { duration, timestamp } from '../../src/core/base/index.ts';
import { queryBackend } from '../../src/core/promql/index.ts';
import { memorySource, metricName } from '../../src/core/series/index.ts';
import { createApp } from '../../src/server/http/app.ts';
import { sloRoutes } from '../../src/server/http/slo-routes.ts';
import { readWebFiles } from '../../src/server/http/web-files.ts';
import { silentLog } from '../../src/server/index.ts';
import { type ActiveAlert, figureReader } from '../../src/server/status/figures.ts';
import { statusBoard } from '../../src/server/status/status-board.ts';
import { shop } from '../grafana/boards.ts';
import { kinds, liveThroughKinds } from '../grafana/kinds-world.ts';
import { interval, liveThrough } from '../grafana/world.ts';
import { needServer, serverEnvironment } from '../servers.ts';

/** Objectives of the kinds that no example has, and services with all that stands beside objectives, as a browser shows them. */
const screenshots = join(import.meta.dirname, '..', '..', '.cache', 'screenshots');

let server: ServerType;
let address = '';
let now = 0;
let browser: Browser | undefined;

beforeAll(async () => {
  const worlds = [await liveThrough(), await liveThroughKinds()];
  now = worlds[0]!.now;
  const backend = queryBackend(memorySource(worlds.flatMap(({ series }) => series)));
  const alerts = async (time: ReturnType<typeof timestamp>): Promise<readonly ActiveAlert[]> =>
    (await backend.query('ALERTS', time)).map(({ labels }) => ({
      labels: labels.without(metricName, 'alertstate'),
      annotations: new Map(),
      state: labels.get('alertstate') === 'firing' ? 'firing' : 'pending',
      activeAt: time - 60_000,
    }));
  const clock = { now: () => timestamp(now) };
  const services = [shop, kinds];
  const board = statusBoard(
    services,
    figureReader(services, backend, alerts, interval),
    clock,
    duration(60_000),
    silentLog,
  );
  const app = createApp({
    log: silentLog,
    web: readWebFiles('dist/web'),
    notReady: () => undefined,
    counted: () => {},
    metrics: () => '',
    routes: (api) => sloRoutes(api, board, clock),
  });
  await new Promise<void>((resolve) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) => {
      address = `http://127.0.0.1:${port}/`;
      resolve();
    });
  });
}, 240_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

describe.each([
  ['light', 1280],
  ['dark', 400],
] as const)('%s, %i pixels wide', (colorScheme, width) => {
  test.for([
    [
      'a service',
      'services/shop',
      ['Shop team', 'Memory', 'above 800 megabytes', 'Orders', 'Release policy', 'Does not count'],
    ],
    ['calendar periods', 'slos/kinds/daily', ['Left at the end of the period', 'the period before', 'calendar week']],
    ['an exclusion', 'slos/shop/jobs', ['With nothing excluded', 'Does not count', 'The queue was upgraded.']],
    ['a composite', 'slos/shop/buying', ['Members', 'Availability', 'Weight', '3']],
    ['a distribution', 'slos/shop/latency', ['P90 of the last 5m', 'Other periods', '12h']],
    ['groups', 'slos/kinds/tenants', ['Shown is the worst group: tenant acme', 'tenant globex']],
    ['the overview', '', ['Firing beside the objectives', 'OperationalThreshold']],
  ] as const)('%s', { timeout: 60_000 }, async ([name, path, words], context) => {
    const page = await openPage(context, colorScheme, width);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    await page.goto(`${address}#/${path}`);
    await page.locator('h1, table.slos').first().waitFor();
    const main = page.locator('main');
    for (const word of words)
      await expect.poll(() => main.innerText(), { message: `${name}: ${word}` }).toContain(word);
    expect(await main.innerText()).not.toMatch(/NaN|Infinity|undefined|\[object/);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    expect(complaints).toEqual([]);
    if (path.startsWith('slos')) await expect.poll(() => page.locator('.chart canvas').count()).toBeGreaterThan(1);
    const file = `kinds-${path.replaceAll('/', '-') || 'overview'}-${colorScheme}-${width}.png`;
    await page.screenshot({ path: join(screenshots, file), fullPage: true });
    await page.close();
  });
});

test('a service that is not there is said not to be', async (context) => {
  const page = await openPage(context, 'light', 1280);
  await page.goto(`${address}#/services/nobody`);
  await expect
    .poll(() => page.locator('main').innerText(), { timeout: 20_000 })
    .toContain('there is no service "nobody"');
  await page.close();
});

async function openPage(context: TestContext, colorScheme: 'light' | 'dark', width: number): Promise<Page> {
  const executablePath = needServer(context, 'chromium');
  mkdirSync(screenshots, { recursive: true });
  browser ??= await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    env: { ...process.env, ...serverEnvironment() },
  });
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  await page.clock.setFixedTime(now);
  return page;
}
