import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { historyOf } from '../../src/cli/demo/demo-history.ts';
import { type Duration, day, duration, minute, timestamp } from '../../src/core/base/index.ts';
import { recorded, statusQueries } from '../../src/core/generate/index.ts';
import { type Expr, printExpr, runQuery } from '../../src/core/promql/index.ts';
import { anchorScenario, readScenario, type Scenario, trueEvents } from '../../src/core/scenario/index.ts';
import { memorySource, metricName, type Series } from '../../src/core/series/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { openMetrics, withoutStaleMarkers } from '../exactness/openmetrics.ts';
import { example } from '../example-services.ts';
import { startPrometheus } from '../prometheus.ts';
import { readValue } from '../server/world.ts';

/**
 * The error ratio of every objective of the five examples, read from what the generated rules recorded, against what the scenario knows:
 * by the engine over a whole month, and by a real Prometheus that holds the same raw and recorded samples of less.
 */
const allowed = 0.005;
/** 2026-11-21 07:00 UTC. */
const now = timestamp(1_795_244_400_000);
const month = duration(30 * day);
const short = duration(2 * day);

/** Objectives whose truth the scenario does not tell, and why. */
const untold: ReadonlyMap<string, string> = new Map([
  [
    'endpoint-errors',
    'each group has a truth of its own: test/exactness/groups.test.ts compares groups with objectives that select them',
  ],
  ['cron-parse-safety', 'the same, by test/exactness/condition-groups.test.ts'],
]);

const names = readdirSync('examples', { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe.each(names)('%s', (name) => {
  test('a month of recorded series tells the truth', { timeout: 120_000 }, async () => {
    const example = read(name);
    const series = await history(example, month);
    const source = memorySource(series);
    await judge(example, series, async (expr) => {
      const outcome = await runQuery(source, expr, { start: now, end: now, step: duration(0) });
      if (!outcome.ok || outcome.value.kind !== 'vector') throw new Error(`no vector from ${printExpr(expr)}`);
      return outcome.value.samples.map(({ value }) => value);
    });
  });

  test('a real Prometheus reads the same truth', { timeout: 240_000 }, async (context) => {
    const example = read(name);
    const stored = withoutStaleMarkers(await history(example, short));
    const { url, stop } = await startPrometheus(context, { history: openMetrics(stored) });
    try {
      await judge(example, stored, async (expr) => {
        const body = new URLSearchParams({ query: printExpr(expr), time: String(now / 1000) });
        const reply: { readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] } } =
          JSON.parse(await (await fetch(`${url}/api/v1/query`, { method: 'POST', body })).text());
        return reply.data.result.map(({ value }) => Number(value[1]));
      });
    } finally {
      await stop();
    }
  });
});

interface Example {
  readonly service: Service;
  readonly scenario: Scenario;
}

function read(name: string): Example {
  const source = (file: string) => ({ name: file, text: readFileSync(join('examples', name, file), 'utf8') });
  return { service: example(name), scenario: anchorScenario(readValue(readScenario(source('scenario.yaml'))), now) };
}

function history({ service, scenario }: Example, length: Duration): Promise<readonly Series[]> {
  const wish = { now, length, interval: minute, unrecorded: duration(0), details: length };
  return historyOf(service, scenario, wish, () => {});
}

/** Compares each objective's error ratio, which is what its good events lack, with the scenario's. */
async function judge(
  { service, scenario }: Example,
  series: readonly Series[],
  ask: (expr: Expr) => Promise<readonly number[]>,
): Promise<void> {
  const told: string[] = [];
  for (const slo of service.slos.filter(({ name, lifecycle }) => lifecycle === 'active' && !untold.has(name))) {
    // An evaluation sees the scrapes up to it, which are made at whole minutes: the first one what is counted from, the newest one the rest.
    const own = series.filter(({ labels }) => labels.get('slo') === slo.name);
    const begin = lastScrape(Math.min(...own.map(({ timestamps }) => timestamps[0] ?? Number.POSITIVE_INFINITY)));
    const figure = own.find(({ labels }) => labels.get(metricName) === recorded.periodErrorRatio);
    const to = timestamp(lastScrape(figure?.timestamps.at(-1) ?? 0));
    const from = timestamp(Math.max(begin, to - slo.period.length));
    const { bad, total } = trueEvents(scenario, slo, { from, to, interval: minute });
    const truth = bad / total;
    const answers = await ask(statusQueries(service, slo, { interval: minute }).sli);
    expect(answers, slo.name).toHaveLength(1);
    const ratio = 1 - answers[0]!;
    const off = truth === 0 ? ratio : ratio / truth - 1;
    told.push(
      `${slo.name}: ${ratio.toPrecision(5)}, truth ${truth.toPrecision(5)}, ${(off * 100).toFixed(3)} %, ${bad} bad events`,
    );
    expect.soft(Math.abs(off), told.at(-1)).toBeLessThan(allowed);
  }
  console.log(`${service.name}\n  ${told.join('\n  ')}`);
}

function lastScrape(time: number): number {
  return Math.floor(time / minute) * minute;
}
