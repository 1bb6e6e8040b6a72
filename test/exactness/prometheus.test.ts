import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { day, duration, hour, second } from '../../src/core/base/index.ts';
import { defaultGenerateOptions, generateRules } from '../../src/core/generate/index.ts';
import { printRuleFile, type RuleFile } from '../../src/core/rules/index.ts';
import type { Exclusion, Slo } from '../../src/core/slo/index.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { compareRules } from './agreement.ts';
import { evaluateRules } from './history.ts';
import { openMetrics, withoutStaleMarkers } from './openmetrics.ts';
import { calendarObjective, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/**
 * The same history, raw and recorded, in a real Prometheus and in the engine: every generated expression must give the same answer at any
 * evaluation. What the recorded figures are worth is judged elsewhere; this shows that Prometheus would have recorded the same.
 */
const long = process.env['NINES_LONG'] === '1';
const interval = duration(30 * second);
const period = duration(long ? 7 * day : 12 * hour);
const evaluations = long ? 200 : 12;
const end = Date.UTC(2026, 10, 10, 3);
/** Holds in the middle of the stretch. */
const nightly: Exclusion = {
  name: 'nightly',
  reason: 'planned',
  owner: 'shop-team',
  slos: ['by-day'],
  when: {
    kind: 'recurring',
    rule: 'FREQ=WEEKLY;BYDAY=MO,TU',
    start: '2026-01-01T22:00',
    length: duration(3 * hour),
    timeZone: 'Europe/Berlin',
  },
};
const judged = [
  'pods replaced every hour',
  'scrapes fail: single ones, and all for 20 minutes',
  ...(long ? ['no traffic at night', 'series get another label'] : []),
];

describe.each(judged)('%s', (name) => {
  let server: RunningServer | undefined;
  afterAll(() => server?.stop());

  test('a real Prometheus agrees at every evaluation', { timeout: 900_000 }, async (context) => {
    const span = { from: (end - period - 3 * hour) / 1000, to: end / 1000, period: period / 1000 };
    const { make } = scenarios.find((one) => one.name === name) ?? {};
    if (make === undefined) throw new Error(`no scenario ${name}`);
    const scraped = scrape({ ...make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
    const raw = withoutStaleMarkers(scraped.series);
    const slos = [
      ...(['bad', 'good', 'histogram'] as const).map((kind) => objective(kind, period)),
      // The night before the end is the turn of the day.
      calendarObjective('day', 'Europe/Berlin'),
      { ...calendarObjective('day', 'UTC'), name: 'by-endpoint', groupBy: ['endpoint'] },
    ];
    const file = rulesOf({ ...shop(...slos), exclusions: [nightly] }, interval);
    const { series } = await evaluateRules(file, raw, span.from * 1000, end);
    const stored = withoutStaleMarkers(series);
    // Prometheus 2 looks back up to and including five minutes, 3 and the engine up to that: without stale markers that could be seen.
    const flags = ['--query.lookback-delta=4m59s999ms'];
    server = await startPrometheus(context, { history: openMetrics(stored), flags });
    const compared = await compareRules(server, file, stored, {
      evaluations,
      end,
      length: period + 2 * hour,
      interval,
    });
    expect(compared).toBeGreaterThan(evaluations * 30);
  });
});

/** Files in which rules of one name could be taken for duplicates. */
const files: readonly (readonly [string, () => RuleFile])[] = [
  ...[10, 15, 30, 60, 300].map((step) => [`rules every ${step} s`, () => everyKind(step)] as const),
  ['rules of 25 objectives', () => rulesOf(shop(...many(25)), interval)],
  [
    'rules of three services in one file',
    () => {
      const others = ['stock', 'till'].map((service, index) => ({ ...shop(...many(2 + 10 * index)), name: service }));
      return generateRules([shop(...many(25)), ...others], { ...defaultGenerateOptions, interval }).file;
    },
  ],
];

test.for(files)('promtool finds nothing to complain about in %s', async ([, make], context) => {
  const promtool = needServer(context, 'promtool');
  const folder = await mkdtemp(join(tmpdir(), 'nines-rules-'));
  try {
    const path = join(folder, 'rules.yml');
    await writeFile(path, printRuleFile(make()));
    const { stdout } = await promisify(execFile)(promtool, ['check', 'rules', '--lint-fatal', path], {
      env: { ...process.env, ...serverEnvironment() },
    });
    expect(stdout).toContain('SUCCESS');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Objectives of every kind, more than stand in one group. */
function everyKind(step: number): RuleFile {
  const slos = (['bad', 'good', 'histogram'] as const).map((kind) =>
    objective(kind, duration(30 * day), step === 300 ? '90%' : '99.9%'),
  );
  const calendars = (['day', 'week', 'month', 'quarter', 'year'] as const).map((unit) =>
    calendarObjective(unit, unit === 'week' ? 'UTC' : 'America/New_York'),
  );
  if (step < 60) slos.push(...calendars);
  slos.push(...(step === 300 ? many(12, ['90%']) : many(12)));
  const usable = step === 300 ? slos.map((slo) => ({ ...slo, alerts: slo.alerts.slice(1) })) : slos;
  return rulesOf(shop(...usable), duration(step * second));
}

/** Objectives in sets that share rules, one for each target. */
function many(count: number, targets: readonly string[] = ['90%', '99%']): readonly Slo[] {
  return Array.from({ length: count }, (_, index) => ({
    ...objective('bad', duration(30 * day), targets[index % targets.length]),
    name: `more-${index}`,
  }));
}
