import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/program.ts';
import type { SloSummary } from '../../src/core/api/index.ts';
import { freePort } from '../processes.ts';
import { behaviours, type HostileTarget, hostileTarget } from './hostile.ts';
import { type RecordedTerminal, recordedTerminal } from './terminal.ts';
import { definition } from './world.ts';

let folder: string;
let target: HostileTarget;
let slo: string;
let config: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nines-serve-'));
  target = await hostileTarget(behaviours.good);
  slo = join(folder, 'slo.yaml');
  config = join(folder, 'nines.yaml');
  writeFileSync(slo, definition);
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
scrape_configs: [{ job_name: shop, static_configs: [{ targets: ["${target.address}"] }] }]
rule_files: [more.yaml]
`,
  );
  writeFileSync(
    join(folder, 'more.yaml'),
    'groups: [{ name: more, interval: 1s, rules: [{ alert: Up, expr: "up == 1", labels: { severity: info } }] }]\n',
  );
});

afterAll(async () => {
  await target.close();
  rmSync(folder, { recursive: true });
});

interface Served {
  readonly url: string;
  readonly terminal: RecordedTerminal;
  /** As Ctrl-C does; gives the exit code. */
  stop(): Promise<number>;
}

async function serve(...args: readonly string[]): Promise<Served> {
  const terminal = recordedTerminal();
  const port = await freePort();
  const ended = run(['serve', ...args, '--listen', `127.0.0.1:${port}`], commands, terminal);
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${url}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  return {
    url,
    terminal,
    stop() {
      terminal.controller.abort();
      return ended;
    },
  };
}

async function nines(...args: readonly string[]): Promise<readonly [code: number, out: string, error: string]> {
  const terminal = recordedTerminal();
  const code = await run(args, commands, terminal);
  return [code, terminal.out(), terminal.error()];
}

test('serves, scrapes, evaluates given and generated rules, and stops on Ctrl-C', async () => {
  const { url, terminal, stop } = await serve(slo, '--config', config);
  await expect.poll(async () => (await fetch(`${url}/readyz`)).text(), { timeout: 10_000 }).toBe('ready\n');
  const rules = async (): Promise<string> => (await fetch(`${url}/api/v1/rules?rule_group=more`)).text();
  await expect.poll(rules, { timeout: 10_000 }).toContain('"state":"firing"');
  const [code, out] = await nines('query', 'requests_total{code="200"}', '--server', url);
  expect([code, out]).toEqual([0, expect.stringMatching(/job="shop"\} => 10 @\[/)]);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('nines_target_up{job="shop"');
  expect(await stop()).toBe(0);
  expect(terminal.error()).toContain('info  serving address=');
  expect(terminal.error()).toContain('info  stopped');
  await expect(fetch(url)).rejects.toThrow();
}, 30_000);

describe('over a Prometheus that is away', () => {
  test('it serves, says so, and status cannot tell', async () => {
    const { url, terminal, stop } = await serve(
      '-i',
      slo,
      '--prometheus',
      'http://127.0.0.1:1',
      '--log-format',
      'json',
    );
    const [code, out] = await nines('status', '--server', url);
    expect(code).toBe(2);
    expect(out).toMatch(/^no data {2}shop {5}availability/m);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    const elsewhere = await (await fetch(`${url}/api/v1/query?query=up`)).text();
    expect(elsewhere).toContain('ask http://127.0.0.1:1 itself');
    expect(await stop()).toBe(0);
    const lines = terminal
      .error()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', msg: 'the status cannot be read' }));
  }, 30_000);
});

describe('what cannot be served is told: 1 for what a file says, 2 for what cannot be read or used', () => {
  test('a port in use', async () => {
    const port = Number(target.address.split(':')[1]);
    const [code, , error] = await nines('serve', slo, '--config', config, '--listen', `127.0.0.1:${port}`);
    expect([code, error]).toEqual([2, expect.stringContaining(`port ${port} on 127.0.0.1 is in use`)]);
  });

  test.each([
    ['nothing to serve', [], 'give definitions to serve'],
    ['an address that others reach', ['SLO', '--listen', '0.0.0.0:9990'], 'server/not-loopback'],
    ['a definition that is not there', ['no-such-folder'], 'no-such-folder'],
    ['a configuration that is not there', ['SLO', '--config', 'no-such-file'], 'cannot read no-such-file'],
    ['a rule file that is not there', ['SLO', '--rules', 'no-such-file'], 'cannot read no-such-file'],
    ['an address that is none', ['SLO', '--prometheus', 'prometheus:9090'], 'http://HOST:PORT'],
    ['a configuration that is a definition', ['SLO', '--config', 'SLO'], 'config/unknown-key', 1],
    ['a rule file that is a configuration', ['SLO', '--rules', 'CONFIG'], 'nines.yaml:1:', 1],
  ] as const)('%s', async (_name, args, reason, expected: number = 2) => {
    const [code, out, error] = await nines(
      'serve',
      ...args.map((arg) => (arg === 'SLO' ? slo : arg === 'CONFIG' ? config : arg)),
    );
    expect([code, out]).toEqual([expected, '']);
    expect(error).toContain(reason);
    expect(error).not.toMatch(/^\s+at /m);
  });
});

describe('nines status', () => {
  test.each([
    ['nobody there', 'http://127.0.0.1:1', '`nines serve` or `nines demo` starts a server'],
    ['no address', 'localhost', 'http://HOST:PORT'],
  ])('%s', async (_name, server, reason) => {
    const [code, out, error] = await nines('status', '--server', server);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(reason);
  });

  test('another server', async () => {
    const [code, , error] = await nines('status', '--server', `http://${target.address}`);
    expect([code, error]).toEqual([2, expect.stringContaining('is no Nines server')]);
  });

  const slo99: SloSummary = {
    service: 'shop',
    name: 'availability',
    title: 'Availability',
    owner: 'shop-team',
    kind: 'ratio',
    measure: { kind: 'events', sliceSeconds: null },
    invariant: false,
    waitsFor: null,
    target: '99.9%',
    targetRatio: 0.999,
    periodSeconds: 2_592_000,
    period: '30d',
    periodStart: null,
    state: 'ok',
    sli: 0.999996,
    periodSeen: 1,
    budget: { ratio: 0.001, remainingRatio: 0.996, remainingEvents: 5, remainingSeconds: 2581 },
    burnRates: [],
    alerts: [],
    group: null,
    evaluatedAt: 0,
    outdated: false,
  };
  const alerts: SloSummary['alerts'] = [
    {
      name: 'ErrorBudgetBurn',
      severity: 'page',
      state: 'firing',
      since: 0,
      summary: '',
      firesWhen: 'burn rate above 14.4',
    },
  ];
  const unknown = { ratio: 0.001, remainingRatio: null, remainingEvents: null, remainingSeconds: null };
  const slices: SloSummary = {
    ...slo99,
    name: 'queue',
    kind: 'condition',
    target: '99%',
    measure: { kind: 'slices', sliceSeconds: 60 },
    budget: { ratio: 0.01, remainingRatio: 0.5, remainingEvents: 216, remainingSeconds: 12_960 },
  };
  const always: SloSummary = { ...slices, name: 'no-panic', target: '100%', invariant: true };
  const ofEachKind: readonly SloSummary[] = [
    { ...always, state: 'breached' },
    { ...slo99, name: 'endpoints', group: { route: '/a' }, state: 'burning', alerts, period: 'calendar-month' },
    slices,
    always,
    { ...slo99, name: 'pushes', state: 'pending', waitsFor: 'SHOP-7', sli: null, periodSeen: null, budget: unknown },
    { ...slices, name: 'idea', state: 'draft', sli: null, periodSeen: null, budget: unknown },
  ];

  test.each<[name: string, slos: readonly SloSummary[], exit: number]>([
    ['all is well', [slo99], 0],
    ['one burns', [{ ...slo99, name: 'latency', state: 'burning', alerts }, slo99], 1],
    [
      'one is breached',
      [{ ...slo99, state: 'breached', budget: { ...slo99.budget, remainingRatio: -0.5, remainingSeconds: -1296 } }],
      1,
    ],
    [
      'one cannot be told',
      [
        {
          ...slo99,
          state: 'noData',
          sli: null,
          periodSeen: null,
          budget: unknown,
        },
        slo99,
      ],
      0,
    ],
    ['one of each kind', ofEachKind, 1],
    ['none can be told', [{ ...slo99, state: 'noData' }], 2],
    ['there are none', [], 2],
  ])('%s', async (name, slos, exit) => {
    const server = createServer((_request, response) => response.end(JSON.stringify({ slos })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    try {
      const [code, out] = await nines('status', '--server', url);
      expect(code).toBe(exit);
      await expect(out).toMatchFileSnapshot(`golden/status/${name.replaceAll(' ', '-')}.txt`);
      const [, json] = await nines('status', '--server', url, '--format', 'json');
      expect(JSON.parse(json)).toEqual({ slos });
    } finally {
      server.close();
    }
  });
});
