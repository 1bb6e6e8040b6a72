import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backfillCommand } from '../../src/cli/backfill-command.ts';
import { generateCommand } from '../../src/cli/generate-command.ts';
import { run } from '../../src/cli/program.ts';
import type { ExitCode, Terminal } from '../../src/cli/terminal.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { openMetrics, withoutStaleMarkers } from '../exactness/openmetrics.ts';
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
