import { expect, test } from 'vitest';
import { timestamp } from '../core/base/index.ts';
import type { Series } from '../core/series/index.ts';
import { readExpositionFile } from './index.ts';

async function read(
  text: string,
): Promise<{ readonly newest: number; readonly series: readonly Series[] } | undefined> {
  const outcome = readExpositionFile({ name: 'page', text }, timestamp(5000));
  if (!outcome.ok) return undefined;
  const { source, newest } = outcome.value;
  const matchers = [{ name: '__name__', operator: '=~', value: '.+' }] as const;
  const [series = []] = await source.select([{ matchers, from: timestamp(0), to: timestamp(1e14) }]);
  return { newest, series };
}

test('a page without times lies at the given one', async () => {
  const page = await read('up 1\nup{job="api"} 0\n');
  expect(page?.newest).toBe(5000);
  expect(page?.series.map(({ labels, timestamps }) => [`${labels}`, ...timestamps])).toEqual([
    ['up', 5000],
    ['up{job="api"}', 5000],
  ]);
});

test('a history is put in order; OpenMetrics counts in seconds', async () => {
  const page = await read('# TYPE up gauge\nup 1 20\nup 0 10\nup 1 30.5\nup 9 30.5\n# EOF\n');
  expect(page?.newest).toBe(30_500);
  expect(page?.series.map(({ timestamps, values }) => [[...timestamps], [...values]])).toEqual([
    [
      [10_000, 20_000, 30_500],
      [0, 1, 1],
    ],
  ]);
});

test('the classic format counts in milliseconds', async () => {
  expect((await read('up 1 20000\n'))?.newest).toBe(20_000);
});

test('what is no page of metrics is refused', async () => {
  expect(await read('<html>')).toBeUndefined();
});
