import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { placeOf } from '../../base/index.ts';
import { runUnitTests, type UnitTestResult } from './run-unit-tests.ts';
import type { UnitTestFailure, UnitTestOptions } from './running.ts';
import { parseTimestamp } from './timestamp.ts';

const testdata = new URL('../testdata/', import.meta.url).pathname;

async function runFile(path: string, options: UnitTestOptions = {}): Promise<UnitTestResult> {
  const source = { name: path.slice(path.lastIndexOf('/') + 1), text: readFileSync(path, 'utf8') };
  return runUnitTests(
    source,
    async (name) => {
      const rules = join(dirname(path), name);
      return existsSync(rules) ? [{ name, text: readFileSync(rules, 'utf8') }] : [];
    },
    options,
  );
}

async function runText(text: string, rules = 'groups: []', options: UnitTestOptions = {}): Promise<UnitTestResult> {
  return runUnitTests({ name: 't.yml', text }, async (name) => [{ name, text: rules }], options);
}

function show({ text, differences, place }: UnitTestFailure): string {
  const at = place === undefined ? undefined : placeOf(place.source.text, place.span.start);
  return [
    text,
    ...(at === undefined ? [] : [`  at ${at.line}:${at.column}`]),
    ...differences.map((line) => `  ${line}`),
  ].join('\n');
}

test('rules that do what they should pass', async () => {
  expect(await runFile(`${testdata}checkout.test.yml`)).toEqual({ passed: 8, failed: 0, failures: [], warnings: [] });
});

test('evaluating tick by tick comes to the same', async () => {
  expect(await runFile(`${testdata}checkout.test.yml`, { promtoolLimits: true })).toMatchObject({
    passed: 8,
    failed: 0,
  });
});

test.each(['failing', 'bad'])('%s.test.yml says what is wrong, and where', async (name) => {
  const { failures } = await runFile(`${testdata}${name}.test.yml`);
  await expect(`${failures.map(show).join('\n\n')}\n`).toMatchFileSnapshot(`../testdata/${name}.test.txt`);
});

test('only the tests that are asked for run', async () => {
  const text = 'tests:\n  - name: one\n  - name: other\n    promql_expr_test: [{ expr: "1", eval_time: 0 }]\n';
  expect(await runText(text, '', { run: ['^one$'] })).toMatchObject({ passed: 1, failed: 0 });
  expect(await runText(text, '', { run: ['^on', 'the.$'] })).toMatchObject({ passed: 1, failed: 1 });
  expect(await runText(text, '', { run: ['nothing'] })).toMatchObject({ passed: 0, failed: 0 });
});

test('broken rules fail every test, unknown fields may be let pass', async () => {
  const text = 'rule_files: [r.yml]\ntests: [{}]\n';
  expect(await runText(text, 'groups: [{ name: a, owner: me }]')).toMatchObject({ passed: 0, failed: 1 });
  const lenient = await runText(text, 'groups: [{ name: a, owner: me }]', { ignoreUnknownFields: true });
  expect(lenient).toMatchObject({ passed: 1, failed: 0 });
});

test('a pattern that matches no file is worth a warning', async () => {
  const source = { name: 't.yml', text: 'rule_files: ["*.rules"]\ntests: [{}]\n' };
  expect((await runUnitTests(source, async () => [])).warnings).toEqual(['no file match pattern *.rules']);
});

test("promtool's limit of samples is kept if it is asked for", async () => {
  const text = `rule_files: [r.yml]
tests:
  - interval: 1s
    input_series: [{ series: a, values: 0x20000 }]
    promql_expr_test: [{ expr: count(r) > 0, eval_time: 4h, exp_samples: [{ labels: '{}', value: 1 }] }]
`;
  const rules = 'groups: [{ name: g, rules: [{ record: r, expr: "count_over_time(a[4h])" }] }]';
  expect(await runText(text, rules)).toMatchObject({ failed: 0 });
  const limited = await runText(text.replace('tests:', 'evaluation_interval: 1h\ntests:'), rules, {
    promtoolLimits: true,
  });
  expect(limited.failures[0]?.text).toContain(
    'rule: r, time: 3h0m0s, err: query processing would load too many samples',
  );
});

test('the later of two lines for a series counts, and samples after the last tick are never there', async () => {
  const text = `tests:
  - interval: 10s
    input_series: [{ series: a, values: 1x100 }, { series: a, values: 0+1x100 }]
    promql_expr_test:
      - { expr: 'max_over_time(a[10m] offset -1m)', eval_time: 1m30s, exp_samples: [{ value: 6 }] }
`;
  expect(await runText(text)).toMatchObject({ passed: 1, failed: 0 });
});

test.each([
  ['0', 0],
  ['1609459200', 1_609_459_200_000],
  ['1.5', 1500],
  ['2024-01-01T00:00:00Z', 1_704_067_200_000],
  ['2024-02-29T12:30:15.250+02:00', 1_709_202_615_250],
  ['2024-13-01T00:00:00Z', undefined],
  ['tomorrow', undefined],
])('%s is %d', (text, ms) => {
  expect(parseTimestamp(text)).toBe(ms);
});

const corpora = '../shared/corpora';

describe("upstream's unit tests, and those of rules for objectives", () => {
  beforeEach(({ skip }) => skip(!existsSync(corpora), 'the corpora in ../shared are not here'));
  test.each([
    ['promtool/unittest.yml', true, {}],
    ['promtool/long-period.yml', true, {}],
    ['promtool/no-test-group-interval.yml', true, {}],
    ['promtool/at-modifier-test.yml', true, {}],
    ['promtool/rules_run.yml', true, { run: ['correct'] }],
    ['promtool/rules_run.yml', false, { run: ['wrong'] }],
    ['promtool/rules_run.yml', false, { run: ['correct', 'wrong'] }],
    ['promtool/rules_run.yml', false, {}],
    ['promtool/failing.yml', false, {}],
    ['promtool/bad-input-series.yml', false, {}],
    ['promtool/bad-promql.yml', false, {}],
    ['promtool/bad-rules-syntax-test.yml', false, {}],
    ['rules/slo-burn.test.yml', true, {}],
    ['rules/states.test.yml', true, {}],
    ['rules/templates.test.yml', true, {}],
    ['rules/states.test.yml', true, { promtoolLimits: true }],
  ])('%s passes: %s %j', async (path, passes, options) => {
    const { failures, failed } = await runFile(join(corpora, path), options);
    expect(failed === 0, failures.map(show).join('\n')).toBe(passes);
  });
});
