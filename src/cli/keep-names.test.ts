import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateCommand } from './generate/generate-command.ts';
import type { ExitCode, Terminal } from './terminal.ts';

const sloth = `
version: prometheus/v1
service: Shop
labels: { owner: shop-team, tier: "1" }
slos:
  - name: checkout
    objective: 99.9
    labels: { journey: buy }
    sli:
      events:
        error_query: sum(rate(http_requests_total{code=~"5.."}[{{.window}}])) or vector(0)
        total_query: sum(rate(http_requests_total[{{.window}}]))
    alerting:
      name: CheckoutBurns
      annotations: { runbook: https://runbooks.example/checkout, team: shop }
      page_alert: { labels: { severity: critical } }
      ticket_alert: { disable: true }
`;

const nines = `
apiVersion: nines/v1
service: shop
owner: shop-team
slos:
  checkout:
    target: 99.9%
    bad: http_requests_total{code=~"5.."}
    total: http_requests_total
`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-keep-names-'));
  await writeFile(join(folder, 'sloth.yml'), sloth);
  await writeFile(join(folder, 'slo.yaml'), nines);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("Sloth's file and the file of events that it reads are written beside each other", async () => {
  const { code, error } = await generate('sloth.yml', '-o', 'rules', '--keep-names', 'sloth');
  expect(code).toBe(0);
  expect(await ruleFiles()).toEqual(['shop.events.rules.yaml', 'shop.rules.yaml']);
  const rules = await readFile(join(folder, 'rules/shop.rules.yaml'), 'utf8');
  expect(rules).toContain('sloth_id: Shop-checkout');
  expect(rules).toContain('alert: CheckoutBurns');
  expect(rules).toMatch(/severity: critical\n +sloth_severity: page/);
  expect(rules).toContain('team: shop');
  expect(rules).not.toContain('ticket');
  expect(rules).toContain('(sum(rate(http_requests_total{code=~"5.."}[3d])) or vector(0))');
  expect(rules).not.toContain('[30d]');
  // What is lost on the way into definitions of Nines is there under the old names; that one error can page is said.
  expect(error).not.toContain('dialect/lost');
  expect(error).toContain('generate/kept-rules');
});

test('standard output gets both in one file', async () => {
  const { output } = await generate('sloth.yml', '-o', '-', '--keep-names', 'sloth');
  const groups = [...output.matchAll(/^ {2}- name: (\S+)/gm)].map(([, name]) => name);
  expect(groups).toEqual([
    'nines-shop-checkout-slow',
    'nines-shop-checkout',
    'sloth-slo-sli-recordings-Shop-checkout',
    'sloth-slo-meta-recordings-Shop-checkout',
    'sloth-slo-alerts-Shop-checkout',
  ]);
});

test('recorded events make the windows cheap, and alerts with a minimum of bad events', async () => {
  const { code, output, error } = await generate(
    'sloth.yml',
    '-o',
    '-',
    '--keep-names',
    'sloth',
    '--window-source',
    'recorded',
  );
  expect(code).toBe(0);
  expect(error).toBe('');
  expect(output).not.toMatch(/rate\(/);
  expect(output).toMatch(/slo:events:sum\{events="bad",service="shop",slo="checkout",window="1h"\}\), 0\)\s+>=\s+3/);
});

test('a definition of Nines has the names that it would have in Sloth, or those of an old file', async () => {
  const own = await generate('slo.yaml', '-o', '-', '--keep-names', 'sloth');
  expect(own.output).toContain('sloth_id: shop-checkout');
  expect(own.output).toContain('alert: ErrorBudgetBurn');
  expect(own.output).toContain('sloth_severity: ticket');
  const old = await generate('slo.yaml', '-o', '-', '--keep-names', 'sloth', '--names-from', 'sloth.yml');
  expect(old.output).toContain('sloth_id: Shop-checkout');
  expect(old.output).toContain('alert: CheckoutBurns');
});

test('queries that are no sums of counters are kept word for word, beside objectives that are understood', async () => {
  const further = `  - name: depth
    objective: 95
    sli:
      events:
        error_query: sum_over_time((count(depth > 5))[{{.window}}:]) or vector(0)
        total_query: sum_over_time((count(depth))[{{.window}}:])
    alerting: { name: Deep }
  - name: satisfaction
    objective: 95
    sli:
      raw:
        error_ratio_query: 1 - avg(avg_over_time(satisfaction[{{.window}}]))
    alerting: { name: Sad, page_alert: { disable: true } }
`;
  await writeFile(join(folder, 'sloth.yml'), sloth + further);
  // Without the names the mean of their shares is judged, which is said.
  const own = await generate('sloth.yml', '-o', '-');
  expect(own.code).toBe(0);
  expect(own.error).toContain('the mean of its shares over slices of time is judged');
  expect(own.output).toContain('sum(sum_over_time((count(depth))[5m:]))');
  const { code, output, error } = await generate('sloth.yml', '-o', '-', '--keep-names', 'sloth');
  expect(code).toBe(0);
  expect(error).toContain('shop/satisfaction: its query says no events');
  expect(error).not.toContain('the mean of its shares');
  expect(output).toContain('(1 - avg(avg_over_time(satisfaction[3d])))');
  expect(output).toContain('sum_over_time((count(depth))[3d:])');
  expect(output).toContain('sloth_id: Shop-checkout');
  expect([...output.matchAll(/alert: (\S+)/g)].map(([, name]) => name)).toEqual([
    'CheckoutBurns',
    'Deep',
    'Deep',
    'Sad',
  ]);
  // A query that does not parse stays an error.
  await writeFile(join(folder, 'sloth.yml'), sloth + further.replace('(count(depth))', '(count(depth)'));
  expect(await generate('sloth.yml', '-o', '-', '--keep-names', 'sloth')).toMatchObject({ code: 1 });
});

