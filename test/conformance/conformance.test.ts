import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedFolder } from '../servers.ts';
import { type Check, formatReport } from './report.ts';
import { findFiles, runFile } from './run.ts';
import { runScript } from './run-script.ts';

/** Files of rule unit tests that promtool must not pass. */
const failing: ReadonlySet<string> = new Set([
  'bad-input-series.yml',
  'bad-promql.yml',
  'bad-rules-error-test.yml',
  'bad-rules-syntax-test.yml',
  'failing.yml',
  'rules_run.yml',
  'rules_run_extrafields.yml',
  'rules_run_fuzzy.yml',
  'rules_run_no_fuzzy.yml',
]);

describe('our own test scripts pass', () => {
  const folder = join(import.meta.dirname, 'testdata');
  test.each(findFiles(folder).map((file) => relative(folder, file)))('%s', async (name) => {
    const report = await runFile(join(folder, name));
    expect(report.checks.length).toBeGreaterThan(0);
    expect(failures(report.checks), formatReport(report, true)).toBe(0);
  });
});

describe.each(['promqltest', 'golden', 'rules', 'promtool'])('the outcome of %s is as published', (corpus) => {
  const folder = sharedFolder('corpora', corpus);
  if (folder === undefined) {
    test('all files', (context) =>
      context.skip(`needs the test data of other projects in ../shared/corpora/${corpus}`));
    return;
  }
  test.each(findFiles(folder).map((file) => relative(folder, file)))('%s', async (name) => {
    const report = await runFile(join(folder, name));
    expect(failures(report.checks) === 0, formatReport(report, false)).toBe(!failing.has(name));
  });
});

describe('the runner notices', () => {
  const load = 'load 1m\n  x{a="1"} 1 2 3\n  h {{count:1 counter_reset_hint:gauge}}\n\n';
  test.each([
    ['another value', 'eval instant at 0 x\n  x{a="1"} 2'],
    ['a missing series', 'eval instant at 0 x\n  x{a="1"} 1\n  x{a="2"} 1'],
    ['an unexpected series', 'eval instant at 0 x'],
    ['a scalar for a vector', 'eval instant at 0 x\n  1'],
    ['another string', 'eval instant at 0 "a"\n  expect string "b"'],
    ['another order', 'eval instant at 0 sort(x or vector(5))\n  expect ordered\n  {} 5\n  x{a="1"} 1'],
    ['a failure', 'eval instant at 0 x +'],
    ['a success', 'eval instant at 0 1\n  expect fail'],
    ['another failure', 'eval instant at 0 x +\n  expect fail msg: no such thing'],
    ['a missing remark', 'eval instant at 0 x\n  expect warn\n  x{a="1"} 1'],
    ['a missing point', 'eval range from 0 to 2m step 1m x\n  x{a="1"} 1 2'],
    ['another hint', 'eval instant at 0 h\n  h {{count:1 counter_reset_hint:reset}}'],
    ['nonsense', 'evaluate instant at 0 1'],
    ['a broken series', 'load 1m\n  x 1x'],
  ])('%s', async (_, script) => {
    expect(failures(await runScript(load + script))).toBe(1);
  });

  test('one mistake, and reads on behind it', async () => {
    const checks = await runScript(`${load}loaf 1m\n  y 1\n\neval instant at\n\neval instant at 0 x\n  x{a="1"} 1`);
    expect(checks.map(({ problems }) => problems.length === 0)).toEqual([false, false, true]);
  });

  test('nothing of how lines end and are set in', async () => {
    const script = `# a remark\n${load}\teval instant at 1m x\n\t expect no_warn\n  x{a="1"}\t 2\n# it ends the block\neval instant at 1m 0x10\n 16\neval range from 0 to 1m step 1m x\n x{a="1"} 1+1x1`;
    const checks = await runScript(script.replaceAll('\n', '\r\n'));
    expect(checks.map(({ problems }) => problems)).toEqual([[], [], []]);
  });

  test('nothing where all is well', async () => {
    const script = `${load}eval instant at 0 x\n  x{a="1"} 1\n\neval_fail instant at 0 x{\n\neval range from 0 to 1m step 1m x\n  x{a="1"} 1 2`;
    expect(failures(await runScript(script))).toBe(0);
  });
});

function failures(checks: readonly Check[]): number {
  return checks.filter(({ problems }) => 0 < problems.length).length;
}
