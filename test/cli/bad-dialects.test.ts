import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/program.ts';

// What a person can get wrong in a definition of any format, through the command line: a finding at its place and the exit code that belongs to it.

const definitions = {
  nines: `apiVersion: nines/v1
service: shop
slos:
  ok: { target: 99%, bad: 'x_total{code="5"}', total: x_total }
`,
  openslo: `apiVersion: openslo/v1
kind: SLO
metadata: { name: ok }
spec:
  service: shop
  indicator:
    metadata: { name: ok }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: 'x_total{code="5"}' } } }
        total: { metricSource: { type: Prometheus, spec: { query: x_total } } }
  timeWindow: [{ duration: 1M, isRolling: false, calendar: { startTime: "2026-01-01 00:00:00", timeZone: Europe/Berlin } }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`,
  sloth: `version: prometheus/v1
service: shop
slos:
  - name: ok
    objective: 99
    sli:
      events:
        error_query: sum(rate(x_total{code="5"}[{{.window}}]))
        total_query: sum(rate(x_total[{{.window}}]))
    alerting: { name: Ok }
`,
  pyrra: `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: ok }
spec:
  target: "99"
  window: 4w
  indicator:
    ratio:
      errors: { metric: 'x_total{code="5"}' }
      total: { metric: x_total }
`,
  'slo-generator': `apiVersion: sre.google.com/v2
kind: ServiceLevelObjective
metadata: { name: ok, labels: { service_name: shop, feature_name: web, slo_name: ok } }
spec:
  description: It works.
  backend: prometheus
  method: good_bad_ratio
  service_level_indicator: { filter_bad: 'x_total{code="5"}', filter_valid: x_total }
  goal: 0.99
`,
} as const;
const formats = Object.entries(definitions);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-bad-dialects-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function nines(args: readonly string[], input = '') {
  let out = '';
  const write = (text: string): void => {
    out += text;
  };
  const terminal = {
    cwd: folder,
    env: {},
    write,
    writeError: write,
    readInput: async () => input,
    signal: new AbortController().signal,
    color: false,
  };
  return { code: await run(args, commands, terminal), out };
}

describe.each(formats)('of %s', (_format, text) => {
  test('a good definition has no error, with the line ends of Windows and a byte order mark too', async () => {
    for (const input of [text, text.replaceAll('\n', '\r\n'), `\uFEFF${text}`])
      expect(await nines(['lint', '-'], input)).toMatchObject({ code: 0 });
  });

  test.each<readonly [name: string, change: (text: string) => string, code: string]>([
    [
      'a target above all events',
      (good) => good.replace(/99%|"99"|0\.99|99$/m, (was) => was.replace('99', '199').replace('0.199', '1.99')),
      'slo/target',
    ],
    ['PromQL that does not parse', (good) => good.replaceAll('code="5"}', 'code="5"'), 'promql/syntax'],
    [
      'a key of no meaning',
      (good) => good.replace(/^( *)(target|objective|timeWindow|method|slos):/m, '$1bogus: 1\n$1$2:'),
      'unknown-key',
    ],
    ['a value of another type', (good) => good.replace(/^(slos|spec):\n[\s\S]*/m, '$1: 5\n'), '/'],
    ['a node that holds itself', (good) => `${good}x: &a [*a]\n`, 'yaml/'],
    ['a tab for indentation', (good) => good.replace('\n  ', '\n\t'), 'yaml/'],
    ['bytes of another kind', (good) => `${good}\0`, 'yaml/'],
    ['a text that ends early', (good) => good.slice(0, good.indexOf('x_total{') + 5), '/'],
  ])('%s is a finding at its place', async (_name, change, code) => {
    const input = change(text);
    expect(input).not.toBe(text);
    const told = await nines(['lint', '-'], input);
    expect([told.code, told.out]).toEqual([1, expect.stringContaining(code)]);
    expect(told.out).toMatch(/^<stdin>:\d+:\d+ error /m);
    expect(await nines(['generate', '-i', '-', '-o', '-'], input)).toMatchObject({ code: 1 });
  });
});

