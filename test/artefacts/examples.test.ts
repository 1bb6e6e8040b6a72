import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import * as z from 'zod';
import { defineService, readAlertmanager } from '../../src/core/formats/index.ts';
import {
  type ArtefactTarget,
  artefactTargets,
  defaultGenerateOptions,
  type GeneratedFile,
  type GenerateOptions,
  generateArtefacts,
} from '../../src/core/generate/index.ts';
import { readRuleFile } from '../../src/core/rules/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { nodeToValue, readYaml } from '../../src/core/yaml/index.ts';
import { example, exampleNames } from '../example-services.ts';
import { needServer, type ServerName, serverEnvironment } from '../servers.ts';

/**
 * Every file of every target, made of the five examples for several versions, goes through the program that will load it, as far as it is at
 * hand; what is not is held to a schema, and which is which stands in the table below.
 */
const run = promisify(execFile);
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

interface Checker {
  /** The files that it looks at. */
  readonly files: RegExp;
  /** Why no program loads them here; without it one does. */
  readonly without?: string;
  readonly check: (paths: readonly string[], folder: string, context: TestContext) => Promise<void> | void;
}

const schemaOf = (name: string) =>
  z.fromJSONSchema(JSON.parse(readFileSync(join('test', 'artefacts', 'testdata', `${name}.schema.json`), 'utf8')));
const objects = {
  PrometheusRule: schemaOf('prometheusrule'),
  AlertmanagerConfig: schemaOf('alertmanagerconfig'),
  ConfigMap: z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('ConfigMap'),
    metadata: z.object({ name: z.string().max(253), labels: z.record(z.string(), z.string().max(63)) }),
    data: z.record(z.string().regex(/^[-._a-zA-Z0-9]+$/), z.string()),
  }),
  Kustomization: z.strictObject({
    apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
    kind: z.literal('Kustomization'),
    resources: z.array(z.string()),
  }),
};
const collector = schemaOf('sql-exporter-collector');
const board = z.object({ uid: z.string().max(40), title: z.string(), panels: z.array(z.object({ type: z.string() })) });

const checkers: readonly Checker[] = [
  {
    files: /^prometheus\/.*\.rules\.yaml$|^promtool\/.*rules\.yaml$/,
    check: (paths, folder, context) => program(context, 'promtool', ['check', 'rules', ...paths], folder, /SUCCESS/),
  },
  {
    files: /^promtool\/.*\.tests\.yaml$/,
    without: 'whole they take promtool minutes (NINES_LONG=1 runs them): here each of their rule files must be there',
    check: (paths, folder) => {
      for (const path of paths) {
        const { rule_files: rules } = document(folder, path);
        for (const file of rules) expect(readRuleFile(source(folder, join(dirname(path), file))).ok).toBe(true);
      }
    },
  },
  {
    files: /^alertmanager\/(?:alertmanager|fragments\/.*)\.yaml$/,
    check: async (paths, folder, context) => {
      for (const path of paths) {
        // Debian's amtool 0.25 knows neither Teams nor files with the address of a webhook; our own reader knows both.
        const { text } = source(folder, path);
        if (/msteamsv2_configs|webhook_configs:\s*- (?:send_resolved: \w+\s*)?url_file/.test(text))
          expect(readAlertmanager(source(folder, path)).ok).toBe(true);
        else await program(context, 'amtool', ['check-config', path], folder, /SUCCESS/);
      }
    },
  },
  {
    files: /^alertmanager\/nines\.tmpl$/,
    check: (_, folder, context) =>
      program(
        context,
        'amtool',
        ['template', 'render', '--template.glob=alertmanager/nines.tmpl', '--template.text={{ "ok" }}'],
        folder,
        /ok/,
      ),
  },
  {
    files: /^alertmanager\/routing-tests\.sh$/,
    check: async (paths, folder) => {
      for (const path of paths) await run('sh', ['-n', path], { cwd: folder });
    },
  },
  {
    files: /^grafana\/.*\.json$/,
    without: 'there is no Grafana here: test/grafana holds the boards to the types of its Foundation SDK',
    check: (paths, folder) => {
      for (const path of paths) expect(board.safeParse(JSON.parse(source(folder, path).text)).error).toBeUndefined();
    },
  },
  {
    files: /^(?:kubernetes|kustomize)\/.*\.yaml$/,
    without: 'there is no Kubernetes here',
    check: (paths, folder) => {
      for (const path of paths) for (const object of documents(source(folder, path).text)) expectObject(object);
    },
  },
  {
    files: /^helm\/templates\/.*\.yaml$/,
    check: async (paths, folder, context) => {
      // Helm's templates are those of Alertmanager. Boards are too long for an argument, so that rules stand for all.
      for (const path of paths.filter(
        (one) => !one.includes('dashboard') && source(folder, one).text.length < 100_000,
      )) {
        const args = [
          'template',
          'render',
          '--template.glob=/dev/null',
          `--template.text=${source(folder, path).text}`,
        ];
        const rendered = await output(context, 'amtool', args, folder);
        for (const object of documents(rendered)) expectObject(object);
      }
    },
  },
  {
    files: /^mixin\//,
    check: async (_, folder, context) => {
      const render = (field: string) =>
        output(context, 'jsonnet', ['-e', `(import 'mixin.libsonnet').${field}`], join(folder, 'mixin'));
      for (const field of ['prometheusRules', 'prometheusAlerts']) {
        writeFileSync(join(folder, `${field}.json`), await render(field));
        await program(context, 'promtool', ['check', 'rules', `${field}.json`], folder, /SUCCESS/);
      }
      for (const one of Object.values(JSON.parse(await render('grafanaDashboards'))))
        expect(board.safeParse(one).error).toBeUndefined();
    },
  },
  {
    files: /^mimir\/.*\.rules\.yaml$/,
    // promtool knows neither the namespace of mimirtool's files nor the strategy of Thanos; the rest is a rule file.
    check: (paths, folder, context) => withoutTheirOwn(paths, folder, context, /^namespace: nines-[-a-z0-9]+$/m),
  },
  {
    files: /^thanos\/.*\.rules\.yaml$/,
    check: (paths, folder, context) =>
      withoutTheirOwn(paths, folder, context, /^ {4}partial_response_strategy: (?:abort|warn)$/gm),
  },
  {
    files: /^vmalert\/.*\.rules\.yaml$/,
    check: async (paths, folder, context) => {
      const args = ['-dryRun', ...paths.map((path) => `-rule=${path}`)];
      const { stderr } = await run(needServer(context, 'vmalert'), args, { cwd: folder, maxBuffer: 1e9 });
      expect(stderr).not.toMatch(/\b(?:error|fatal|panic)\b/i);
    },
  },
  {
    files: /^sql-exporter\/.*\.collector\.yml$/,
    without: 'there is no sql_exporter here: its configuration refuses what it does not know, and so does the schema',
    check: (paths, folder) => {
      for (const path of paths) expect(collector.safeParse(document(folder, path)).error).toBeUndefined();
    },
  },
  {
    files: /^(?:markdown|html)\//,
    without: 'they are for people: test/document reads them',
    check: (paths, folder) => {
      for (const path of paths) expect(source(folder, path).text).toMatch(/^<!(?:--|doctype html)/i);
    },
  },
];

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

