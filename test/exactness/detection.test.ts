import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { day, duration, hour, minute, ratio, second } from '../../src/core/base/index.ts';
import { alertNames } from '../../src/core/generate/index.ts';
import { type AlertHistory, printRuleFile, type RuleFile } from '../../src/core/rules/index.ts';
import { Labels, metricName, type Series } from '../../src/core/series/index.ts';
import { firingOnGrid } from '../../src/core/slo/index.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { evaluateRules } from './history.ts';
import { objective, rulesOf, shop } from './rules.ts';

/**
 * When alerts fire: the engine's timeline against the closed form, and against a real promtool's tick by tick. Times count from 0.
 */
const interval = duration(30 * second);
const history = 6 * hour;

interface Outage {
  readonly name: string;
  readonly target: string;
  readonly errorRatio: number;
  readonly length: number;
}

const outages: readonly Outage[] = [
  { name: 'a total outage of 20 minutes', target: '99.9%', errorRatio: 1, length: 20 * minute },
  { name: 'a total outage of two minutes', target: '99.9%', errorRatio: 1, length: 2 * minute },
  { name: 'a total outage at a target of 99.5 %', target: '99.5%', errorRatio: 1, length: 20 * minute },
  { name: 'a tenth of the requests failing', target: '99.9%', errorRatio: 0.1, length: 30 * minute },
  {
    name: 'one in a thousand failing, which is what the target allows',
    target: '99.9%',
    errorRatio: 0.001,
    length: hour,
  },
];

test.each(outages)(
  '$name is noticed one scrape and one evaluation after the exact moment at the latest',
  async (outage) => {
    const { slo, rules, traffic, start, end } = situation(outage);
    const fired = await firstPage(rules, traffic.series, end);
    const incident = { background: ratio(0), during: ratio(outage.errorRatio), length: duration(outage.length) };
    const exact = slo.alerts
      .filter(({ severity }) => severity === 'page')
      .flatMap((tier) => firingOnGrid(tier, slo.target.errorBudget, incident, interval)?.first ?? [])
      .sort((a, b) => a - b)[0];
    if (exact === undefined) expect(fired).toBeUndefined();
    else expect((fired ?? Number.POSITIVE_INFINITY) - start).toBeLessThanOrEqual(exact + 2 * interval);
  },
);

// A promtool takes seconds for hours of rules: the short form asks it about one outage.
const asked = process.env['NINES_LONG'] === '1' ? outages : outages.slice(0, 1);

test.for(asked)(
  'a real promtool raises and resolves every alert at the same evaluations: $name',
  { timeout: 120_000 },
  async (outage, context) => {
    const promtool = needServer(context, 'promtool');
    const { rules, traffic, start, end } = situation(outage);
    // promtool evaluates every group at every step, whatever interval it names.
    const everyStep = { groups: rules.groups.map((group) => ({ ...group, interval })) };
    const { alerts } = await evaluateRules(everyStep, traffic.series, 0, end);
    const checks = alerts
      .filter(({ rule }) => rule.alert === alertNames.burn)
      .flatMap((alert) => checksOf(alert, start - minute, end));
    const folder = await mkdtemp(join(tmpdir(), 'nines-detection-'));
    try {
      await writeFile(join(folder, 'rules.yml'), printRuleFile(everyStep));
      const unit = { interval: '30s', input_series: traffic.notation, promql_expr_test: checks };
      // Without an order promtool evaluates groups in any, and a reader before the writer is a step late.
      const file = {
        rule_files: ['rules.yml'],
        evaluation_interval: '30s',
        group_eval_order: everyStep.groups.map(({ name }) => name),
        tests: [unit],
      };
      await writeFile(join(folder, 'test.yml'), JSON.stringify(file));
      const { stdout } = await promisify(execFile)(promtool, ['test', 'rules', join(folder, 'test.yml')], {
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, ...serverEnvironment() },
      });
      expect(stdout).toContain('SUCCESS');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

function situation({ target, errorRatio, length }: Outage) {
  const slo = objective('bad', duration(30 * day), target);
  const start = history + minute;
  const end = start + length + hour;
  return { slo, rules: rulesOf(shop(slo), interval), traffic: shopUnder(start, length, errorRatio, end), start, end };
}

/** At each step, whether the alert is firing. */
function checksOf({ rule, episodes }: AlertHistory, from: number, to: number): readonly unknown[] {
  const { severity, window } = Object.fromEntries(rule.labels);
  const checks: unknown[] = [];
  for (let time = from; time <= to; time += interval) {
    const firing = episodes.some(
      ({ firedAt, endedAt }) =>
        firedAt !== undefined && firedAt <= time && time < (endedAt ?? Number.POSITIVE_INFINITY),
    );
    checks.push({
      expr: `count(ALERTS{alertname="${rule.alert}",severity="${severity}",window="${window}"}) or vector(0)`,
      eval_time: `${time / 1000}s`,
      exp_samples: [{ labels: '{}', value: firing ? 1 : 0 }],
    });
  }
  return checks;
}

async function firstPage(rules: RuleFile, raw: readonly Series[], end: number): Promise<number | undefined> {
  const { alerts } = await evaluateRules(rules, raw, 0, end);
  const times = alerts
    .filter(({ rule }) => rule.labels.get('severity') === 'page')
    .flatMap(({ episodes }) => episodes.flatMap(({ firedAt }) => firedAt ?? []));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Ten requests a second that all succeed until the outage, whose errors are counted by a series of their own. */
function shopUnder(start: number, length: number, errorRatio: number, end: number) {
  const each = (10 * interval) / 1000;
  const before = start / interval;
  const during = length / interval;
  const after = (end - start - length) / interval;
  const bad = Math.round(each * errorRatio * 1000) / 1000;
  const good = each - bad;
  const notation = [
    { series: 'up{job="shop",instance="a"}', values: `1x${before + during + after}` },
    {
      series: 'requests_total{job="shop",instance="a",code="200"}',
      // The samples of a stretch begin with its first value, which continues the stretch before.
      values: `0+${each}x${before} ${before * each + good}+${good}x${during - 1} ${before * each + during * good + each}+${each}x${after - 1}`,
    },
    {
      series: 'requests_total{job="shop",instance="a",code="500"}',
      values: `_x${before + 1} ${bad}+${bad}x${during - 1} ${during * bad}x${after - 1}`,
    },
  ];
  const times = Array.from({ length: before + during + after + 1 }, (_, i) => i * interval);
  const inOutage = (time: number): number => Math.min(Math.max((time - start) / interval, 0), during);
  const series = [
    column({ [metricName]: 'up' }, times, () => 1),
    column(
      { [metricName]: 'requests_total', code: '200' },
      times,
      (time) => (time / interval) * each - inOutage(time) * bad,
    ),
    column(
      { [metricName]: 'requests_total', code: '500' },
      times.filter((time) => start < time),
      (time) => inOutage(time) * bad,
    ),
  ];
  return { notation, series };
}

function column(
  labels: Readonly<Record<string, string>>,
  times: readonly number[],
  value: (time: number) => number,
): Series {
  return {
    labels: Labels.of({ job: 'shop', instance: 'a', ...labels }),
    timestamps: Float64Array.from(times),
    values: Float64Array.from(times, value),
  };
}
