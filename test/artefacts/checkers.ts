import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type TestContext } from 'vitest';
import * as z from 'zod';
import { readAlertmanager } from '../../src/core/formats/index.ts';
import {
  type ArtefactTarget,
  artefactTargets,
  type GeneratedFile,
  type GenerateOptions,
  generateArtefacts,
} from '../../src/core/generate/index.ts';
import { readRuleFile } from '../../src/core/rules/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { nodeToValue, readYaml } from '../../src/core/yaml/index.ts';
import { needServer, type ServerName, serverEnvironment } from '../servers.ts';

const run = promisify(execFile);

/** What looks at the files of a target: the program that will load them, or where that is not at hand, a schema. */
export interface Checker {
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
export const collector = schemaOf('sql-exporter-collector');
const board = z.object({ uid: z.string().max(40), title: z.string(), panels: z.array(z.object({ type: z.string() })) });

/** A checker for each file that Nines generates. */
export const checkers: readonly Checker[] = [
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

/** The files of some services. */
export function made(
  of: readonly Service[],
  options: GenerateOptions,
  targets: readonly ArtefactTarget[] = artefactTargets,
): readonly GeneratedFile[] {
  return [...generateArtefacts(of, targets, options)].flatMap((piece) => piece.files);
}

/** Puts files into a folder. */
export function write(into: string, some: readonly GeneratedFile[]): void {
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