test.each<readonly [name: string, text: string, reason: string]>([
  ['a version of Sloth that is none', definitions.sloth.replace('/v1', '/v9'), '`prometheus/v9` is no version'],
  ['a version of OpenSLO that is none', definitions.openslo.replace('/v1', '/v9'), '`openslo/v9` is no version'],
  ['a kind of Pyrra that is none', definitions.pyrra.replace('Objective', 'Wish'), 'ServiceLevelWish'],
  ['slo-generator before version 2', definitions['slo-generator'].replace('/v2', '/v1beta1'), 'migrate'],
  [
    'a time zone that does not exist',
    definitions.openslo.replace('Europe/Berlin', 'Mars/Olympus'),
    'no time zone `Mars/Olympus`',
  ],
  [
    "a time zone of one's own that does not exist",
    definitions.nines.replace('x_total }', 'x_total, period: calendar month, timeZone: Mars/Olympus }'),
    'no time zone `Mars/Olympus`',
  ],
  [
    'a reference that leads nowhere',
    definitions.openslo.replace(/ {2}indicator:\n(?: {4}.*\n)+/, '  indicatorRef: gone\n'),
    'there is no SLI `gone`',
  ],
  [
    'objectives that are parts of each other',
    `${definitions.nines}  a: { target: 9%, composite: { combine: worst, members: [b] } }\n  b: { target: 9%, composite: { combine: worst, members: [a] } }\n`,
    'composite/circle',
  ],
  [
    'a bound in another unit than the metric',
    `${definitions.nines}  slow: { target: 99%, histogram: size_bytes, below: 500ms }\nmetrics: { size_bytes: { type: histogram, unit: bytes }, x_total: { type: counter } }\n`,
    'is measured in bytes',
  ],
])('%s', async (_name, text, reason) => {
  const told = await nines(['generate', '-i', '-', '-o', '-'], text);
  expect([told.code, told.out]).toEqual([1, expect.stringContaining(reason)]);
  expect(told.out).toMatch(/^<stdin>:\d+:\d+ error /m);
});

test.each<readonly [rule: string, reason: string]>([
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never comes true'],
  ['FREQ=DAILY;UNTIL=20250101', 'never comes true'],
  ['FREQ=DAILY;INTERVAL=0', 'is not a rule of recurrence'],
  ['FREQ=DAILY;COUNT=0', 'is not a rule of recurrence'],
  ['FREQ=SECONDLY', 'is not a rule of recurrence'],
  ['every night', 'is not a rule of recurrence'],
  ['FREQ=HOURLY', 'recurs too often to be listed'],
  ['FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=29', 'recurs too often to be listed'],
  // What ends after ten thousand occurrences, or never, is as good as any.
  ['FREQ=DAILY', ''],
  ['FREQ=DAILY;COUNT=100000000', ''],
  ['FREQ=DAILY;UNTIL=99991231', ''],
])('an exclusion %s ends, in one way or the other', async (rule, reason) => {
  const text = `${definitions.nines}exclusions:
  nightly: { reason: backup, owner: ops, every: "${rule}", start: 2026-01-01T02:00, for: 5m }
`;
  const told = await nines(['generate', '-i', '-', '-o', '-'], text);
  expect([told.code, told.out]).toEqual([reason === '' ? 0 : 1, expect.stringContaining(reason)]);
});

test('of ten thousand code blocks the wrong one is found', async () => {
  const blocks = Array.from(
    { length: 10_000 },
    (_, index) => `\`\`\`promql\nrate(x_total{code="${index}"}[5m])\n\`\`\`\n`,
  );
  await writeFile(join(folder, 'doc.md'), [...blocks, '```promql\nrate(x_total[5m]\n```\n'].join('\n'));
  const { code, out } = await nines(['lint', 'doc.md']);
  expect(out.match(/ error /g)).toHaveLength(1);
  expect([code, out]).toEqual([1, expect.stringContaining('doc.md:40002:')]);
});

test('of a hundred thousand rules the wrong one is found', async () => {
  const rules = Array.from({ length: 100_000 }, (_, index) => `      - { record: "a:b${index}:sum", expr: sum(x) }\n`);
  const text = `groups:\n  - name: many\n    rules:\n${rules.join('')}      - { record: "a:c:sum", expr: sum(x }\n`;
  await writeFile(join(folder, 'rules.yaml'), text);
  const { code, out } = await nines(['lint', 'rules.yaml']);
  expect(out.match(/ error /g)).toHaveLength(1);
  expect([code, out]).toEqual([1, expect.stringContaining('rules.yaml:100004:')]);
});
