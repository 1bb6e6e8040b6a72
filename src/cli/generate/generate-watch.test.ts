import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commands } from '../commands.ts';
import { run } from '../program.ts';
import type { Terminal } from '../terminal.ts';

/** Other tests may keep the machine busy. */
const patience = { timeout: 20_000 };

let folder: string;
let controller: AbortController;
let error: string;
let ended: Promise<number>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-watch-'));
  mkdirSync(join(folder, 'slos'));
  controller = new AbortController();
  error = '';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what changes is generated again, and nothing else', async () => {
  define('shop', '99.9%');
  define('bank', '99.9%');
  await start();
  expect(rules()).toEqual(['bank.rules.yaml', 'shop.rules.yaml']);
  const bank = statSync(join(folder, 'out', 'bank.rules.yaml')).mtimeMs;

  define('shop', '99.5%');
  await expect.poll(() => text('shop'), patience).toContain('99.5%');
  expect(error.split('\n').filter((line) => line.startsWith('wrote'))).toHaveLength(3);
  expect(statSync(join(folder, 'out', 'bank.rules.yaml')).mtimeMs).toBe(bank);

  define('club', '99%');
  await expect.poll(rules, patience).toEqual(['bank.rules.yaml', 'club.rules.yaml', 'shop.rules.yaml']);

  mkdirSync(join(folder, 'slos', 'more'));
  define('more/dock', '99%');
  await expect.poll(rules, patience).toContain('dock.rules.yaml');

  rmSync(join(folder, 'slos', 'bank.slo.yaml'));
  await expect.poll(rules, patience).toEqual(['club.rules.yaml', 'dock.rules.yaml', 'shop.rules.yaml']);
  expect(await stop()).toBe(0);
});

test('an error is shown, the files stay, and the correction is taken', async () => {
  define('shop', '99.9%');
  await start();
  define('shop', '999%');
  await expect.poll(() => error, patience).toContain('slo/target');
  expect(text('shop')).toContain('99.9%');
  writeFileSync(join(folder, 'slos', 'notes.txt'), 'no definition');
  define('shop', '99.5%');
  await expect.poll(() => text('shop'), patience).toContain('99.5%');
  expect(await stop()).toBe(0);
});

test('standard input and output can not be watched', async () => {
  define('shop', '99.9%');
  expect(await run(['generate', 'slos', '-o', '-', '--watch'], commands, terminal())).toBe(2);
  expect(await run(['generate', '-', '-o', 'out', '--watch'], commands, terminal())).toBe(2);
});

async function start(): Promise<void> {
  ended = run(['generate', 'slos', '-o', 'out', '--watch'], commands, terminal());
  await expect.poll(() => error, patience).toContain('watching');
}

function stop(): Promise<number> {
  controller.abort(new Error('stopped'));
  return ended;
}

function rules(): readonly string[] {
  return readdirSync(join(folder, 'out'))
    .filter((name) => !name.startsWith('.'))
    .toSorted();
}

function text(service: string): string {
  return readFileSync(join(folder, 'out', `${service}.rules.yaml`), 'utf8');
}

function define(path: string, target: string): void {
  const definition = `
apiVersion: nines/v1
service: ${path.split('/').at(-1)}
owner: team
metrics:
  http_requests_total: { type: counter, labels: [code] }
slos:
  availability:
    target: ${target}
    bad: http_requests_total{code=~"5.."}
    total: http_requests_total
`;
  writeFileSync(join(folder, 'slos', `${path}.slo.yaml`), definition);
}

function terminal(): Terminal {
  return {
    cwd: folder,
    env: {},
    write: () => {},
    writeError: (text) => {
      error += text;
    },
    readInput: () => Promise.resolve(''),
    signal: controller.signal,
    color: false,
  };
}
