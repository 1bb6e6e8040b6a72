import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { glob } from './glob.ts';
import { run } from './program.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { testCommand } from './test-command.ts';

const rules = `groups:
  - name: g
    rules:
      - { record: 'b', expr: 'a * 2' }
`;
const passing = `rule_files: ["rules/*.yml"]
tests:
  - name: doubles
    input_series: [{ series: a, values: 1 2 }]
    promql_expr_test: [{ expr: b, eval_time: 1m, exp_samples: [{ labels: b, value: 4 }] }]
`;
const failing = passing.replace('value: 4', 'value: 5');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-test-'));
  await mkdir(join(folder, 'rules'));
  await writeFile(join(folder, 'rules', 'b.yml'), rules);
  await writeFile(join(folder, 'good.yml'), passing);
  await writeFile(join(folder, 'bad.yml'), failing);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function nines(
  args: readonly string[],
  input = '',
  signal = new AbortController().signal,
): Promise<{ readonly code: ExitCode; readonly output: string; readonly errors: string }> {
  const output: string[] = [];
  const errors: string[] = [];
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    write: (text) => void output.push(text),
    writeError: (text) => void errors.push(text),
    readInput: async () => input,
    signal,
    color: false,
  };
  const code = await run(['test', ...args], { test: async () => testCommand }, terminal);
  return { code, output: output.join(''), errors: errors.join('') };
}

describe('nines test', () => {
  test('prints what promtool prints, and where the difference is', async () => {
    const { code, output } = await nines(['good.yml', 'bad.yml']);
    expect(code).toBe(1);
    expect(output).toBe(`Unit Testing:  good.yml
  SUCCESS

Unit Testing:  bad.yml
  FAILED:
    expr: "b", time: 1m,
        exp: {__name__="b"} 5E+00
        got: {__name__="b"} 4E+00
        at: bad.yml:5:26
        {__name__="b"}: expected 5, got 4

`);
  });

  test.each([
    [['good.yml'], 0],
    [['-i', 'good.yml'], 0],
    [['--run', 'doub', 'bad.yml'], 1],
    [['--run', 'x', '--run', 'y', 'bad.yml'], 0],
    [['--promtool-limits', 'good.yml'], 0],
    [[], 2],
    [['missing.yml'], 2],
    [['--run', '(', 'good.yml'], 2],
    [['--nonsense', 'good.yml'], 2],
  ])('%j exits with %d', async (args, wanted) => {
    expect((await nines(args)).code).toBe(wanted);
  });

  test('reads standard input, rule files relative to the working folder', async () => {
    expect(await nines(['-'], passing)).toMatchObject({ code: 0, output: 'Unit Testing:  <stdin>\n  SUCCESS\n\n' });
  });

  test('says which pattern matches no rule file', async () => {
    const { errors } = await nines(['-'], passing.replace('rules/*.yml', 'nowhere/*.yml'));
    expect(errors).toBe('  WARNING: no file match pattern nowhere/*.yml\n');
  });

  test('gives JSON', async () => {
    const { output } = await nines(['--format', 'json', 'bad.yml']);
    expect(JSON.parse(output)).toMatchObject([
      {
        file: 'bad.yml',
        passed: 0,
        failed: 1,
        failures: [{ line: 5, column: 26, differences: [expect.any(String)] }],
      },
    ]);
  });

  test('stops when it is told to', async () => {
    expect((await nines(['good.yml'], '', AbortSignal.abort(new Error('stopped')))).code).toBe(2);
  });
});

test.each([
  ['rules/b.yml', ['rules/b.yml']],
  ['rules/*.yml', ['rules/b.yml']],
  ['*.yml', ['bad.yml', 'good.yml']],
  ['?ood.yml', ['good.yml']],
  ['[a-c]ad.yml', ['bad.yml']],
  ['[^a-c]*.yml', ['good.yml']],
  ['*/b.yml', ['rules/b.yml']],
  ['*.yaml', []],
  ['none/b.yml', []],
  ['b.d.yml', []],
])('the pattern %s means %j', async (pattern, paths) => {
  expect(await glob(folder, pattern)).toEqual(paths.map((path) => join(folder, path)));
});
