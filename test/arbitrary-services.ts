import fc from 'fast-check';
import type {
  AlertConditionInput,
  AlertInput,
  ConditionAlertInput,
  ConditionInput,
  ServiceInput,
  SloInput,
} from '../src/core/formats/index.ts';
import { few, organisation, text, word } from './arbitrary-organisation.ts';

/** Definitions of every kind, made so that they are right. Names and words are drawn from all that may stand there. */

const length = fc.constantFrom('1m', '5m', '90m', '1d', '36h');
const counter = fc.tuple(word, word).map(([metric, value]) => `${metric}_total{code="${value}",path=~"/${value}.*"}`);
const counters = few(counter).map((all) => all.join(' + '));
// Rates can pass any bound above zero; what cannot be passed is refused.
const bound = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 1e-9, max: 1e9, noNaN: true }));
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const operator = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
const value = fc.oneof(
  counter,
  counter.map((each) => `sum by (code) (rate(${each}[5m]))`),
  word.map((metric) => `max_over_time(${metric}[10m:1m] offset 1h) / ignoring(x) ${metric}_limit`),
  word.map((metric) => `(${metric} or vector(0))`),
  word.map((metric) => `${metric} and on(job) up == 1`).map((each) => `(${each})`),
);
const comparison = fc.oneof(
  fc.tuple(value, operator, bound).map((parts) => parts.join(' ')),
  fc.tuple(bound, operator, value).map((parts) => parts.join(' ')),
  value.map((each) => `${each} < 450 * 1024 ^ 2`),
  fc.tuple(word, operator, number).map((parts) => parts.join(' ')),
);

const condition: fc.Arbitrary<string | ConditionInput> = fc.letrec<{ whole: string | ConditionInput }>((tie) => ({
  whole: fc.oneof(
    { depthSize: 'small' },
    comparison,
    fc.record({ increases: counters, within: length }),
    fc.record({ neverIncreases: counters, within: length }),
    fc.record({ all: few(tie('whole')) }),
    fc.record({ any: few(tie('whole')) }),
  ),
})).whole;

type Parts = { whole: AlertConditionInput; part: string | AlertConditionInput };
const alertCondition: fc.Arbitrary<AlertConditionInput> = fc.letrec<Parts>((tie) => ({
  whole: fc.oneof(
    { depthSize: 'small' },
    fc.record({ when: comparison }),
    fc.record({ stalled: counters, within: length }),
    fc.record({ increased: counters, within: length }),
    fc.record(
      {
        spike: counters,
        window: length,
        baseline: length,
        offset: length,
        factor: fc.double({ min: 1.5, max: 100, noNaN: true }),
        floor: fc.double({ min: 0, max: 100, noNaN: true }),
      },
      { requiredKeys: ['spike'] },
    ),
    fc.record({ absent: counter }),
    fc.record({ all: few(tie('part')) }),
    fc.record({ any: few(tie('part')) }),
  ),
  part: fc.oneof(comparison, tie('whole')),
})).whole;

const alertName = fc.stringMatching(/^[A-Z][A-Za-z0-9_]{0,8}$/);
const severity = fc.constantFrom('page', 'ticket', 'info', 'critical', 'warning');
const common = {
  severity,
  for: fc.constantFrom('0s', '1m', '5m'),
  keepFiringFor: fc.constantFrom('0s', '10m'),
  profile: fc.constantFrom('standard', 'enhanced', 'maximum'),
} satisfies { [Key in keyof AlertInput]: fc.Arbitrary<AlertInput[Key]> };
const words = fc.dictionary(
  word.map((name) => `x_${name}`),
  text,
  { maxKeys: 2 },
);
const wordsBySeverity = fc.record({ page: words, ticket: words, info: words }, { requiredKeys: [] });
const conditionAlert: fc.Arbitrary<ConditionAlertInput> = fc
  .tuple(
    alertCondition,
    fc.record(
      {
        ...common,
        name: alertName,
        summary: text,
        description: text,
        runbook: text,
        steps: few(text),
        dependsOn: few(text),
        labels: words,
        annotations: words,
      },
      { requiredKeys: ['name', 'severity'] },
    ),
  )
  .map(([looksAt, words]) => ({ ...looksAt, ...words }));
