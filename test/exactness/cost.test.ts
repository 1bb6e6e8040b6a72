import { expect, type TestContext, test } from 'vitest';
import { day, duration, hour, minute, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { type Expr, printExpr, selectorsOf, walk } from '../../src/core/promql/index.ts';
import type { RuleFile } from '../../src/core/rules/index.ts';
import { Labels, metricName, type Series } from '../../src/core/series/index.ts';
import { startPrometheus } from '../prometheus.ts';
import { evaluateRules } from './history.ts';
import { openMetrics, withoutStaleMarkers } from './openmetrics.ts';
import { calendarObjective, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/**
 * What the rules of one objective cost a real Prometheus, by its own count of samples touched: 27 series of three instances, 99.9 % over
 * thirty days, scraped and evaluated every half minute, as the baseline was measured (Sloth's rules there: 628,920 an evaluation).
 */
const interval = duration(30 * second);
const end = Date.UTC(2026, 10, 10, 3);
const mostSamples = 7_000;

test('the rules of an objective touch few samples', { timeout: 120_000 }, async (context) => {
  const span = { from: (end - 7 * hour) / 1000, to: end / 1000, period: 6 };
  const steady = scenarios[0]?.make({ ...span, period: 30 * 86_400 });
  if (steady === undefined) throw new Error('no scenario');
  const scraped = scrape({ ...steady, scrapeInterval: 30, from: span.from, to: span.to });
  const rules = rulesOf(shop(objective('bad', duration(30 * day))), interval);
  const { series } = await evaluateRules(rules, scraped.series, span.from * 1000, end);
  const cost = await measured(context, rules, series);
  const figures = `${cost.fast} samples an evaluation and ${cost.slow} every ${(5 * minute) / 1000} s: ${cost.each} an evaluation`;
  await context.annotate(figures);
  expect(cost.each, figures).toBeLessThanOrEqual(mostSamples);
  expect(cost.most, 'promtool refuses to read more at once').toBeLessThanOrEqual(10_000);
});

test('an objective has few rules, each with few selectors: for these an evaluation is paid, and not for series', () => {
  const { groups } = rulesOf(shop(objective('bad', duration(30 * day))), interval);
  const counts = groups.map(({ rules }) => [
    rules.length,
    rules.reduce((sum, { expr }) => sum + selectorsOf(expr).length, 0),
  ]);
  // Of the slow group, and of the one that is evaluated every half minute with its six alerts.
  expect(counts).toEqual([
    [8, 13],
    [30, 69],
  ]);
});

test('a calendar month costs little more than thirty days that roll', { timeout: 120_000 }, async (context) => {
  const raw = manySeries(3, 9, end - 7 * hour);
  const costs: Record<string, Awaited<ReturnType<typeof measured>>> = {};
  for (const slo of [objective('bad', duration(30 * day)), calendarObjective('month', 'Europe/Berlin')]) {
    const rules = rulesOf(shop(slo), interval);
    const { series } = await evaluateRules(rules, raw, end - 7 * hour, end);
    costs[slo.name] = await measured(context, rules, series);
  }
  const { bad: rolling, 'by-month': calendar } = costs;
  const figures = JSON.stringify({ rolling, calendar });
  await context.annotate(figures);
  expect(calendar?.each, figures).toBeLessThanOrEqual(mostSamples);
  expect(calendar?.most, figures).toBeLessThanOrEqual(10_000);
});

test('of a thousand series they touch at most one sample in 500 of what Sloth touches', {
  timeout: 120_000,
}, async (context) => {
  const raw = manySeries(50, 20, end - hour);
  const rules = rulesOf(shop(objective('bad', duration(30 * day))), interval);
  const { series } = await evaluateRules(rules, raw, end - hour, end);
  const cost = await measured(context, rules, series);
  // Sloth reads all series and the errors raw in each of its windows, and twice what it recorded every half minute for thirty days.
  const windows = [5 * minute, 30 * minute, hour, 2 * hour, 6 * hour, day, 3 * day];
  const each = windows.reduce((sum, window) => sum + window / interval, 0);
  const sloth = (1000 + 250) * each + (2 * 30 * day) / interval;
  const figures = `${cost.each} samples an evaluation, Sloth ${sloth}`;
  await context.annotate(figures);
  expect(cost.each, figures).toBeLessThanOrEqual(sloth / 500);
});

test.each([10, 15, 30, 60, 300])('no range holds 10,000 samples at an evaluation every %d s', (seconds) => {
  const slos = [30, 90, 366].map((days) => {
    const slo = objective('good', duration(days * day), '90%');
    return {
      ...slo,
      name: `over-${days}`,
      alerts: slo.alerts.filter(({ shortWindow }) => 2000 * seconds <= shortWindow),
    };
  });
  const calendars = (['day', 'week', 'month', 'quarter', 'year'] as const)
    .map((unit) => calendarObjective(unit, 'Europe/Berlin'))
    .map((slo) => ({ ...slo, alerts: slo.alerts.filter(({ shortWindow }) => 2000 * seconds <= shortWindow) }));
  for (const group of rulesOf(shop(...slos, ...calendars), duration(seconds * second)).groups) {
    const coarse = group.name.includes('-slow') ? (group.interval ?? interval) : duration(5 * minute);
    for (const rule of group.rules) {
      walk(rule.expr, (node) => {
        if (node.kind !== 'matrix' || node.range.kind !== 'literal') return;
        // What a period came to is recorded four times.
        if (/closed/.test(node.selector.name)) return;
        const step = /coarse|period/.test(node.selector.name) ? coarse : duration(seconds * second);
        expect((node.range.seconds * 1000) / step, printExpr(node)).toBeLessThan(10_000);
      });
    }
  }
});

test('no rule reads itself, by way of others either', () => {
  const sliced = {
    ...objective('bad', duration(30 * day)),
    measure: { kind: 'slices', length: duration(minute) },
    noData: 'bad',
  } as const;
  const { groups } = rulesOf(
    shop(objective('good', duration(30 * day)), calendarObjective('year', 'Europe/Berlin'), sliced),
    interval,
  );
  const reads = new Map<string, Set<string>>();
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    if (rule.kind !== 'recording') continue;
    const names = reads.get(rule.record) ?? new Set();
    for (const { name } of selectorsOf(rule.expr)) names.add(name);
    reads.set(rule.record, names);
  }
  const readBy = (name: string, seen: Set<string>): Set<string> => {
    for (const next of reads.get(name) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      readBy(next, seen);
    }
    return seen;
  };
  for (const name of reads.keys()) expect([...readBy(name, new Set())], name).not.toContain(name);
});

/** What rules cost a Prometheus that has raw and recorded series as its history. */
async function measured(context: TestContext, rules: RuleFile, series: readonly Series[]) {
  const history = withoutStaleMarkers(series).map(inFullLength);
  const server = await startPrometheus(context, { history: openMetrics(history) });
  try {
    return await costOf(rules, async (expr) => {
      const body = new URLSearchParams({ query: printExpr(expr), time: String(end / 1000), stats: 'all' });
      const response = await fetch(`${server.url}/api/v1/query`, { method: 'POST', body });
      const reply: {
        readonly data: { readonly stats: { readonly samples: Samples } };
      } = await response.json();
      return reply.data.stats.samples;
    });
  } finally {
    await server.stop();
  }
}

/** Counters of many instances, a quarter of which count errors. */
function manySeries(instances: number, perInstance: number, from: number): readonly Series[] {
  const times = Float64Array.from({ length: (end - from) / interval + 1 }, (_, i) => from + i * interval);
  return Array.from({ length: instances }, (_, i) => `pod-${i}`).flatMap((instance) => [
    ...Array.from({ length: perInstance }, (_, i) => ({
      labels: Labels.of({
        [metricName]: 'requests_total',
        job: 'shop',
        instance,
        endpoint: `/${i}`,
        code: i % 4 === 0 ? '500' : '200',
      }),
      timestamps: times,
      values: times.map((_, index) => index * (i % 4 === 0 ? 1 : 1000)),
    })),
    ...(['up', 'process_start_time_seconds'] as const).map((name) => ({
      labels: Labels.of({ [metricName]: name, job: 'shop', instance }),
      timestamps: times,
      values: times.map(() => 1),
    })),
  ]);
}

/** What an expression touches, and what of it is in memory at once: of a range one series after another. */
interface Samples {
  readonly totalQueryableSamples: number;
  readonly peakSamples: number;
}

async function costOf({ groups }: RuleFile, samplesOf: (expr: Expr) => Promise<Samples>) {
  const cost = { fast: 0, slow: 0, each: 0, most: 0 };
  for (const group of groups) {
    for (const rule of group.rules) {
      const { totalQueryableSamples: samples, peakSamples } = await samplesOf(rule.expr);
      if (group.interval === interval) cost.fast += samples;
      else cost.slow += samples;
      cost.each += samples * (interval / (group.interval ?? interval));
      cost.most = Math.max(cost.most, peakSamples);
    }
  }
  return { ...cost, each: Math.round(cost.each) };
}

const coarse: readonly string[] = [
  recorded.eventsCoarse,
  recorded.observedCoarse,
  recorded.eventsInPeriod,
  recorded.observedInPeriod,
];
const fine: readonly string[] = [recorded.eventsIncrease];

/** Increases for as long as they are read back, in the place of those of some hours. */
function inFullLength(one: Series): Series {
  const name = one.labels.get(metricName);
  if (coarse.includes(name)) return lengthened(one, 30 * day + hour, 5 * minute);
  return fine.includes(name) ? lengthened(one, 7 * hour, interval) : one;
}

function lengthened({ labels }: Series, length: number, step: number): Series {
  const times = Array.from({ length: length / step }, (_, i) => end - i * step).reverse();
  return { labels, timestamps: Float64Array.from(times), values: Float64Array.from(times, () => 300) };
}
