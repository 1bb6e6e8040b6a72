import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { lateRules } from '../../src/core/generate/layouts/late-rules.ts';
import { metricNameOf, selectorsOf } from '../../src/core/promql/index.ts';
import type { RuleFile } from '../../src/core/rules/index.ts';
import { isStale, metricName, type Series } from '../../src/core/series/index.ts';
import type { Service, Slo } from '../../src/core/slo/index.ts';
import { evaluateRules } from './history.ts';
import { calendarObjective, expr, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/** Rules for vmalert record what Prometheus's rules record, a whole number of evaluations later, and read nothing that is not stored yet. */
const interval = duration(30 * second);
const end = Date.UTC(2026, 10, 10, 1);
const start = end - 3 * hour;
/** No figure comes later than this: those of composites are the last. */
const most = 7 * minute;

describe('late rules', () => {
  const file = rulesOf(everyKind(), interval);
  const late = lateRules(file, interval);

  test('read only what was recorded at an evaluation before', () => {
    const records = new Set(
      file.groups.flatMap(({ rules }) => rules.flatMap((rule) => (rule.kind === 'recording' ? [rule.record] : []))),
    );
    let read = 0;
    for (const { interval: every, rules } of late.file.groups) {
      for (const { expr: tree } of rules) {
        for (const selector of selectorsOf(tree)) {
          const ago = selector.offset?.kind === 'literal' ? selector.offset.seconds * 1000 : 0;
          // A slow group may find what it recorded at its step before.
          if (every === interval) expect(ago, metricNameOf(selector)).toBeGreaterThanOrEqual(interval);
          if (records.has(metricNameOf(selector) ?? '')) read += 1;
        }
      }
    }
    expect(read).toBeGreaterThan(200);
    expect(late.alertDelay).toBe(6.5 * minute);
  });

  test('are found for more objectives than one group holds, of which no group reads another', () => {
    const twelve = Array.from({ length: 12 }, (_, i) => ({
      ...objective('bad', duration(30 * day)),
      name: `slo-${i}`,
    }));
    const { alertDelay } = lateRules(rulesOf(shop(...twelve), interval), interval);
    expect(alertDelay).toBeLessThanOrEqual(5 * minute);
  });

  test('record the same, later', { timeout: 240_000 }, async () => {
    const span = { from: start / 1000, to: end / 1000, period: 7200 };
    const make = scenarios.find(({ name }) => name.startsWith('scrapes fail'))?.make;
    if (make === undefined) throw new Error('no such scenario');
    const raw = scrape({ ...make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to }).series;
    const plain = await recordedBy(file, raw);
    const delayed = await recordedBy(late.file, raw);
    const seen = new Map<string, number>();
    for (const [key, one] of plain) {
      const name = one.labels.get(metricName) ?? '';
      // Those of slow groups show what was known at a step of theirs, which is another moment.
      if (
        isSlow(one) ||
        name.endsWith(':coarse_sum') ||
        name === recorded.periodCoarseStart ||
        name === recorded.periodOpenStep ||
        name.startsWith('ALERTS')
      )
        continue;
      const other = delayed.get(key);
      if (other === undefined) throw new Error(`${key} is not recorded`);
      // A new objective has no figures of its first steps, and the last ones come too late.
      const judged = samplesOf(one).filter(([time]) => start + 30 * minute <= time && time <= end - most);
      const values = new Map(samplesOf(other));
      const delay = delayOf(judged, values);
      for (const [time, value] of judged)
        expect(values.get(time + delay), `${key} at ${new Date(time).toISOString()}`).toBeCloseTo(value, 9);
      seen.set(name, (seen.get(name) ?? 0) + judged.length);
    }
    for (const name of [
      recorded.eventsIncrease,
      recorded.eventsCoarse,
      recorded.burnRate,
      recorded.periodErrorRatio,
      recorded.condition,
    ])
      expect(seen.get(name), name).toBeGreaterThan(20);
  });
});

/** An objective of each kind, of which composites are made. */
function everyKind(): Service {
  const plain = objective('bad', duration(2 * hour));
  const tiers = plain.alerts.slice(0, 2);
  const slos: readonly Slo[] = [
    { ...plain, name: 'requests', alerts: tiers },
    { ...calendarObjective('day', 'Europe/Berlin'), name: 'day', alerts: tiers },
    {
      ...plain,
      name: 'answers',
      alerts: tiers,
      measure: { kind: 'slices', length: minute },
      indicator: {
        kind: 'condition',
        condition: {
          kind: 'all',
          of: [
            { kind: 'comparison', value: expr('sum by (instance) (up)'), operator: '>=', bound: 1 },
            { kind: 'progress', counter: expr('requests_total'), within: duration(5 * minute) },
          ],
        },
      },
    },
    ...(['worst', 'pooled'] as const).map((combine): Slo => {
      const members = ['requests', 'answers'].map((slo) => ({ service: 'shop', slo, weight: 1 }));
      return { ...plain, name: combine, alerts: tiers, indicator: { kind: 'composite', combine, members } };
    }),
  ];
  return shop(...slos);
}

async function recordedBy(file: RuleFile, raw: readonly Series[]): Promise<ReadonlyMap<string, Series>> {
  const { series } = await evaluateRules(file, raw, start, end);
  return new Map(series.slice(raw.length).map((one) => [one.labels.key, one]));
}

function isSlow({ labels }: Series): boolean {
  return ['1d', '3d'].includes(labels.get('window') ?? '');
}

function samplesOf(series: Series): readonly (readonly [time: number, value: number])[] {
  return [...series.timestamps].flatMap((time, i) =>
    isStale(series, i) ? [] : [[time, series.values[i] ?? Number.NaN] as const],
  );
}

/** By how much a series is behind another one: that with which most samples agree. */
function delayOf(samples: readonly (readonly [number, number])[], values: ReadonlyMap<number, number>): number {
  const agreeing = (delay: number): number =>
    samples.filter(([time, value]) => {
      const found = values.get(time + delay);
      return found !== undefined && Math.abs(found - value) <= 1e-9 * Math.max(1, Math.abs(value));
    }).length;
  const delays = Array.from({ length: most / interval + 1 }, (_, i) => i * interval);
  return delays.reduce((best, delay) => (agreeing(best) < agreeing(delay) ? delay : best), 0);
}
