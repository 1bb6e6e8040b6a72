import { expect, test } from 'vitest';
import { day, duration, hour, minute, timestamp } from '../../src/core/base/index.ts';
import { alertNames, rawName, recorded } from '../../src/core/generate/index.ts';
import { type Exclusion, type ExclusionTime, isExcluded, type Slo } from '../../src/core/slo/index.ts';
import { evaluateRules, latest } from './history.ts';
import { calendarObjective, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { type Scraped, scrape } from './traffic.ts';

/** Figures without the time of exclusions, and raw ones beside them, against the events that became visible. */
const interval = duration(minute);
const end = Date.UTC(2026, 9, 26, 12);

const nights: ExclusionTime = {
  kind: 'recurring',
  rule: 'FREQ=DAILY;BYDAY=SU,MO',
  start: '2026-01-04T01:00',
  length: duration(3 * hour),
  timeZone: 'Europe/Berlin',
};
const evening: ExclusionTime = { kind: 'once', from: '2026-10-25T20:00:00Z', to: '2026-10-25T23:10:00Z' };

test.each([
  ['rolling', { ...objective('bad', duration(2 * day)), alerts: [] }],
  ['calendar day', { ...calendarObjective('day', 'Europe/Berlin'), alerts: [] }],
])('a %s period, over a night in which clocks are changed', { timeout: 120_000 }, async (_, slo: Slo) => {
  const from = end - 2 * day - 3 * hour;
  const scraped = scrapeTrouble(from);
  const exclusions = [nights, evening].map((when) => exclusion(slo, when));
  const rules = rulesOf({ ...shop(slo), exclusions }, interval);
  const { series } = await evaluateRules(rules, scraped.series, from, end);
  const raw = visibleIn(scraped, startOf(slo), () => true);
  const adjusted = visibleIn(
    scraped,
    startOf(slo),
    (time) => ![nights, evening].some((when) => isExcluded(when, timestamp(time))),
  );
  expect(adjusted.bad).toBeLessThan(raw.bad);
  expect(latest(series, recorded.periodEvents, 'total')).toBe(adjusted.total);
  expect(latest(series, recorded.periodEvents, 'bad')).toBe(adjusted.bad);
  expect(latest(series, recorded.periodErrorRatio)).toBeCloseTo(adjusted.bad / adjusted.total, 12);
  expect(latest(series, rawName(recorded.periodEvents), 'total')).toBe(raw.total);
  expect(latest(series, rawName(recorded.periodEvents), 'bad')).toBe(raw.bad);
  expect(latest(series, rawName(recorded.periodBudgetRemaining))).toBeCloseTo(1 - raw.bad / raw.total / 0.001, 9);
  // Excluded time is seen, it only does not count.
  expect(latest(series, recorded.periodFill)).toBe(1);
});

test('an outage in an exclusion raises nothing, the same one outside does', async () => {
  const from = end - 10 * hour;
  const slo = objective('bad', duration(30 * day));
  const outage = (start: number): Scraped => {
    const span = { from: from / 1000, to: end / 1000, period: (end - from) / 1000 };
    const steady = scenarios[0]?.make(span);
    if (steady === undefined) throw new Error('no scenario');
    const errorRatio = (time: number): number => (start / 1000 <= time && time < start / 1000 + 1800 ? 1 : 0);
    return scrape({ ...steady, errorRatio, scrapeInterval: 60, from: span.from, to: span.to });
  };
  const start = end - 4 * hour;
  const when: ExclusionTime = { kind: 'once', from: iso(start), to: iso(start + hour) };
  const rules = rulesOf({ ...shop(slo), exclusions: [exclusion(slo, when)] }, interval);
  const fired = async (begin: number): Promise<number> => {
    const { alerts } = await evaluateRules(rules, outage(begin).series, from, end);
    return alerts
      .filter(({ rule }) => rule.alert === alertNames.burn)
      .flatMap(({ episodes }) => episodes.filter(({ firedAt }) => firedAt !== undefined)).length;
  };
  expect(await fired(start)).toBe(0);
  expect(await fired(start + 90 * minute)).toBeGreaterThan(0);
});

test('an objective that no exclusion touches has no further series', () => {
  const slo = objective('bad', duration(30 * day));
  const other = exclusion({ ...slo, name: 'another' }, nights);
  expect(rulesOf({ ...shop(slo), exclusions: [other] }, interval)).toEqual(rulesOf(shop(slo), interval));
});

function exclusion(slo: Slo, when: ExclusionTime): Exclusion {
  return { name: 'maintenance', reason: 'planned', owner: 'shop-team', slos: [slo.name], when };
}

/** When the judged period begins: the start of the day, or where a coarse step began two days ago. */
function startOf({ period }: Slo): number {
  return period.kind === 'calendar' ? Date.UTC(2026, 9, 25, 23) : end - 2 * day - 5 * minute;
}

/** The events of the evaluations that count. */
function visibleIn(scraped: Scraped, from: number, counts: (time: number) => boolean): { total: number; bad: number } {
  const sums = { total: 0, bad: 0 };
  for (let time = from; time < end; time += interval) {
    if (!counts(time)) continue;
    const { total, bad } = scraped.visible(time / 1000, (time + interval) / 1000);
    sums.total += total;
    sums.bad += bad;
  }
  return sums;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function scrapeTrouble(from: number): Scraped {
  const span = { from: from / 1000, to: end / 1000, period: (end - from) / 1000 };
  const made = scenarios.find(({ name }) => name === 'diurnal 20:1, 3 % errors every night')?.make(span);
  if (made === undefined) throw new Error('no scenario');
  return scrape({ ...made, scrapeInterval: interval / 1000, from: span.from, to: span.to });
}
