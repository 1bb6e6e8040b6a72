import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { duration, hour, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { metricNameOf, selectorsOf } from '../../src/core/promql/index.ts';
import { printRuleFile, type RuleFile } from '../../src/core/rules/index.ts';
import { freePort, type RunningServer, startServer } from '../processes.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { evaluateRules, latest } from './history.ts';
import { openMetrics, withoutStaleMarkers } from './openmetrics.ts';
import { objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { type Scraped, scrape } from './traffic.ts';

/**
 * The past computed by promtool alone: `promtool tsdb create-blocks-from rules` against a running Prometheus, once for each level of the
 * rules, for a rule reads only what is stored already. The figures at the end must be those of the engine and the truth.
 */
const long = process.env['NINES_LONG'] === '1';
const interval = duration(30 * second);
const period = duration((long ? 24 : 6) * hour);
const end = Date.UTC(2026, 10, 10, 3);
const start = end - period - hour;
const judged = [
  ['pods replaced every hour', 'histogram'],
  ['series get another label', 'bad'],
] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-promtool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(judged)('%s', (name, kind) => {
  test('promtool records in as many passes as there are levels what the engine records', {
    timeout: 600_000,
  }, async (context) => {
    const programs = { prometheus: needServer(context, 'prometheus'), promtool: needServer(context, 'promtool') };
    const scraped = traffic(name);
    const raw = withoutStaleMarkers(scraped.series);
    const file = rulesOf(shop(objective(kind, period)), interval);
    const data = join(folder, name.replaceAll(' ', '-'));
    await writeFile(`${data}.om`, openMetrics(raw));
    await promtool(programs.promtool, ['openmetrics', `${data}.om`, data]);
    const passes = levelsOf(file);
    // Over a day there are coarse increases besides.
    expect(passes.length).toBe(long ? 10 : 9);
    // Always under one path: by it and by the name of a group its ticks are spread, and rules of one group must share them.
    const path = `${data}.yaml`;
    for (const rules of passes) {
      await writeFile(path, printRuleFile(rules));
      // A start of its own for each pass: a running server looks for new blocks only about once in a minute.
      await withPrometheus(programs.prometheus, data, (server) =>
        promtool(programs.promtool, [
          'rules',
          `--url=${server.url}`,
          `--start=${start / 1000}`,
          `--end=${end / 1000}`,
          `--eval-interval=${interval / 1000}s`,
          `--output-dir=${data}`,
          path,
        ]),
      );
    }
    const { series } = await evaluateRules(file, raw, start, end);
    const truth = scraped.visible((end - period) / 1000, end / 1000);
    expect(truth.bad).toBeGreaterThan(100);
    await withPrometheus(programs.prometheus, data, async (server) => {
      const compared = [
        [recorded.periodErrorRatio, '', truth.bad / truth.total],
        [recorded.periodEvents, 'bad', truth.bad],
        [recorded.periodEvents, 'total', truth.total],
      ] as const;
      for (const [record, kind, wanted] of compared) {
        const theirs = await ask(server, `${record}{events="${kind}"}`);
        // Blocks have no stale markers: a pod that is gone lives on for five minutes, and the ticks are spread within the interval.
        expect(Math.abs((theirs ?? 0) / wanted - 1), `${record}: ${theirs} for ${wanted}`).toBeLessThan(0.01);
        expect(Math.abs((theirs ?? 0) / (latest(series, record, kind) ?? 0) - 1), record).toBeLessThan(0.01);
      }
      expect(await ask(server, recorded.periodFill)).toBeGreaterThan(0.99);
    });
  });
});

function traffic(name: string): Scraped {
  const make = scenarios.find((one) => one.name === name)?.make;
  if (make === undefined) throw new Error(`no scenario ${name}`);
  const span = { from: start / 1000, to: end / 1000, period: period / 1000 };
  return scrape({ ...make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
}

/** Rule files for one pass each: a rule stands in the first after those that record what it reads. Alerts stand in none. */
function levelsOf({ groups }: RuleFile): readonly RuleFile[] {
  const rules = groups.flatMap((group) => group.rules.filter(({ kind }) => kind === 'recording'));
  const level = new Map<(typeof rules)[number], number>();
  const levelOf = (rule: (typeof rules)[number]): number => {
    const known = level.get(rule);
    if (known !== undefined) return known;
    const read = new Set(selectorsOf(rule.expr).map(metricNameOf));
    const sources = rules.filter((one) => one !== rule && one.kind === 'recording' && read.has(one.record));
    const own = Math.max(-1, ...sources.map(levelOf)) + 1;
    level.set(rule, own);
    return own;
  };
  const count = Math.max(...rules.map(levelOf)) + 1;
  return Array.from({ length: count }, (_, pass) => ({
    groups: groups.flatMap((group) => {
      const own = group.rules.filter((rule) => level.get(rule) === pass);
      return own.length === 0 ? [] : [{ ...group, rules: own }];
    }),
  }));
}

async function promtool(program: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, ['tsdb', 'create-blocks-from', '--max-block-duration=54h', ...args], {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...serverEnvironment() },
  });
}

async function withPrometheus<T>(
  program: string,
  data: string,
  use: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const configuration = join(folder, 'prometheus.yml');
  await writeFile(configuration, 'global: { scrape_interval: 1h }\n');
  const port = await freePort();
  const args = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
    // The engine looks back up to five minutes, Prometheus 2 up to and including them.
    '--query.lookback-delta=4m59s999ms',
    '--log.level=warn',
  ];
  const server = await startServer(program, args, `http://127.0.0.1:${port}`, '/-/ready', serverEnvironment());
  return use(server).finally(() => server.stop());
}

async function ask({ url }: RunningServer, query: string): Promise<number | undefined> {
  const body = new URLSearchParams({ query, time: String(end / 1000) });
  const reply: { readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] } } =
    await (await fetch(`${url}/api/v1/query`, { method: 'POST', body })).json();
  const [first, second] = reply.data.result;
  if (second !== undefined) throw new Error(`${query} has several series`);
  return first === undefined ? undefined : Number(first.value[1]);
}
