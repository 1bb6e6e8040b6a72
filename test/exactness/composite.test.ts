import { expect, test } from 'vitest';
import { day, duration, hour, minute, ratio, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import type { Series } from '../../src/core/series/index.ts';
import { type CompositeIndicator, inSeries, type Slo, weightedMean } from '../../src/core/slo/index.ts';
import { type EventKind, evaluateRules, isNamed } from './history.ts';
import { expr, objective, rulesOf, shop } from './rules.ts';
import { type Scraped, scrape } from './traffic.ts';

/** Two members with different traffic and trouble, joined in each way: what is recorded is the maths of what each of them shows. */
const interval = duration(30 * second);
const end = Date.UTC(2026, 10, 10, 20);
const from = end - 3 * hour;
const period = duration(2 * hour);
const members = [
  { service: 'shop', slo: 'busy', weight: 3 },
  { service: 'shop', slo: 'quiet', weight: 1 },
];

test.each(['weighted', 'worst', 'series', 'pooled'] as const)('%s', async (combine) => {
  const busy = traffic('busy', 2, 0.004, 1);
  const quiet = traffic('quiet', 0.2, 0.03, 2);
  const indicator: CompositeIndicator = { kind: 'composite', combine, members };
  const plain = objective('bad', period);
  const composite = {
    ...plain,
    name: 'journey',
    indicator,
    alerts: plain.alerts.slice(0, 1).map((tier) => ({ ...tier, burnRate: 3 })),
  };
  // The members page nobody, so they record the composite's windows for it alone.
  const service = shop(member('busy'), member('quiet'), composite);
  const { series, alerts } = await evaluateRules(
    rulesOf(service, interval),
    [...busy.series, ...quiet.series],
    from,
    end,
  );
  for (const window of [minute * 5, hour, period]) {
    // A pot waits until all members must have recorded.
    const last = combine === 'pooled' ? end - interval : end;
    const shown = [busy, quiet].map(({ visible }) => visible((last - window) / 1000, last / 1000));
    const shares = shown.map(({ bad, total }) => bad / total);
    const total = shown.reduce((sum, one) => sum + one.total, 0);
    const expected = {
      weighted: weightedMean(shares.map((share, i) => ({ ratio: ratio(share), weight: members[i]!.weight }))) ?? 0,
      worst: Math.max(...shares),
      series: 1 - inSeries(shares.map((share) => ratio(1 - share))),
      pooled: shown.reduce((sum, one) => sum + one.bad, 0) / total,
    }[combine];
    const label = window === period ? undefined : window === hour ? '1h' : '5m';
    const [errors, events] =
      label === undefined
        ? [recorded.periodErrorRatio, recorded.periodEvents]
        : [recorded.errorRatio, recorded.windowEvents];
    expect(Math.abs((newest(series, errors, label) ?? 0) / expected - 1), `${errors} ${label}`).toBeLessThan(1e-9);
    expect(Math.abs((newest(series, events, label, 'total') ?? 0) / total - 1), `${events} ${label}`).toBeLessThan(
      1e-9,
    );
  }
  const remaining = newest(series, recorded.periodBudgetRemaining);
  expect(remaining).toBeCloseTo(1 - (newest(series, recorded.periodErrorRatio) ?? 0) / 0.001, 9);
  const fired = alerts.filter(({ episodes }) => episodes.some(({ firedAt }) => firedAt !== undefined));
  expect(new Set(fired.map(({ rule }) => rule.labels.get('slo')))).toEqual(new Set(['journey']));
});

function member(name: string): Slo {
  const total = expr(`requests_total{job="${name}"}`);
  const events = expr(`requests_total{job="${name}",code="500"}`);
  return { ...objective('bad', period), name, indicator: { kind: 'ratio', counts: 'bad', events, total }, alerts: [] };
}

function traffic(job: string, rate: number, errorRatio: number, seed: number): Scraped {
  const instance = { name: 'a', from: from / 1000, to: end / 1000 + day, restarts: [], fails: () => false };
  const scraped = scrape({
    from: from / 1000,
    to: end / 1000,
    scrapeInterval: interval / 1000,
    instances: [instance],
    rate: () => rate,
    errorRatio: () => errorRatio,
    lazy: false,
    seed,
  });
  return { ...scraped, series: scraped.series.map((one) => ({ ...one, labels: one.labels.with('job', job) })) };
}

function newest(series: readonly Series[], name: string, window = '', kind: EventKind = ''): number | undefined {
  return series
    .find(
      (one) => isNamed(one, name, kind) && one.labels.get('slo') === 'journey' && one.labels.get('window') === window,
    )
    ?.values.at(-1);
}
