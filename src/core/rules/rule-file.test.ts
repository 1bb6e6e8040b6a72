import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { duration, formatDiagnostic, type Source } from '../base/index.ts';
import { build, equalExpr, parseExpr } from '../promql/index.ts';
import type { RuleFile } from './model.ts';
import { printRuleFile } from './print-rule-file.ts';
import { readRuleFile } from './read-rule-file.ts';

function sourceOf(text: string): Source {
  return { name: 'rules.yml', text };
}

function read(text: string): RuleFile {
  const outcome = readRuleFile(sourceOf(text));
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}

const oneRule = (lines: string): string =>
  `groups:\n  - name: g\n    rules:\n      - ${lines.replaceAll('\n', '\n        ')}\n`;

describe('a rule file is refused', () => {
  test.each([
    ['groups:\n  - nam: g', ['rules/unknown-key', 'rules/missing-key'], 'nam'],
    ['grups: []', ['rules/unknown-key'], 'grups'],
    ['groups: g', ['rules/shape'], 'g'],
    ['groups:\n  - name: a\n  - name: a', ['rules/duplicate-group'], 'a'],
    ['groups:\n  - name: a\n    interval: 30', ['rules/duration'], '30'],
    ['groups:\n  - name: a\n    limit: many', ['rules/number'], 'many'],
    ['groups:\n  - name: a\n    labels: { __name__: x }', ['rules/label-name'], '__name__'],
    [oneRule('expr: up'), ['rules/missing-key'], 'expr'],
    [oneRule('record: a'), ['rules/missing-key'], 'a'],
    [oneRule('record: a\nalert: b\nexpr: up'), ['rules/kind'], 'b'],
    [oneRule('record: a{}\nexpr: up'), ['rules/record-name'], 'a{}'],
    [oneRule('record: a\nexpr: up\nfor: 5m'), ['rules/recording-field'], 'for'],
    [oneRule('record: a\nexpr: up\nannotations: { a: b }'), ['rules/recording-field'], 'annotations'],
    [oneRule('record: a\nexpr: rate(up)'), ['promql/type'], 'up'],
    [oneRule('record: a\nexpr: |\n  sum(\n    rate(up)\n  )'), ['promql/type'], 'up'],
    [oneRule('alert: a\nexpr: up\nannotations:\n  x: "a {{ foo }}"'), ['rules/template'], 'foo'],
    [oneRule('alert: a\nexpr: up\nlabels:\n  x: >\n    b\n    {{ $x }}'), ['rules/template'], '$x'],
    ['groups: [', ['yaml/syntax'], undefined],
  ])('%j', (text, codes, marked) => {
    const { ok, diagnostics } = readRuleFile(sourceOf(text));
    expect(ok).toBe(false);
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
    const span = diagnostics[0]?.span;
    if (marked !== undefined && span !== undefined) expect(text.slice(span.start, span.end)).toBe(marked);
  });
});

test.each(['', 'groups:', 'groups: []', 'groups:\n  - name: a\n    rules:', 'groups:\n  - name: a\n    interval: 0'])(
  '%j is a rule file without rules',
  (text) => {
    expect(read(text).groups.flatMap(({ rules }) => rules)).toEqual([]);
  },
);

test('several documents are worth a warning: Prometheus reads the first one only', () => {
  const outcome = readRuleFile(sourceOf('groups: []\n---\ngroups: [\n]\n'));
  expect(outcome).toMatchObject({ ok: true, diagnostics: [{ code: 'rules/documents', severity: 'warning' }] });
});

test('keys of others may be let pass, and old naming rules kept', () => {
  const text = `groups:\n  - name: g\n    source_tenants: [a]\n    rules:\n      - record: a-b\n        expr: up\n`;
  expect(readRuleFile(sourceOf(text)).ok).toBe(false);
  expect(readRuleFile(sourceOf(text), { ignoreUnknownFields: true }).ok).toBe(true);
  const legacy = readRuleFile(sourceOf(text), { ignoreUnknownFields: true, names: 'legacy' });
  expect(legacy.diagnostics.map(({ code }) => code)).toEqual(['rules/record-name']);
});

