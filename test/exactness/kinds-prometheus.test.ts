import { afterAll, expect, test } from 'vitest';
import { duration, hour, minute, ratio, second } from '../../src/core/base/index.ts';
import type { CompositeIndicator, Condition, ConditionAlert, Service, Slo } from '../../src/core/slo/index.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { compareRules } from './agreement.ts';
import { evaluateRules } from './history.ts';
import { openMetrics, withoutStaleMarkers } from './openmetrics.ts';
import { expr, objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { scrape } from './traffic.ts';

/** The rules of every kind of objective, alert and figure: a real Prometheus must give what the engine gives. */
const interval = duration(30 * second);
const period = duration(3 * hour);
const end = Date.UTC(2026, 10, 10, 3);
const slices = { kind: 'slices', length: minute } as const;

let server: RunningServer | undefined;
afterAll(() => server?.stop());

test('a real Prometheus agrees on the rules of every kind', { timeout: 300_000 }, async (context) => {
  const span = { from: (end - period - 2 * hour) / 1000, to: end / 1000, period: period / 1000 };
  const { make } = scenarios.find(({ name }) => name.startsWith('scrapes fail')) ?? {};
  if (make === undefined) throw new Error('no such scenario');
  const scraped = scrape({ ...make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
  const raw = withoutStaleMarkers(scraped.series);
  const file = rulesOf(serviceOfAllKinds(), interval);
  const { series } = await evaluateRules(file, raw, span.from * 1000, end);
  const stored = withoutStaleMarkers(series);
  const flags = ['--query.lookback-delta=4m59s999ms'];
  server = await startPrometheus(context, { history: openMetrics(stored), flags });
  const compared = await compareRules(server, file, stored, { evaluations: 4, end, length: period + hour, interval });
  expect(compared).toBeGreaterThan(400);
});

function serviceOfAllKinds(): Service {
  const steady: Condition = { kind: 'comparison', value: expr('sum by (instance) (up)'), operator: '>=', bound: 1 };
  const busy: Condition = { kind: 'progress', counter: expr('requests_total'), within: duration(5 * minute) };
  const clean: Condition = { kind: 'invariant', counter: expr('requests_total{code="500"}'), within: minute };
  const plain = objective('bad', period);
  const tiers = plain.alerts.slice(0, 1);
  const conditions = (['unknown', 'bad', 'good'] as const).map((noData): Slo => {
    const indicator = {
      kind: 'condition',
      condition: { kind: 'all', of: [steady, { kind: 'any', of: [busy, clean] }] },
    } as const;
    return { ...plain, name: `condition-${noData}`, alerts: tiers, indicator, measure: slices, noData };
  });
  const composites = (['weighted', 'worst', 'series', 'pooled'] as const).map((combine): Slo => {
    const members = ['slow', 'sliced'].map((slo, i) => ({ service: 'shop', slo, weight: i + 1 }));
    const indicator: CompositeIndicator = { kind: 'composite', combine, members };
    return { ...plain, name: combine, alerts: tiers, indicator };
  });
  return {
    ...shop(
      ...conditions,
      ...composites,
      { ...objective('histogram', period), name: 'slow', alerts: tiers, quantiles: [ratio(0.5), ratio(0.99)] },
      { ...plain, name: 'sliced', alerts: tiers, measure: { ...slices, sliceTarget: ratio(0.99) } },
      { ...plain, name: 'means', alerts: tiers, measure: { ...slices, kind: 'slice-ratios' }, noData: 'bad' },
      {
        ...plain,
        name: 'never',
        alerts: [],
        conditionAlerts: alerts(),
        measure: slices,
        period: { kind: 'continuous', length: period },
        target: { text: '100%', ratio: ratio(1), errorBudget: ratio(0) },
        indicator: { kind: 'condition', condition: clean },
      },
    ),
    alerts: alerts(),
    indicators: [
      { name: 'rate', title: 'Rate', indicator: { kind: 'query', value: expr('sum(rate(requests_total[5m]))') } },
      {
        name: 'fast',
        title: 'Fast',
        indicator: { kind: 'distribution', histogram: expr('request_seconds'), below: 0.3 },
      },
    ],
    thresholds: [
      {
        name: 'load',
        title: 'Load',
        value: expr('sum by (instance) (rate(requests_total[5m]))'),
        operator: '>',
        warning: 0.1,
        critical: 100,
        action: 'Add a worker.',
        holdFor: minute,
      },
    ],
  };
}

function alerts(): readonly ConditionAlert[] {
  const none = duration(0);
  const plain = {
    severity: 'page',
    holdFor: none,
    keepFiringFor: none,
    profile: 'standard',
    steps: [],
    dependsOn: [],
  } as const;
  const counter = expr('sum by (instance) (requests_total{code="500"})');
  const within = duration(5 * minute);
  const whens: readonly ConditionAlert['when'][] = [
    { kind: 'threshold', value: expr('up'), operator: '<', bound: 1 },
    { kind: 'progress', counter, within, fires: 'stalled' },
    { kind: 'progress', counter, within, fires: 'increased' },
    {
      kind: 'relative',
      counter,
      window: within,
      baselineWindow: duration(30 * minute),
      baselineOffset: hour,
      factor: 2,
      floor: 0.0001,
    },
    { kind: 'absent', series: expr('nothing') },
  ];
  return [...whens, { kind: 'any', of: whens } as const].map((when, index) => ({
    ...plain,
    name: `Alert${index}`,
    labels: new Map(),
    when,
  }));
}
