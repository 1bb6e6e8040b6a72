import { expect, test } from 'vitest';
import { historyOf, packSeries, ruleFileName, unpackSeries } from '../../src/cli/demo/demo-history.ts';
import { duration, hour, minute, noCheckpoint, timestamp } from '../../src/core/base/index.ts';
import { readDefinitions } from '../../src/core/formats/index.ts';
import { defaultGenerateOptions, generateRules } from '../../src/core/generate/index.ts';
import type { RestoreOptions } from '../../src/core/rules/index.ts';
import { readScenario } from '../../src/core/scenario/index.ts';
import { metricName, type Series } from '../../src/core/series/index.ts';
import { defaultConfiguration, embeddedServer, silentLog, tickThrough } from '../../src/server/index.ts';
import { MemoryStore } from '../../src/store/index.ts';
import { definition, readValue, scenarioText } from './world.ts';

const service = readValue(readDefinitions({ name: 'slo.yaml', text: definition }))[0]!;
const scenario = readValue(readScenario({ name: 'scenario.yaml', text: scenarioText('') }));
const now = timestamp(1_763_700_000_000);
const wish = {
  now,
  length: duration(8 * hour),
  interval: minute,
  unrecorded: duration(6 * minute),
  details: duration(2 * hour),
};

function named(all: readonly Series[], name: string): readonly Series[] {
  return all.filter(({ labels }) => labels.get(metricName) === name);
}

test('a history has raw samples up to now, shown figures from the start and details of the last hours', async () => {
  const history = await historyOf(service, scenario, wish, noCheckpoint);
  const [raw] = named(history, 'http_requests_total');
  expect([raw?.timestamps[0], raw?.timestamps.at(-1)]).toEqual([now - wish.length, now]);
  const [shown] = named(history, 'slo:period_errors:ratio');
  expect(shown?.timestamps[0]).toBeLessThan(now - 7 * hour);
  expect(shown?.timestamps.at(-1)).toBeGreaterThan(now - 8 * minute);
  expect(shown?.values.at(-1)).toBeCloseTo(0.0002, 5);
  const [detail] = named(history, 'instance:slo_events:sum');
  expect(detail?.timestamps[0]).toBeGreaterThanOrEqual(now - 2 * hour);
});

test('the past without details is the past with all of them, at fewer times', async () => {
  const less = await historyOf(service, scenario, wish, noCheckpoint);
  const whole = await historyOf(service, scenario, { ...wish, details: wish.length }, noCheckpoint);
  const known = new Map(
    whole.map(({ labels, timestamps, values }) => [labels.key, new Map([...timestamps].map((t, i) => [t, values[i]]))]),
  );
  let compared = 0;
  for (const { labels, timestamps, values } of less) {
    for (const [index, time] of timestamps.entries()) {
      const value = known.get(labels.key)?.get(time);
      // Where a series of the details begins or ends, the marker of its end may stand elsewhere.
      if (value === undefined || Number.isNaN(value)) continue;
      compared += 1;
      expect(values[index], `${labels} at ${time}`).toBeCloseTo(value, 9);
    }
  }
  expect(compared).toBeGreaterThan(0.9 * less.reduce((sum, { timestamps }) => sum + timestamps.length, 0));
});

test('alerts of the history go on where it is taken up', async () => {
  const incidents = 'incidents: [{ name: one in ten fails, at: -1h, for: 2h, errorRatio: 10% }]\n';
  const failing = readValue(readScenario({ name: 'scenario.yaml', text: scenarioText(incidents) }));
  const history = await historyOf(service, failing, wish, noCheckpoint);
  const since = async (restore?: RestoreOptions): Promise<readonly number[]> => {
    const store = new MemoryStore();
    store.load(history);
    const file = generateRules(service, { ...defaultGenerateOptions, interval: minute }).file;
    const { rules } = embeddedServer({
      configuration: { ...defaultConfiguration, evaluationInterval: minute, scrapeJobs: [] },
      ruleFiles: [{ name: ruleFileName(service), file }],
      longestPeriod: wish.length,
      clock: { now: () => now },
      log: silentLog,
      store,
      ...(restore !== undefined && { restore }),
    });
    await tickThrough(rules.work, timestamp(now - wish.unrecorded), now, () => undefined, new AbortController().signal);
    const alerts = rules.groups().flatMap((group) => group.rules.flatMap((rule) => rule.alerts));
    return alerts.filter(({ labels }) => labels.get('severity') === 'page').map(({ activeAt }) => now - activeAt);
  };
  const restored = await since({ outageTolerance: hour, gracePeriod: duration(0) });
  expect(restored.length).toBeGreaterThan(0);
  for (const age of restored) {
    expect(age).toBeGreaterThan(30 * minute);
    expect(age).toBeLessThanOrEqual(hour);
  }
  for (const age of await since()) expect(age).toBeLessThanOrEqual(wish.unrecorded);
});

test('a history comes out of a thread as it went in, its columns shared', async () => {
  const history = await historyOf(service, scenario, wish, noCheckpoint);
  const packed = packSeries(history);
  expect(packed.columns.length).toBeLessThan(1.5 * history.length);
  const sent = structuredClone(packed, { transfer: packed.columns.map(({ buffer }) => buffer) });
  const arrived = unpackSeries(sent);
  const again = await historyOf(service, scenario, wish, noCheckpoint);
  expect(arrived.map(({ labels }) => labels.key)).toEqual(again.map(({ labels }) => labels.key));
  expect(arrived.map(({ timestamps, values }) => [timestamps, values])).toEqual(
    again.map(({ timestamps, values }) => [timestamps, values]),
  );
});
