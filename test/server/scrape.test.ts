import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { duration, type Timestamp, timestamp } from '../../src/core/base/index.ts';
import { isStale, type Matcher, type Series } from '../../src/core/series/index.ts';
import {
  nextTick,
  type ScrapeJob,
  stableOffset,
  type TargetScraper,
  targetScraper,
  targetsOf,
} from '../../src/server/index.ts';
import { MemoryStore } from '../../src/store/index.ts';
import { type Behaviour, behaviours, goodPage, type HostileTarget, hostileTarget } from './hostile.ts';

const job: ScrapeJob = {
  name: 'api',
  interval: duration(15_000),
  timeout: duration(300),
  scheme: 'http',
  path: '/metrics',
  params: {},
  honorLabels: false,
  honorTimestamps: true,
  sampleLimit: 1000,
  bodySizeLimit: 2 ** 20,
  targets: [],
};

let store: MemoryStore;
let lines: string[];
let now: Timestamp;
let targets: HostileTarget[];

beforeEach(() => {
  store = new MemoryStore();
  lines = [];
  now = timestamp(1_700_000_000_000);
  targets = [];
});

afterEach(async () => {
  await Promise.all(targets.map((target) => target.close()));
});

async function scraperOf(
  behaviour: Behaviour,
  changes: Partial<ScrapeJob> = {},
): Promise<[TargetScraper, HostileTarget]> {
  const hostile = await hostileTarget(behaviour);
  targets.push(hostile);
  const [target] = targetsOf({
    ...job,
    ...changes,
    targets: [{ address: hostile.address, labels: new Map([['team', 'media']]) }],
  });
  const log = (_level: string, message: string, fields = {}): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return [targetScraper(target!, store, { now: () => now }, log), hostile];
}

async function scrape(scraper: TargetScraper): Promise<void> {
  await scraper.run(now, new AbortController().signal);
  now = timestamp(now + 15_000);
}

async function read(name: string, ...more: readonly Matcher[]): Promise<readonly Series[]> {
  const matchers: readonly Matcher[] = [{ name: '__name__', operator: '=', value: name }, ...more];
  const [found = []] = await store.select([{ matchers, from: timestamp(0), to: timestamp(2e12) }]);
  return found;
}

async function valuesOf(name: string, ...more: readonly Matcher[]): Promise<readonly (number | 'stale')[]> {
  const [series] = await read(name, ...more);
  return series === undefined ? [] : Array.from(series.values, (value, i) => (isStale(series, i) ? 'stale' : value));
}

describe('a target that can be read', () => {
  test.each(['good', 'gzip', 'openMetrics'] as const)('%s', async (name) => {
    const [scraper, hostile] = await scraperOf(behaviours[name]);
    await scrape(scraper);
    expect(await valuesOf('up')).toEqual([1]);
    const [series] = await read('requests_total', { name: 'code', operator: '=', value: '200' });
    expect(series?.labels.toRecord()).toEqual({
      __name__: 'requests_total',
      code: '200',
      instance: hostile.address,
      job: 'api',
      team: 'media',
    });
    expect(Array.from(series?.timestamps ?? [])).toEqual([1_700_000_000_000]);
    expect(scraper.families()[0]).toMatchObject({ type: 'counter' });
    expect(lines).toEqual([]);
  });
});

describe('a target that cannot be read is down, and says why', () => {
  test.each([
    ['silent', 'no whole answer within 300ms'],
    ['drip', 'no whole answer within 300ms'],
    ['refuses', 'status 503'],
    ['redirects', 'the target redirects (302)'],
    ['html', 'HTML'],
    ['htmlAsText', 'HTML'],
    ['noType', 'no content type'],
    ['garbage', 'line 1'],
    ['badUtf8', 'not UTF-8'],
    ['halfPage', 'before the answer was whole'],
    ['halfChunk', 'before the answer was whole'],
    ['halfGzip', 'before the answer was whole'],
    ['noGzip', 'incorrect header check'],
    ['brotli', 'only gzip was offered'],
    ['noEof', 'EOF'],
    ['endless', 'larger than the limit of 1048576 bytes'],
    ['bomb', 'larger than the limit of 1048576 bytes'],
    ['tooMany', '1000'],
  ] as const)('%s: %s', async (name, reason) => {
    const [scraper, hostile] = await scraperOf(behaviours[name]);
    const [good] = await scraperOf(behaviours.good);
    await Promise.all([scraper.run(now, new AbortController().signal), good.run(now, new AbortController().signal)]);
    expect(scraper.health()).toMatchObject({ health: 'down', lastError: expect.stringContaining(reason) });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('scrape failed');
    // The neighbour loses nothing, and nothing of a broken page is kept.
    expect(good.health().health).toBe('up');
    expect(await read('requests_total')).toHaveLength(2);
    await expect.poll(() => hostile.connections(), { timeout: 2000 }).toBe(0);
  });

  test('a target that is not there', async () => {
    const [scraper, hostile] = await scraperOf(behaviours.good);
    await hostile.close();
    await scrape(scraper);
    expect(scraper.health()).toMatchObject({ health: 'down', lastError: 'connection refused' });
    expect(await valuesOf('up')).toEqual([0]);
  });

  test('it is logged when it goes down and when it comes back, not at every scrape', async () => {
    const [scraper, hostile] = await scraperOf(behaviours.refuses);
    await scrape(scraper);
    await scrape(scraper);
    hostile.behaviour = behaviours.good;
    await scrape(scraper);
    await scrape(scraper);
    expect(lines.map((line) => line.split(' {')[0])).toEqual(['scrape failed', 'target is up again']);
    expect(await valuesOf('up')).toEqual([0, 0, 1, 1]);
  });
});

