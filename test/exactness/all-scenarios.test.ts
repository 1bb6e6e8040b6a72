import { expect, test } from 'vitest';
import { day, duration, hour, second, timestamp } from '../../src/core/base/index.ts';
import { printExpr, runQuery } from '../../src/core/promql/index.ts';
import type { Rule } from '../../src/core/rules/index.ts';
import { memorySource, type Series, type SeriesSource } from '../../src/core/series/index.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { needServer } from '../servers.ts';
import { type Answer, agree, draws, keyOf, nameOf, recordKey } from './agreement.ts';
import { evaluateRules } from './history.ts';
import { openMetrics, withoutStaleMarkers } from './openmetrics.ts';
import { objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/**
 * The same history, raw and recorded, in a real Prometheus and in the engine: every generated expression must give the same answer at any
 * evaluation. What the recorded figures are worth is judged elsewhere; this shows that Prometheus would have recorded the same.
 *
 * All scenarios lie in one server, some days apart. The short form judges three hours of each at 13 evaluations, more than 200 in
 * all; NINES_LONG=1 judges two days of each at 200.
 */
const long = process.env['NINES_LONG'] === '1';
const interval = duration(30 * second);
const period = duration(long ? 2 * day : 12 * hour);
const judged = long ? 2 * day + 3 * hour : 3 * hour;
/** Evaluations of each expression: so many stretches of so many, with a random beginning and distance each. */
const stretches = long ? 10 : 1;
const inStretch = long ? 20 : 13;
const end = Date.UTC(2026, 10, 10, 3);
const apart = 10 * day;

interface Judged {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly stored: readonly Series[];
}

const slos = (['bad', 'good', 'histogram'] as const).map((kind) => objective(kind, period));
const file = rulesOf(shop(...slos), interval);

test('a real Prometheus agrees about every scenario', { timeout: 3_600_000 }, async (context) => {
  needServer(context, 'prometheus');
  const all: Judged[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    const to = end - index * apart;
    const from = to - judged;
    const span = { from: from / 1000, to: to / 1000, period: (judged * 0.7) / 1000 };
    const scraped = scrape({ ...scenario.make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
    const { series } = await evaluateRules(file, withoutStaleMarkers(scraped.series), from, to);
    all.push({ name: scenario.name, from, to, stored: withoutStaleMarkers(series) });
  }
  // Prometheus 2 looks back up to and including five minutes, 3 and the engine up to that: without stale markers that could be seen.
  const flags = ['--query.lookback-delta=4m59s999ms'];
  const server = await startPrometheus(context, { history: historyOf(all), flags });
  try {
    let ticks = 0;
    for (const one of all) ticks += await compareAll(server, one);
    await context.annotate(
      `${ticks} evaluations of each of ${file.groups.flatMap(({ rules }) => rules).length} expressions`,
    );
    expect(ticks).toBeGreaterThanOrEqual(200);
  } finally {
    await server.stop();
  }
});

/** Compares all expressions over one scenario, and gives at how many evaluations. */
async function compareAll(server: RunningServer, { name, from, to, stored }: Judged): Promise<number> {
  const random = draws(11);
  const source = memorySource(stored);
  let compared = 0;
  for (const group of file.groups) {
    const step = group.interval ?? interval;
    const count = Math.floor((to - from) / step);
    for (const rule of group.rules) {
      const text = printExpr(rule.expr);
      for (let i = 0; i < stretches; i += 1) {
        const every = 1 + Math.floor(random() * Math.max(1, count / inStretch));
        const first = Math.floor(random() * Math.max(1, count - every * (inStretch - 1)));
        const time = {
          start: from + first * step,
          end: from + (first + every * (inStretch - 1)) * step,
          step: every * step,
        };
        const ours = await answer(source, rule, time);
        const theirs = await ask(server, text, time);
        compared += agree(ours, theirs, `${name}: ${nameOf(rule)}: ${text}`);
      }
    }
  }
  expect(compared, name).toBeGreaterThan(stretches * inStretch * 30);
  return stretches * inStretch;
}

function* historyOf(all: readonly Judged[]): Generator<string> {
  for (const { stored } of all) for (const piece of openMetrics(stored)) if (piece !== '# EOF\n') yield piece;
  yield '# EOF\n';
}

interface Times {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

async function answer(source: SeriesSource, rule: Rule, { start, end: last, step }: Times): Promise<Answer> {
  const time = { start: timestamp(start), end: timestamp(last), step: duration(step) };
  const outcome = await runQuery(source, rule.expr, time);
  if (!outcome.ok) throw new Error(`${nameOf(rule)}: ${outcome.error.message}`);
  if (outcome.value.kind !== 'matrix') throw new Error(`${nameOf(rule)} gives a ${outcome.value.kind}`);
  return new Map(
    outcome.value.series.flatMap(({ labels, timestamps, values }) =>
      [...timestamps].map((at, i) => [`${keyOf(labels)} ${at}`, values[i] ?? Number.NaN] as const),
    ),
  );
}

async function ask({ url }: RunningServer, query: string, { start, end: last, step }: Times): Promise<Answer> {
  const seconds = { start: String(start / 1000), end: String(last / 1000), step: String(step / 1000) };
  const body = new URLSearchParams({ query, ...seconds });
  const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
  const reply: {
    readonly status: string;
    readonly error?: string;
    readonly data: {
      readonly result: readonly { metric: Record<string, string>; values: readonly (readonly [number, string])[] }[];
    };
  } = JSON.parse(await response.text());
  if (reply.status !== 'success') throw new Error(`${query}: ${reply.error}`);
  return new Map(
    reply.data.result.flatMap(({ metric, values }) =>
      values.map(([at, value]) => [`${recordKey(metric)} ${at * 1000}`, Number(value)] as const),
    ),
  );
}
