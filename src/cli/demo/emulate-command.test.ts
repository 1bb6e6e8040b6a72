import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../test/processes.ts';
import { needServer, serverEnvironment } from '../../../test/servers.ts';
import { duration, hour, minute, timestamp } from '../../core/base/index.ts';
import { readScenario, type Scenario, scenarioSeries } from '../../core/scenario/index.ts';
import { parseExposition } from '../../core/series/index.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { emulateCommand } from './emulate-command.ts';
import { type Emulator, startEmulator } from './emulator.ts';

const text = `apiVersion: nines-scenario/v1
service: shop
replicas: 2
metrics:
  shop_requests_total:
    { type: counter, help: Requests., rate: 10/s, outcomes: { good: { code: [200] }, bad: { code: [500] }, errorRatio: 1% } }
  shop_seconds: { type: histogram, unit: seconds, rate: 10/s, buckets: [0.1, 1], latency: { median: 0.1, p99: 2 } }
incidents:
  - { at: +10m, for: 5m, down: true, replicas: [1] }
`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-emulate-'));
  await writeFile(join(folder, 'scenario.yaml'), text);
});
afterEach(() => rm(folder, { recursive: true }));

describe('the emulator', () => {
  test('shows the numbers of the scenario at its own pace, and nothing while a container is down', async () => {
    const start = timestamp(1_795_244_400_000);
    let now = 1_000_000;
    await using emulator = disposable(await startEmulator({ scenarios: [shop()], start, speed: 60, now: () => now }));
    const [, second] = emulator.targets;
    now += 9_000;
    expect(emulator.time()).toBe(start + 9 * minute);
    const page = await scrape(second!.address);
    const [series] = scenarioSeries(
      { ...shop(), anchor: start },
      { from: emulator.time(), to: emulator.time() },
    ).filter(({ labels }) => labels.get('instance') === 'shop-1' && labels.get('code') === '200');
    expect(page.samples[0]!.value).toBe(series!.values[0]);
    expect(page.families[0]).toMatchObject({ name: 'shop_requests_total', type: 'counter', help: 'Requests.' });
    now += 2_000;
    await expect(scrape(second!.address)).rejects.toThrow('fetch failed');
    expect((await scrape(emulator.targets[0]!.address)).samples).not.toEqual([]);
    now += 5_000;
    const again = await scrape(second!.address);
    expect(again.samples[0]!.value).toBeLessThan(page.samples[0]!.value);
  });

  test('speaks OpenMetrics to whoever asks for it', async () => {
    await using emulator = disposable(await startEmulator({ scenarios: [shop()], now: Date.now }));
    const page = await scrape(emulator.targets[0]!.address, 'application/openmetrics-text; version=1.0.0');
    expect(page.families[0]).toMatchObject({ name: 'shop_requests', type: 'counter' });
  });

  test('answers only GET, and only for metrics', async () => {
    await using emulator = disposable(await startEmulator({ scenarios: [shop()], now: Date.now }));
    const url = `http://${emulator.targets[0]!.address}`;
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/metrics?debug=1`)).status).toBe(200);
  });
});

describe('nines emulate', () => {
  test('prints a scrape configuration and serves until it is stopped', async () => {
    const port = await freePort();
    const stop = new AbortController();
    const running = run(['scenario.yaml', '--port', String(port), '--seed', '9'], stop.signal);
    await expect
      .poll(() =>
        fetch(`http://127.0.0.1:${port + 1}/metrics`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    stop.abort();
    const { code, output } = await running;
    expect(code).toBe(0);
    expect(output.replaceAll(String(port), 'P').replaceAll(String(port + 1), 'Q')).toMatchInlineSnapshot(`
      "scrape_configs:
        - job_name: "shop"
          scrape_interval: 15s
          static_configs:
            - targets: ["127.0.0.1:P"]
              labels: { instance: "shop-0" }
            - targets: ["127.0.0.1:Q"]
              labels: { instance: "shop-1" }
      "
    `);
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });

  test('writes a history that holds the scenario', async () => {
    const { code, errors } = await run([
      'scenario.yaml',
      '--history',
      '2h',
      '--interval',
      '1m',
      '-o',
      'history.txt',
      '--start',
      '2026-11-21T07:00:00Z',
    ]);
    expect([code, errors]).toEqual([0, 'nines: 1936 samples in history.txt\n']);
    expect((await readdir(folder)).sort()).toEqual(['history.txt', 'scenario.yaml']);
    const history = await readFile(join(folder, 'history.txt'), 'utf8');
    const read = parseExposition(history, 'application/openmetrics-text');
    const samples = read.ok ? read.value.samples : [];
    const to = timestamp(Date.UTC(2026, 10, 21, 7));
    const expected = scenarioSeries(shop(), { from: timestamp(to - 2 * hour), to, interval: duration(minute) });
    expect(samples.length).toBe(expected.reduce((sum, { values }) => sum + values.length, 0));
    for (const { labels, timestamps, values } of expected) {
      const own = samples.filter((sample) => sample.labels.key === labels.key);
      expect(own.map((sample) => [sample.timestamp, sample.value])).toEqual(
        [...timestamps].map((time, i) => [time, values[i]]),
      );
    }
    expect(history.match(/^# TYPE .*/gm)).toEqual([
      '# TYPE up gauge',
      '# TYPE shop_requests counter',
      '# TYPE shop_seconds histogram',
    ]);
  });

  test('writes what promtool makes blocks of', async (context) => {
    const promtool = needServer(context, 'promtool');
    await run(['scenario.yaml', '--history', '5h', '--interval', '1m', '-o', 'history.txt', '--start', '1795244400']);
    const blocks = join(folder, 'blocks');
    const args = ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'history.txt'), blocks];
    const made = await promisify(execFile)(promtool, args, { env: { ...process.env, ...serverEnvironment() } });
    expect(made.stderr).toBe('');
    expect((await readdir(blocks)).length).toBeGreaterThan(1);
    const dumped = await promisify(execFile)(promtool, ['tsdb', 'list', blocks], {
      env: { ...process.env, ...serverEnvironment() },
    });
    const samples = dumped.stdout.match(/^\w{26}.*$/gm)!.map((line) => Number(line.split(/\s+/)[4]));
    expect(samples.reduce((sum, count) => sum + count, 0)).toBe(16 * 301);
  });

  test('writes to standard output as well, and the same each time', async () => {
    const args = ['scenario.yaml', '--history', '5m', '-o', '-', '--start', '1795244400'];
    const first = await run(args);
    expect(first.output).toMatch(/# EOF\n$/);
    expect((await run(args)).output).toBe(first.output);
  });

  test('leaves nothing behind when it is stopped', async () => {
    const stop = new AbortController();
    const running = run(['scenario.yaml', '--history', '300d', '-o', 'history.txt'], stop.signal);
    await expect.poll(() => readdir(folder)).toHaveLength(2);
    stop.abort();
    await expect(running).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['scenario.yaml']);
  });

  test.each([
    [[], 'name a scenario file'],
    [['missing.yaml'], 'cannot read missing.yaml'],
    [['scenario.yaml', '--port', '0'], '--port 0'],
    [['scenario.yaml', '--speed', 'fast'], '--speed fast'],
    [['scenario.yaml', '--start', 'noon'], '--start noon'],
    [['scenario.yaml', '--seed', '-1'], '--seed -1'],
    [['scenario.yaml', '--history', '2y', '-o', '-'], '--history 2y'],
    [['scenario.yaml', '--history', '2d'], '--history needs --output'],
    [['scenario.yaml', '-o', 'x'], 'belong to --history'],
    [['scenario.yaml', '--history', '2d', '--interval', '5', '-o', '-'], '--interval 5'],
  ])('%j ends with 2 and a reason', async (args, reason) => {
    const { code, errors } = await run(args);
    expect(code).toBe(2);
    expect(errors).toContain(reason);
  });

  test('a file that is wrong is told with its places', async () => {
    await writeFile(join(folder, 'bad.yaml'), text.replace('replicas: 2', 'replicas: none'));
    const { code, errors } = await run(['bad.yaml']);
    expect(code).toBe(2);
    expect(errors).toMatchInlineSnapshot(`
      "bad.yaml:3:11 error scenario/value: expected a number from 1 to 1000
      3 | replicas: none
        |           ^^^^

      1 error
      "
    `);
  });

  test('a port that is taken is told', async () => {
    const other = createServer();
    await new Promise<void>((done) => void other.listen(0, '127.0.0.1', done));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, errors } = await run(['scenario.yaml', '--port', String(port)]);
    other.close();
    expect(code).toBe(2);
    expect(errors).toBe(
      `nines: cannot listen on 127.0.0.1:${port}: something else listens there; choose another --port\n`,
    );
  });
});

function shop(): Scenario {
  const outcome = readScenario({ name: 'scenario.yaml', text });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}

function disposable(emulator: Emulator): Emulator & AsyncDisposable {
  return { ...emulator, [Symbol.asyncDispose]: () => emulator.stop() };
}

async function scrape(address: string, accept = 'text/plain') {
  const response = await fetch(`http://${address}/metrics`, { headers: { accept } });
  const read = parseExposition(await response.text(), response.headers.get('content-type')!);
  if (!read.ok) throw new Error(read.diagnostics[0]!.message);
  return read.value;
}

async function run(args: readonly string[], signal: AbortSignal = new AbortController().signal) {
  let output = '';
  let errors = '';
  let code: ExitCode | undefined;
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    write: (chunk) => {
      output += chunk;
    },
    writeError: (chunk) => {
      errors += chunk;
    },
    readInput: () => Promise.resolve(text),
    signal,
    color: false,
  };
  await emulateCommand(terminal, (given) => {
    code = given;
  }).parseAsync(args, { from: 'user' });
  return { code, output, errors };
}
