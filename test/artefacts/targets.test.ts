import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { defineService, readServices } from '../../src/core/formats/index.ts';
import {
  artefactTargets,
  defaultGenerateOptions,
  type GenerateOptions,
  generateArtefacts,
  generateText,
} from '../../src/core/generate/index.ts';
import { printExpr } from '../../src/core/promql/index.ts';
import { readRuleFile } from '../../src/core/rules/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { nodeToValue, readYaml } from '../../src/core/yaml/index.ts';
import { needServer } from '../servers.ts';

/** What the targets pack is what the prometheus target says; the programs that load the files load them. */
const run = promisify(execFile);
const services = [definition('shop', 2), definition('bank', 1)];
const plain = new Map(
  services.map((service) => [service.name, groupsOf(filesOf('prometheus').get(`${service.name}.rules.yaml`)!)]),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-targets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('objects of Kubernetes', () => {
  const schema = z.fromJSONSchema(
    JSON.parse(readFileSync(join('test', 'artefacts', 'testdata', 'prometheusrule.schema.json'), 'utf8')),
  );
  const options: Partial<GenerateOptions> = {
    kubernetes: { namespace: 'monitoring', ruleLabels: new Map([['release', 'prometheus']]) },
  };

  test('a PrometheusRule has the fields of its definition, and the rules of the rule file', () => {
    for (const { name } of services) {
      const [object, ...more] = documents(filesOf('operator', options).get(`${name}.yaml`)!);
      expect(more).toEqual([]);
      expect(schema.safeParse(object).error).toBeUndefined();
      expect(object.metadata).toEqual({
        name: `nines.${name}`,
        namespace: 'monitoring',
        labels: { 'app.kubernetes.io/managed-by': 'nines', 'app.kubernetes.io/part-of': name, release: 'prometheus' },
      });
      expect(comparable(object.spec)).toEqual(plain.get(name));
    }
  });

  test('the schema sees what Kubernetes would refuse', () => {
    const [object] = documents(filesOf('operator').get('shop.yaml')!);
    const broken = (change: (copy: typeof object) => void) => {
      const copy = structuredClone(object);
      change(copy);
      return schema.safeParse(copy).success;
    };
    expect(broken(() => {})).toBe(true);
    expect(broken((copy) => Object.assign(copy.metadata, { name: 'Shop_1' }))).toBe(false);
    expect(broken((copy) => Object.assign(copy.spec.groups[0], { intervall: '1m' }))).toBe(false);
    expect(broken((copy) => Object.assign(copy.spec.groups[0].rules[0], { labels: { a: 1 } }))).toBe(false);
  });

  test('a service too large for one object has several, with all of its groups in their order', () => {
    const large = definition('shop', 25);
    const objects = documents(filesOf('operator', {}, [large]).get('shop.yaml')!);
    expect(1 < objects.length).toBe(true);
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(
      objects.map((_, index) => (index === 0 ? 'nines.shop' : `nines.shop.${index + 1}`)),
    );
    for (const object of objects) {
      expect(JSON.stringify(object).length).toBeLessThan(256 * 1024);
      expect(schema.safeParse(object).error).toBeUndefined();
    }
    const rules = filesOf('prometheus', {}, [large]).get('shop.rules.yaml')!;
    expect(comparable({ groups: objects.flatMap(({ spec }) => spec.groups) })).toEqual(groupsOf(rules));
  });

  test('a name that no object can have is said', () => {
    const diagnostics = [...generateArtefacts([{ ...services[0]!, name: 'Shop_1' }], targets('operator'))].flatMap(
      (piece) => piece.diagnostics,
    );
    expect(diagnostics.map(({ code }) => code)).toContain('generate/kubernetes-name');
  });

  test('standard output gets all objects as one stream', () => {
    const made = generateText(services, targets('operator')[0]!);
    expect(documents(made!.text).map(({ kind }) => kind)).toContain('PrometheusRule');
    expect(documents(made!.text).map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['nines.bank', 'nines.shop']),
    );
  });

  test('each board is a ConfigMap that the sidecar of Grafana finds', () => {
    const boards = filesOf('grafana');
    const maps = [...filesOf('operator')].filter(([path]) => path.endsWith('.dashboard.yaml'));
    expect(maps).toHaveLength(boards.size);
    for (const [, text] of maps) {
      const [object] = documents(text);
      expect(object).toMatchObject({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { labels: { grafana_dashboard: '1' } },
      });
      const [[file, board] = ['', ''], ...more] = Object.entries(object.data);
      expect(more).toEqual([]);
      expect(JSON.parse(String(board))).toEqual(JSON.parse(boards.get(file)!));
    }
  });

  test('the list for Kustomize names every other file', () => {
    const files = filesOf('kustomize');
    const [list] = documents(files.get('kustomization.yaml')!);
    expect(list).toMatchObject({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' });
    expect(list.resources).toEqual([...files.keys()].filter((path) => path !== 'kustomization.yaml').toSorted());
  });

  test('Helm, whose templates are those of Alertmanager, leaves the objects as they are', async (context) => {
    const amtool = needServer(context, 'amtool');
    const objects = filesOf('operator');
    const templates = filesOf('helm');
    expect([...templates.keys()]).toEqual([...objects.keys()]);
    for (const [path, text] of templates) {
      expect(objects.get(path)).toContain('{{');
      const { stdout } = await run(amtool, [
        'template',
        'render',
        '--template.glob=/dev/null',
        `--template.text=${text}`,
      ]);
      expect(stdout.trimEnd()).toBe(objects.get(path)!.trimEnd());
    }
  });
});

describe('a mixin', () => {
  test('renders to the rules of the rule file', async (context) => {
    const jsonnet = needServer(context, 'jsonnet');
    write('mixin', filesOf('mixin'));
    const render = async (expression: string) => {
      const { stdout } = await run(jsonnet, ['-e', expression], { cwd: join(folder, 'mixin'), maxBuffer: 1e9 });
      return JSON.parse(stdout);
    };
    const mixin = "local mixin = import 'mixin.libsonnet'; ";
    const rules = await render(`${mixin}mixin.prometheusRules`);
    const alerts = await render(`${mixin}mixin.prometheusAlerts`);
    const rejoined = rules.groups.map((group: { name: string; rules: unknown[] }) => {
      const own = alerts.groups.find(({ name }: { name: string }) => name === `${group.name}-alerts`);
      return { ...group, rules: [...group.rules, ...(own?.rules ?? [])] };
    });
    expect(comparable({ groups: rejoined })).toEqual([...plain.get('bank')!, ...plain.get('shop')!]);
    const changed = `(${mixin}mixin + { _config+:: { services: ['shop'], alertLabels: { team: 'sre' } } }).prometheusAlerts`;
    const { groups } = await render(changed);
    expect(groups.every(({ name }: { name: string }) => name.startsWith('nines-shop-'))).toBe(true);
    for (const { rules: own } of groups)
      for (const { labels } of own) expect(labels).toMatchObject({ team: 'sre', service: 'shop' });
    const boards = [...filesOf('grafana')].map(([path, board]) => [path, JSON.parse(board)] as const);
    expect(await render(`${mixin}mixin.grafanaDashboards`)).toEqual(Object.fromEntries(boards));
  });
});

describe('other rulers', () => {
  test('Mimir: a namespace for each service', () => {
    const [file] = documents(filesOf('mimir').get('shop.rules.yaml')!);
    expect(file.namespace).toBe('nines-shop');
    expect(comparable(file)).toEqual(plain.get('shop'));
  });

  test.each(['abort', 'warn'] as const)('Thanos: each group says to %s on partial data', (thanosPartialResponse) => {
    const [file] = documents(filesOf('thanos', { thanosPartialResponse }).get('shop.rules.yaml')!);
    for (const group of file.groups) expect(group.partial_response_strategy).toBe(thanosPartialResponse);
    expect(comparable(file)).toEqual(plain.get('shop'));
  });

  test('an alert that goes on firing does so only over a vmalert that is said to know it', () => {
    const written = (keepFiringFor: string, minor: number) => {
      const alerts = [
        { name: 'Deep', severity: 'page', when: 'depth > 5', ...(keepFiringFor && { keepFiringFor }) },
      ] as const;
      const service = defineService({
        service: 'queue',
        slos: { depth: { target: '99% of 1m slices', condition: 'depth < 5', alerts: [...alerts] } },
      });
      const options = { ...defaultGenerateOptions, vmalertVersion: { major: 1, minor } };
      const pieces = [...generateArtefacts([service], targets('vmalert'), options)];
      const said = pieces.flatMap(({ diagnostics }) => diagnostics);
      return {
        keeps: pieces.some(({ files }) => files.some(({ text }) => text.includes('keep_firing_for: 5m'))),
        said: said.filter(({ code }) => code === 'generate/vmalert-version').map(({ message }) => message),
      };
    };
    expect(written('', 79)).toEqual({ keeps: false, said: [] });
    expect(written('5m', 91)).toEqual({ keeps: false, said: [expect.stringMatching(/vmalert Deep .*vmalert 1\.92/)] });
    expect(written('5m', 92)).toEqual({ keeps: true, said: [] });
  });

  test('sql_exporter: labels that it sets itself are no columns, and every metric has help', () => {
    const service = defineService({
      service: 'shop',
      metrics: {
        rows_total: {
          type: 'counter',
          labels: ['job', 'status', 'target'],
          rows: { database: 'main', sql: 'SELECT status, count(*) AS n FROM runs GROUP BY status', valueColumn: 'n' },
        },
      },
      slos: { ok: { target: '99%', bad: 'rows_total{status="failed"}', total: 'rows_total' } },
    });
    const [file] = documents(filesOf('sql-exporter', {}, [service]).get('shop.main.collector.yml')!);
    expect(file.metrics).toEqual([
      {
        metric_name: 'rows_total',
        type: 'counter',
        help: 'Rows of the database main.',
        key_labels: ['status'],
        values: ['n'],
        query: 'SELECT status, count(*) AS n FROM runs GROUP BY status',
      },
    ]);
  });

  test('vmalert takes the files', async (context) => {
    const vmalert = needServer(context, 'vmalert');
    write('vmalert', filesOf('vmalert'));
    const { stderr } = await run(vmalert, ['-dryRun', `-rule=${join(folder, 'vmalert')}/*.yaml`]);
    expect(stderr).not.toMatch(/\b(?:error|fatal|panic)\b/i);
    writeFileSync(
      join(folder, 'vmalert', 'broken.yaml'),
      'groups: [{ name: a, rules: [{ record: b, expr: "sum(" }] }]\n',
    );
    await expect(run(vmalert, ['-dryRun', `-rule=${join(folder, 'vmalert')}/*.yaml`])).rejects.toThrow(/broken/);
  });
});

function targets(name: string) {
  return artefactTargets.filter((target) => target.name === name);
}

function filesOf(
  target: string,
  options: Partial<GenerateOptions> = {},
  of: readonly Service[] = services,
): ReadonlyMap<string, string> {
  const pieces = [...generateArtefacts(of, targets(target), { ...defaultGenerateOptions, ...options })];
  expect(pieces.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === 'error'))).toEqual([]);
  return new Map(pieces.flatMap(({ files }) => files.map(({ path, text }) => [path, text] as const)));
}

