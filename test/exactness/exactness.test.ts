import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { isStale, type Series } from '../../src/core/series/index.ts';
import { evaluateRules, evaluateWithGaps, isNamed, latest } from './history.ts';
import { type IndicatorKind, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { type Scraped, scrape } from './traffic.ts';

/**
 * The recorded figures against the events that became visible at scrapes. The short form judges two days; NINES_LONG=1 judges thirty, as
 * the baseline was measured. Both evaluate and scrape every half minute.
 */
const long = process.env['NINES_LONG'] === '1';
const period = duration(long ? 30 * day : 2 * day);
const interval = duration(30 * second);
/** A period ends now and begins where one of its coarse steps began, at most one and a half of them from where it should. */
const coarseStep = 5 * minute;
/** In the evening, when nothing is going wrong in any scenario: what has happened is long recorded. */
const end = Date.UTC(2026, 10, 10, 20);
const kinds: readonly IndicatorKind[] = ['bad', 'good', 'histogram'];

describe(`over ${period / day} days`, () => {
  for (const [index, { name }] of scenarios.entries()) {
    // One kind of indicator a scenario in turn, so that each meets many kinds of trouble.
    const kind = kinds[index % kinds.length] ?? 'bad';
    test(`${name}, counted by ${kind}`, { timeout: 1_800_000 }, async (context) => {
      // A month of hourly pods has tens of thousands of series; a week says as much.
      const judged = duration(name.includes('every hour') ? Math.min(period, 7 * day) : period);
      const { scraped, from } = scrapeScenario(name, judged);
      const rules = rulesOf(shop(objective(kind, judged)), interval);
      const { series } = await evaluateRules(rules, scraped.series, from, end);
      await context.annotate(judge(series, scraped, judged));
    });
  }

  test('no rule is evaluated for two minutes every three hours, and for half an hour once', {
    timeout: 1_800_000,
  }, async () => {
    const { scraped, from } = scrapeScenario('flat traffic, an outage and a slow burn', period);
    const rules = rulesOf(shop(objective('bad', period)), interval);
    const gaps: { readonly from: number; readonly to: number }[] = [];
    for (let start = from + hour + 4 * minute; start < end - hour; start += 3 * hour) {
      const isLong = gaps.length === 12;
      gaps.push({ from: start, to: start + (isLong ? 30 : 2) * minute });
    }
    const series = await evaluateWithGaps(rules, scraped.series, from, end, gaps, interval);
    // After a gap across the start of a coarse step, what was counted in the step before is missing until the next one.
    judge(series, scraped, period, 2 * coarseStep, 0);
  });
});

function scrapeScenario(name: string, judged: number): { readonly scraped: Scraped; readonly from: number } {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const span = { from: (end - judged - 3 * hour) / 1000, to: end / 1000, period: judged / 1000 };
  const traffic = { ...scenario.make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to };
  return { scraped: scrape(traffic), from: span.from * 1000 };
}

/**
 * Tells the truth, and how far the recorded figure is from it. `lag`: by how much a figure may be behind; `early`: by how much the period is too long at its end, where the slow group has its own instant.
 */
function judge(series: readonly Series[], scraped: Scraped, judged: number, lag = 0, early = coarseStep): string {
  const shown = scraped.visible((end - early - judged) / 1000, end / 1000);
  const errorRatio = latest(series, recorded.periodErrorRatio) ?? Number.NaN;
  expect(shown.bad).toBeGreaterThan(0);
  // The promise is half a percent; what is missing in fact is at most what one scrape of one instance shows.
  expect(Math.abs(errorRatio / (shown.bad / shown.total) - 1)).toBeLessThan(0.0005);
  expect(Math.abs((latest(series, recorded.periodEvents, 'total') ?? 0) / shown.total - 1)).toBeLessThan(0.0005);
  for (const [time, bad] of moments(series, judged)) {
    // Half-way through an incident the figures are those of this very evaluation.
    const firstCounted = Math.max(time - judged, end - judged - 3 * hour + 10 * minute);
    const least = scraped.visible(firstCounted / 1000, (time - lag) / 1000).bad;
    const most = scraped.visible((time - judged - 2 * coarseStep) / 1000, time / 1000).bad;
    expect(bad, new Date(time).toISOString()).toBeGreaterThanOrEqual(least);
    expect(bad, new Date(time).toISOString()).toBeLessThanOrEqual(most);
  }
  const now = scraped.visible((end - judged) / 1000, end / 1000);
  const truth = now.bad / now.total;
  expect(Math.abs(errorRatio / truth - 1)).toBeLessThan(0.005);
  expect(latest(series, recorded.periodBudgetRemaining)).toBeCloseTo(1 - errorRatio / 0.001, 9);
  return `truth ${Number((100 * truth).toPrecision(4))} %, off by ${(100 * (errorRatio / truth - 1)).toFixed(4)} %`;
}

/** The bad events of the period as they were recorded at evaluations all over the last half of it. */
function* moments(series: readonly Series[], judged: number): Generator<readonly [time: number, bad: number]> {
  const found = series.find((one) => isNamed(one, recorded.periodEvents, 'bad'));
  if (found === undefined) throw new Error('nothing recorded');
  const first = found.timestamps.findIndex((time) => end - judged / 2 <= time);
  const stride = Math.max(1, Math.floor((found.timestamps.length - first) / 97));
  for (let i = first; i < found.timestamps.length; i += stride) {
    if (!isStale(found, i)) yield [found.timestamps[i] ?? 0, found.values[i] ?? Number.NaN];
  }
}