test("Pyrra's file stands by itself, for its period needs no recorded events", async () => {
  await writeFile(
    join(folder, 'pyrra.yaml'),
    `
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: shop-checkout, labels: { pyrra.dev/service: shop, pyrra.dev/team: tills } }
spec:
  target: "99.9"
  window: 4w
  performanceOverAccuracy: true
  indicator:
    ratio:
      errors: { metric: 'http_requests_total{code=~"5.."}' }
      total: { metric: http_requests_total }
`,
  );
  const { code, error } = await generate('pyrra.yaml', '-o', 'rules', '--keep-names', 'pyrra');
  expect(code).toBe(0);
  expect(error).toContain('`performanceOverAccuracy` is not kept');
  expect(await ruleFiles()).toEqual(['shop.rules.yaml']);
  const rules = await readFile(join(folder, 'rules/shop.rules.yaml'), 'utf8');
  expect(rules).toContain('record: http_requests:burnrate4d');
  expect(rules).toContain('team: tills');
  const recorded = await generate('pyrra.yaml', '-o', 'rules', '--keep-names', 'pyrra', '--window-source', 'recorded');
  expect(recorded.code).toBe(0);
  expect(await ruleFiles()).toEqual(['shop.events.rules.yaml', 'shop.rules.yaml']);
});

test("further labels and Sloth's period come from flags of its own names", async () => {
  const flags = ['--extra-labels', 'cluster=eu', 'env=prod', '--default-slo-period', '28d'];
  const { code, output } = await generate('sloth.yml', '-o', '-', '--keep-names', 'sloth', ...flags);
  expect(code).toBe(0);
  expect(output).toContain('record: slo:sli_error:ratio_rate4w');
  expect(output).toMatch(/cluster: eu\n +env: prod/);
  expect(output).toContain('13.44 * 0.001');
});

test("the windows of Sloth's alerts come from a document of Sloth", async () => {
  const tier = (percent: number, short: string, long: string): string =>
    `{ errorBudgetPercent: ${percent}, shortWindow: ${short}, longWindow: ${long} }`;
  const catalogue = (period: string): string => `
apiVersion: sloth.slok.dev/v1
kind: AlertWindows
spec:
  sloPeriod: ${period}
  page: { quick: ${tier(8, '5m', '1h')}, slow: ${tier(12.5, '30m', '6h')} }
  ticket: { quick: ${tier(20, '2h', '1d')}, slow: ${tier(42, '6h', '3d')} }
`;
  await writeFile(join(folder, 'week.yaml'), catalogue('7d'));
  const flags = ['--keep-names', 'sloth', '--slo-period-windows-path', 'week.yaml'];
  const week = await generate('sloth.yml', '-o', '-', ...flags, '--default-slo-period', '7d');
  expect(week.output).toContain('record: slo:sli_error:ratio_rate1w');
  expect(week.output).toContain('13.44 * 0.001');
  const other = await generate('sloth.yml', '-o', '-', ...flags, '--default-slo-period', '14d');
  expect(other.code).toBe(1);
  expect(other.error).toContain('no alert windows for a period of 2w');
  await writeFile(join(folder, 'bad.yaml'), catalogue('soon'));
  const bad = await generate('sloth.yml', '-o', '-', '--slo-period-windows-path', 'bad.yaml');
  expect(bad.code).toBe(1);
  expect(bad.error).toContain('`soon` is no length of time');
});

test.each([
  [['--window-source', 'raw'], '--window-source goes with --keep-names'],
  [['--extra-labels', 'a=b'], '--extra-labels goes with --keep-names'],
  [['--keep-names', 'grafana'], 'Allowed choices are'],
  [['--keep-names', 'sloth', '--extra-labels', 'nothing'], 'write label=value'],
  [['--keep-names', 'sloth', '--names-from', 'missing.yml'], 'cannot read missing.yml'],
])('%j is wrong usage', async (flags, message) => {
  const { code, error } = await generate('sloth.yml', '-o', '-', ...flags);
  expect(code).toBe(2);
  expect(error).toContain(message);
});

async function ruleFiles(): Promise<readonly string[]> {
  return (await readdir(join(folder, 'rules'))).filter((name) => name.endsWith('.rules.yaml'));
}

async function generate(...args: readonly string[]): Promise<{ code: ExitCode; output: string; error: string }> {
  let code: ExitCode = 0;
  let output = '';
  let error = '';
  const terminal: Terminal = {
    cwd: folder,
    env: {},
    color: false,
    signal: new AbortController().signal,
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      error += text;
    },
    readInput: async () => '',
  };
  const command = generateCommand(terminal, (given) => {
    code = given;
  });
  const program = new Command('nines').exitOverride().configureOutput({ writeErr: terminal.writeError });
  program.addCommand(command.exitOverride().configureOutput({ writeErr: terminal.writeError }));
  try {
    await program.parseAsync(['generate', ...args], { from: 'user' });
  } catch (failure) {
    if (error === '') error = failure instanceof Error ? failure.message : String(failure);
    code = 2;
  }
  return { code, output, error };
}
