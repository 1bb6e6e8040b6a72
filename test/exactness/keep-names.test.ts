import { afterAll, describe, expect, test } from 'vitest';
import { day, duration, hour, minute, second, timestamp } from '../../src/core/base/index.ts';
import { readServices, readSlothNames } from '../../src/core/formats/index.ts';
import {
  defaultGenerateOptions,
  generateKeptRules,
  keepNamesOf,
  type WindowSource,
  windowSources,
} from '../../src/core/generate/index.ts';
import { parseExpr, printExpr, runQuery } from '../../src/core/promql/index.ts';
import type { RecordingRule, RuleFile } from '../../src/core/rules/index.ts';
import { Labels, memorySource, type Series } from '../../src/core/series/index.ts';
import type { Slo } from '../../src/core/slo/index.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { type Evaluated, evaluateRules, latest } from './history.ts';
import { openMetrics, withoutStaleMarkers } from './openmetrics.ts';
import { objective, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { type Scraped, scrape } from './traffic.ts';

/**
 * Rules under Sloth's names over the history of a day: what they show of the period, and what Sloth's own expression for it would show.
 * The numbers stand in docs/explanation/rules-of-other-tools.md.
 */
const period = day;
const interval = duration(30 * second);
const end = Date.UTC(2026, 10, 10, 20);
const from = end - period - 3 * hour;
const periodRecord = 'slo:sli_error:ratio_rate1d';
const own = '{sloth_id="shop-bad", sloth_service="shop", sloth_slo="bad"}';
const slothPeriod =
  `sum_over_time(slo:sli_error:ratio_rate5m${own}[1d]) / ignoring (sloth_window) ` +
  `count_over_time(slo:sli_error:ratio_rate5m${own}[1d])`;

interface Case {
  readonly name: string;
  /** What Sloth's expression shows as a multiple of the truth; undefined where it is no number. */
  readonly sloth: readonly [least: number, most: number] | undefined;
}

const cases: readonly Case[] = [
  { name: 'diurnal 20:1, an outage at the trough', sloth: [9, 10.5] },
  { name: 'diurnal 20:1, an outage at the peak', sloth: [0.3, 0.7] },
  { name: 'no traffic at night', sloth: undefined },
];

describe.each(cases)('$name', ({ name, sloth }) => {
  let server: RunningServer | undefined;
  afterAll(() => server?.stop());

  test('the period is that of the events, where Sloth has a mean of ratios', { timeout: 300_000 }, async (context) => {
    const scraped = scrapeScenario(name);
    const truth = truthOf(scraped);
    for (const source of windowSources) {
      const { series } = await evaluated(source, scraped.series);
      const ours = latest(series, periodRecord) ?? Number.NaN;
      expect(Math.abs(ours / truth - 1), `${source}: ${ours} of ${truth}`).toBeLessThan(0.005);
      expect(latest(series, 'slo:period_error_budget_remaining:ratio')).toBeCloseTo(1 - ours / 0.001, 6);
      if (source === 'recorded') continue;
      const stored = withoutStaleMarkers(series);
      server = await startPrometheus(context, {
        history: openMetrics(stored),
        flags: ['--query.lookback-delta=4m59s999ms'],
      });
      const shown = await ask(server, slothPeriod);
      if (sloth === undefined) expect(shown).toBeNaN();
      else {
        expect(shown / truth).toBeGreaterThan(sloth[0]);
        expect(shown / truth).toBeLessThan(sloth[1]);
      }
      await agree(server, stored, kept(source).kept);
    }
  });
});

test('the page fires in the outage, whatever the shares of the windows are made of', { timeout: 300_000 }, async () => {
  const scraped = scrapeScenario('diurnal 20:1, an outage at the peak');
  const firings: number[] = [];
  for (const source of windowSources) {
    const { alerts } = await evaluated(source, scraped.series);
    const pages = alerts.filter(({ rule }) => rule.labels.get('sloth_severity') === 'page');
    const times = pages.flatMap(({ episodes }) => episodes.flatMap(({ firedAt }) => firedAt ?? []));
    expect(times.length, source).toBe(1);
    firings.push(times[0] ?? Number.NaN);
  }
  const [raw = Number.NaN, exact = Number.NaN] = firings;
  expect(Math.abs(raw - exact)).toBeLessThanOrEqual(2 * minute);
});

test('a query that is no sum of counters is weighted by what it counts', { timeout: 300_000 }, async () => {
  const text = `
version: prometheus/v1
service: queue
slos:
  - name: depth
    objective: 99
    sli:
      events:
        error_query: sum_over_time((count(depth > 5))[{{.window}}:30s]) or vector(0)
        total_query: sum_over_time((count(depth))[{{.window}}:30s])
    alerting: { page_alert: { disable: true }, ticket_alert: { disable: true } }
`;
  const source = { name: 'queue.yml', text };
  const read = readServices(source, { sloth: { period, tiers: [] } });
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  const keep = keepNamesOf('sloth', { slothNames: readSlothNames(source), slothWindows: { period, tiers: [] } });
  const { kept: file, events } = generateKeptRules(read.value, defaultGenerateOptions, keep);
  // One of ten queues is deep for half a day, in which there are ten of them; before there is only one.
  const deep = queue('deep', end - day / 2, 9);
  const others = Array.from({ length: 8 }, (_, index) => queue(`q${index}`, end - day / 2, 1));
  const always = queue('always', from, 1);
  const { series } = await evaluateRules(
    { groups: [...events.groups, ...file.groups] },
    [always, deep, ...others],
    from,
    end,
  );
  // Half a day of one queue and half a day of ten: of eleven half days one is bad.
  expect(latest(series, periodRecord)).toBeCloseTo(1 / 11, 2);
});

function queue(name: string, since: number, value: number): Series {
  const count = Math.floor((end - since) / interval) + 1;
  return {
    labels: Labels.of({ __name__: 'depth', queue: name }),
    timestamps: Float64Array.from({ length: count }, (_, index) => since + index * interval),
    values: new Float64Array(count).fill(value),
  };
}

function scrapeScenario(name: string): Scraped {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const span = { from: from / 1000, to: end / 1000, period: period / 1000 };
  return scrape({ ...scenario.make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
}

function truthOf(scraped: Scraped): number {
  const { bad, total } = scraped.visible((end - period) / 1000, end / 1000);
  return bad / total;
}

function kept(windowSource: WindowSource): { readonly kept: RuleFile; readonly events: RuleFile } {
  const plain = objective('bad', period);
  // Windows that fit into a day.
  const slo: Slo = { ...plain, alerts: plain.alerts.slice(0, 2) };
  return generateKeptRules([shop(slo)], defaultGenerateOptions, keepNamesOf('sloth', { windowSource }));
}

function evaluated(source: WindowSource, raw: readonly Series[]): Promise<Evaluated> {
  const { kept: file, events } = kept(source);
  return evaluateRules({ groups: [...events.groups, ...file.groups] }, raw, from, end);
}

/** A real Prometheus gives for every expression of a file what the engine gives. */
async function agree(server: RunningServer, stored: readonly Series[], file: RuleFile): Promise<void> {
  const rules = file.groups.flatMap(({ rules: all }) =>
    all.flatMap((rule) => (rule.kind === 'recording' ? [rule] : [])),
  );
  for (const rule of rules) {
    for (const time of [end, end - 5 * hour, end - 13 * hour]) {
      const theirs = await ask(server, printExpr(rule.expr), time);
      const ours = await answer(stored, rule, time);
      const apart = Math.abs(ours - theirs) / Math.max(Math.abs(theirs), 1);
      expect(Object.is(ours, theirs) || apart <= 1e-9, `${rule.record}: ${ours} and ${theirs}`).toBe(true);
    }
  }
}

async function answer(series: readonly Series[], rule: RecordingRule, time: number): Promise<number> {
  const at = timestamp(time);
  const outcome = await runQuery(memorySource(series), rule.expr, { start: at, end: at, step: duration(0) });
  if (!outcome.ok || outcome.value.kind !== 'vector') throw new Error(rule.record);
  return outcome.value.samples[0]?.value ?? Number.NaN;
}

async function ask({ url }: RunningServer, query: string, time = end): Promise<number> {
  if (!parseExpr(query).ok) throw new Error(query);
  const body = new URLSearchParams({ query, time: String(time / 1000) });
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
  const reply: { readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] } } =
    JSON.parse(await response.text());
  return Number(reply.data.result[0]?.value[1] ?? Number.NaN);
}
