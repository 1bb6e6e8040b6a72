import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { day, duration, type Source } from '../../src/core/base/index.ts';
import {
  type ReadServicesOptions,
  readServices,
  readSlothNames,
  readSlothWindows,
  slothTiers,
} from '../../src/core/formats/index.ts';
import {
  defaultGenerateOptions,
  generateKeptRules,
  type KeepNamesInput,
  keepNamesOf,
  windowSources,
} from '../../src/core/generate/index.ts';
import { printRuleFile, type RuleFile } from '../../src/core/rules/index.ts';
import { needServer, serverEnvironment, sharedFolder } from '../servers.ts';
import { type ComparableGroup, groupsIn, periodRecord } from './sloth-rules.ts';

// What Sloth generates of its own definitions against what we do, compared as parsed values: names, labels, annotations, and PromQL as
// trees. The one thing that differs on purpose is the expression of the period.

const examples = sharedFolder('corpora', 'sloth', 'examples');
const templates = sharedFolder('corpora', 'sloth', 'test', 'integration', 'prometheus', 'testdata');

/** Why an example is refused: code that is not run here. */
const refused: Readonly<Record<string, string>> = {
  'contrib-denominator-corrected.yaml': 'dialect/plugin',
  'contrib-slo-plugins.yml': 'dialect/plugin',
  'plugin-k8s-getting-started.yml': 'dialect/plugin',
  'slo-plugin-getting-started.yml': 'dialect/plugin',
  'slo-plugin-k8s-getting-started.yml': 'dialect/plugin',
};

describe.skipIf(examples === undefined)("Sloth's examples are beside this repository:", () => {
  const names = examples === undefined ? [] : readdirSync(examples).filter((name) => /\.ya?ml$/.test(name));
  test.each(names)('%s gives the rules that Sloth gives', (name) => {
    const source = sourceAt(examples ?? '', name);
    const reason = refused[name];
    if (reason !== undefined) {
      const read = readServices(source);
      expect(read.ok).toBe(false);
      expect(new Set(read.diagnostics.flatMap((one) => (one.severity === 'error' ? [one.code] : [])))).toEqual(
        new Set([reason]),
      );
      return;
    }
    const ours = kept(source, { extraLabels: new Map([['cmd', 'examplesgen.sh']]) });
    expect(ours).toEqual(withoutPeriod(groupsIn(sourceAt(join(examples ?? '', '_gen'), name).text)));
  });

  test('all that is generated of them loads in Prometheus', async (context) => {
    const output = await mkdtemp(join(tmpdir(), 'nines-sloth-'));
    try {
      const files: string[] = [];
      for (const name of names.filter((one) => refused[one] === undefined))
        for (const windowSource of windowSources)
          for (const file of Object.values(rulesOf(sourceAt(examples ?? '', name), { windowSource }))) {
            files.push(join(output, `${files.length}.yaml`));
            await writeFile(files.at(-1) ?? '', printRuleFile(file));
          }
      const env = { ...process.env, ...serverEnvironment() };
      // Two services of an example have alerts of one name and labels, as in Sloth's own file; lint minds.
      const args = ['check', 'rules', '--lint=none', ...files];
      const { stdout } = await promisify(execFile)(needServer(context, 'promtool'), args, { env });
      expect(stdout.match(/SUCCESS/g)).toHaveLength(files.length);
    } finally {
      await rm(output, { recursive: true, force: true });
    }
  });

  test('a document of windows makes the windows and the burn rates', () => {
    const read = readSlothWindows(sourceAt(join(examples ?? '', 'windows'), 'custom-30d.yaml'));
    if (!read.ok) throw new Error('not read');
    expect(read.value.tiers.map(({ burnRate }) => burnRate)).toEqual([14.4, 4.8, 3, 1]);
    const source = sourceAt(examples ?? '', 'getting-started.yml');
    const groups = kept(source, { slothWindows: read.value }, { sloth: read.value });
    const records = groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? []));
    const windows = records
      .filter((name) => String(name).startsWith('slo:sli_error:'))
      .map((name) => String(name).slice(24));
    expect(windows).toEqual(['2m', '15m', '30m', '1h', '3h', '12h', '1d12h', '30d']);
    expect(JSON.stringify(groups)).toContain('slo:sli_error:ratio_rate1d12h');
  });
});

describe.skipIf(templates === undefined)("Sloth's integration tests are beside this repository:", () => {
  const fourWeeks = { period: duration(28 * day), tiers: slothTiers(duration(28 * day)) ?? [] };
  const cases = [
    ['in-base.yaml', 'out-base.yaml.tpl', {}],
    ['in-base.yaml', 'out-base-28d.yaml.tpl', { sloth: fourWeeks }],
    ['in-multifile.yaml', 'out-multifile.yaml.tpl', {}],
    ['in-openslo.yaml', 'out-openslo.yaml.tpl', {}],
  ] as const;
  test.each(cases)('%s gives %s', (input, output, reading) => {
    const theirs = sourceAt(templates ?? '', output)
      .text.replaceAll('{{ .version }}', 'dev')
      .replaceAll(/\{\{"(.*?)"\}\}/g, '$1')
      // At four weeks Sloth's slowest alert fires while the promise is kept; it is read as a burn rate of 1, and that is said.
      .replaceAll('(0.9333333333333333 * ', '(1 * ');
    expect(kept(sourceAt(templates ?? '', input), {}, reading)).toEqual(withoutPeriod(groupsIn(theirs)));
  });
});

function sourceAt(folder: string, name: string): Source {
  return { name, text: readFileSync(join(folder, name), 'utf8') };
}

/** The groups in Sloth's file, from the printed text, without the expressions of the period. */
function kept(source: Source, keep: KeepNamesInput, reading: ReadServicesOptions = {}): readonly ComparableGroup[] {
  const { kept: file, events } = rulesOf(source, keep, reading);
  // The expression of the period reads what the file of events records.
  const recorded = events.groups.flatMap(({ rules }) =>
    rules.map((rule) => (rule.kind === 'recording' ? rule.record : '')),
  );
  for (const rule of file.groups.flatMap(({ rules }) => rules)) {
    if (rule.kind !== 'recording' || !periodRecord.test(rule.record)) continue;
    const names = [...JSON.stringify(rule.expr).matchAll(/slo:period_\w+:(?:sum|ratio)/g)].map(([name]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(recorded).toContain(name);
  }
  return withoutPeriod(groupsIn(printRuleFile(file)));
}

function rulesOf(
  source: Source,
  keep: KeepNamesInput,
  reading: ReadServicesOptions = {},
): { readonly kept: RuleFile; readonly events: RuleFile } {
  const read = readServices(source, reading);
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'));
  const names = readSlothNames(source);
  const { kept: file, events } = generateKeptRules(
    read.value,
    defaultGenerateOptions,
    keepNamesOf('sloth', { slothNames: names, ...keep }),
  );
  return { kept: file, events };
}

/** In the order of the names; of what is recorded for the period the expression is left out. */
function withoutPeriod(groups: readonly ComparableGroup[]): readonly ComparableGroup[] {
  return groups
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => (periodRecord.test(String(rule['record'])) ? { ...rule, expr: null } : rule)),
    }));
}
