import { defineService } from '../../src/core/formats/index.ts';
import type { Service } from '../../src/core/slo/index.ts';

/** A service whose selectors need some thought: two conditions on one label, a pattern, a histogram. */
export const shop: Service = defineService({
  service: 'shop',
  metrics: {
    requests_total: { type: 'counter', labels: { status: ['200', '404', '500', '503'], route: [] } },
    request_seconds: { type: 'histogram', unit: 's', buckets: [0.1, 0.5, 1] },
  },
  slos: {
    checkout: {
      target: '99.9%',
      bad: 'requests_total{route=~"/checkout(/.*)?", status=~"5..", status!="503"}',
      total: 'requests_total{route=~"/checkout(/.*)?"}',
      alerts: [
        { severity: 'page', long: '1h', short: '5m', burn: 14.4 },
        { severity: 'ticket', long: '6h', short: '30m', burn: 6 },
      ],
    },
    fast: { target: '95%', histogram: 'request_seconds', below: '500ms', alerts: 'none' },
  },
});

/** Alerts that need little time. */
export const tiers = [
  { severity: 'page', long: '30m', short: '2m', burn: 6 },
  { severity: 'ticket', long: '1h', short: '5m', burn: 2, for: '2m' },
] as const;

/** Time slices of events: by a target of their own, by their own ratios, and where no data is bad or good. */
export const slices: Service = defineService({
  service: 'slices',
  slos: {
    judged: {
      target: '99% of 1m slices',
      sliceTarget: '95%',
      bad: 'a_total{code="500"}',
      total: 'a_total',
      alerts: [...tiers],
    },
    asked: {
      target: '95% of 5m slices',
      sliceTarget: '90%',
      queries: { badRatio: '1 - avg(avg_over_time(satisfaction_ratio[{{.window}}]))' },
      alerts: [...tiers],
    },
    held: { target: '98% of 5m slices', sliceTarget: '80%', condition: 'depth < 50', alerts: [...tiers] },
    averaged: { target: '99% of 5m ratios', good: 'b_total{code="200"}', total: 'b_total', alerts: [...tiers] },
    required: {
      target: '98% of 1m slices',
      sliceTarget: '99%',
      noData: 'bad',
      bad: 'c_total{code="500"}',
      total: 'c_total',
      alerts: [...tiers],
    },
    optional: {
      target: '98% of 1m slices',
      sliceTarget: '99%',
      noData: 'good',
      bad: 'd_total{code="500"}',
      total: 'd_total',
      alerts: [...tiers],
    },
  },
});

/** Conditions of every form, and alerts on them. */
export const conditions: Service = defineService({
  service: 'conditions',
  slos: {
    queue: {
      target: '99% of 1m slices',
      condition: 'sum(queue_depth) < 50',
      noData: 'bad',
      alerts: [
        ...tiers,
        { name: 'QueueDeep', severity: 'ticket', when: 'sum(queue_depth) > 50', for: '5m', keepFiringFor: '3m' },
        { name: 'QueueGone', severity: 'page', absent: 'queue_depth', for: '1m' },
      ],
    },
    pool: { target: '95% of 1m slices', condition: 'busy / workers <= 0.9', alerts: [...tiers] },
    share: {
      target: '95% of 30s slices',
      condition: '(sum(rate(e_total{code=~"5.."}[5m])) or vector(0)) / sum(rate(e_total[5m])) < 0.1',
      alerts: [...tiers],
    },
    beats: {
      target: '99% of 1m slices',
      condition: { increases: 'beats_total', within: '5m' },
      alerts: [...tiers, { name: 'Stalled', severity: 'page', stalled: 'beats_total', within: '10m', for: '1m' }],
    },
    intact: {
      target: '99% of 1m slices',
      condition: { neverIncreases: 'lost_total', within: '10m' },
      alerts: [...tiers],
    },
    both: {
      target: '99% of 1m slices',
      condition: { all: ['oldest_seconds < 30', { increases: 'runs_total', within: '5m' }] },
      alerts: [...tiers],
    },
    either: {
      target: '99% of 1m slices',
      condition: { any: ['primary_up == 1', 'standby_up == 1'] },
      alerts: [...tiers],
    },
  },
});

