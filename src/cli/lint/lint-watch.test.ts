import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
let errors: string;
/** What each look found, as `file code`. */
let looks: string[][];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-lint-watch-'));
  mkdirSync(join(folder, 'slos'));
  controller = new AbortController();
  errors = '';
  looks = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

function definition(target: string, more = ''): string {
  return `apiVersion: nines/v1
service: shop
owner: shop
slos:
  a: { target: ${target}, bad: 'x_total{code="500"}', total: x_total, runbook: 'https://a' ${more}}
`;
}

function start(...args: readonly string[]): Promise<number> {
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    write: (text) => {
      const { diagnostics } = JSON.parse(text);
      looks.push(diagnostics.map(({ file, code }: { file: string; code: string }) => `${file} ${code}`));
    },
    writeError: (text) => {
      errors += text;
    },
    readInput: async () => '',
    signal: controller.signal,
    color: false,
  };
  return run(['lint', ...args, '--format', 'json', '--watch'], commands, terminal);
}

const last = (): readonly string[] | undefined => looks.at(-1);

test('whatever changes is looked at again: definitions, documents, settings', async () => {
  put('slos/shop.slo.yaml', definition('99%'));
  const ended = start('slos');
  await expect.poll(() => errors, patience).toContain('watching 1 file');
  expect(looks).toEqual([[]]);

  put('slos/shop.slo.yaml', definition('99%', ', alerts: none'));
  await expect.poll(last, patience).toEqual(['slos/shop.slo.yaml lint/slo-without-alert']);

  put('slos/notes.md', '```promql\nprocess_open_fds > 5\n```\n');
  await expect
    .poll(last, patience)
    .toEqual(['slos/shop.slo.yaml lint/slo-without-alert', 'slos/notes.md lint/selector-too-wide']);

  put('slos/.nines.yaml', 'lint: { rules: { slo-without-alert: off } }\n');
  await expect.poll(last, patience).toEqual(['slos/notes.md lint/selector-too-wide']);

  rmSync(join(folder, 'slos', 'notes.md'));
  await expect.poll(last, patience).toEqual([]);

  put('slos/shop.slo.yaml', definition('101%'));
  await expect.poll(last, patience).toEqual(['slos/shop.slo.yaml slo/target']);
  controller.abort();
  expect(await ended).toBe(1);
});

test('a file that is not named is not looked at, and standard input cannot be watched', async () => {
  put('slos/shop.slo.yaml', definition('99%'));
  const ended = start('slos/shop.slo.yaml');
  await expect.poll(() => errors, patience).toContain('watching 1 file');
  put('slos/other.slo.yaml', definition('101%').replace('shop', 'other'));
  put('slos/shop.slo.yaml', definition('99%', ', alerts: none'));
  await expect.poll(last, patience).toEqual(['slos/shop.slo.yaml lint/slo-without-alert']);
  controller.abort();
  expect(await ended).toBe(0);
  expect(await start('-')).toBe(2);
});
