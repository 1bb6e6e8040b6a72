import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineService, readDefinitions } from '../../src/core/formats/index.ts';
import { artefactTargets, defaultGenerateOptions, generateArtefacts } from '../../src/core/generate/index.ts';
import { runUnitTests } from '../../src/core/rules/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { needServer, serverEnvironment } from '../servers.ts';

/** A service whose selectors need some thought: two conditions on one label, a pattern, a histogram. */
const shop = defineService({
  service: 'shop',
  metrics: {
    requests_total: { type: 'counter', labels: { status: ['200', '404', '500', '503'], route: [] } },
    request_seconds: { type: 'histogram', unit: 's', buckets: [0.1, 0.5, 1] },
  },
  slos: {
    checkout: {
      target: '99.9%',
      bad: 'requests_total{route=~"/checkout(/.*)?", status=~"5..", status!="503"}',
      total: 'requests_total{route=~"/checkout(/.*)?"}',
      alerts: [
        { severity: 'page', long: '1h', short: '5m', burn: 14.4 },
        { severity: 'ticket', long: '6h', short: '30m', burn: 6 },
      ],
    },
    fast: { target: '95%', histogram: 'request_seconds', below: '500ms', alerts: 'none' },
  },
});

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-promtool-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the tests of a service are the golden ones', async () => {
  await expect(files(shop).get('shop.tests.yaml')).toMatchFileSnapshot('testdata/shop.tests.yaml');
});

describe('generated tests', () => {
  test('pass in the engine', { timeout: 600_000 }, async () => {
    expect(await failures(shop)).toEqual([]);
    // A day and a half of the examples' rules takes a while.
    const examples =
      process.env['NINES_LONG'] === '1' ? ['comfyui-api', 'dumbkv', 'koder-flow', 'pactodo', 'task-mcp'] : [];
    for (const name of examples) expect(await failures(example(name)), name).toEqual([]);
  });

  test('pass in a real promtool', { timeout: 300_000 }, (context) => {
    const promtool = needServer(context, 'promtool');
    for (const [path, text] of files(shop)) writeFileSync(join(folder, path), text);
    const shown = execFileSync(promtool, ['test', 'rules', join(folder, 'shop.tests.yaml')], {
      encoding: 'utf8',
      env: { ...process.env, ...serverEnvironment() },
    });
    expect(shown).toContain('SUCCESS');
  });

  test.each<[what: string, from: RegExp, to: string]>([
    ['a threshold that is too high', /\b14\.4\b/g, '25'],
    ['a threshold that is too low', /\b14\.4\b/g, '5'],
    ['a short window that is too long', /\[4m59s999ms\]/g, '[6m59s999ms]'],
    ['an alert on missing data that waits too long', /for: 5m\b/g, 'for: 6m'],
    ['errors that are not counted', /status=~"5\.\."/g, 'status=~"6.."'],
  ])('fail for rules with %s', { timeout: 60_000 }, async (_, from, to) => {
    expect(await failures(shop, (rules) => rules.replaceAll(from, to))).not.toEqual([]);
  });
});

test('an objective that cannot be tested so says why', () => {
  const service = defineService({
    service: 'other',
    slos: { queue: { target: '99% of 1m slices', condition: 'sum(queue_depth) < 50', alerts: 'none' } },
  });
  expect(made(service).diagnostics.map(({ message }) => message)).toEqual([
    'other/queue: it has no unit tests: its slices are judged by the tests of Nines itself',
  ]);
});

function made(service: Service) {
  const targets = artefactTargets.filter(({ name }) => name === 'promtool');
  const pieces = [...generateArtefacts([service], targets, defaultGenerateOptions)];
  return { files: pieces.flatMap((piece) => piece.files), diagnostics: pieces.flatMap((piece) => piece.diagnostics) };
}

function files(service: Service): ReadonlyMap<string, string> {
  return new Map(made(service).files.map(({ path, text }) => [path, text]));
}

/** What the engine says of the generated tests, with the rules changed or as they are. */
async function failures(
  service: Service,
  change: (rules: string) => string = (rules) => rules,
): Promise<readonly string[]> {
  const written = files(service);
  const text = change(written.get(`${service.name}.rules.yaml`) ?? '');
  const tests = { name: 'tests.yaml', text: written.get(`${service.name}.tests.yaml`) ?? '' };
  const result = await runUnitTests(tests, (name) => Promise.resolve([{ name, text }]));
  expect(result.passed + result.failed).toBeGreaterThan(3);
  return result.failures.map((failure) => failure.text);
}

function example(name: string): Service {
  const path = join(import.meta.dirname, '../../examples', name, 'slo.yaml');
  const outcome = readDefinitions({ name: path, text: readFileSync(path, 'utf8') });
  const [service] = outcome.ok ? outcome.value : [];
  if (service === undefined) throw new Error(`${path} has no service`);
  return service;
}
