import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backfillCommand } from '../../src/cli/backfill/backfill-command.ts';
import { generateCommand } from '../../src/cli/generate/generate-command.ts';
import { run } from '../../src/cli/program.ts';
import type { ExitCode, Terminal } from '../../src/cli/terminal.ts';
import { duration } from '../../src/core/base/index.ts';
import { readDefinitions } from '../../src/core/formats/index.ts';
import { passingRecords, recorded } from '../../src/core/generate/index.ts';
import { metricName, printSeries } from '../../src/core/series/index.ts';
import { evaluateRules } from '../exactness/history.ts';
import { openMetrics, withoutStaleMarkers } from '../exactness/openmetrics.ts';
import { rulesOf } from '../exactness/rules.ts';
import { scenarios } from '../exactness/scenarios.ts';
import { type Scraped, scrape } from '../exactness/traffic.ts';
import { startPrometheus } from '../prometheus.ts';

const days = 86_400;
const interval = 15;
const definition = `apiVersion: nines/v1
service: shop
owner: shop-team
job: shop
metrics:
  requests_total: { type: counter, labels: [code, endpoint, method, zone] }
slos:
  availability:
    target: 99.9%
    period: 2d
    bad: requests_total{code=~"5.."}
    total: requests_total
`;

/** An objective of each kind, and composites of all of them. */
const many = `apiVersion: nines/v1
service: shop
owner: shop-team
job: shop
timeZone: Europe/Berlin
metrics:
  requests_total: { type: counter, labels: [code, endpoint, method] }
  up: { type: gauge, labels: [] }
slos:
  availability:
    target: 99.9%
    periods: [4h, calendar day]
    bad: requests_total{code=~"5.."}
    total: requests_total
  by-endpoint:
    target: 99.9%
    period: 4h
    groupBy: [endpoint]
    bad: requests_total{code=~"5.."}
    total: requests_total
  answering:
    target: 99% of 1m slices
    period: 4h
    condition: sum(up) >= 3
  journey:
    target: 99%
    period: 4h
    composite: { combine: weighted, members: [availability, by-endpoint, answering] }
  nested:
    target: 99%
    period: 4h
    composite: { combine: worst, members: [journey, availability] }
  by-day:
    target: 99%
    period: calendar day
    composite: { combine: series, members: [availability] }
  pot:
    target: 99%
    period: calendar day
    composite: { combine: pooled, members: [availability, by-endpoint] }
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-backfill-'));
  await writeFile(join(folder, 'shop.yaml'), definition);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('nines backfill', () => {
  test('gives a new objective the budget of two days that nobody recorded', { timeout: 240_000 }, async (context) => {
    const now = Math.floor(Date.now() / 1000 / interval) * interval;
    const scraped = history('series get another label', now, 2.2);
    const raw = [...openMetrics(withoutStaleMarkers(scraped.series))].join('');
    const before = await startPrometheus(context, { history: raw });
    const from = String(now - 2.1 * days);
    const args = [
      'shop.yaml',
      '--prometheus',
      before.url,
      '--from',
      from,
      '--interval',
      `${interval}s`,
      '-o',
      'past.om',
    ];
    const done = await nines('backfill', args).finally(() => before.stop());
    expect(done.errors).toMatch(/^shop\/availability: .*\n\d+ samples of 1 objective\n$/s);
    expect(done.code).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['past.om', 'shop.yaml']);
    await nines('generate', ['shop.yaml', '-o', '.', '--target', 'prometheus', '--interval', `${interval}s`]);
    const rules = await readFile(join(folder, 'shop.rules.yaml'), 'utf8');
    const past = await readFile(join(folder, 'past.om'), 'utf8');
    const after = await startPrometheus(context, {
      history: raw.replace('# EOF\n', past),
      configuration: 'rule_files: [rules.yaml]\n',
      ruleFiles: { 'rules.yaml': rules },
    });
    try {
      const shown = await firstAnswer(`${after.url}/api/v1/query`, recorded.periodErrorRatio);
      const { bad, total } = scraped.visible(shown.time - 2 * days, shown.time);
      expect(bad).toBeGreaterThan(100);
      expect(Math.abs(shown.value / (bad / total) - 1)).toBeLessThan(0.005);
      const seen = await firstAnswer(`${after.url}/api/v1/query`, recorded.periodFill);
      expect(seen.value).toBeGreaterThan(0.99);
    } finally {
      await after.stop();
    }
  });

  test('reads a file, and begins nothing that it does not end', async () => {
    const now = 1_767_225_600;
    await writeFile(
      join(folder, 'raw.om'),
      [...openMetrics(withoutStaleMarkers(history('daily restarts', now, 0.4).series))].join(''),
    );
    const args = ['shop.yaml', '--file', 'raw.om', '--from', String(now - days / 5), '-o', 'past.om'];
    expect(await nines('backfill', args)).toMatchObject({ code: 0 });
    const whole = await readFile(join(folder, 'past.om'), 'utf8');
    expect(whole.endsWith('# EOF\n')).toBe(true);
    expect(whole).toContain(`${recorded.periodBudgetRemaining}{service="shop",slo="availability"}`);
    await rm(join(folder, 'past.om'));
    const stopped = new AbortController();
    stopped.abort();
    expect((await nines('backfill', args, stopped.signal)).code).not.toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['raw.om', 'shop.yaml']);
  });

  test('computes what all rules of a service record: composites with their members, conditions, groups, calendars', {
    timeout: 240_000,
  }, async () => {
    await rm(join(folder, 'shop.yaml'));
    await writeFile(join(folder, 'many.yaml'), many);
    const now = Date.UTC(2026, 10, 20, 1) / 1000;
    const raw = withoutStaleMarkers(history('diurnal 20:1, 3 % errors every night', now, 0.3).series);
    await writeFile(join(folder, 'raw.om'), openMetrics(raw));
    const from = now - 0.25 * days;
    const to = now - 300;
    const range = ['--from', String(from), '--to', String(to), '--interval', '60s'];
    const args = ['many.yaml', '--file', 'raw.om', ...range, '-o', 'past.om'];
    const { code, errors } = await nines('backfill', args);
    expect(errors).toMatch(/\d+ samples of 7 objectives\n$/);
    expect(code).toBe(0);
    const past = samplesBySeries(await readFile(join(folder, 'past.om'), 'utf8'));
    const read = readDefinitions({ name: 'many.yaml', text: many });
    const [service] = read.ok ? read.value : [];
    if (service === undefined) throw new Error('no service');
    const rules = rulesOf(service, duration(60_000));
    const { series } = await evaluateRules(rules, raw, from * 1000, to * 1000);
    // Of what only the next evaluations read not all is written, and nothing of what objectives with one condition record for
    // their alerts, nor the alerts themselves.
    const left = new Set([...passingRecords, recorded.burning, 'ALERTS', 'ALERTS_FOR_STATE']);
    const recordedSeries = series.slice(raw.length).filter(({ labels }) => !left.has(labels.get(metricName)));
    const names = new Set<string>();
    for (const one of withoutStaleMarkers(recordedSeries)) {
      const name = printSeries(one.labels);
      const written = past.get(name);
      expect(
        written?.map(([time]) => time),
        name,
      ).toEqual([...one.timestamps]);
      for (const [i, [, value]] of (written ?? []).entries()) expect(value, name).toBeCloseTo(one.values[i] ?? 0, 9);
      names.add(`${one.labels.get('slo')} ${one.labels.get(metricName)}`);
    }
    for (const slo of ['availability', 'by-endpoint', 'answering', 'journey', 'by-day', 'pot', 'nested'])
      expect(names).toContain(`${slo} ${recorded.periodErrorRatio}`);
  });

  test('a composite with a member elsewhere needs the definition of that', async () => {
    const now = Date.UTC(2026, 10, 20, 1) / 1000;
    const raw = withoutStaleMarkers(history('daily restarts', now, 0.02).series);
    await writeFile(join(folder, 'raw.om'), openMetrics(raw));
    const journey = [
      'apiVersion: nines/v1',
      'service: journey',
      'owner: shop-team',
      'slos:',
      '  whole: { target: 99%, period: 2d, composite: { combine: worst, members: [shop/availability] } }',
    ].join('\n');
    await writeFile(join(folder, 'journey.yaml'), journey);
    const args = ['--file', 'raw.om', '--from', String(now - 0.02 * days), '-o', 'past.om'];
    const alone = await nines('backfill', ['journey.yaml', ...args]);
    expect(alone.errors).toContain(
      'journey/whole can not be computed without its members: name the definitions of shop/availability too',
    );
    expect(alone.code).toBe(1);
    const both = await nines('backfill', ['journey.yaml', 'shop.yaml', ...args]);
    expect(both.errors).toMatch(/samples of 2 objectives\n$/);
    expect(both.code).toBe(0);
    const past = await readFile(join(folder, 'past.om'), 'utf8');
    expect(past).toContain(`${recorded.periodErrorRatio}{service="journey",slo="whole"}`);
    const once = past.split('\n').filter((line) => line.startsWith(`${recorded.periodErrorRatio}{service="shop"`));
    expect(new Set(once).size).toBe(once.length);
  });

  test.each([
    ['no source', ['shop.yaml', '--from', '0', '-o', '-'], /--prometheus URL or --file PATH/],
    ['no address', ['shop.yaml', '--prometheus', 'x', '--from', '0', '-o', '-'], /is no address/],
    ['no time', ['shop.yaml', '--file', 'x', '--from', 'yesterday', '-o', '-'], /RFC 3339/],
    [
      'nobody there',
      ['shop.yaml', '--prometheus', 'http://127.0.0.1:9', '--from', '0', '--to', '9000', '-o', 'x'],
      /gave no answer/,
    ],
    ['no file', ['shop.yaml', '--file', 'nothing.om', '--from', '0', '-o', '-'], /cannot read nothing.om/],
    ['no folder', ['shop.yaml', '--file', '-', '--from', '0', '-o', 'none/x'], /cannot write none\/x/],
  ])('says what is wrong: %s', async (_, args, message) => {
    const { code, errors } = await nines('backfill', args);
    expect(errors).toMatch(message);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(['shop.yaml']);
  });
});

function history(name: string, to: number, length: number): Scraped {
  const make = scenarios.find((one) => one.name === name)?.make;
  if (make === undefined) throw new Error(`no scenario ${name}`);
  const span = { from: to - length * days, to, period: 2 * days };
  return scrape({ ...make(span), scrapeInterval: interval, from: span.from, to });
}

/** The samples of OpenMetrics text, in milliseconds, by series as it is printed. */
function samplesBySeries(text: string): ReadonlyMap<string, readonly (readonly [time: number, value: number])[]> {
  const bySeries = new Map<string, (readonly [number, number])[]>();
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const [, series = '', value, time] = /^(.*) (\S+) (\S+)$/.exec(line) ?? [];
    const samples = bySeries.get(series) ?? [];
    bySeries.set(series, samples);
    samples.push([Math.round(Number(time) * 1000), Number(value)]);
  }
  return bySeries;
}

/** The first value that the rules record after the start. */
async function firstAnswer(url: string, query: string): Promise<{ readonly time: number; readonly value: number }> {
  for (let attempt = 0; attempt < 80; attempt += 1) {
    const start = Date.now() / 1000 - 300;
    const body = new URLSearchParams({ query: `timestamp(${query}) and ${query}`, time: String(Date.now() / 1000) });
    const times = await results(url, body);
    const [time] = times;
    // What was written beforehand is older than this process has waited.
    if (time !== undefined && Date.now() / 1000 - 12 < time && start < time) {
      const [value] = await results(url, new URLSearchParams({ query, time: String(time) }));
      if (value !== undefined) return { time, value };
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`${query} was not recorded`);
}

async function results(url: string, body: URLSearchParams): Promise<readonly number[]> {
  const reply: { readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] } } =
    await (await fetch(url, { method: 'POST', body })).json();
  return reply.data.result.map(({ value }) => Number(value[1]));
}

async function nines(
  command: 'backfill' | 'generate',
  args: readonly string[],
  signal = new AbortController().signal,
): Promise<{ readonly code: ExitCode; readonly errors: string }> {
  const errors: string[] = [];
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    write: () => {},
    writeError: (text) => void errors.push(text),
    readInput: async () => '# EOF\n',
    signal,
    color: false,
  };
  const commands = { backfill: async () => backfillCommand, generate: async () => generateCommand };
  const code = await run([command, ...args], commands, terminal);
  return { code, errors: errors.join('') };
}
