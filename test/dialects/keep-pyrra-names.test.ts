import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Source } from '../../src/core/base/index.ts';
import { readPyrraNames, readServices } from '../../src/core/formats/index.ts';
import {
  defaultGenerateOptions,
  generateKeptRules,
  type KeepNamesInput,
  keepNamesOf,
} from '../../src/core/generate/index.ts';
import { printExpr } from '../../src/core/promql/index.ts';
import { printRuleFile, type RuleFile } from '../../src/core/rules/index.ts';
import { needServer, serverEnvironment, sharedFolder } from '../servers.ts';

const folder = join(import.meta.dirname, 'testdata', 'pyrra-names');
const own: Source = { name: 'objectives.yaml', text: readFileSync(join(folder, 'objectives.yaml'), 'utf8') };

test('ratios and latencies become the rules that Pyrra makes', async () => {
  const { kept, events } = rulesOf(own, {});
  expect(events.groups).toEqual([]);
  await expect(printRuleFile(kept)).toMatchFileSnapshot(join(folder, 'rules.yaml'));
});

// The forms of slo/rules_test.go, with the names of the objective above.
test.each([
  [
    'http_requests:increase4w',
    'sum by (code, handler) (increase(http_requests_total{handler=~"/api.*",job="receive"}[4w]))',
  ],
  [
    'http_requests:burnrate4d',
    'sum(rate(http_requests_total{code=~"5..",handler=~"/api.*",job="receive"}[4d])) / sum(rate(http_requests_total{handler=~"/api.*",job="receive"}[4d]))',
  ],
  [
    'http_seconds:burnrate32m',
    '(sum(rate(http_seconds_count{code=~"2..",job="receive"}[32m])) - sum(rate(http_seconds_bucket{code=~"2..",job="receive",le="1"}[32m]))) / sum(rate(http_seconds_count{code=~"2..",job="receive"}[32m]))',
  ],
  ['failed:increase1w', 'sum by (queue) (increase(failed_total{queue="mail"}[1w]))'],
  ['pyrra_window', '2419200'],
  [
    'pyrra_availability',
    '1 - sum(http_requests:increase4w{code=~"5..",handler=~"/api.*",job="receive",slo="monitoring-http-errors"} or vector(0)) / sum(http_requests:increase4w{handler=~"/api.*",job="receive",slo="monitoring-http-errors"})',
  ],
])('%s is %s', (name, text) => {
  const rules = rulesOf(own, {}).kept.groups.flatMap((group) => group.rules);
  const found = rules.find((rule) => rule.kind === 'recording' && rule.record === name);
  expect(found === undefined ? '' : printExpr(found.expr)).toBe(text);
});

test('with recorded events no burn rate reads raw counters, and alerts ask for a minimum', () => {
  const { kept, events } = rulesOf(own, { windowSource: 'recorded' });
  const rules = kept.groups.flatMap((group) => group.rules);
  for (const rule of rules)
    if (rule.kind === 'recording' && rule.record.includes(':burnrate'))
      expect(printExpr(rule.expr)).not.toContain('rate(');
  expect(rules.filter((rule) => rule.kind === 'alerting' && rule.alert === 'HttpBurns')).toHaveLength(4);
  for (const rule of rules)
    if (rule.kind === 'alerting' && rule.alert === 'HttpBurns') expect(printExpr(rule.expr)).toMatch(/>= 3$/);
  const recorded = new Set(
    events.groups.flatMap(({ rules: all }) => all.map((rule) => (rule.kind === 'recording' ? rule.record : ''))),
  );
  for (const rule of rules)
    for (const [name] of printExpr(rule.expr).matchAll(/\bslo:\w+:\w+/g)) expect(recorded).toContain(name);
});

const definition = (indicator: string): Source => ({
  name: 'slo.yaml',
  text: `apiVersion: nines/v1\nservice: shop\nowner: team\nslos:\n  main:\n    target: 99%\n${indicator}`,
});

test('a definition of Nines has the names that it would have in Pyrra; what Pyrra cannot count is an error', () => {
  const bad = rulesOf(definition('    bad: x_total{code="500"}\n    total: x_total\n'), {});
  expect(bad.kept.groups.map(({ name }) => name)).toEqual(['shop-main-increase', 'shop-main', 'shop-main-generic']);
  expect(printRuleFile(bad.kept)).toContain('severity: critical');
  const histogram = rulesOf(definition('    histogram: x_seconds\n    below: 1\n'), {});
  expect(printRuleFile(histogram.kept)).toContain("le: '1'");
  for (const indicator of [
    '    good: x_total{code="200"}\n    total: x_total\n',
    '    bad: a_total + b_total\n    total: x_total\n',
  ])
    expect(rulesOf(definition(indicator), {}).diagnostics.map(({ code }) => code)).toContain('generate/keep-names');
});

const examples = sharedFolder('corpora', 'pyrra', 'examples');

describe.skipIf(examples === undefined)("Pyrra's examples are beside this repository:", () => {
  test('rules of all that can be read load in Prometheus', { timeout: 120_000 }, async (context) => {
    const names = readdirSync(examples ?? '', { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.ya?ml$/.test(name),
    );
    const output = await mkdtemp(join(tmpdir(), 'nines-pyrra-'));
    try {
      const files: string[] = [];
      for (const name of names) {
        const source = { name, text: readFileSync(join(examples ?? '', name), 'utf8') };
        if (readPyrraNames(source).length === 0 || !readServices(source).ok) continue;
        // Groups and gauges have no rules under Pyrra's names, which is told.
        if (/grouping:|bool_gauge:/.test(source.text)) continue;
        for (const windowSource of ['raw', 'recorded'] as const) {
          const { kept, events, diagnostics } = rulesOf(source, { windowSource });
          expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
          for (const file of [kept, events]) {
            if (file.groups.length === 0) continue;
            files.push(join(output, `${files.length}.yaml`));
            await writeFile(files.at(-1) ?? '', printRuleFile(file));
          }
        }
      }
      expect(files.length).toBeGreaterThan(60);
      // Two alerts about missing series have the same labels where errors have a metric of their own, as Pyrra makes them; lint minds.
      const env = { ...process.env, ...serverEnvironment() };
      const { stdout } = await promisify(execFile)(
        needServer(context, 'promtool'),
        ['check', 'rules', '--lint=none', ...files],
        {
          env,
        },
      );
      expect(stdout.match(/SUCCESS/g)).toHaveLength(files.length);
    } finally {
      await rm(output, { recursive: true, force: true });
    }
  });
});

function rulesOf(
  source: Source,
  keep: KeepNamesInput,
): {
  readonly kept: RuleFile;
  readonly events: RuleFile;
  readonly diagnostics: readonly { code: string; severity: string }[];
} {
  const read = readServices(source);
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'));
  const names = keepNamesOf('pyrra', { pyrraNames: readPyrraNames(source), ...keep });
  return generateKeptRules(read.value, defaultGenerateOptions, names);
}
