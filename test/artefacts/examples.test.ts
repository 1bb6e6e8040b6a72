import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineService } from '../../src/core/formats/index.ts';
import {
  type ArtefactTarget,
  artefactTargets,
  defaultGenerateOptions,
  type GeneratedFile,
  type GenerateOptions,
  generateArtefacts,
} from '../../src/core/generate/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { example, exampleNames } from '../example-services.ts';
import { checkers, collector, made, write } from './checkers.ts';

/**
 * Every file of every target, made of the five examples for several versions, goes through the program that will load it, as far as it is at
 * hand; what is not is held to a schema, and which is which stands in the table below.
 */
const services = exampleNames.map(example);

/** Tests of rules take long to make: those of one example, with calendars, stand for all. */
const others = artefactTargets.filter(({ name }) => name !== 'promtool');
const tested = [example('pactodo')];

/** A service whose receivers only an Alertmanager newer than Debian's has. */
const teams = defineService({
  service: 'teams',
  metrics: {
    errors_total: { type: 'counter' },
    requests_total: { type: 'counter' },
    rows_total: { type: 'counter', rows: { database: 'main', sql: 'SELECT 1 AS n', valueColumn: 'n' } },
  },
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

let folder = '';
let files: readonly GeneratedFile[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-examples-'));
  files = [
    ...made(services, defaultGenerateOptions, others),
    ...made(tested, defaultGenerateOptions).filter(({ target }) => target === 'promtool'),
  ];
  write(folder, files);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('each file has a checker, and each checker has files', () => {
  const taken = files.map(({ path }) => checkers.filter((checker) => checker.files.test(path)).length);
  expect(files.filter((_, index) => taken[index] !== 1).map(({ path }) => path)).toEqual([]);
  const idle = checkers.filter((checker) => !files.some(({ path }) => checker.files.test(path)));
  expect(idle.map((checker) => String(checker.files))).toEqual([]);
});

test.for(checkers.map((checker) => [String(checker.files), checker] as const))(
  '%s are what is loaded',
  { timeout: 120_000 },
  async ([, checker], context) => {
    const paths = files.map(({ path }) => path).filter((path) => checker.files.test(path));
    await checker.check(paths, folder, context);
  },
);

test('for other versions only what these read differs, and that is loaded too', {
  timeout: 120_000,
}, async (context) => {
  const versions = {
    prometheusVersion: { major: 3, minor: 5 },
    alertmanagerVersion: { major: 0, minor: 28 },
    vmalertVersion: { major: 1, minor: 92 },
  };
  const known = new Map(files.map(({ path, text }) => [path, text]));
  const newer = made(services, { ...defaultGenerateOptions, ...versions }, others);
  const differing = newer.filter(({ path, text }) => known.get(path) !== text);
  expect(differing.map(({ path }) => path)).toEqual(['vmalert/pactodo.rules.yaml']);
  // Debian's vmalert does not know the field yet: without it, it is the file that it loads.
  for (const { path, text } of differing) {
    expect(text).toMatch(keepFiringFor);
    expect(text.replace(keepFiringFor, '')).toBe(known.get(path));
  }
  const modern = made([teams], { ...defaultGenerateOptions, ...versions }, others);
  expect(errorsIn([teams], defaultGenerateOptions, others)).toEqual([
    'generate/alertmanager-version',
    'generate/alertmanager-version',
  ]);
  expect(errorsIn([teams], { ...defaultGenerateOptions, ...versions }, others)).toEqual([]);
  const own = join(folder, 'modern');
  write(own, modern);
  for (const checker of checkers) {
    const paths = modern.map(({ path }) => path).filter((path) => checker.files.test(path));
    if (0 < paths.length) await checker.check(paths, own, context);
  }
});

const keepFiringFor = /^ {8}keep_firing_for: .*\n/gm;

test('what no program checks here is listed in the documents', () => {
  const reference = readFileSync(join('docs', 'reference', 'targets.md'), 'utf8');
  const listed = reference.slice(reference.indexOf('## What checks them'));
  const names = artefactTargets.filter(({ folder }) =>
    checkers.some(
      ({ files, without }) => without !== undefined && files.test(`${folder}/x.${extensions[folder] ?? 'yaml'}`),
    ),
  );
  expect(names.length).toBeGreaterThan(4);
  for (const { name } of names) expect(listed, name).toContain(`\`${name}\``);
});

const extensions: Readonly<Record<string, string>> = {
  promtool: 'tests.yaml',
  grafana: 'json',
  'sql-exporter': 'collector.yml',
};

test('a schema sees what its program would refuse', () => {
  const good = {
    collector_name: 'a',
    metrics: [{ metric_name: 'b', type: 'gauge', help: 'c', values: ['d'], query: 'e' }],
  };
  const [metric] = good.metrics;
  expect(collector.safeParse(good).success).toBe(true);
  for (const wrong of [{ help: '' }, { type: 'histogram' }, { values: [] }, { key_labels: ['job'] }, { querry: 'e' }])
    expect(collector.safeParse({ ...good, metrics: [{ ...metric, ...wrong }] }).success, JSON.stringify(wrong)).toBe(
      false,
    );
});

/** The codes of the errors with which some services are refused. */
function errorsIn(
  of: readonly Service[],
  options: GenerateOptions,
  targets: readonly ArtefactTarget[] = artefactTargets,
): readonly string[] {
  const diagnostics = [...generateArtefacts(of, targets, options)].flatMap((piece) => piece.diagnostics);
  return diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));
}
