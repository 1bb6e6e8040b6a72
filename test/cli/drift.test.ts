import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/program.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { recordedTerminal } from '../server/terminal.ts';

// A real Prometheus that has loaded the rules of production: nothing drifts, until the definition changes or staging is meant.

const definition = (target: string, address = 'http://127.0.0.1:1'): string => `apiVersion: nines/v1
service: shop
owner: team
metrics: { requests_total: { type: counter, labels: [code] }, depth: { type: gauge, labels: [] } }
environments:
  production: { prometheus: '${address}', labels: { cluster: eu } }
  staging: { prometheus: '${address}', labels: { cluster: test }, production: false }
slos:
  availability: { target: ${target}, bad: 'requests_total{code=~"5.."}', total: requests_total }
thresholds:
  depth: { value: max(depth), warning: 5, critical: 10, action: Look. }
`;

let folder = '';
let server: Promise<RunningServer> | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-drift-'));
  await writeFile(join(folder, 'slo.yaml'), definition('99.9%'));
});

afterAll(async () => {
  await (await server)?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function nines(...args: readonly string[]) {
  const terminal = { ...recordedTerminal(''), cwd: folder };
  const code = await run([...args], commands, terminal);
  return { code, out: terminal.out(), error: terminal.error() };
}

async function addressOf(context: TestContext): Promise<string> {
  const { out } = await nines('generate', 'slo.yaml', '-o', '-', '--environment', 'production');
  const configuration = 'global: { scrape_interval: 1h }\nrule_files: [shop.rules.yaml, other.yaml]\n';
  const other =
    'groups: [{ name: nines-shop-api-web, rules: [{ record: a, expr: vector(1), labels: { service: shop-api } }] }]\n';
  server ??= startPrometheus(context, { configuration, ruleFiles: { 'shop.rules.yaml': out, 'other.yaml': other } });
  return (await server).url;
}

test('what was generated and loaded does not drift, whoever printed it', async (context) => {
  const address = await addressOf(context);
  await writeFile(join(folder, 'placed.yaml'), definition('99.9%', address));
  expect(await nines('drift', 'placed.yaml', '--environment', 'production')).toEqual({ code: 0, out: '', error: '' });
});

test('another target, another environment and another interval are told, rule by rule', async (context) => {
  const address = await addressOf(context);
  await writeFile(join(folder, 'next.yaml'), definition('99.5%', address));
  const next = await nines('drift', 'next.yaml', '--environment', 'production');
  expect(next.code).toBe(1);
  expect(next.out).toContain(
    'nines-shop-availability: slo:objective:ratio{service="shop",slo="availability"} differs: vector(0.999) is loaded, not vector(0.995)\n',
  );
  const staging = await nines('drift', 'slo.yaml', '--environment', 'staging', '--prometheus', address);
  expect(staging.code).toBe(1);
  expect(staging.out).toMatch(/cluster="eu"[^\n]* is loaded, not [^\n]*cluster="test"/);
  expect(staging.out).toMatch(/alert ErrorBudgetBurn\{[^}\n]*severity="page"[^}\n]*\} is loaded and not wanted/);
  const slower = await nines('drift', 'next.yaml', '--environment', 'production', '--interval', '1m');
  expect(slower.out).toContain('nines-shop-availability: is evaluated every 30 s, not every 60 s\n');
});

test('other texts of alerts are told, each annotation by itself, in JSON too', async (context) => {
  const address = await addressOf(context);
  await writeFile(
    join(folder, 'told.yaml'),
    definition('99.9%', address).replace('action: Look.', 'action: Add one., runbook: "https://r.example.com"'),
  );
  const text = await nines('drift', 'told.yaml', '--environment', 'production');
  const lines = text.out.trim().split('\n');
  expect(lines).toHaveLength(4);
  for (const line of lines)
    expect(line).toMatch(
      /^nines-shop--service: alert OperationalThreshold\w+\{.*\} differs in its (?:description: "Look\." is loaded, not "Add one\."|runbook_url: none is loaded, not "https:.*")$/,
    );
  const json = await nines('drift', 'told.yaml', '--environment', 'production', '--format', 'json');
  expect([json.code, json.error]).toEqual([1, '']);
  const { differences } = JSON.parse(json.out);
  expect(differences).toHaveLength(4);
  expect(differences).toContainEqual({
    service: 'shop',
    group: 'nines-shop--service',
    rule: expect.stringMatching(/^alert OperationalThresholdWarning\{/),
    aspect: 'annotation',
    annotation: 'description',
    loaded: 'Look.',
    wanted: 'Add one.',
  });
  await writeFile(join(folder, 'placed.yaml'), definition('99.9%', address));
  const none = await nines('drift', 'placed.yaml', '--environment', 'production', '--format', 'json');
  expect([none.code, JSON.parse(none.out)]).toEqual([0, { differences: [] }]);
});

test('groups that are missing or too many are told, and those of other services are left alone', async (context) => {
  const address = await addressOf(context);
  const text = definition('99.9%', address);
  await writeFile(join(folder, 'less.yaml'), text.slice(0, text.indexOf('thresholds:')));
  const less = await nines('drift', 'less.yaml', '--environment', 'production');
  expect(less.out).toBe('nines-shop--service is loaded and does not follow from the definitions\n');
  await writeFile(join(folder, 'cafe.yaml'), text.replace('service: shop', 'service: cafe'));
  expect((await nines('drift', 'cafe.yaml', '--environment', 'production')).out).toContain(
    'nines-cafe-availability is not loaded\n',
  );
});

test('without a server that answers nothing can be told', async () => {
  expect(await nines('drift', 'slo.yaml', '--environment', 'production')).toMatchObject({ code: 2, out: '' });
  const nowhere = await nines('drift', 'slo.yaml');
  expect(nowhere).toMatchObject({ code: 2, error: expect.stringContaining('which server has the rules of shop') });
  const unknown = await nines('drift', 'slo.yaml', '--environment', 'moon');
  expect(unknown).toMatchObject({ code: 2, error: expect.stringContaining('see --environment') });
});
