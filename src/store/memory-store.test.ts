import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Timestamp, timestamp } from '../core/base/index.ts';
import { isStale, Labels, type Matcher, type Series } from '../core/series/index.ts';
import { MemoryStore } from './index.ts';

const up = Labels.of({ __name__: 'up', job: 'api' });
const requests = Labels.of({ __name__: 'requests_total', job: 'api', code: '200' });
const errors = Labels.of({ __name__: 'requests_total', job: 'api', code: '500' });

async function read(
  store: MemoryStore,
  matchers: readonly Matcher[],
  from = -1e15,
  to = 1e15,
): Promise<readonly Series[]> {
  const [found = []] = await store.select([{ matchers, from: timestamp(from), to: timestamp(to) }]);
  return found;
}

function named(name: string): readonly Matcher[] {
  return [{ name: '__name__', operator: '=', value: name }];
}

describe('appending', () => {
  const t = timestamp(1000);
  test.each([
    ['a later sample is appended', timestamp(2000), 1, 'appended'],
    ['the same sample twice is harmless', t, 1, 'repeated'],
    ['a second value for an instant is refused', t, 2, 'conflicting'],
    ['an older sample is refused', timestamp(999), 1, 'outOfOrder'],
  ] as const)('%s', (_name, time, value, appended) => {
    const store = new MemoryStore();
    expect(store.append(up, t, 1)).toBe('appended');
    expect(store.append(up, time, value)).toBe(appended);
  });

  test('NaN repeats NaN, but a stale marker is another sample', () => {
    const store = new MemoryStore();
    store.append(up, t, Number.NaN);
    expect(store.append(up, t, Number.NaN)).toBe('repeated');
    expect(store.appendStaleMarker(up, t)).toBe('conflicting');
    expect(store.append(requests, t, 1)).toBe('appended');
    expect(store.appendStaleMarker(requests, timestamp(2000))).toBe('appended');
    expect(store.appendStaleMarker(requests, timestamp(2000))).toBe('repeated');
    expect(store.size().refused).toBe(1);
  });

  test('a stale marker does not create a series', () => {
    const store = new MemoryStore();
    store.appendStaleMarker(up, t);
    expect(store.size().series).toBe(0);
  });
});

test('series scraped together share one timestamps array, also after both missed a scrape', async () => {
  const store = new MemoryStore();
  for (let i = 0; i < 100; i += 1) {
    store.append(up, timestamp(i * 1000), 1);
    if (i === 50) continue;
    store.append(requests, timestamp(i * 1000), i);
    store.append(errors, timestamp(i * 1000), i);
  }
  const [a, b] = await read(store, named('requests_total'));
  expect(a?.timestamps).toBe(b?.timestamps);
  expect(a?.timestamps.length).toBe(99);
  const [alive] = await read(store, named('up'));
  expect(alive?.timestamps.length).toBe(100);
  const [early] = await read(store, named('requests_total'), 0, 10_000);
  expect(early?.timestamps.length).toBe(11);
});

test('what was read stays as it was while appends and retention go on', async () => {
  const store = new MemoryStore();
  for (let i = 0; i < 40; i += 1) store.append(up, timestamp(i * 1000), i);
  const [before] = await read(store, named('up'));
  for (let i = 40; i < 5000; i += 1) store.append(up, timestamp(i * 1000), i);
  store.dropBefore(() => timestamp(4_000_000));
  expect(Array.from(before?.values ?? [])).toEqual(Array.from({ length: 40 }, (_, i) => i));
  const [after] = await read(store, named('up'));
  expect([after?.timestamps[0], after?.timestamps.length]).toEqual([4_000_000, 1000]);
});

test('loaded history is not copied and goes on with appends', async () => {
  const timestamps = Float64Array.of(0, 60_000, 120_000);
  const values = Float64Array.of(1, 2, 3);
  const store = new MemoryStore();
  store.load([
    { labels: requests, timestamps, values },
    { labels: errors, timestamps, values: Float64Array.of(0, Number.NaN, 0), staleMarkers: Int32Array.of(1) },
  ]);
  const [loaded] = await read(store, named('requests_total'));
  expect(loaded?.values.buffer).toBe(values.buffer);
  expect(store.append(requests, timestamp(60_000), 9)).toBe('outOfOrder');
  expect(store.append(requests, timestamp(180_000), 4)).toBe('appended');
  expect(store.append(errors, timestamp(180_000), 1)).toBe('appended');
  const [a, b] = await read(store, named('requests_total'), 60_000, 180_000);
  expect(Array.from(a?.values ?? [])).toEqual([2, 3, 4]);
  expect(a?.timestamps).toBe(b?.timestamps);
  expect(b === undefined ? [] : [0, 1, 2].map((i) => isStale(b, i))).toEqual([true, false, false]);
  expect(Array.from(values)).toEqual([1, 2, 3]);
});

