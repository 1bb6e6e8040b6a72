import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UnreadableError } from '../definitions.ts';
import type { ExitCode } from '../terminal.ts';
import { lintCommand } from './lint-command.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-lint-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function files(contents: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** What `nines lint` says, as `file code severity`, and its exit code. */
async function lint(
  ...args: readonly string[]
): Promise<{ readonly code: ExitCode | undefined; readonly said: readonly string[] }> {
  let code: ExitCode | undefined;
  const output: string[] = [];
  const terminal = {
    cwd: folder,
    env: {},
    write: (text: string) => void output.push(text),
    writeError: () => undefined,
    readInput: async () => '',
    signal: new AbortController().signal,
    color: false,
  };
  await lintCommand(terminal, (given) => {
    code = given;
  })
    .exitOverride()
    .parseAsync([...args, '--format', 'json'], { from: 'user' });
  const { diagnostics } = JSON.parse(output.join(''));
  return {
    code,
    said: diagnostics.map(
      (one: { file: string; code: string; severity: string }) => `${one.file} ${one.code} ${one.severity}`,
    ),
  };
}

const document = '```promql\nprocess_open_fds > 5\n```\n';
const unwise =
  'apiVersion: nines/v1\nservice: a\nslos:\n  b:\n    target: 99%\n    good: x_total{c="1"}\n    total: x_total\n    runbook: https://a\n';

describe('settings', () => {
  test('beside a file or above it count', async () => {
    await files({
      'docs/deep/slo.md': document,
      '.nines.yaml': 'lint: { rules: { selector-too-wide: error } }\n',
      'other/slo.md': document,
      'other/nines.config.yaml': 'lint: { rules: { selector-too-wide: off } }\n',
    });
    expect(await lint('.')).toEqual({ code: 1, said: ['docs/deep/slo.md lint/selector-too-wide error'] });
  });

  test('suppress with a reason, and tell of what they do not suppress', async () => {
    await files({
      'a.md': document,
      'b.md': document,
      'c/slo.yaml': unwise,
      '.nines.yaml': `lint:
  suppress:
    - { code: selector-too-wide, files: [a.md], reason: one process only }
    - { code: lint/missing-owner, files: ['c/**'], reason: a library }
    - { code: no-data, files: [b.md], reason: nothing to see }
    - { code: unit, files: [elsewhere.md], reason: not linted here }
    - { code: unit, files: [b.md] }
`,
    });
    expect((await lint('.')).said).toEqual([
      'b.md lint/selector-too-wide warning',
      '.nines.yaml lint/suppression-unused warning',
      '.nines.yaml lint/suppression-without-reason warning',
    ]);
  });

  test('that are wrong are told, and count for nothing', async () => {
    await files({ 'a.md': document, '.nines.yaml': 'lint: { rules: { selector-to-wide: off } }\n' });
    expect(await lint('a.md')).toEqual({
      code: 1,
      said: ['a.md lint/selector-too-wide warning', '.nines.yaml lint/settings error'],
    });
  });

  test('give way to the command line', async () => {
    await files({ 'a.md': document, '.nines.yaml': 'lint: { rules: { selector-too-wide: error } }\n' });
    expect((await lint('a.md', '--off', 'selector-too-wide')).said).toEqual([]);
  });
});

test('a comment in a definition suppresses as well', async () => {
  const reason = unwise.replace('service: a', 'service: a # nines-ignore missing-owner: nobody yet');
  await files({ 'slo.yaml': reason });
  expect((await lint('slo.yaml')).said).toEqual([]);
});

describe('a page of metrics', () => {
  const page = `# TYPE http_requests_total counter
http_requests_total{method="get",code="200"} 5
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.1"} 1
latency_seconds_bucket{le="+Inf"} 1
latency_seconds_sum 1
latency_seconds_count 1
`;
  const rules = (expr: string) => `groups:\n- name: a\n  rules:\n  - record: job:a:rate5m\n    expr: ${expr}\n`;
  test.each([
    ['sum(rate(http_requests_total{code="200"}[5m]))', []],
    ['sum(rate(http_requests_total{status="200"}[5m]))', ['rules.yml lint/label-undeclared error']],
    ['sum(rate(http_request_total[5m]))', ['rules.yml lint/metric-undeclared warning']],
    ['histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[5m])))', []],
  ])('%s', async (expr, said) => {
    await files({ 'page.txt': page, 'rules.yml': rules(expr) });
    expect((await lint('rules.yml', '--metrics', 'page.txt')).said).toEqual(said);
  });

  test('that is none is an error of use', async () => {
    await files({ 'page.txt': '<html>', 'rules.yml': rules('up') });
    await expect(lint('rules.yml', '--metrics', 'page.txt')).rejects.toThrow(UnreadableError);
    await expect(lint('rules.yml', '--metrics', 'none.txt')).rejects.toThrow('cannot read none.txt');
    await expect(lint('rules.yml', '--online', 'here')).rejects.toThrow('"here" is no address');
  });
});
