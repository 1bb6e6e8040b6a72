import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadDefinitions, UnreadableError } from '../definitions.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { lintCommand } from './lint-command.ts';

const valid = `apiVersion: nines/v1
service: checkout
owner: shop
slos:
  availability:
    target: 99.9%
    good: http_requests_total{code!~"5.."}
    total: http_requests_total
    runbook: https://runbooks.example.com/checkout
`;
const wrong = valid.replace('99.9%', '101%').replace('good:', 'god:');
const unwise = valid.replace('owner: shop\n', '');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-lint-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Writes files below the folder, by their paths. */
async function files(contents: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function terminal(input = ''): Terminal & { readonly output: string[]; readonly errors: string[] } {
  const output: string[] = [];
  const errors: string[] = [];
  return {
    cwd: folder,
    env: {},
    write: (text) => void output.push(text),
    writeError: (text) => void errors.push(text),
    readInput: async () => input,
    signal: new AbortController().signal,
    color: false,
    output,
    errors,
  };
}

/** What the command writes to standard output, and its exit code. */
async function lint(
  args: readonly string[],
  input = '',
): Promise<{ readonly code: ExitCode | undefined; readonly output: string }> {
  const own = terminal(input);
  let code: ExitCode | undefined;
  const command = lintCommand(own, (given) => {
    code = given;
  });
  await command.exitOverride().configureOutput({ writeErr: own.writeError }).parseAsync(args, { from: 'user' });
  return { code, output: own.output.join('') };
}

async function unreadable(...paths: string[]): Promise<string> {
  try {
    await loadDefinitions(terminal(), paths);
  } catch (error) {
    if (error instanceof UnreadableError) return error.message;
    throw error;
  }
  throw new Error('readable');
}

describe('exit codes', () => {
  test.each<[string, string, readonly string[], ExitCode]>([
    ['good', valid, [], 0],
    ['good, strictly', valid, ['--strict'], 0],
    ['with a warning', unwise, [], 0],
    ['with a warning, strictly', unwise, ['--strict'], 1],
    ['with a warning that is off, strictly', unwise, ['--strict', '--off', 'missing-owner'], 0],
    ['wrong', wrong, [], 1],
  ])('%s', async (_, text, options, code) => {
    await files({ 'slo.yaml': text });
    expect((await lint(['slo.yaml', ...options])).code).toBe(code);
  });

  test('of no paths', async () => {
    expect((await lint([])).code).toBe(2);
  });
});

describe('paths', () => {
  test('are files, folders with all below them, and standard input', async () => {
    await files({
      'a/slo.yaml': valid,
      'a/b/basket.slo.yml': valid.replace('checkout', 'basket'),
      'a/c/anything.yaml': `# a comment\n${valid.replace('checkout', 'search')}`,
      'a/rules.yaml': 'groups: []\n',
      'a/node_modules/x/slo.yaml': wrong,
      'a/.hidden/slo.yaml': wrong,
    });
    const { services } = await loadDefinitions(terminal(valid.replace('checkout', 'piped')), ['a', '-']);
    expect(services.map(({ name }) => name)).toEqual(['basket', 'search', 'checkout', 'piped']);
  });

  test('are read once, however they are named', async () => {
    await files({ 'a/slo.yaml': valid });
    await symlink(join(folder, 'a/slo.yaml'), join(folder, 'link.yaml'));
    const { services, diagnostics } = await loadDefinitions(terminal(), [
      'a',
      'a/slo.yaml',
      './a/../a/slo.yaml',
      'link.yaml',
    ]);
    expect([services.length, diagnostics.length]).toEqual([1, 0]);
  });

  test('that cannot be read are all named', async () => {
    await files({ 'empty/readme.txt': '' });
    const message = await unreadable('missing.yaml', 'empty');
    expect(message).toContain('cannot read missing.yaml: there is no such file or folder');
    expect(message).toContain('no definitions in empty: looked for slo.yaml');
  });

  test('of modules give the services that they export', async () => {
    await files({
      'slo.ts': `import { defineService, type Service } from 'nines';
const target: string = '99.9%';
const slos = { availability: { target, good: 'x_total{code!~"5.."}', total: 'x_total' } };
export const checkout: Service = defineService({ service: 'checkout', slos });
export default [checkout, defineService({ service: 'basket', slos })];
`,
    });
    const { services, diagnostics } = await loadDefinitions(terminal(), ['slo.ts']);
    expect([services.map(({ name }) => name), diagnostics]).toEqual([['checkout', 'basket'], []]);
  });

  test('of modules with a wrong definition are findings, and of broken ones cannot be read', async () => {
    await files({
      'slo.ts': `import { defineService } from 'nines';
export default defineService({ service: 'checkout', slos: { a: { target: '101%', good: 'x', total: 'x' } } });`,
      'nothing.ts': 'export const a = 1;',
      'broken.ts': 'export const a = ;',
    });
    const { diagnostics } = await loadDefinitions(terminal(), ['slo.ts', 'nothing.ts']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['slo/target', 'definition/empty']);
    expect(await unreadable('broken.ts')).toContain('cannot read broken.ts: ');
  });

  test('of very large files are refused without reading them', async () => {
    await files({ 'slo.yaml': `# ${'x'.repeat(50_000_000)}` });
    const { diagnostics } = await loadDefinitions(terminal(), ['slo.yaml']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['yaml/too-large']);
  });

  test('with services of one name are told apart', async () => {
    await files({ 'a/slo.yaml': valid, 'b/slo.yaml': valid });
    const { diagnostics } = await loadDefinitions(terminal(), ['.']);
    expect(diagnostics).toMatchObject([
      { code: 'definition/duplicate', span: { start: 30, end: 38 }, source: { name: 'b/slo.yaml' } },
    ]);
  });
});

describe('the output', () => {
  const goldens = join(import.meta.dirname, 'testdata');

  test.each(['text', 'json', 'github', 'sarif'])('as %s', async (format) => {
    await files({ 'a/slo.yaml': wrong, 'b/slo.yaml': unwise.replace('checkout', 'basket') });
    const { output } = await lint(['.', '--format', format]);
    await expect(output).toMatchFileSnapshot(
      join(goldens, `output.${format === 'json' || format === 'sarif' ? `${format}.json` : `${format}.txt`}`),
    );
  });

  test.each(['text', 'json', 'github', 'sarif'])('of nothing wrong as %s', async (format) => {
    await files({ 'slo.yaml': valid });
    const { output } = await lint(['slo.yaml', '--format', format]);
    await expect(output).toMatchFileSnapshot(
      join(goldens, `nothing.${format === 'json' || format === 'sarif' ? `${format}.json` : `${format}.txt`}`),
    );
  });
});