describe('the end of series', () => {
  const failed: Matcher = { name: 'code', operator: '=', value: '500' };

  test('a series that the page no longer shows ends', async () => {
    const [scraper, hostile] = await scraperOf(behaviours.good);
    await scrape(scraper);
    hostile.behaviour = (response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end('requests_total{code="200"} 11\n');
    await scrape(scraper);
    await scrape(scraper);
    hostile.behaviour = behaviours.good;
    await scrape(scraper);
    expect(await valuesOf('requests_total', failed)).toEqual([1, 'stale', 1]);
    expect(await valuesOf('scrape_series_added')).toEqual([2, 0, 0, 1]);
    expect(await valuesOf('scrape_samples_scraped')).toEqual([2, 1, 1, 2]);
  });

  test('all series of a target that goes down end, and begin again', async () => {
    const [scraper, hostile] = await scraperOf(behaviours.good);
    await scrape(scraper);
    hostile.behaviour = behaviours.refuses;
    await scrape(scraper);
    await scrape(scraper);
    hostile.behaviour = behaviours.good;
    await scrape(scraper);
    expect(await valuesOf('requests_total', failed)).toEqual([1, 'stale', 1]);
    expect(await valuesOf('up')).toEqual([1, 0, 0, 1]);
  });

  test('a series with times of its own is left to age', async () => {
    const own = `old_total 5 ${now - 1000}\n`;
    const [scraper, hostile] = await scraperOf((response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end(own),
    );
    await scrape(scraper);
    hostile.behaviour = behaviours.good;
    await scrape(scraper);
    expect(await valuesOf('old_total')).toEqual([5]);
  });
});

describe('labels', () => {
  const page: Behaviour = (response) =>
    response
      .writeHead(200, { 'content-type': 'text/plain' })
      .end('x{job="inner",exported_job="deeper",code="200"} 1\n');

  test("the target's win, the page's move aside", async () => {
    const [scraper] = await scraperOf(page);
    await scrape(scraper);
    const [series] = await read('x');
    expect(series?.labels.toRecord()).toMatchObject({
      job: 'api',
      exported_job: 'deeper',
      exported_exported_job: 'inner',
    });
  });

  test("with honor_labels the page's stay", async () => {
    const [scraper] = await scraperOf(page, { honorLabels: true });
    await scrape(scraper);
    const [series] = await read('x');
    expect(series?.labels.toRecord()).toMatchObject({ job: 'inner', exported_job: 'deeper', team: 'media' });
  });
});

test('of two values for a series on one page the first stays, the rest of the page too', async () => {
  const [scraper] = await scraperOf(behaviours.duplicates);
  await scrape(scraper);
  expect(await valuesOf('x')).toEqual([1]);
  expect(await valuesOf('y')).toEqual([1]);
  expect(lines[0]).toContain('samples refused');
});

test('samples far ahead of the clock are refused', async () => {
  const [scraper] = await scraperOf((response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end(`x 1 ${now + 3_600_000}\n${goodPage}`),
  );
  await scrape(scraper);
  expect(await read('x')).toEqual([]);
  expect(await read('requests_total')).toHaveLength(2);
});

test('a late scrape tells the true time, a slightly late one the tick', async () => {
  const [scraper] = await scraperOf(behaviours.good);
  const tick = now;
  now = timestamp(tick + 100);
  await scraper.run(tick, new AbortController().signal);
  now = timestamp(tick + 15_000 + 4000);
  await scraper.run(timestamp(tick + 15_000), new AbortController().signal);
  const [up] = await read('up');
  expect(Array.from(up?.timestamps ?? [])).toEqual([tick, tick + 19_000]);
});

test('a target keeps its place in the interval, and targets are spread over it', () => {
  const names = Array.from({ length: 200 }, (_, i) => `api http://10.0.0.${i}:9100/metrics`);
  const offsets = names.map((name) => stableOffset(name, duration(15_000)));
  expect(offsets).toEqual(names.map((name) => stableOffset(name, duration(15_000))));
  expect(new Set(offsets).size).toBeGreaterThan(190);
  for (const offset of offsets) {
    const tick = nextTick({ interval: duration(15_000), offset }, now);
    expect(tick).toBeGreaterThan(now);
    expect(tick - now).toBeLessThanOrEqual(15_000);
    expect(tick % 15_000).toBe(offset);
  }
});
