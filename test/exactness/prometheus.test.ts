import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { day, duration, hour, second, timestamp } from '../../src/core/base/index.ts';
import { printExpr, runQuery } from '../../src/core/promql/index.ts';
import { printRuleFile, type Rule } from '../../src/core/rules/index.ts';
import { type Labels, memorySource, metricName } from '../../src/core/series/index.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { evaluateRules } from './history.ts';
import { openMetrics, withoutStaleMarkers } from './openmetrics.ts';
import { calendarObjective, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/**
 * The same history, raw and recorded, in a real Prometheus and in the engine: every generated expression must give the same answer at any
 * evaluation. What the recorded figures are worth is judged elsewhere; this shows that Prometheus would have recorded the same.
 */
const long = process.env['NINES_LONG'] === '1';
const interval = duration(30 * second);
const period = duration(long ? 7 * day : 12 * hour);
const evaluations = long ? 200 : 12;
const end = Date.UTC(2026, 10, 10, 3);
const judged = [
  'pods replaced every hour',
  'scrapes fail: single ones, and all for 20 minutes',
  ...(long ? ['no traffic at night', 'series get another label'] : []),
];

describe.each(judged)('%s', (name) => {
  let server: RunningServer | undefined;
  afterAll(() => server?.stop());

  test('a real Prometheus agrees at every evaluation', { timeout: 900_000 }, async (context) => {
    const span = { from: (end - period - 3 * hour) / 1000, to: end / 1000, period: period / 1000 };
    const { make } = scenarios.find((one) => one.name === name) ?? {};
    if (make === undefined) throw new Error(`no scenario ${name}`);
    const scraped = scrape({ ...make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
    const raw = withoutStaleMarkers(scraped.series);
    const slos = [
      ...(['bad', 'good', 'histogram'] as const).map((kind) => objective(kind, period)),
      // The night before the end is the turn of the day.
      calendarObjective('day', 'Europe/Berlin'),
      { ...calendarObjective('day', 'UTC'), name: 'by-endpoint', groupBy: ['endpoint'] },
    ];
    const file = rulesOf(shop(...slos), interval);
    const { series } = await evaluateRules(file, raw, span.from * 1000, end);
    const stored = withoutStaleMarkers(series);
    // Prometheus 2 looks back up to and including five minutes, 3 and the engine up to that: without stale markers that could be seen.
    const flags = ['--query.lookback-delta=4m59s999ms'];
    server = await startPrometheus(context, { history: [...openMetrics(stored)].join(''), flags });
    const random = draws(11);
    let compared = 0;
    for (const group of file.groups) {
      for (const rule of group.rules) {
        const text = printExpr(rule.expr);
        for (let i = 0; i < evaluations; i += 1) {
          const ticks = Math.floor((period + 2 * hour) / (group.interval ?? interval));
          const time = end - Math.floor(random() * ticks) * (group.interval ?? interval);
          const ours = await answer(stored, rule, time);
          const theirs = await ask(server, text, time);
          compared += agree(ours, theirs, `${nameOf(rule)} at ${new Date(time).toISOString()}: ${text}`);
        }
      }
    }
    expect(compared).toBeGreaterThan(evaluations * 30);
  });
});

test('promtool finds nothing to complain about', async (context) => {
  const promtool = needServer(context, 'promtool');
  const folder = await mkdtemp(join(tmpdir(), 'nines-rules-'));
  try {
    const files: string[] = [];
    for (const step of [10, 15, 30, 60, 300]) {
      const slos = (['bad', 'good', 'histogram'] as const).map((kind) =>
        objective(kind, duration(30 * day), step === 300 ? '90%' : '99.9%'),
      );
      const calendars = (['day', 'week', 'month', 'quarter', 'year'] as const).map((unit) =>
        calendarObjective(unit, unit === 'week' ? 'UTC' : 'America/New_York'),
      );
      if (step < 60) slos.push(...calendars);
      const usable = step === 300 ? slos.map((slo) => ({ ...slo, alerts: slo.alerts.slice(1) })) : slos;
      files.push(join(folder, `every-${step}.yml`));
      await writeFile(files.at(-1)!, printRuleFile(rulesOf(shop(...usable), duration(step * second))));
    }
    const { stdout } = await promisify(execFile)(promtool, ['check', 'rules', '--lint-fatal', ...files], {
      env: { ...process.env, ...serverEnvironment() },
    });
    expect(stdout.match(/SUCCESS/g)).toHaveLength(files.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

type Answer = ReadonlyMap<string, number>;

async function answer(series: Parameters<typeof memorySource>[0], rule: Rule, time: number): Promise<Answer> {
  const at = timestamp(time);
  const outcome = await runQuery(memorySource(series), rule.expr, { start: at, end: at, step: duration(0) });
  if (!outcome.ok) throw new Error(`${nameOf(rule)}: ${outcome.error.message}`);
  if (outcome.value.kind !== 'vector') throw new Error(`${nameOf(rule)} gives a ${outcome.value.kind}`);
  return new Map(outcome.value.samples.map(({ labels, value }) => [keyOf(labels), value]));
}

async function ask({ url }: RunningServer, query: string, time: number): Promise<Answer> {
  const body = new URLSearchParams({ query, time: String(time / 1000) });
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
  const reply: {
    readonly status: string;
    readonly error?: string;
    readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
  } = JSON.parse(await response.text());
  if (reply.status !== 'success') throw new Error(`${query}: ${reply.error}`);
  return new Map(reply.data.result.map(({ metric, value }) => [recordKey(metric), Number(value[1])]));
}

function agree(ours: Answer, theirs: Answer, what: string): number {
  expect([...ours.keys()].sort(), what).toEqual([...theirs.keys()].sort());
  for (const [key, value] of ours) {
    const other = theirs.get(key) ?? Number.NaN;
    const apart = Math.abs(value - other) / Math.max(Math.abs(value), Math.abs(other), 1);
    if (!(apart <= 1e-9)) expect(value, `${what} ${key}`).toBe(other);
  }
  return ours.size;
}

function keyOf(labels: Labels): string {
  return recordKey(Object.fromEntries(labels.entries()));
}

/** Names are dropped when a rule records; what an inner selector was called does not matter. */
function recordKey(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).filter(([label]) => label !== metricName);
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf(rule: Rule): string {
  return rule.kind === 'recording' ? rule.record : rule.alert;
}

/** Even numbers in [0, 1) from a linear congruence (Numerical Recipes). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
