import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defineService } from '../../src/core/formats/index.ts';
import {
  defaultGenerateOptions,
  type GenerateOptions,
  generateArtefacts,
  readServerVersion,
  readTargets,
} from '../../src/core/generate/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { database, shop } from './definition.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-alertmanager-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the configuration of two services is the golden one', async () => {
  const { files, diagnostics } = generated([shop, database]);
  for (const [path, text] of files) {
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'testdata', path.replaceAll('/', '-')));
  }
  expect([...files.keys()]).toEqual([
    'fragments/database.yaml',
    'fragments/shop.yaml',
    'alertmanager.yaml',
    'routing-tests.sh',
    'nines.tmpl',
  ]);
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'generate/unrouted database: its alerts of the severity ticket are routed to nobody',
  ]);
});

test('the generated tests of the routes pass, and fail for routes that were changed', (context) => {
  const amtool = needServer(context, 'amtool');
  const path = written([shop, database]);
  const env = { ...process.env, ...serverEnvironment(), PATH: `${dirname(amtool)}:${process.env['PATH'] ?? ''}` };
  const script = join(folder, 'routing-tests.sh');
  const run = () => execFileSync('sh', [script], { encoding: 'utf8', stdio: 'pipe', env });
  expect(run()).toMatch(/^\d+ alerts reach whom they should/);
  writeFileSync(path, readFileSync(path, 'utf8').replace('receiver: shop/on-call', 'receiver: shop/team'));
  expect(run).toThrow('not routed to shop/on-call');
});

describe('amtool', () => {
  test('accepts the configuration and its templates', (context) => {
    const amtool = needServer(context, 'amtool');
    for (const services of [[shop, database], [shop], [database], [silent]]) {
      const path = written(services);
      const shown = execFileSync(amtool, ['check-config', path], { encoding: 'utf8' });
      expect(shown).toContain('SUCCESS');
      expect(shown).toContain('1 templates');
    }
  });

  const routed: readonly (readonly [labels: Record<string, string>, receivers: readonly string[]])[] = [
    [{ service: 'shop', slo: 'checkout', severity: 'page' }, ['shop/on-call']],
    [{ service: 'shop', slo: 'checkout', severity: 'ticket' }, ['shop/team']],
    [{ service: 'shop', slo: 'browse', severity: 'info' }, ['shop/team']],
    [{ service: 'shop', severity: 'page' }, ['shop/on-call']],
    [{ service: 'database', slo: 'queries', severity: 'critical' }, ['database/dba']],
    [{ service: 'database', slo: 'queries', severity: 'warning' }, ['unrouted']],
    [{ service: 'other', severity: 'page' }, ['unrouted']],
    [{}, ['unrouted']],
  ];
  test.for(routed)('routes %j to %j', ([labels, receivers], context) => {
    const amtool = needServer(context, 'amtool');
    const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    const path = written([shop, database]);
    const shown = execFileSync(amtool, ['config', 'routes', 'test', `--config.file=${path}`, ...pairs], {
      encoding: 'utf8',
    });
    expect(shown.trim().split(',')).toEqual(receivers);
  });
});

test('what an older Alertmanager does not know is refused, and written for a newer one', () => {
  const modern = defineService({
    service: 'modern',
    slos: { up: { target: '99%', bad: 'errors_total', total: 'requests_total' } },
    notifications: {
      receivers: {
        team: [
          { teams: { webhookUrlFile: '/etc/alertmanager/teams' } },
          { webhook: { urlFile: '/etc/alertmanager/hook' } },
        ],
      },
      default: 'team',
    },
  });
  expect(generated([modern]).diagnostics.map(({ message }) => message)).toEqual([
    'modern: `team` sends to Teams, which Alertmanager can from 0.28 on',
    'modern: `team` reads the address of a webhook from a file, which Alertmanager can from 0.26 on',
  ]);
  const alertmanagerVersion = readServerVersion('0.28') ?? defaultGenerateOptions.alertmanagerVersion;
  const { files, diagnostics } = generated([modern], { ...defaultGenerateOptions, alertmanagerVersion });
  expect(diagnostics).toEqual([]);
  expect(files.get('alertmanager.yaml')).toContain('msteamsv2_configs');
});

const silent: Service = defineService({
  service: 'silent',
  slos: { up: { target: '99%', bad: 'errors_total', total: 'requests_total' } },
});

test('a service that says nothing about notifications is told of', () => {
  expect(generated([silent]).diagnostics.map(({ message }) => message)).toEqual([
    'silent: its alerts are routed to nobody',
  ]);
});

function generated(services: readonly Service[], options: GenerateOptions = defaultGenerateOptions) {
  const read = readTargets('alertmanager');
  if ('unknown' in read) throw new Error('there is no target alertmanager');
  const pieces = [...generateArtefacts(services, read.targets, options)];
  return {
    files: new Map(pieces.flatMap(({ files }) => files.map(({ path, text }) => [path, text] as const))),
    diagnostics: pieces.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** Writes a configuration and its templates; gives the path of the configuration. */
function written(services: readonly Service[]): string {
  for (const [path, text] of generated(services).files) {
    if (!path.includes('/')) writeFileSync(join(folder, path), text);
  }
  return join(folder, 'alertmanager.yaml');
}
