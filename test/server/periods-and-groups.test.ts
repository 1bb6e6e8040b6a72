import { expect, test } from 'vitest';
import { day, duration, hour, second, timestamp } from '../../src/core/base/index.ts';
import { parseExpr, runQuery } from '../../src/core/promql/index.ts';
import { memorySource, type QueryBackend, type SeriesSource } from '../../src/core/series/index.ts';
import type { Exclusion, Slo } from '../../src/core/slo/index.ts';
import { silentLog } from '../../src/server/index.ts';
import { figureReader } from '../../src/server/status/figures.ts';
import { statusBoard } from '../../src/server/status/status-board.ts';
import { evaluateRules } from '../exactness/history.ts';
import { objective, rulesOf, shop } from '../exactness/rules.ts';
import { scenarios } from '../exactness/scenarios.ts';
import { scrape } from '../exactness/traffic.ts';

/** What the server tells of grouped objectives and of further periods, read from what their rules recorded over simulated traffic. */
const interval = duration(30 * second);
const end = Date.UTC(2026, 10, 10, 3);
const from = end - 9 * hour;
const slo: Slo = {
  ...objective('bad', duration(8 * hour)),
  alerts: [],
  groupBy: ['endpoint'],
  furtherPeriods: [
    { kind: 'rolling', length: hour },
    { kind: 'rolling', length: duration(7 * hour) },
    { kind: 'calendar', unit: 'day', timeZone: 'UTC', length: day },
    { kind: 'calendar', unit: 'year', timeZone: 'Europe/Berlin', length: duration(365 * day) },
  ],
};

test('groups with the worst first, their history, and each period beside the main one', async () => {
  const span = { from: from / 1000, to: end / 1000, period: (end - from) / 1000 };
  const traffic = scenarios[0]?.make(span);
  if (traffic === undefined) throw new Error('no scenario');
  const scraped = scrape({ ...traffic, scrapeInterval: 30, from: span.from, to: span.to });
  const maintenance: Exclusion = {
    name: 'maintenance',
    reason: 'planned',
    owner: 'shop-team',
    slos: [slo.name],
    when: { kind: 'once', from: '2026-11-10T01:00:00Z', to: '2026-11-10T02:00:00Z' },
  };
  const service = { ...shop(slo), exclusions: [maintenance] };
  const { series } = await evaluateRules(rulesOf(service, interval), scraped.series, from, end);
  const reader = figureReader([service], backendOf(memorySource(series)), async () => [], interval);
  const board = statusBoard([service], reader, { now: () => timestamp(end) }, interval, silentLog);

  const detail = await board.slo('shop', 'bad');
  expect(detail?.groups.map(({ labels }) => labels['endpoint']).toSorted()).toEqual(['/a', '/b', '/c']);
  const shares = detail?.groups.map(({ sli }) => sli ?? 0) ?? [];
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  const excluded = scraped.visible(Date.UTC(2026, 10, 10, 1) / 1000, Date.UTC(2026, 10, 10, 2) / 1000).total / 3;
  const difference = (detail?.raw?.totalEvents ?? 0) - (detail?.totalEvents ?? 0);
  expect(Math.abs(difference / excluded - 1)).toBeLessThan(0.05);
  expect(detail?.group).toEqual(detail?.groups[0]?.labels);
  expect(detail?.sli).toBe(shares[0]);

  const hourAgo = scraped.visible((end - hour) / 1000, end / 1000);
  const midnight = scraped.visible(Date.UTC(2026, 10, 10) / 1000, end / 1000);
  const totals = new Map(detail?.furtherPeriods.map(({ name, totalEvents }) => [name, totalEvents ?? 0]));
  expect([...totals.keys()]).toEqual(['1h', '7h', 'calendar-day', 'calendar-year-Europe/Berlin']);
  // A third of the traffic goes to each endpoint.
  expect(totals.get('1h')).toBeCloseTo(hourAgo.total / 3, -2);
  expect(Math.abs((totals.get('calendar-day') ?? 0) / (midnight.total / 3 - excluded) - 1)).toBeLessThan(0.05);
  expect(totals.get('calendar-day')).toBeLessThan(totals.get('7h') ?? 0);
  expect(totals.get('7h')).toBeLessThan(totals.get('calendar-year-Europe/Berlin') ?? 0);

  const steps = { from: timestamp(end - hour), to: timestamp(end), step: duration(600 * second) };
  const signal = new AbortController().signal;
  const ofGroup = await board.history('shop', 'bad', { endpoint: '/b' }, steps, signal);
  const group = detail?.groups.find(({ labels }) => labels['endpoint'] === '/b');
  expect(ofGroup?.sli.at(-1)).toBe(group?.sli);
  const ofWorst = await board.history('shop', 'bad', {}, steps, signal);
  expect(ofWorst?.sli.at(-1)).toBe(detail?.sli);
});

/** A backend that answers by the engine. */
function backendOf(source: SeriesSource): QueryBackend {
  const run = async (text: string, start: number, stop: number, step: number) => {
    const parsed = parseExpr(text);
    if (!parsed.ok) throw new Error(text);
    const range = { start: timestamp(start), end: timestamp(stop), step: duration(step) };
    const outcome = await runQuery(source, parsed.value, range);
    if (!outcome.ok) throw new Error(outcome.error.message);
    return outcome.value;
  };
  return {
    async query(text, time) {
      const value = await run(text, time, time, 0);
      if (value.kind !== 'vector') throw new Error(text);
      return value.samples.map(({ labels, value: one }) => ({ labels, value: one }));
    },
    async queryRange(text, start, stop, step) {
      const value = await run(text, start, stop, step);
      if (value.kind !== 'matrix') throw new Error(text);
      return value.series;
    },
  };
}
