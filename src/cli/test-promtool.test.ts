import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needServer, serverEnvironment } from '../../test/servers.ts';
import { runUnitTests } from '../core/rules/index.ts';

// Windows are never a multiple of the sample interval, and no function is used that changed after Prometheus 2.42: any promtool will do.
const rules: readonly string[] = [
  `{ record: 'a:sum', expr: 'sum_over_time(a[1m45s])' }`,
  `{ record: 'a:total', expr: 'sum(a:sum)', labels: { kind: total } }`,
  `{ record: 'a:high', expr: 'a > 5' }`,
  `{ record: 'a:max', expr: 'max_over_time(a:high[3m45s])' }`,
  `{ record: 'self', expr: 'count_over_time(self[9m50s]) or vector(0)' }`,
  `{ record: 'ahead', expr: 'a offset -1m' }`,
  `{ record: 'pinned', expr: 'a @ 120' }`,
  `{ record: 'active', expr: 'count by (alertname, alertstate) (ALERTS)' }`,
  `{ record: 'b:sub', expr: 'max_over_time(b[4m10s:])' }`,
  `{ alert: High, expr: 'a > 5', for: 1m, labels: { v: '{{ $value }}' }, annotations: { s: '{{ humanize $value }} {{ $labels.x }}' } }`,
  `{ alert: Held, expr: 'a > 5', for: 2m, keep_firing_for: 2m, labels: { y: 'is {{ $labels.x }}' }, annotations: { q: '{{ with query "b" }}{{ . | first | value }}{{ end }}' } }`,
  `{ alert: Meta, expr: 'count(ALERTS{alertname="High"}) > 0' }`,
  `{ alert: Absent, expr: 'absent(b)', for: 90s }`,
  `{ alert: Chained, expr: 'ALERTS{alertname="Held"}', labels: { severity: info } }`,
  `{ alert: Since, expr: 'time() - ALERTS_FOR_STATE{alertname="Held"} > 60' }`,
  `{ alert: Bool, expr: 'a > bool 5', annotations: { n: '{{ printf "%.2f" $value }}' } }`,
];
const times: readonly string[] = ['0', '1m', '3m', '4m30s', '7m', '10m'];
const alerts: readonly string[] = ['High', 'Held', 'Meta', 'Absent', 'Chained', 'Since', 'Bool'];

/** A rule file with two groups of rules. */
function ruleFile(first: readonly string[], second: readonly string[]): string {
  const group = (name: string, members: readonly string[]): string =>
    `  - name: ${name}\n    rules: [\n${members.map((rule) => `      ${rule},\n`).join('')}    ]\n`;
  return `groups:\n${group('g1', first)}${group('g2', second)}`;
}

/** A test of which every check fails, so that promtool prints all that it has computed. */
function testFile(values: readonly string[]): string {
  const names = ['a{x="1"}', 'a{x="2"}', 'b'];
  const series = names.map((name, i) => `      - { series: '${name}', values: '${values[i]}' }`);
  const alertTests = times.flatMap((time) =>
    alerts.map(
      (alert) => `      - { eval_time: ${time}, alertname: ${alert}, exp_alerts: [{ exp_labels: { no: such } }] }`,
    ),
  );
  const exprTests = times.flatMap((time) =>
    ['{__name__!~"ALERTS.*|"}', 'ALERTS', 'ALERTS_FOR_STATE'].map(
      (expr) => `      - { expr: '${expr}', eval_time: ${time}, exp_samples: [{ labels: none, value: 1 }] }`,
    ),
  );
  return `rule_files: [rules.yml]
evaluation_interval: 1m
group_eval_order: [g1, g2]
tests:
  - interval: 30s
    input_series:
${series.join('\n')}
    alert_rule_test:
${alertTests.join('\n')}
    promql_expr_test:
${exprTests.join('\n')}
`;
}

test('prints the same as promtool about rules and alerts of all kinds, computed at once or tick by tick', async (context) => {
  const promtool = needServer(context, 'promtool');
  const folder = await mkdtemp(join(tmpdir(), 'nines-promtool-'));
  const value = fc.constantFrom('1', '3', '6', '7', '9', '8', '_', 'stale');
  // Gaps of five minutes would tell whether a sample of exactly that age counts, which has changed with Prometheus 3.
  const line = fc
    .array(value, { minLength: 25, maxLength: 25 })
    .map((values) => values.join(' '))
    .filter((values) => !values.includes('_ '.repeat(9)));
  const property = fc.asyncProperty(
    fc.subarray([...rules], { minLength: 1 }),
    fc.nat(rules.length),
    fc.tuple(line, line, line),
    async (chosen, cut, values) => {
      const file = ruleFile(chosen.slice(0, cut), chosen.slice(cut));
      const text = testFile(values);
      await writeFile(join(folder, 'rules.yml'), file);
      await writeFile(join(folder, 'test.yml'), text);
      const env = { ...process.env, ...serverEnvironment() };
      const { stderr } = spawnSync(promtool, ['test', 'rules', join(folder, 'test.yml')], { encoding: 'utf8', env });
      const theirs = stderr.replace('  FAILED:\n', '').trimEnd();
      for (const promtoolLimits of [false, true]) {
        const read = async (name: string) => [{ name, text: file }];
        const { failures } = await runUnitTests({ name: 'test.yml', text }, read, { promtoolLimits });
        expect(
          failures
            .map((failure) => failure.text)
            .join('\n')
            .trimEnd(),
        ).toBe(theirs);
      }
    },
  );
  try {
    await fc.assert(property, { numRuns: 20 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