const tier: fc.Arbitrary<AlertInput> = fc.oneof(
  fc.record(
    {
      ...common,
      long: fc.constantFrom('1h', '2h'),
      burn: fc.constantFrom(1, 6, 14.4),
      name: alertName,
      labels: words,
      annotations: words,
    },
    { requiredKeys: ['severity', 'long', 'burn'] },
  ),
  fc.record({
    severity,
    long: fc.constantFrom('3h', '6h'),
    short: length.filter((each) => each !== '1d' && each !== '36h'),
    budget: fc.constantFrom('2%', '5%', '10%'),
  }),
);
const uniqueBy = <T extends AlertInput>(alerts: readonly ('workbook' | T)[]): readonly ('workbook' | T)[] => {
  const key = (alert: 'workbook' | T): string =>
    alert === 'workbook' ? alert : alert.long === undefined ? `name ${alert.name}` : `window ${alert.long}`;
  return alerts.filter((alert, index) => alerts.findIndex((other) => key(other) === key(alert)) === index);
};

/** The same alerts with the names that no other alert of the service has. */
function distinct<T extends AlertInput | 'workbook'>(alerts: readonly T[], of: string): readonly T[] {
  return alerts.map((alert, index) =>
    typeof alert === 'object' && alert.name !== undefined ? { ...alert, name: `${alert.name}_${of}${index}` } : alert,
  );
}

const target = fc.integer({ min: 99_000, max: 99_999 }).map((parts) => `${parts / 1000}%`);
const details = {
  title: text,
  description: text,
  alerts: fc.oneof(
    fc.constantFrom<'workbook' | 'none'>('workbook', 'none'),
    fc.array(fc.oneof(fc.constant('workbook' as const), conditionAlert), { maxLength: 3 }).map(uniqueBy),
    fc.array(fc.oneof(tier, conditionAlert), { maxLength: 4 }).map(uniqueBy),
  ),
  alertLabels: wordsBySeverity,
  alertAnnotations: wordsBySeverity,
  minimumBadEvents: fc.integer({ min: 2, max: 10 }),
  minimumEvents: fc.nat(100),
  noData: fc.constantFrom('unknown', 'bad', 'good'),
  absentFor: length,
  role: fc.constantFrom('primary', 'secondary'),
  category: fc.constantFrom('user', 'resource'),
  lifecycle: fc.constantFrom('pending', 'active'),
  criticality: fc.constantFrom('critical', 'high', 'medium', 'low'),
  family: text,
  journey: text,
  customers: fc.oneof(text, few(text)),
  rationale: text,
  impact: fc.oneof(text, few(text)),
  costs: fc.oneof(text, few(text)),
  dependsOn: fc.oneof(text, few(text)),
  aspiration: target,
  evidence: text,
  targetHistory: few(
    fc.record({ target, since: fc.constant('2026-02-28'), reason: text }, { requiredKeys: ['target', 'since'] }),
  ),
  dashboard: text,
  runbook: text,
  labels: fc.dictionary(
    word.map((label) => `x_${label}`),
    text,
    { maxKeys: 2 },
  ),
} satisfies { [Key in keyof SloInput]: fc.Arbitrary<SloInput[Key]> };