/** Objectives for each value of a label, of each kind that can be grouped. */
export const groups: Service = defineService({
  service: 'groups',
  metrics: {
    calls_total: { type: 'counter', labels: { tenant: ['acme', 'umbrella'], code: ['200', '500'] } },
    jobs_total: { type: 'counter', labels: ['tenant', 'region', 'code'] },
    depth: { type: 'gauge', labels: ['tenant'] },
    beats_total: { type: 'counter', labels: ['tenant'] },
    lost_total: { type: 'counter', labels: ['tenant'] },
  },
  slos: {
    calls: {
      target: '99%',
      bad: 'calls_total{tenant!="acme",code="500"}',
      total: 'calls_total{tenant!="acme"}',
      groupBy: ['tenant'],
      alerts: [...tiers],
    },
    sliced: {
      target: '95% of 1m slices',
      sliceTarget: '99%',
      bad: 'jobs_total{code="500"}',
      total: 'jobs_total',
      groupBy: ['tenant', 'region'],
      alerts: [...tiers],
    },
    depth: { target: '99% of 1m slices', condition: 'depth < 50', groupBy: ['tenant'], alerts: [...tiers] },
    beats: {
      target: '99% of 1m slices',
      condition: { increases: 'beats_total', within: '5m' },
      groupBy: ['tenant'],
      alerts: [...tiers, { name: 'GroupStalled', severity: 'page', stalled: 'beats_total', within: '7m' }],
    },
    intact: {
      period: 'continuous',
      condition: { neverIncreases: 'lost_total', within: '10m' },
      groupBy: ['tenant'],
      alerts: [{ name: 'GroupBroken', severity: 'page', increased: 'lost_total', within: '3m' }],
    },
  },
});

/** Composites of each kind, over members on events, on a histogram and on a condition. */
export const composites: Service = defineService({
  service: 'composites',
  metrics: {
    answer_seconds: { type: 'histogram', unit: 's', buckets: [0.1, 0.5, 1] },
    calls_total: { type: 'counter', labels: ['code'] },
    queue_depth: { type: 'gauge' },
    jobs_total: { type: 'counter', labels: ['tenant', 'code'] },
  },
  slos: {
    ok: { target: '99%', bad: 'calls_total{code="500"}', total: 'calls_total', alerts: 'none' },
    fast: { target: '99%', histogram: 'answer_seconds', below: '500ms', alerts: 'none' },
    queue: { target: '99% of 1m slices', condition: 'queue_depth < 50', alerts: 'none' },
    tenants: {
      target: '99%',
      bad: 'jobs_total{code="500"}',
      total: 'jobs_total',
      groupBy: ['tenant'],
      alerts: 'none',
    },
    weighted: {
      target: '99%',
      composite: { combine: 'weighted', members: [{ slo: 'ok', weight: 3 }, { slo: 'fast', weight: 1 }, 'queue'] },
      alerts: [...tiers],
    },
    grouped: {
      target: '99%',
      composite: { combine: 'weighted', members: [{ slo: 'tenants', weight: 2 }, 'ok'] },
      alerts: [...tiers],
    },
    worst: { target: '98%', composite: { combine: 'worst', members: ['fast', 'ok'] }, alerts: [...tiers] },
    chain: { target: '98%', composite: { combine: 'series', members: ['queue', 'ok', 'fast'] }, alerts: [...tiers] },
    pot: { target: '98%', composite: { combine: 'pooled', members: ['ok', 'fast'] }, alerts: [...tiers] },
  },
});

/** Alerts that belong to a service, on conditions of every form, and figures of operations. */
export const alerts: Service = defineService({
  service: 'alerts',
  metrics: {
    wait_seconds: { type: 'histogram', unit: 's', buckets: [1, 5, 20, 60] },
    calls_total: { type: 'counter', labels: ['code'] },
    errors_total: { type: 'counter' },
    running: { type: 'gauge' },
    finished_total: { type: 'counter' },
    free_bytes: { type: 'gauge' },
    disk_up: { type: 'gauge' },
    repairs_total: { type: 'counter' },
    f_total: { type: 'counter', labels: ['code'] },
    cpu_seconds_total: { type: 'counter' },
    answer_seconds: { type: 'histogram', unit: 's', buckets: [1, 5, 20], pendingOn: 'a release' },
    step_seconds: { type: 'histogram', unit: 's', buckets: [1, 5, 20], aliases: ['stage_seconds'] },
  },
  slos: { ok: { target: '99%', bad: 'calls_total{code="500"}', total: 'calls_total', alerts: 'none' } },
  alerts: [
    {
      name: 'Spike',
      severity: 'page',
      spike: 'errors_total',
      window: '5m',
      baseline: '15m',
      offset: '15m',
      factor: 5,
      floor: 0.1,
      for: '2m',
    },
    {
      name: 'Stuck',
      severity: 'ticket',
      all: ['sum(running) > 0', { stalled: 'finished_total', within: '10m' }],
      for: '1m',
    },
    { name: 'Either', severity: 'info', any: ['free_bytes < 1000', { absent: 'disk_up' }] },
    { name: 'Grew', severity: 'ticket', increased: 'repairs_total', within: '5m', keepFiringFor: '4m' },
    {
      name: 'Slow',
      severity: 'ticket',
      when: 'histogram_quantile(0.9, sum by (le) (rate(wait_seconds_bucket[5m]))) > 20',
      for: '3m',
    },
    {
      name: 'SlowAnswers',
      severity: 'info',
      when: 'histogram_quantile(0.5, sum by (le) (rate(answer_seconds_bucket[5m]))) > 5',
      for: '2m',
    },
    {
      name: 'MostFail',
      severity: 'page',
      when: 'sum(rate(f_total{code=~"5.."}[5m])) / sum(rate(f_total[5m])) > 0.5',
      for: '2m',
    },
  ],
  thresholds: {
    cpu: { value: 'max(rate(cpu_seconds_total[5m]))', warning: 0.7, critical: 0.9, for: '5m', action: 'Add a worker.' },
    // Under the name that the histogram has besides.
    stages: {
      value: 'histogram_quantile(0.9, sum by (le) (rate(stage_seconds_bucket[5m])))',
      warning: 1,
      critical: 5,
      action: 'Look at the steps.',
    },
  },
});

