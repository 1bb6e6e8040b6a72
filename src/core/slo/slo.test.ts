import { describe, expect, test } from 'vitest';
import { day, duration, formatDuration, hour, minute, parseDuration, ratio, second } from '../base/index.ts';
import {
  allowedTime,
  type BurnRateTier,
  budgetConsumed,
  budgetShareAt,
  burnRateFor,
  detectionTime,
  eventsAtWhichOneFires,
  eventsForMinimum,
  eventsForOneAllowed,
  eventsToDemonstrate,
  firingOnGrid,
  isTimeZone,
  lowestTargetFor,
  maximumBurnRate,
  periodText,
  readPeriod,
  readTarget,
  remainingBudget,
  resetTime,
  shortWindowOf,
  type Target,
  timeToExhaustion,
  workbookTiers,
} from './index.ts';

const thirtyDays = duration(30 * day);
const budget = ratio(0.001);

function target(text: string): Target {
  const outcome = readTarget(text);
  if (!outcome.ok) throw new Error(text);
  return outcome.value;
}

function tiers(period: string, of = '99.9%'): readonly BurnRateTier[] {
  return workbookTiers({ kind: 'rolling', length: parseDuration(period)! }, target(of));
}

describe('periods', () => {
  test.each([['30d'], ['4w'], ['24h'], ['1h'], ['1y'], ['90d']])('%s', (text) => {
    expect(readPeriod(text)).toMatchObject({ ok: true, value: { kind: 'rolling', length: parseDuration(text) } });
  });

  test.each([
    ['calendar day', 'day', 1],
    ['calendar week', 'week', 7],
    ['calendar month', 'month', 30],
    ['Calendar-Quarter', 'quarter', 90],
    ['calendar year', 'year', 365],
  ])('%s', (text, unit, days) => {
    const value = { kind: 'calendar', unit, timeZone: 'Europe/Berlin', length: days * day };
    expect(readPeriod(text, 'Europe/Berlin')).toMatchObject({ ok: true, value });
  });

  test('continuous, shown over thirty days or what is said', () => {
    expect(readPeriod('continuous')).toMatchObject({ ok: true, value: { kind: 'continuous', length: 30 * day } });
    expect(readPeriod('continuous over 7d')).toMatchObject({
      ok: true,
      value: { kind: 'continuous', length: 7 * day },
    });
  });

  test.each(['30d', '1h', 'calendar month', 'continuous', 'continuous over 1w'])('%s is printed as it was', (text) => {
    const outcome = readPeriod(text);
    expect(outcome.ok && periodText(outcome.value)).toBe(text);
  });

  test('time zones are names of the IANA database', () => {
    expect(['UTC', 'Europe/Berlin', 'Europe/Bielefeld', '+01:00', ''].map(isTimeZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test.each([
    ['5m', 'write a length from 1h to 1y, for example 30d'],
    ['2y', 'write a length from 1h to 1y, for example 30d'],
    ['0', 'write a length from 1h to 1y, for example 30d'],
    ['month', 'write `30d` or `calendar month`'],
    ['weekly', 'write `7d` or `calendar week`'],
    ['calendar fortnight', 'write calendar day, week, month, quarter or year'],
    ['continuous over 5m', 'write a length from 1h to 1y, for example 30d'],
    ['30 days', 'write 30d'],
    ['30', 'write for example 30d'],
    ['-30d', 'write for example 30d'],
  ])('refuses %s', (text, help) => {
    expect(readPeriod(text)).toMatchObject({ ok: false, diagnostics: [{ code: 'slo/period', help }] });
  });
});

describe('burn rates', () => {
  test.each([
    [0.02, 1, 14.4],
    [0.05, 6, 6],
    [0.1, 24, 3],
    [0.1, 72, 1],
    [0.05, 1, 36],
  ])('%d of the budget in %d h of 30 d is %d', (share, hours, burnRate) => {
    expect(burnRateFor(ratio(share), duration(hours * hour), thirtyDays)).toBeCloseTo(burnRate, 12);
    expect(budgetShareAt(burnRate, duration(hours * hour), thirtyDays)).toBeCloseTo(share, 12);
  });

  test('have a maximum that depends on the target', () => {
    expect(maximumBurnRate(target('96%').errorBudget)).toBe(25);
    expect(lowestTargetFor(14.4)).toBeCloseTo(0.930_555_6, 6);
  });

  test.each([
    [1, 14.4, 50],
    [0.5, 14.4, 25],
    [1, 1, 720],
    [0, 3, 0],
    [-0.4, 3, 0],
  ])('with %d of the budget left at %d exhaust it in %d h', (remaining, burnRate, hours) => {
    expect(timeToExhaustion(ratio(remaining), burnRate, thirtyDays)).toBeCloseTo(hours * hour, 3);
  });

  test('of zero never exhaust a budget', () => {
    expect(timeToExhaustion(ratio(0.5), 0, thirtyDays)).toBeUndefined();
  });
});

describe('the workbook tiers', () => {
  const shown = (list: readonly BurnRateTier[]): readonly string[] =>
    list.map(
      (tier) =>
        `${tier.severity} ${formatDuration(tier.longWindow)}/${formatDuration(tier.shortWindow)} ${tier.burnRate}`,
    );
  const workbook = ['page 1h/5m 14.4', 'page 6h/30m 6', 'ticket 1d/2h 3', 'ticket 3d/6h 1'];

  test.each<[string, readonly string[]]>([
    ['30d', workbook],
    ['28d', workbook],
    ['31d', workbook],
    ['7d', ['page 15m/2m 14.4', 'page 1h30m/8m 6', 'ticket 6h/30m 3', 'ticket 18h/1h30m 1']],
    ['14d', ['page 30m/3m 14.4', 'page 3h/15m 6', 'ticket 12h/1h 3', 'ticket 1d12h/3h 1']],
    ['90d', ['page 3h/15m 14.4', 'page 18h/1h30m 6', 'ticket 3d/6h 3', 'ticket 9d/18h 1']],
    ['1d', ['page 12m/2m 6', 'ticket 45m/4m 3', 'ticket 2h/10m 1']],
  ])('of %s', (period, expected) => {
    expect(shown(tiers(period)).map((text) => text.replace('36h', '1d12h'))).toEqual(expected.map((text) => text));
  });

  test('never alert inside the budget, keep their order, and fire while most of the budget is left', () => {
    for (let days = 1; days <= 366; days += 1) {
      const period = duration(days * day);
      const list = workbookTiers({ kind: 'rolling', length: period }, target('99.9%'));
      expect(list.length).toBeGreaterThanOrEqual(3);
      for (const [index, tier] of list.entries()) {
        expect(1 <= tier.burnRate && tier.shortWindow < tier.longWindow && tier.longWindow < period).toBe(true);
        expect(budgetShareAt(tier.burnRate, tier.longWindow, period)).toBeLessThan(0.13);
        const next = list[index + 1];
        if (next !== undefined) expect(tier.longWindow < next.longWindow && next.burnRate < tier.burnRate).toBe(true);
      }
    }
  });

  test('leave out what no outage can reach', () => {
    expect(tiers('30d', '90%').map(({ burnRate }) => burnRate)).toEqual([6, 3, 1]);
    expect(tiers('30d', '50%').map(({ burnRate }) => burnRate)).toEqual([1]);
  });

  test('have short windows of a twelfth, but never of less than two minutes', () => {
    expect([minute * 5, minute * 30, hour, day].map((long) => shortWindowOf(duration(long)) / minute)).toEqual([
      2, 3, 5, 120,
    ]);
  });
});

describe('detection and reset', () => {
  const [fast, slow, third, fourth] = tiers('30d');
  const step = (during: number, background = 0) => ({ background: ratio(background), during: ratio(during) });

  // Seconds; the table of six strategies in the workbook's chapter 5, calculated exactly.
  test.each([
    [1, [51.84, 129.6, 259.2, 259.2]],
    [0.1, [518.4, 1296, 2592, 2592]],
    [0.01, [undefined, 12_960, 25_920, 25_920]],
    [0.002, [undefined, undefined, undefined, 129_600]],
    [0.001, [undefined, undefined, undefined, undefined]],
  ])('an error ratio of %d is detected', (during, expected) => {
    for (const [index, tier] of [fast!, slow!, third!, fourth!].entries()) {
      const seconds = expected[index];
      const found = detectionTime(tier, budget, step(during));
      if (seconds === undefined) expect(found).toBeUndefined();
      else expect(found! / second).toBeCloseTo(seconds, 6);
    }
  });

  test('a background of errors hastens detection', () => {
    expect(detectionTime(fast!, budget, step(0.05, 0.0005))! / minute).toBeCloseTo(16.848_484_848_484_848, 9);
  });

  test('resets when the short window is clean enough', () => {
    expect(resetTime(fast!, budget, step(1))! / second).toBeCloseTo(295.68, 6);
    expect(resetTime(slow!, budget, step(0.15))! / second).toBeCloseTo(1728, 6);
  });

  // Minutes of first and last firing, as promtool 2.42.0 gave them for these incidents.
  test.each([
    [1, 30, [1, 34], [3, 59]],
    [0.5, 30, [2, 34], [5, 59]],
    [0.15, 10, [6, 14], undefined],
    [0.05, 60, [18, 63], [44, 86]],
  ])('an error ratio of %d for %d minutes fires as Prometheus does', (during, minutes, ...expected) => {
    const incident = { ...step(during), length: duration(minutes * minute) };
    const found = [fast!, slow!].map((tier) => firingOnGrid(tier, budget, incident, minute));
    expect(found.map((firing) => firing && [firing.first / minute, firing.last / minute])).toEqual(expected);
  });

  test('a window exactly at the threshold does not fire yet', () => {
    const incident = { ...step(0.01), length: duration(10 * hour) };
    expect(firingOnGrid(slow!, budget, incident, minute)!.first / minute).toBe(217);
  });

  test('holding for a while delays the first firing, and drops what is over before', () => {
    const held = { ...fast!, holdFor: duration(2 * minute) };
    expect(firingOnGrid(held, budget, { ...step(1), length: duration(30 * minute) }, minute)!.first / minute).toBe(3);
    const brief = { ...fast!, holdFor: duration(20 * minute) };
    expect(firingOnGrid(brief, budget, { ...step(1), length: duration(2 * minute) }, minute)).toBeUndefined();
  });
});

describe('error budgets', () => {
  test.each([
    [500, 1_000_000, 0.5, 500],
    [1000, 1_000_000, 0, 0],
    [2000, 1_000_000, -1, -1000],
  ])('after %d bad of %d', (bad, total, share, events) => {
    const remaining = remainingBudget({ bad, total }, budget, thirtyDays)!;
    expect(remaining.ratio).toBeCloseTo(share, 9);
    expect(remaining.events).toBeCloseTo(events, 6);
    expect(remaining.time / minute).toBeCloseTo(43.2 * share, 9);
  });

  test('are not known without events', () => {
    expect(remainingBudget({ bad: 0, total: 0 }, budget, thirtyDays)).toBeUndefined();
    expect(remainingBudget({ bad: Number.NaN, total: Number.NaN }, budget, thirtyDays)).toBeUndefined();
  });

  test('allow a full outage for a while', () => {
    expect(allowedTime(budget, thirtyDays) / minute).toBeCloseTo(43.2, 9);
    expect(budgetConsumed(ratio(1), duration(10 * minute), budget, thirtyDays)).toBeCloseTo(0.231_481_481, 9);
  });
});

describe('low traffic', () => {
  test.each([
    [0.01, [6, 16, 33, 99]],
    [0.005, [13, 33, 66, 199]],
    [0.001, [69, 166, 333, 999]],
  ])('at a budget of %d one failure fires up to', (errorBudget, expected) => {
    expect([14.4, 6, 3, 1].map((burnRate) => eventsAtWhichOneFires(burnRate, ratio(errorBudget)))).toEqual(expected);
  });

  test('a minimum of bad events stops mattering', () => {
    expect([14.4, 6, 3, 1].map((burnRate) => eventsForMinimum(3, burnRate, budget))).toEqual([209, 500, 1000, 3000]);
  });

  test('needs so many events for one allowed failure, or to show the target', () => {
    expect(eventsForOneAllowed(budget)).toBe(1000);
    expect(eventsToDemonstrate(ratio(0.999), ratio(0.95))).toBe(2995);
  });
});
