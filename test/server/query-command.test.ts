import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/program.ts';
import { recordedTerminal } from './terminal.ts';

const page = '# TYPE up gauge\nup{job="api"} 1 100\nup{job="api"} 1 160\nup{job="web"} 0 160\n# EOF\n';

async function nines(
  args: readonly string[],
  input = page,
): Promise<readonly [code: number, out: string, error: string]> {
  const terminal = recordedTerminal(input);
  const code = await run(args, commands, terminal);
  return [code, terminal.out(), terminal.error()];
}

describe('nines query', () => {
  test('an instant query looks at the newest sample of a file', async () => {
    expect(await nines(['query', 'up', '--file', '-'])).toEqual([
      0,
      'up{job="api"} => 1 @[160]\nup{job="web"} => 0 @[160]\n',
      '',
    ]);
  });

  test('json is what the API of Prometheus prints under data', async () => {
    const [code, out] = await nines(['query', 'sum(up) / 0', '--file', '-', '--format', 'json']);
    expect(code).toBe(0);
    expect(out).toBe('{"resultType":"vector","result":[{"metric":{},"value":[160,"+Inf"]}]}\n');
  });

  test('a range query', async () => {
    const args = [
      'query',
      'up{job="api"}',
      '--file',
      '-',
      '--start',
      '100',
      '--end',
      '1970-01-01T00:02:40Z',
      '--step',
      '1m',
    ];
    expect(await nines(args)).toEqual([0, 'up{job="api"} =>\n1 @[100]\n1 @[160]\n', '']);
  });

  test('scalars and strings', async () => {
    expect((await nines(['query', '1 + 1', '--file', '-', '--time', '5']))[1]).toBe('scalar: 2 @[5]\n');
    expect((await nines(['query', '"a"', '--file', '-', '--time', '5', '--format', 'json']))[1]).toBe(
      '{"resultType":"string","result":[5,"a"]}\n',
    );
  });

  test('remarks go to standard error', async () => {
    const [code, out, error] = await nines(['query', 'rate(up[5m])', '--file', '-']);
    expect([code, out]).toEqual([0, expect.stringContaining('{job="api"} =>')]);
    expect(error).toContain('warning: ');
  });

  test.each([
    ['an expression that does not parse', ['query', 'sum(up', '--file', '-'], 'query:1:'],
    ['an expression that cannot be evaluated', ['query', 'up * on() up', '--file', '-'], 'promql/execution'],
    ['a file that is not there', ['query', 'up', '--file', 'no-such-file'], 'cannot read no-such-file'],
    ['two sources', ['query', 'up', '--file', '-', '--prometheus', 'http://x'], 'cannot be used with'],
    ['a source that is no address', ['query', 'up', '--prometheus', 'localhost:9090'], 'http://HOST:PORT'],
    ['a source that is away', ['query', 'up', '--prometheus', 'http://127.0.0.1:1'], 'connection refused'],
    ['a time that is none', ['query', 'up', '--file', '-', '--time', 'yesterday'], '--time "yesterday"'],
    ['a step without a range', ['query', 'up', '--file', '-', '--step', '1m'], '--step belongs to a range query'],
    [
      'a range that ends before it starts',
      ['query', 'up', '--file', '-', '--start', '9', '--end', '5'],
      'before its start',
    ],
    ['no expression', ['query'], "missing required argument 'expr'"],
    ['a format there is not', ['query', 'up', '--format', 'xml'], 'Allowed choices are text, json'],
    ['an unknown option', ['query', 'up', '--fil', '-'], '(Did you mean --file?)'],
  ] as const)('%s: exit code 2 and one readable reason', async (_name, args, reason) => {
    const [code, out, error] = await nines(args);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(reason);
    expect(error).not.toMatch(/^\s+at /m);
  });

  test('a page that is none', async () => {
    const [code, , error] = await nines(['query', 'up', '--file', '-'], '<html>');
    expect(code).toBe(2);
    expect(error).toContain('<stdin>:1:1 error exposition/not-metrics');
  });
});

describe('nines', () => {
  test('help and version are good ends', async () => {
    expect(await nines(['--version'])).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/), '']);
    const [code, out] = await nines(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('query');
    expect((await nines(['query', '--help']))[1]).toContain('--prometheus <url>');
    expect((await nines(['help', 'query']))[1]).toContain('--prometheus <url>');
  });

  test.each([
    [['qurey'], '(Did you mean query?)'],
    [['--verbose'], "unknown option '--verbose'"],
    [[], 'Usage: nines'],
  ] as const)('%j is wrong usage', async (args, reason) => {
    const [code, out, error] = await nines(args);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(reason);
  });
});
