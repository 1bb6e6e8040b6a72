import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, type TestContext, test } from 'vitest';
import { duration, hour, second } from '../../src/core/base/index.ts';
import {
  artefactTargets,
  defaultGenerateOptions,
  type GenerateOptions,
  generateArtefacts,
  recorded,
} from '../../src/core/generate/index.ts';
import { lateRules } from '../../src/core/generate/layouts/late-rules.ts';
import { metricNameOf, selectorsOf } from '../../src/core/promql/index.ts';
import { printRuleFile, type RuleFile } from '../../src/core/rules/index.ts';
import { isStale, printSeries, type Series } from '../../src/core/series/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { evaluateRules } from '../exactness/history.ts';
import { openMetrics, withoutStaleMarkers } from '../exactness/openmetrics.ts';
import { objective, rulesOf, shop } from '../exactness/rules.ts';
import { scenarios } from '../exactness/scenarios.ts';
import { scrape } from '../exactness/traffic.ts';
import { freePort, type RunningServer, startServer } from '../processes.ts';
import { needServer, serverEnvironment } from '../servers.ts';

/** The rules for vmalert over a real VictoriaMetrics: replayed against what the engine records, and live against what was counted. */
let folder: string;
let victoria: RunningServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-vmalert-'));
});

afterEach(async () => {
  await victoria?.stop();
  victoria = undefined;
  await rm(folder, { recursive: true, force: true });
});