function write(name: string, files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests are about
function documents(text: string): readonly any[] {
  const read = readYaml(text);
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  return read.value.map(nodeToValue);
}

/** The groups with each expression printed anew, so that line breaks do not matter. */
function comparable({ groups }: { groups: unknown }): unknown {
  const text = JSON.stringify({ groups }, (key, value) => (key === 'partial_response_strategy' ? undefined : value));
  return groupsOf(text);
}

function groupsOf(text: string): readonly unknown[] {
  const read = readRuleFile({ name: 'rules.yaml', text });
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  return read.value.groups.map(({ name, interval, labels, rules }) => ({
    name,
    interval,
    labels: Object.fromEntries(labels),
    rules: rules.map((rule) => ({
      name: rule.kind === 'recording' ? rule.record : rule.alert,
      expr: printExpr(rule.expr),
      labels: Object.fromEntries(rule.labels),
      ...(rule.kind === 'alerting' && {
        holdFor: rule.holdFor,
        keepFiringFor: rule.keepFiringFor,
        annotations: Object.fromEntries(rule.annotations),
      }),
    })),
  }));
}

function definition(name: string, count: number): Service {
  const slos = Array.from(
    { length: count },
    (_, index) => `
  availability-${index}:
    title: 'the {{ nice }} one, "quoted": 100%'
    target: 99.9%
    bad: http_requests_total{code=~"5..", route="/${index}"}
    total: http_requests_total{route="/${index}"}`,
  );
  const text = `
apiVersion: nines/v1
service: ${name}
owner: ${name}-team
metrics:
  http_requests_total: { type: counter, labels: [code, route] }
slos:${slos.join('')}
`;
  const read = readServices({ name: 'slo.yaml', text });
  if (!read.ok || read.value[0] === undefined) throw new Error(JSON.stringify(read));
  return read.value[0];
}
