import { expect, test } from 'vitest';
import { day, duration, hour, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { printRuleFile } from '../../src/core/rules/index.ts';
import { metricName, type Series } from '../../src/core/series/index.ts';
import { evaluateRules } from './history.ts';
import { objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/** The objectives of a service share the rules that they have in common. What is recorded and raised must be what each would have alone. */
const interval = duration(30 * second);
const end = Date.UTC(2026, 10, 10, 3);
const from = end - 9 * hour;

const period = duration(7 * hour);
const slos = [
  objective('bad', period),
  objective('good', period),
  objective('histogram', period),
  { ...objective('bad', period, '99%'), name: 'looser' },
  { ...objective('good', duration(6 * day)), name: 'longer' },
  { ...objective('bad', hour), name: 'short', alerts: [] },
  {
    ...objective('bad', period),
    name: 'monthly',
    period: { kind: 'calendar', unit: 'month', timeZone: 'Europe/Berlin', length: duration(30 * day) } as const,
  },
  {
    ...objective('histogram', period),
    name: 'sliced',
    measure: { kind: 'slices', length: duration(60 * second) } as const,
  },
];

test('shared rules record and raise what the rules of each objective do alone', { timeout: 120_000 }, async () => {
  const scenario = scenarios.find(({ name }) => name === 'flat traffic, an outage and a slow burn');
  if (scenario === undefined) throw new Error('no scenario');
  const span = { from: from / 1000, to: end / 1000, period: period / 1000 };
  const raw = scrape({ ...scenario.make(span), scrapeInterval: 30, from: span.from, to: span.to }).series;
  const together = rulesOf(shop(...slos), interval);
  const shared = await evaluateRules(together, raw, from, end);
  const alone = await Promise.all(slos.map((slo) => evaluateRules(rulesOf(shop(slo), interval), raw, from, end)));
  const expected = textsOf(alone.flatMap(({ series }) => series.slice(raw.length)));
  const found = textsOf(
    shared.series.slice(raw.length).filter((one) => one.labels.get(metricName) !== recorded.burning),
  );
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [key, text] of expected) if (found.get(key) !== text) expect(found.get(key), key).toBe(text);
  const lives = (all: typeof shared.alerts): readonly string[] =>
    all
      .flatMap(({ episodes }) =>
        episodes.map((one) => JSON.stringify([one.labels.key, one.activeAt, one.firedAt, one.endedAt])),
      )
      .sort();
  expect(lives(shared.alerts)).toEqual(lives(alone.flatMap(({ alerts }) => alerts)));
  expect(lives(shared.alerts).length).toBeGreaterThan(8);
});

test('objectives that have rules in common need far fewer than each alone', () => {
  const twenty = Array.from({ length: 20 }, (_, i) => ({ ...objective('bad', duration(30 * day)), name: `slo-${i}` }));
  const count = (...some: typeof twenty): number =>
    rulesOf(shop(...some), interval).groups.flatMap(({ rules }) => rules).length;
  const [first] = twenty;
  if (first === undefined) throw new Error('none');
  expect(count(...twenty)).toBeLessThan(10 * count(first));
  expect(printRuleFile(rulesOf(shop(...twenty), interval)).length).toBeLessThan(twenty.length * 17_000);
});

/** The samples of each series, exactly. */
function textsOf(all: readonly Series[]): ReadonlyMap<string, string> {
  return new Map(
    all.map(({ labels, timestamps, values, staleMarkers }) => [
      labels.key,
      JSON.stringify([[...timestamps], [...values].map(String), [...(staleMarkers ?? [])]]),
    ]),
  );
}