test('everything of a file is kept', () => {
  const file = read(
    `groups:\n  - name: g\n    interval: 30s\n    query_offset: 1m\n    limit: 5\n    labels: { team: a }\n    rules:\n      - alert: A\n        expr: up == 0\n        for: 5m\n        keep_firing_for: 10m\n        labels: { severity: page, level: 3 }\n        annotations: { summary: '{{ $value }}' }\n      - record: a:b\n        expr: 1\n`,
  );
  const [group] = file.groups;
  expect(group).toMatchObject({ name: 'g', interval: 30_000, queryOffset: 60_000, limit: 5 });
  expect(group?.labels).toEqual(new Map([['team', 'a']]));
  expect(group?.rules).toMatchObject([
    {
      kind: 'alerting',
      alert: 'A',
      holdFor: 300_000,
      keepFiringFor: 600_000,
      labels: new Map([
        ['severity', 'page'],
        ['level', '3'],
      ]),
    },
    { kind: 'recording', record: 'a:b', expr: { kind: 'number', value: 1 } },
  ]);
});

test('what is printed reads back as the same rules', async () => {
  const long =
    'sum by (service) (rate(http_requests_total{code=~"5..", service="a"}[5m])) / sum by (service) (rate(http_requests_total[5m])) > 0.0144';
  const parsed = parseExpr(long);
  if (!parsed.ok) throw new Error('it parses');
  const file: RuleFile = {
    groups: [
      {
        name: 'g: "quoted"',
        interval: duration(90_000),
        queryOffset: duration(0),
        limit: 7,
        labels: new Map([['team', '007']]),
        rules: [
          {
            kind: 'recording',
            record: 'a:b',
            expr: parsed.value,
            labels: new Map([['x', 'yes']]),
            comment: 'Why\nit is here.',
          },
          {
            kind: 'alerting',
            alert: 'A',
            expr: build.selector('up'),
            holdFor: duration(300_000),
            keepFiringFor: duration(1000),
            labels: new Map([['severity', '{{ $labels.x }}']]),
            annotations: new Map([['description', 'two\nlines: {{ $value }}\n']]),
          },
        ],
      },
    ],
  };
  const text = printRuleFile(file, { header: 'Made by a test.\nDo not edit.' });
  await expect(text).toMatchFileSnapshot('testdata/printed-rules.yml');
  const again = read(text);
  const strip = ({ groups }: RuleFile): unknown =>
    groups.map((group) => ({ ...group, rules: group.rules.map(({ expr, place, comment, ...rule }) => rule) }));
  expect(strip(again)).toEqual(strip(file));
  const exprs = ({ groups }: RuleFile) => groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
  expect(exprs(again).every((expr, i) => equalExpr(expr, exprs(file)[i] ?? expr))).toBe(true);
  expect(printRuleFile(again, { header: 'Made by a test.\nDo not edit.' }).replaceAll(/^ *#.*\n/gm, '')).toBe(
    text.replaceAll(/^ *#.*\n/gm, ''),
  );
});

const corpora = '../shared/corpora';

describe("upstream's rule files", () => {
  beforeEach(({ skip }) => skip(!existsSync(corpora), 'the corpora in ../shared are not here'));
  const rulefmt = existsSync(corpora) ? readdirSync(join(corpora, 'rulefmt')) : [];
  test.each(rulefmt.filter((name) => name.endsWith('.yaml')))('%s has the outcome that its name says', (name) => {
    const source = { name, text: readFileSync(join(corpora, 'rulefmt', name), 'utf8') };
    // Upstream reads the two files about legacy names with the old naming rules.
    const outcome = readRuleFile(source, name.startsWith('legacy_') ? { names: 'legacy' } : {});
    expect(outcome.ok, outcome.diagnostics.map((one) => formatDiagnostic({ ...one, source })).join('\n')).toBe(
      !name.endsWith('.bad.yaml'),
    );
  });

  test.each([
    ['promtool/rules.yml', true],
    ['promtool/at-modifier.yml', true],
    ['promtool/prometheus-rules.lint.yml', true],
    ['promtool/rules-bad.yml', false],
    ['promtool/bad-rules-syntax.yml', false],
    ['rules/slo.rules.yml', true],
    ['rules/states.rules.yml', true],
    ['rules/templates.rules.yml', true],
    ['alert-generator-rules.yaml', true],
  ])('%s: %s', (name, good) => {
    const source = { name, text: readFileSync(join(corpora, name), 'utf8') };
    const outcome = readRuleFile(source);
    expect(outcome.ok).toBe(good);
    if (outcome.ok) expect(readRuleFile(sourceOf(printRuleFile(outcome.value))).ok).toBe(true);
  });
});