const rolling = fc.constantFrom('28d', '30d', '90d');
const calendar = fc.constantFrom('calendar month', 'calendar quarter');
const period: fc.Arbitrary<Pick<SloInput, 'period' | 'periods' | 'timeZone'>> = fc.oneof(
  fc.constant({}),
  rolling.map((each) => ({ period: each })),
  fc.record(
    { period: calendar, timeZone: fc.constantFrom('Europe/Berlin', 'UTC', 'Asia/Tokyo') },
    { requiredKeys: ['period'] },
  ),
  fc.record({
    periods: fc.tuple(calendar, rolling, fc.constant('calendar day')),
    timeZone: fc.constantFrom('America/New_York'),
  }),
);
const sliced = fc.oneof(
  fc.constant({}),
  target.map((each) => ({ target: `${each} of 1m slices`, sliceTarget: '95%' })),
  target.map((each) => ({ target: `${each} of 5m ratios` })),
);
const group = fc.oneof(fc.constant({}), fc.constant({ groupBy: ['tenant'] }));
const percentile = fc.constantFrom('p99', 'p99.9', 'p99.95');
const kinds: fc.Arbitrary<SloInput> = fc.oneof(
  fc.tuple(counters, sliced, group).map(([total, more, groups]) => ({
    target: '99.9%',
    ...more,
    ...groups,
    bad: { status: ['5xx', '!503'], class: 'x.y' },
    total,
  })),
  fc
    .tuple(counters, fc.oneof(fc.constant('{kind!="x"}'), fc.constant({ kind: ['a', '!b'] })))
    .map(([total, valid]) => ({
      maxErrorRatio: '0.1%',
      good: total,
      total,
      valid,
    })),
  fc.tuple(word, percentile, fc.uniqueArray(percentile, { minLength: 1 })).map(([metric, share, quantiles]) => ({
    percentile: share,
    histogram: metric,
    below: '100ms',
    quantiles,
  })),
  word.map((metric) => ({ percentiles: { p99: '100ms', 'p99.9': 0.5 }, histogram: `${metric}{a!~"b|c"}` })),
  fc.tuple(condition, fc.constantFrom('', ' of 1m slices', ' of 30s slices', ' of 5m ratios')).map(([holds, of]) => ({
    target: `99.5%${of}`,
    condition: holds,
  })),
  condition.map((holds) => ({ target: '99.5% of 5m slices', sliceTarget: '90%', condition: holds })),
  fc.tuple(word, fc.constantFrom({}, { target: '99% of 10m ratios' })).map(([metric, more]) => ({
    target: '99.5%',
    ...more,
    queries: {
      bad: `sum_over_time((count(${metric} > 5))[{{.window}}:]) or on() vector(0)`,
      total: `sum_over_time((count(${metric}))[{{ .window }}:1m])`,
    },
  })),
  word.map((metric) => ({
    target: '99% of 1m slices',
    sliceTarget: '100%',
    queries: { goodRatio: `avg(avg_over_time(${metric}{a="b"}[{{.window}}]))` },
  })),
  fc.tuple(word, text).map(([system, query]) => ({
    target: '99.5%',
    external: { system, measures: { query, of: [1, true, null, { x: 0.5 }] } },
  })),
);
const invariants: fc.Arbitrary<SloInput> = fc
  .tuple(
    condition,
    fc.constantFrom('continuous', 'continuous over 7d'),
    fc.constantFrom('', '100%', '100% of 30s slices'),
  )
  .map(([holds, over, share]) => ({ condition: holds, period: over, ...(share === '' ? {} : { target: share }) }));
const { alerts: _, ...otherDetails } = details;
const slo = fc.oneof(
  fc
    .tuple(kinds, fc.record(details, { requiredKeys: [] }), period)
    .map(([kind, words, over]) => ({ ...words, ...over, ...kind })),
  fc
    .tuple(
      invariants,
      fc.record(
        {
          ...otherDetails,
          alerts: fc.oneof(
            fc.constant('none' as const),
            fc.array(fc.oneof(fc.constant('workbook' as const), conditionAlert), { maxLength: 3 }).map(uniqueBy),
          ),
        },
        { requiredKeys: [] },
      ),
    )
    .map(([kind, words]) => ({ ...words, ...kind })),
);
/** What a catalogue says of a metric. */
export const anyMetric = fc.record(
  {
    type: fc.constantFrom('counter', 'gauge'),
    aliases: few(word),
    pendingOn: text,
    exporter: text,
    rows: fc.record({ database: text, sql: text, valueColumn: text }),
    labels: fc.dictionary(word, fc.array(word, { maxLength: 2 }), { maxKeys: 2 }),
  },
  { requiredKeys: ['type'] },
);

/** Services of every kind. */
export const anyService: fc.Arbitrary<ServiceInput> = fc
  .record({
    slos: fc.dictionary(word, slo, { minKeys: 1, maxKeys: 3 }),
    alerts: fc
      .array(conditionAlert, { maxLength: 2 })
      .map((all) => all.filter((each, index) => all.findIndex(({ name }) => name === each.name) === index)),
    timeZone: fc.constantFrom('UTC', 'Europe/London'),
    organisation,
    combine: fc.constantFrom('weighted' as const, 'worst' as const, 'series' as const, 'pooled' as const),
  })
  .map(({ slos, alerts, timeZone, combine, organisation: rest }): ServiceInput => {
    const members = Object.entries(slos).flatMap(([name, { percentiles }]) =>
      percentiles === undefined ? [name] : Object.keys(percentiles).map((key) => `${name}-${key.replace('.', '-')}`),
    );
    const whole: SloInput = {
      target: '99.9%',
      composite: {
        combine,
        members: [...members, { slo: 'elsewhere', service: 'other', ...(combine === 'weighted' && { weight: 2.5 }) }],
      },
    };
    const named = Object.entries(slos).map(([name, each]): [string, SloInput] => {
      const own = each.alerts;
      return [name, typeof own === 'object' ? { ...each, alerts: distinct(own, name) } : each];
    });
    const all = { ...Object.fromEntries(named), 'the-whole': whole };
    return { service: 'home', timeZone, slos: all, alerts: distinct(alerts, 'service'), ...rest(members) };
  });