function made(
  of: readonly Service[],
  options: GenerateOptions,
  targets: readonly ArtefactTarget[] = artefactTargets,
): readonly GeneratedFile[] {
  return [...generateArtefacts(of, targets, options)].flatMap((piece) => piece.files);
}

function errorsIn(
  of: readonly Service[],
  options: GenerateOptions,
  targets: readonly ArtefactTarget[],
): readonly string[] {
  const diagnostics = [...generateArtefacts(of, targets, options)].flatMap((piece) => piece.diagnostics);
  return diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));
}

function write(into: string, some: readonly GeneratedFile[]): void {
  for (const { path, text } of some) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), text);
  }
}

async function withoutTheirOwn(
  paths: readonly string[],
  folder: string,
  context: TestContext,
  own: RegExp,
): Promise<void> {
  for (const path of paths) {
    const { text } = source(folder, path);
    expect(text).toMatch(own);
    writeFileSync(join(folder, path), text.replace(own, ''));
  }
  await program(context, 'promtool', ['check', 'rules', ...paths], folder, /SUCCESS/);
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about
function expectObject(object: any): void {
  const schema = Object.entries(objects).find(([kind]) => kind === object.kind)?.[1];
  expect(schema, object.kind).toBeDefined();
  expect(schema?.safeParse(object).error, object.kind).toBeUndefined();
  // Kubernetes keeps the groups of an object as a map by their names.
  const names = object.kind === 'PrometheusRule' ? object.spec.groups.map(({ name }: { name: string }) => name) : [];
  expect(new Set(names).size).toBe(names.length);
}

async function program(
  context: TestContext,
  name: ServerName,
  args: readonly string[],
  folder: string,
  said: RegExp,
): Promise<void> {
  expect(await output(context, name, args, folder)).toMatch(said);
}

async function output(
  context: TestContext,
  name: ServerName,
  args: readonly string[],
  folder: string,
): Promise<string> {
  const env = { ...process.env, ...serverEnvironment() };
  const { stdout } = await run(needServer(context, name), [...args], { cwd: folder, maxBuffer: 1e9, env });
  return stdout;
}

function source(folder: string, path: string) {
  return { name: path, text: readFileSync(join(folder, path), 'utf8') };
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about
function documents(text: string): readonly any[] {
  const read = readYaml(text);
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  return read.value.map(nodeToValue);
}

function document(folder: string, path: string) {
  return documents(source(folder, path).text)[0];
}