describe('vmalert', () => {
  test('is told how late its alerts come, and when it has no time at all', () => {
    const service = shop(objective('bad', duration(2 * hour)));
    const said = (interval: number) =>
      generate(service, { interval: duration(interval) }).diagnostics.filter(({ code }) => code === 'generate/vmalert');
    expect(said(30 * second)).toMatchObject([
      { severity: 'info', message: 'shop: over vmalert alerts come up to 3m30s later than over Prometheus' },
    ]);
    expect(said(5 * second)).toMatchObject([{ severity: 'warning' }]);
  });

  test('replays rules to what the engine records', { timeout: 120_000 }, async (context) => {
    const interval = duration(30 * second);
    const end = Date.UTC(2026, 10, 10, 3);
    const start = end - 2 * hour;
    const span = { from: start / 1000, to: end / 1000, period: 7200 };
    const make = scenarios.find(({ name }) => name === 'daily restarts')?.make;
    if (make === undefined) throw new Error('no such scenario');
    const raw = withoutStaleMarkers(scrape({ ...make(span), scrapeInterval: 30, from: span.from, to: span.to }).series);
    const { file } = lateRules(rulesOf(shop({ ...objective('bad', duration(hour)), alerts: [] }), interval), interval);
    const { series } = await evaluateRules(file, raw, start, end);
    const { url } = await startVictoriaMetrics(context);
    await load(url, raw);
    await writeFile(join(folder, 'rules.yaml'), printRuleFile(oneByOne(file)));
    // What was written is found at once if the server is told to.
    const flushing = setInterval(() => void fetch(`${url}/internal/force_flush`).catch(() => undefined), 50);
    const range = [
      `-replay.timeFrom=${new Date(start).toISOString()}`,
      `-replay.timeTo=${new Date(end).toISOString()}`,
    ];
    const flags = ['-replay.rulesDelay=250ms', '-replay.disableProgressBar', '-datasource.queryStep=0s', ...range];
    await promisify(execFile)(
      needServer(context, 'vmalert'),
      vmalertFlags(url, [...flags, '-remoteWrite.flushInterval=50ms']),
      {
        env: { ...process.env, ...serverEnvironment() },
      },
    ).finally(() => clearInterval(flushing));
    await fetch(`${url}/internal/force_flush`);
    let compared = 0;
    for (const one of series.slice(raw.length)) {
      const written = await samplesIn(url, printSeries(one.labels));
      for (const [i, time] of one.timestamps.entries()) {
        if (isStale(one, i)) continue;
        const value = one.values[i] ?? Number.NaN;
        const theirs = written.get(time) ?? Number.NaN;
        const apart = Math.abs(theirs - value) / Math.max(1, Math.abs(value));
        if (!(apart <= 1e-9))
          expect(theirs, `${printSeries(one.labels)} at ${new Date(time).toISOString()}`).toBe(value);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(3000);
  });

  test('counts each event once, live', { timeout: 120_000 }, async (context) => {
    const interval = 3;
    const { url } = await startVictoriaMetrics(context);
    const service = shop({ ...objective('bad', duration(hour)), alerts: [] });
    for (const { path, text } of generate(service, { interval: duration(interval * second) }).files)
      await writeFile(join(folder, path.replaceAll('/', '-')), text);
    const traffic = startTraffic(url, interval);
    const flags = [`-evaluationInterval=${interval}s`, '-remoteWrite.flushInterval=200ms'];
    const vmalert = spawn(needServer(context, 'vmalert'), vmalertFlags(url, flags), {
      stdio: 'ignore',
      env: { ...process.env, ...serverEnvironment() },
    });
    await new Promise((resolve) => setTimeout(resolve, 45_000));
    await ended(vmalert);
    traffic.stop();
    await fetch(`${url}/internal/force_flush`);
    for (const which of ['total', 'bad'] as const) {
      const name = `${recorded.eventsIncrease}{events="${which}",slo="bad"}`;
      const all = [...(await samplesIn(url, name))].sort(([a], [b]) => a - b);
      // What is new to VictoriaMetrics it finds some ten seconds later, which is several evaluations here: until then nothing counts.
      const samples = all.slice(all.findIndex(([, value]) => 0 < value));
      // Each counts since the one before it.
      const later = samples.slice(1);
      expect(later.length, name).toBeGreaterThan(3);
      const from = samples[0]?.[0] ?? 0;
      const to = later.at(-1)?.[0] ?? 0;
      const counted = later.reduce((sum, [, value]) => sum + value, 0);
      const truth = traffic.between(from - lateness * interval * 1000, to - lateness * interval * 1000)[which];
      expect(truth, name).toBeGreaterThan(which === 'total' ? 300 : 30);
      expect(counted, name).toBe(truth);
    }
  });
});

/** By how many evaluations an increase is late: it waits for the sums of its instances, and these for the samples. */
const lateness = 3;

function generate(service: Service, options: Partial<GenerateOptions>) {
  const targets = artefactTargets.filter(({ name }) => name === 'vmalert');
  const pieces = [...generateArtefacts([service], targets, { ...defaultGenerateOptions, ...options })];
  return { files: pieces.flatMap(({ files }) => files), diagnostics: pieces.flatMap(({ diagnostics }) => diagnostics) };
}

async function startVictoriaMetrics(context: TestContext): Promise<RunningServer> {
  const binary = needServer(context, 'victoria-metrics');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = [
    `-storageDataPath=${join(folder, 'data')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=100y',
  ];
  victoria = await startServer(binary, flags, url, '/health', serverEnvironment());
  return victoria;
}

function vmalertFlags(url: string, more: readonly string[]): readonly string[] {
  const addresses = [`-datasource.url=${url}`, `-remoteWrite.url=${url}`, '-notifier.url=http://127.0.0.1:9'];
  return [`-rule=${folder}/*.yaml`, ...addresses, '-httpListenAddr=127.0.0.1:0', ...more];
}

async function load(url: string, series: readonly Series[]): Promise<void> {
  const lines = [...openMetrics(series)].filter((line) => !line.startsWith('#'));
  const body = lines
    .map((line) => line.replace(/ (\S+)\n$/, (_, time: string) => ` ${Math.round(Number(time) * 1000)}\n`))
    .join('');
  await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body });
  await fetch(`${url}/internal/force_flush`);
}

/** The samples of all series that a selector selects, by time. */
async function samplesIn(url: string, selector: string): Promise<ReadonlyMap<number, number>> {
  const body = new URLSearchParams({ 'match[]': selector });
  const text = await (await fetch(`${url}/api/v1/export`, { method: 'POST', body })).text();
  const samples = new Map<number, number>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const { timestamps, values }: { readonly timestamps: readonly number[]; readonly values: readonly number[] } =
      JSON.parse(line);
    for (const [i, time] of timestamps.entries()) samples.set(time, Number(values[i]));
  }
  return samples;
}

/** A replay evaluates rule by rule: those that are read come first, each in a group of its own. */
function oneByOne({ groups }: RuleFile): RuleFile {
  const left = groups.flatMap(({ interval, rules }) => rules.map((rule) => ({ interval, rule })));
  const sorted: typeof left = [];
  while (0 < left.length) {
    const waiting = new Set(left.map(({ rule }) => (rule.kind === 'recording' ? rule.record : '')));
    const next = left.findIndex(({ rule }) =>
      selectorsOf(rule.expr).every((one) => !waiting.has(metricNameOf(one) ?? '')),
    );
    sorted.push(...left.splice(Math.max(0, next), 1));
  }
  const named = sorted.map(({ interval, rule }, i) => ({ name: `rule-${String(i).padStart(3, '0')}`, interval, rule }));
  return {
    groups: named.map(({ name, interval, rule }) => ({
      name,
      labels: new Map(),
      rules: [rule],
      ...(interval !== undefined && { interval }),
    })),
  };
}

interface LiveTraffic {
  /** The events of the scrapes in (from, to]. */
  between(from: number, to: number): { readonly total: number; readonly bad: number };
  stop(): void;
}

/** Two instances, scraped into a server as often as rules are evaluated; one of them restarts in the middle. */
function startTraffic(url: string, interval: number): LiveTraffic {
  const counted: { readonly time: number; readonly total: number; readonly bad: number }[] = [];
  const counters = { a: { good: 100_000, bad: 500 }, b: { good: 7000, bad: 20 } };
  let scrapes = 0;
  const scrapeAll = (): void => {
    const time = Date.now();
    scrapes += 1;
    if (scrapes === 10) counters.b = { good: 0, bad: 0 };
    const lines: string[] = [];
    for (const [instance, values] of Object.entries(counters)) {
      const [good, bad] = [50 + (scrapes % 7), 5 + (scrapes % 3)];
      values.good += good;
      values.bad += bad;
      counted.push({ time, total: good + bad, bad });
      const labels = `job="shop",instance="${instance}"`;
      lines.push(
        `requests_total{${labels},code="200"} ${values.good} ${time}`,
        `requests_total{${labels},code="500"} ${values.bad} ${time}`,
        `up{${labels}} 1 ${time}`,
      );
    }
    void fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: `${lines.join('\n')}\n` }).catch(
      () => undefined,
    );
  };
  const timer = setInterval(scrapeAll, interval * 1000);
  return {
    between: (from, to) =>
      counted
        .filter(({ time }) => from < time && time <= to)
        .reduce((sum, one) => ({ total: sum.total + one.total, bad: sum.bad + one.bad }), { total: 0, bad: 0 }),
    stop: () => clearInterval(timer),
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