test('a sample of a long series costs at most 18 bytes of columns, 9 where series share their timestamps', () => {
  const store = new MemoryStore();
  const sets = Array.from({ length: 50 }, (_, i) => Labels.of({ __name__: 'x', i: String(i) }));
  for (let t = 0; t < 2000; t += 1) for (const labels of sets) store.append(labels, timestamp(t), t);
  const { bytes, samples } = store.size();
  expect(samples).toBe(100_000);
  expect(bytes / samples).toBeLessThan(9.5);
});

test.each([
  [[{ name: 'job', operator: '=', value: 'api' }], 3],
  [[{ name: 'code', operator: '=~', value: '[25]..' }], 2],
  [[{ name: 'code', operator: '=', value: '' }], 1],
  [[{ name: 'code', operator: '!=', value: '200' }], 2],
  [
    [
      { name: '__name__', operator: '=', value: 'requests_total' },
      { name: 'code', operator: '=', value: '500' },
    ],
    1,
  ],
  [
    [
      { name: 'job', operator: '=', value: 'api' },
      { name: 'job', operator: '=', value: 'web' },
    ],
    0,
  ],
] as const)('series are found by labels: %j', async (matchers, count) => {
  const store = new MemoryStore();
  for (const labels of [up, requests, errors]) store.append(labels, timestamp(1000), 1);
  expect(await read(store, matchers)).toHaveLength(count);
  expect(store.labelSets(matchers, timestamp(0), timestamp(999))).toHaveLength(0);
  expect(store.labelSets(matchers, timestamp(1000), timestamp(1000))).toHaveLength(count);
});

test('series without a sample left are forgotten', async () => {
  const store = new MemoryStore();
  store.append(errors, timestamp(0), 1);
  for (let i = 0; i < 100; i += 1) store.append(up, timestamp(i), 1);
  store.dropBefore((labels) => timestamp(labels.get('__name__') === 'up' ? 0 : 50));
  expect(store.size()).toMatchObject({ series: 1, samples: 100 });
  expect(await read(store, named('requests_total'))).toEqual([]);
  expect(store.append(errors, timestamp(10), 1)).toBe('appended');
});

/** What the store must be, written as slowly and plainly as can be. */
interface Plain {
  readonly time: number;
  readonly value: number;
  readonly stale: boolean;
}

const step = fc.record({
  series: fc.integer({ min: 0, max: 3 }),
  gap: fc.constantFrom(-1, 0, 0, 0, 1, 1, 1, 2),
  value: fc.constantFrom(0, 1, Number.NaN, Number.POSITIVE_INFINITY, -0),
  stale: fc.boolean(),
});

test('a store of interleaved appends, markers and cuts holds what a list of samples would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 200 }), fc.integer({ min: -5, max: 100 }), async (steps, cut) => {
      const store = new MemoryStore();
      const plain = new Map<number, Plain[]>();
      const labelsOf = (i: number): Labels => Labels.of({ __name__: 'x', i: String(i) });
      let now = 0;
      for (const { series, gap, value, stale } of steps) {
        now += gap;
        const list = plain.get(series) ?? [];
        plain.set(series, list);
        const last = list.at(-1);
        const marker = stale && last !== undefined;
        if (last === undefined || last.time < now)
          list.push({ time: now, value: marker ? Number.NaN : value, stale: marker });
        if (marker) store.appendStaleMarker(labelsOf(series), timestamp(now));
        else store.append(labelsOf(series), timestamp(now), value);
      }
      for (const dropped of [false, true]) {
        if (dropped) store.dropBefore((): Timestamp => timestamp(cut));
        for (const [series, list] of plain) {
          const [found] = await read(store, [{ name: 'i', operator: '=', value: String(series) }], cut, 1e15);
          const held = Array.from(found?.timestamps ?? [], (time, i) => ({
            time,
            value: found?.values[i] ?? 0,
            stale: found !== undefined && isStale(found, i),
          }));
          expect(held).toEqual(list.filter(({ time }) => cut <= time));
        }
      }
    }),
  );
});
