import { describe, expect, test } from 'vitest';
import { duration, hour, minute, second, timestamp } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { type RuleFile, type RuleGroup, recordHistory } from '../../src/core/rules/index.ts';
import { isStale, memorySource, metricName, type Series } from '../../src/core/series/index.ts';
import { append, evaluateRules, isNamed } from './history.ts';
import { calendarObjective, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/**
 * A Prometheus evaluates each group at an instant of its own within its interval. Wherever those lie, the figures of a period hold at every evaluation all
 * that was counted up to it, in the middle of an outage and at the turn of a day.
 */
const interval = duration(minute);
const period = duration(7 * hour);
const end = Date.UTC(2026, 10, 10, 0, 40);
const from = end - 9 * hour;
/** Until then all groups are evaluated together, which is faster. */
const apart = end - 65 * minute;
const judgedFrom = end - 55 * minute;
const slack = 11 * minute;

describe.each([
  ['just after the other one', 20 * second, 21 * second],
  ['just before the other one', 20 * second, 19 * second],
  ['in the middle of the step', 5 * second, 170 * second],
])('the slow group is evaluated %s', (_, fast, slow) => {
  test('the figures of the period and of the day lack nothing', { timeout: 120_000 }, async () => {
    const scraped = scrape({ ...outage(), scrapeInterval: 30, from: from / 1000, to: end / 1000 });
    const rolling = rulesOf(shop(objective('bad', period)), interval);
    const day = rulesOf(shop({ ...calendarObjective('day', 'UTC'), alerts: [] }), interval);
    const rules = { groups: [...rolling.groups, ...day.groups] };
    const series = await evaluateApart(rules, scraped.series, (every) => (every === interval ? fast : slow));
    const midnight = end - 40 * minute;
    for (const [which, slo, begins] of [
      ['bad', 'bad', (time: number) => time - period],
      ['total', 'bad', (time: number) => time - period],
      ['bad', 'by-day', (time: number) => (time <= midnight + interval ? midnight - 24 * hour : midnight)],
    ] as const) {
      const found = series.find((one) => isNamed(one, recorded.periodEvents, which) && one.labels.get('slo') === slo);
      let judged = 0;
      for (const [index, time] of (found?.timestamps ?? []).entries()) {
        const begin = begins(time);
        // A period that began before the history holds all of it.
        if (time < judgedFrom || begin < from + 20 * minute || (found !== undefined && isStale(found, index))) continue;
        const tolerance = slo === 'bad' ? slack : interval;
        const least = scraped.visible((begin + tolerance) / 1000, time / 1000)[which];
        const most = scraped.visible((begin - tolerance) / 1000, time / 1000)[which];
        const value = found?.values[index] ?? Number.NaN;
        const at = `${which} of ${slo} at ${new Date(time).toISOString()}`;
        expect(value, at).toBeGreaterThanOrEqual(least);
        expect(value, at).toBeLessThanOrEqual(most);
        judged += 1;
      }
      expect(judged).toBeGreaterThan(30);
    }
  });
});

function outage(): ReturnType<(typeof scenarios)[number]['make']> {
  const scenario = scenarios.find(({ name }) => name === 'flat traffic, an outage and a slow burn');
  if (scenario === undefined) throw new Error('no scenario');
  const made = scenario.make({ from: from / 1000, to: end / 1000, period: period / 1000 });
  const isBroken = (time: number): boolean => end / 1000 - 50 * 60 <= time && time < end / 1000 - 10 * 60;
  return { ...made, errorRatio: (time: number) => (isBroken(time) ? 0.5 : 0) };
}

/** Evaluates groups tick by tick, each at its own instants. */
async function evaluateApart(
  file: RuleFile,
  raw: readonly Series[],
  instantOf: (every: number) => number,
): Promise<readonly Series[]> {
  const together = await evaluateRules(file, raw, from, apart);
  const known = new Map(together.series.slice(raw.length).map((one) => [one.labels.key, one]));
  const ticks = file.groups
    .flatMap((group) => {
      const every = group.interval ?? interval;
      const first = Math.ceil((apart + 1) / every) * every + instantOf(every);
      const count = Math.floor((end - first) / every) + 1;
      return Array.from({ length: count }, (_, i) => ({ time: first + i * every, group }));
    })
    .sort((a, b) => a.time - b.time);
  for (const { time, group } of ticks) {
    // The evaluation before is made again with it, as it alone knows which series end.
    const previous = time - (group.interval ?? interval);
    const past = [...known.values()].map((one) =>
      isOf(group, one) ? ended(before(one, previous), previous - 1) : one,
    );
    const options = { from: timestamp(previous), to: timestamp(time), interval, alertSeries: false };
    const { series } = await recordHistory({ groups: [group] }, memorySource([...raw, ...past]), options);
    for (const one of series) {
      const earlier = known.get(one.labels.key);
      known.set(one.labels.key, earlier === undefined ? one : append(before(earlier, previous), one));
    }
  }
  return [...known.values()];
}

/** Whether a series is recorded by a group. */
function isOf({ rules }: RuleGroup, { labels }: Series): boolean {
  return rules.some(
    (rule) =>
      rule.kind === 'recording' &&
      rule.record === labels.get(metricName) &&
      [...rule.labels].every(([name, value]) => labels.get(name) === value),
  );
}

/** What follows is recorded anew; without a stale marker a series that ends there would seem to go on. */
function ended(series: Series, time: number): Series {
  const { labels } = series;
  const marker = { labels, timestamps: Float64Array.of(time), values: Float64Array.of(Number.NaN) };
  return append(series, { ...marker, staleMarkers: Int32Array.of(0) });
}

function before({ labels, timestamps, values, staleMarkers }: Series, end: number): Series {
  const first = timestamps.findIndex((time) => end <= time);
  const count = first === -1 ? timestamps.length : first;
  const stale = staleMarkers?.filter((index) => index < count);
  const part = { labels, timestamps: timestamps.slice(0, count), values: values.slice(0, count) };
  return stale === undefined ? part : { ...part, staleMarkers: stale };
}
