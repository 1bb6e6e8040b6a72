import { expect, test } from 'vitest';
import { day, duration, minute, ratio } from '../base/index.ts';
import { type Expr, parseExpr } from '../promql/index.ts';
import { printRuleFile } from '../rules/index.ts';
import {
  type CompositeIndicator,
  type Condition,
  type ConditionAlert,
  type ErrorBudgetPolicy,
  type Indicator,
  plainService,
  plainSlo,
  readTarget,
  type Service,
  type Slo,
  workbookTiers,
} from '../slo/index.ts';
import { generateRules } from './index.ts';

const plainAlert = {
  holdFor: duration(0),
  keepFiringFor: duration(0),
  profile: 'standard',
  steps: [],
  dependsOn: [],
  labels: new Map<string, string>(),
} as const;

/** One golden file for each kind of objective, to be read by people. */
const slices = { kind: 'slices', length: minute } as const;

test.each([
  ['comparison', { noData: 'bad', measure: slices, indicator: judged(atMost('queue_depth', 50)) }],
  [
    'compound',
    {
      measure: slices,
      indicator: judged({
        kind: 'all',
        of: [
          atMost('avg_over_time(queue_age_seconds[5m])', 30),
          { kind: 'progress', counter: expr('beats_total'), within: duration(5 * minute) },
          { kind: 'invariant', counter: expr('lost_total'), within: minute },
        ],
      }),
    },
  ],
  [
    'quantiles',
    {
      quantiles: [ratio(0.5), ratio(0.99)],
      indicator: { kind: 'distribution', histogram: expr('http_seconds{code!~"5.."}'), below: 0.5 },
    },
  ],
  [
    'queries',
    {
      measure: { kind: 'slice-ratios', length: duration(5 * minute) },
      indicator: {
        kind: 'queries',
        counts: 'bad',
        events: expr('sum_over_time((count(satisfaction_ratio < 0.5))[range():30s])'),
        total: expr('sum_over_time((count(satisfaction_ratio))[range():30s])'),
      },
    },
  ],
  [
    'condition-share',
    { measure: { ...slices, sliceTarget: ratio(0.9) }, indicator: judged(atMost('queue_depth', 50)) },
  ],
  ['event-slices', { measure: { ...slices, sliceTarget: ratio(0.95) } }],
  [
    'invariant',
    {
      period: { kind: 'continuous', length: duration(day / 4) },
      target: { text: '100%', ratio: ratio(1), errorBudget: ratio(0) },
      measure: slices,
      alerts: [],
      indicator: judged({ kind: 'invariant', counter: expr('lost_total'), within: minute }),
      conditionAlerts: [
        {
          ...plainAlert,
          name: 'ShopLostBroken',
          severity: 'page',
          when: { kind: 'progress', counter: expr('lost_total'), within: minute, fires: 'increased' },
        },
      ],
    },
  ],
  [
    'alerts',
    {
      labels: new Map([['component', 'queue']]),
      minimumEvents: 100,
      runbook: 'https://runbooks.example/shop',
      alerts: [
        {
          severity: 'page',
          longWindow: duration(60 * minute),
          shortWindow: duration(5 * minute),
          burnRate: 3,
          holdFor: duration(0),
          keepFiringFor: duration(5 * minute),
        },
        {
          severity: 'ticket',
          longWindow: duration(30 * minute),
          shortWindow: duration(5 * minute),
          burnRate: 2,
          holdFor: minute,
          name: 'ShopBurnsEarly',
          profile: 'enhanced',
        },
      ],
      conditionAlerts: conditionAlerts(),
    },
  ],
] satisfies readonly (readonly [string, Partial<Slo>])[])('%s', async (name, changes) => {
  const { file, diagnostics } = generateRules(serviceOf({ ...sloOf('99%'), name, title: name, ...changes }));
  expect(diagnostics).toEqual([]);
  await expect(printRuleFile(file)).toMatchFileSnapshot(`testdata/kinds/${name}.rules.yaml`);
});

test('composites of objectives of its own service and of others', async () => {
  const members = [
    { service: 'shop', slo: 'availability', weight: 3 },
    { service: 'bank', slo: 'payments', weight: 1 },
  ];
  const journey = (combine: CompositeIndicator['combine'], changes: Partial<Slo> = {}): Slo => ({
    ...sloOf('99%'),
    name: combine,
    title: combine,
    indicator: { kind: 'composite', combine, members },
    ...changes,
  });
  const service = serviceOf(
    { ...sloOf('99%'), alerts: [] },
    journey('weighted'),
    journey('worst', { alerts: [] }),
    journey('series', { alerts: [] }),
    journey('pooled', { alerts: [] }),
  );
  const { file, diagnostics } = generateRules(service);
  expect(diagnostics.map(({ code }) => code)).toEqual(Array(3).fill('generate/foreign-member'));
  await expect(printRuleFile(file)).toMatchFileSnapshot('testdata/kinds/composites.rules.yaml');
});