/** Periods of the calendar and several at once, exclusions, a rename, slow windows. */
export const periods: Service = defineService({
  service: 'periods',
  metrics: {
    new_total: { type: 'counter', labels: ['code'], aliases: ['old_total'] },
    a_total: { type: 'counter', labels: ['code'] },
    b_total: { type: 'counter', labels: ['code'] },
    c_total: { type: 'counter', labels: ['code'] },
    d_total: { type: 'counter', labels: ['code'] },
  },
  slos: {
    month: {
      target: '99%',
      periods: ['calendar month', '7d', '1h', 'calendar day'],
      bad: 'a_total{code="500"}',
      total: 'a_total',
      alerts: [...tiers],
    },
    renamed: { target: '99%', bad: 'new_total{code="500"}', total: 'new_total', alerts: [...tiers] },
    excluded: { target: '99%', bad: 'b_total{code="500"}', total: 'b_total', alerts: [...tiers] },
    hour: {
      target: '90%',
      period: '1h',
      bad: 'c_total{code="500"}',
      total: 'c_total',
      alerts: [{ severity: 'page', long: '20m', short: '2m', burn: 2 }],
    },
    slow: {
      target: '99.9%',
      bad: 'd_total{code="500"}',
      total: 'd_total',
      alerts: [{ severity: 'ticket', long: '3d', short: '30m', burn: 1, for: '3m' }],
    },
  },
  exclusions: {
    maintenance: {
      reason: 'Upgrades.',
      owner: 'shop',
      every: 'FREQ=DAILY',
      start: '2026-01-04T00:00',
      for: '2h',
      slos: ['excluded'],
    },
  },
});

/**
 * What looks at the target itself, a condition within another that has one part, a bound of as many digits as a number has, a rate that is
 * too low until its range has filled, a heartbeat that is still waited for, and a day that is not over where unit tests begin.
 */
export const corners: Service = defineService({
  service: 'corners',
  timeZone: 'America/New_York',
  slos: {
    answers: { target: '99% of 1m slices', condition: 'up == 1', alerts: [...tiers] },
    nested: {
      target: '99% of 1m slices',
      condition: { all: ['queue_depth < 50', { any: ['oldest_seconds <= 30'] }] },
      alerts: [...tiers],
    },
    exact: { target: '99% of 1m slices', condition: 'mode == 0.12345678901234566', alerts: [...tiers] },
    filling: {
      target: '99% of 1m slices',
      condition: 'sum(rate(calls_total[5m])) >= 40',
      noData: 'good',
      alerts: [...tiers],
    },
    waiting: {
      target: '99% of 30s slices',
      condition: { increases: 'beats_total', within: '1m' },
      lifecycle: 'pending',
      alerts: [...tiers],
    },
    day: {
      target: '99%',
      periods: ['calendar day', 'calendar week', 'calendar month'],
      bad: 'a_total{code="500"}',
      total: 'a_total',
      alerts: [...tiers],
    },
  },
});

/** Alerts that states of policies turn on: by the budget of their objective alone, and by the worst of several. */
export const profiles: Service = defineService({
  service: 'profiles',
  metrics: {
    a_total: { type: 'counter', labels: ['code'] },
    b_total: { type: 'counter', labels: ['code'] },
    queue_depth: { type: 'gauge' },
  },
  slos: {
    alone: {
      target: '99%',
      bad: 'a_total{code="500"}',
      total: 'a_total',
      alerts: [...tiers, { severity: 'ticket', long: '2h', short: '10m', burn: 1, profile: 'enhanced' }],
      alertLabels: { page: { routing_key: 'payments', where: '{{ $labels.slo }}' }, ticket: { board: 'B 1.10' } },
    },
    watched: {
      target: '98%',
      bad: 'b_total{code="500"}',
      total: 'b_total',
      alerts: [...tiers, { severity: 'info', long: '2h', short: '10m', burn: 1, profile: 'maximum' }],
    },
    queue: {
      target: '99% of 1m slices',
      condition: 'queue_depth < 50',
      alerts: [
        ...tiers,
        { name: 'QueueDeep', severity: 'info', when: 'queue_depth > 50', for: '1m', profile: 'enhanced' },
      ],
    },
  },
  policies: {
    own: {
      slos: ['alone', 'queue'],
      combine: 'each',
      states: { fine: { remainingAbove: '50%' }, low: { profile: 'enhanced' } },
    },
    joint: {
      slos: ['watched', 'alone'],
      states: {
        fine: { remainingAbove: '50%' },
        low: { remainingAbove: '0%', profile: 'enhanced' },
        gone: { profile: 'maximum' },
      },
    },
  },
});