const month = { kind: 'calendar', unit: 'month', timeZone: 'UTC', length: day } as const;
test.each([
  ['a member that is not there', 'worst', 'nothing', {}, 'generate/composite'],
  ['a member that is not there, in a pot,', 'pooled', 'nothing', {}, 'generate/composite'],
  [
    'a member with another period',
    'worst',
    'availability',
    { period: { kind: 'rolling', length: day } },
    'generate/composite',
  ],
  ['a member without a further period', 'worst', 'availability', { furtherPeriods: [month] }, 'generate/composite'],
  [
    'a member with the month of another zone',
    'series',
    'monthly',
    { period: { ...month, timeZone: 'Europe/Berlin' } },
    'generate/composite',
  ],
  ['a member that joins ratios, in a pot,', 'pooled', 'joint', {}, 'generate/composite'],
  ['a member that no exclusion touches', 'weighted', 'availability', { name: 'excluded' }, 'generate/composite'],
  [
    'a member in slices of the whole',
    'worst',
    'availability',
    { measure: { kind: 'slices', length: minute } },
    'generate/measure',
  ],
  ['a member by labels of the whole', 'worst', 'availability', { groupBy: ['path'] }, 'generate/group'],
] satisfies readonly (readonly [string, CompositeIndicator['combine'], string, Partial<Slo>, string])[])(
  '%s can not be joined',
  (_, combine, slo, changes, code) => {
    const composite = (how: CompositeIndicator['combine'], member: string): Slo => ({
      ...sloOf('99%'),
      name: 'journey',
      indicator: { kind: 'composite', combine: how, members: [{ service: 'shop', slo: member, weight: 1 }] },
      alerts: [],
    });
    const service = serviceOf(
      sloOf('99%'),
      { ...sloOf('99%'), name: 'monthly', period: month },
      { ...composite('worst', 'availability'), name: 'joint' },
      { ...composite(combine, slo), ...changes },
    );
    const when = { kind: 'once', from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' } as const;
    const exclusions = [{ name: 'move', reason: 'new rooms', owner: 'shop-team', slos: ['excluded'], when }];
    const { diagnostics, file } = generateRules({ ...service, exclusions });
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
    expect(diagnostics[0]?.message).toMatch(/^shop\/(journey|excluded): /);
    expect(file.groups.map(({ name }) => name).filter((name) => /journey|excluded/.test(name))).toEqual([]);
    expect(file.groups.map(({ name }) => name)).toContain('nines-shop-joint');
  },
);

test('a service: thresholds, indicators without a target, alerts of its own', async () => {
  const threshold = { name: 'cpu', title: 'CPU of the busiest', operator: '>', unit: 'cores' } as const;
  const service: Service = {
    ...serviceOf(),
    severityLabels: { page: 'critical', ticket: 'warning', info: 'info' },
    thresholds: [
      {
        ...threshold,
        value: expr('max by (instance) (rate(process_cpu_seconds_total[5m]))'),
        warning: 0.7,
        critical: 0.9,
        action: 'Add a worker.',
        holdFor: duration(10 * minute),
        runbook: 'https://runbooks.example/cpu',
      },
    ],
    indicators: [
      {
        name: 'created',
        title: 'Tasks created',
        indicator: { kind: 'query', value: expr('sum(rate(tasks_total[5m]))') },
      },
      {
        name: 'fast',
        title: 'Fast answers',
        indicator: { kind: 'distribution', histogram: expr('http_seconds'), below: 0.5 },
      },
    ],
    alerts: conditionAlerts().slice(0, 3),
  };
  const { file, diagnostics } = generateRules(service);
  expect(diagnostics).toEqual([]);
  await expect(printRuleFile(file)).toMatchFileSnapshot('testdata/kinds/service.rules.yaml');
});

/** One alert for each kind of condition. */
function conditionAlerts(): readonly ConditionAlert[] {
  return [
    {
      ...plainAlert,
      name: 'QueueDepthHigh',
      severity: 'page',
      when: { kind: 'threshold', value: expr('queue_depth'), operator: '>', bound: 50 },
      holdFor: duration(5 * minute),
      keepFiringFor: duration(10 * minute),
      summary: 'The queue holds {{ $value }} jobs.',
      description: 'Jobs wait longer than they should.',
      runbook: 'https://runbooks.example/queue',
      steps: ['Look at the workers.', 'Add one.'],
      labels: new Map([['component', 'workers']]),
    },
    {
      ...plainAlert,
      name: 'NoHeartbeat',
      severity: 'ticket',
      when: { kind: 'progress', counter: expr('beats_total'), within: duration(5 * minute), fires: 'stalled' },
    },
    {
      ...plainAlert,
      name: 'ErrorsMultiplied',
      severity: 'ticket',
      when: {
        kind: 'relative',
        counter: expr('sum by (path) (errors_total)'),
        window: duration(5 * minute),
        baselineWindow: duration(60 * minute),
        baselineOffset: day,
        factor: 10,
        floor: 0.1,
      },
    },
    {
      ...plainAlert,
      name: 'NoWorkers',
      severity: 'info',
      profile: 'enhanced',
      when: {
        kind: 'all',
        of: [
          { kind: 'absent', series: expr('workers') },
          { kind: 'threshold', value: expr('queue_depth'), operator: '>', bound: 0 },
        ],
      },
    },
  ];
}

/** The policy that turns the enhanced profile on. */
function policy(slo: string): ErrorBudgetPolicy {
  const state = {
    actions: [],
    changes: { low: 'allow', medium: 'allow', high: 'allow' },
    always: [],
    notify: [],
    opensIncident: false,
  } as const;
  return {
    name: 'budget',
    title: 'Budget',
    slos: [slo],
    combine: 'each',
    wording: 'remaining',
    states: [
      { ...state, name: 'healthy', above: ratio(0.5), profile: 'standard' },
      { ...state, name: 'careful', above: ratio(0.25), profile: 'standard' },
      { ...state, name: 'exhausted', profile: 'enhanced' },
    ],
    exceptions: [],
  };
}

function serviceOf(...slos: readonly Slo[]): Service {
  const policies = slos.filter(({ name }) => name === 'alerts').map(({ name }) => policy(name));
  return {
    ...plainService,
    name: 'shop',
    title: 'Shop',
    owner: 'shop-team',
    job: 'shop',
    metrics: new Map(),
    slos,
    policies,
  };
}

/** An objective on events over six hours, so that a golden file holds no more than what its kind is about. */
function sloOf(text: string): Slo {
  const target = readTarget(text);
  if (!target.ok) throw new Error(text);
  const month = { kind: 'rolling', length: duration(30 * day) } as const;
  return {
    ...plainSlo,
    name: 'availability',
    title: 'Availability',
    indicator: { kind: 'ratio', counts: 'bad', events: expr('http_total{code=~"5.."}'), total: expr('http_total') },
    target: target.value,
    period: { kind: 'rolling', length: duration(day / 4) },
    alerts: workbookTiers(month, target.value)
      .slice(0, 1)
      .map((tier) => ({ ...tier, burnRate: 3 })),
    minimumBadEvents: 3,
    noData: 'unknown',
    absentFor: duration(5 * minute),
    labels: new Map(),
  };
}

function judged(condition: Condition): Indicator {
  return { kind: 'condition', condition };
}

function atMost(value: string, bound: number): Condition {
  return { kind: 'comparison', value: expr(value), operator: '<=', bound };
}

function expr(text: string): Expr {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

test('what another system measures has no rules, which is told, and keeps nothing else from having them', () => {
  const own: Slo = { ...sloOf('99%'), name: 'web' };
  const external: Slo = {
    ...own,
    name: 'partner',
    indicator: { kind: 'external', system: 'Datadog', measures: { query: 'x' } },
  };
  const alone = generateRules(serviceOf(own));
  const both = generateRules(serviceOf(external, own));
  expect(printRuleFile(both.file)).toBe(printRuleFile(alone.file));
  expect(both.diagnostics.filter((one) => !alone.diagnostics.some(({ message }) => message === one.message))).toEqual([
    expect.objectContaining({
      code: 'generate/external',
      severity: 'warning',
      subject: { service: 'shop', slo: 'partner' },
    }),
  ]);
  const draft = generateRules(serviceOf({ ...external, lifecycle: 'draft' }, own));
  expect(draft.diagnostics).toEqual(alone.diagnostics);
  const composite: Slo = {
    ...own,
    name: 'all',
    indicator: {
      kind: 'composite',
      combine: 'worst',
      members: ['partner', 'web'].map((slo) => ({ service: 'shop', slo, weight: 1 })),
    },
  };
  const joined = generateRules(serviceOf(external, own, composite));
  expect(joined.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([
    expect.objectContaining({
      code: 'generate/composite',
      message: expect.stringContaining('shop/partner is measured by Datadog'),
    }),
  ]);
});
