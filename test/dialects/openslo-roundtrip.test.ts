import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDefinitions, readServices, writeServices } from '../../src/core/formats/index.ts';
import { diffServices, plainService, type Service, type Slo } from '../../src/core/slo/index.ts';
import { opensloFaults } from './openslo-rules.ts';

// What OpenSLO can say of slices, conditions, composites, calendars, families and details comes back the same.

const long = 'A sentence that goes on for longer than what a name for people may have. ';
const text = fc.constantFrom(
  'Somebody pays.',
  long.trim(),
  long.repeat(20).trim(),
  'says "no" - # and: all',
  'über\nzwei Zeilen',
  '10',
  'true',
  '[a]',
);
const texts = fc.array(text, { minLength: 1, maxLength: 3 });
const maybe = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(item, { nil: undefined, freq: 3 });

const ratio = fc.constantFrom<object>(
  { bad: 'http_requests_total{code=~"5.."}', total: 'http_requests_total' },
  { good: 'rpc:calls_total{ok="true"} + old_calls_total{ok="true"}', total: 'rpc:calls_total + old_calls_total' },
  { histogram: 'latency_seconds{size="s"}', below: 0.25 },
  { histogram: 'native_latency_seconds{size="s"}', below: 0.3 },
);
const statement = fc.letrec<{ whole: unknown }>((tie) => ({
  whole: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      'max by (queue) (queue_depth) < 50',
      'sum(rate(done_total[5m])) >= 0.5',
      'up == 1',
      'pool_size != 0',
      'a_bytes / b_bytes <= 0.9',
      'temperature > -5',
    ),
    fc.constantFrom<unknown>(
      { increases: 'done_total + lost_total', within: '5m' },
      { neverIncreases: 'lost_total', within: '90m' },
    ),
    fc.record({ all: fc.array(tie('whole'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ any: fc.array(tie('whole'), { minLength: 1, maxLength: 2 }) }),
  ),
})).whole;

const queries = fc.constantFrom<object>(
  { badRatio: '1 - avg(avg_over_time(satisfaction[{{.window}}]))' },
  { goodRatio: 'avg(avg_over_time(satisfaction[{{.window}}]))' },
  {
    bad: 'sum_over_time((count(depth > 5))[{{.window}}:30s])',
    total: 'sum_over_time((count(depth))[{{.window}}:30s])',
  },
  { good: 'count_over_time(up[{{.window}}]) - changes(up[{{.window}}])', total: 'count_over_time(up[{{.window}}])' },
);
const external = fc.constantFrom<object>(
  { system: 'Datadog', measures: { ratioMetric: { counter: true, good: { query: 'a' }, total: { query: 'b' } } } },
  { system: 'Splunk', measures: { ratioMetric: { rawType: 'failure', raw: { query: 'a', of: [1, 'x', null] } } } },
  { system: 'CloudWatch', measures: { thresholdMetric: { metric: 'Latency' }, op: 'lt', value: 0.5 } },
);

const measured = fc.oneof(
  fc.tuple(ratio, fc.constantFrom('99.9%', '95%')).map(([indicator, target]) => ({ ...indicator, target })),
  fc
    .tuple(ratio, fc.constantFrom('99% of 1m slices', '90% of 5m slices'), fc.constantFrom('95%', '99.5%'))
    .map(([indicator, target, sliceTarget]) => ({ ...indicator, target, sliceTarget, alerts: 'none' })),
  ratio.map((indicator) => ({ ...indicator, target: '99% of 1m ratios', alerts: 'none' })),
  fc
    .tuple(statement, fc.constantFrom('99%', '99% of 5m slices', '95% of 1m slices', '90% of 5m ratios'))
    .map(([condition, target]) => ({ condition, target, alerts: 'none' })),
  fc
    .tuple(statement, fc.constantFrom('90%', '99.5%'))
    .map(([condition, sliceTarget]) => ({ condition, target: '99% of 5m slices', sliceTarget, alerts: 'none' })),
  fc
    .tuple(queries, fc.constantFrom('99%', '95% of 10m ratios'))
    .map(([own, target]) => ({ queries: own, target, alerts: 'none' })),
  queries.map((own) => ({ queries: own, target: '99% of 5m slices', sliceTarget: '100%', alerts: 'none' })),
  fc
    .tuple(external, fc.constantFrom('99%', '95% of 10m ratios'))
    .map(([own, target]) => ({ external: own, target, alerts: 'none' })),
);

const periods = fc.constantFrom<object>(
  {},
  { period: '28d' },
  { period: 'calendar month', timeZone: 'Europe/Berlin' },
  { period: 'calendar week' },
  { period: 'calendar day', timeZone: 'Asia/Tokyo' },
  { period: 'calendar quarter' },
  { period: 'calendar year' },
  { periods: ['calendar month', '28d', 'calendar day'], timeZone: 'America/New_York' },
  { periods: ['30d', 'calendar quarter'], timeZone: 'Europe/Berlin' },
);

const details = fc.record({
  title: maybe(text),
  description: maybe(text),
  role: maybe(fc.constant('secondary')),
  category: maybe(fc.constant('resource')),
  lifecycle: maybe(fc.constantFrom('draft', 'pending', 'retired')),
  criticality: maybe(fc.constantFrom('critical', 'low')),
  family: maybe(fc.constant('kin')),
  journey: maybe(text),
  customers: maybe(texts),
  rationale: maybe(text),
  impact: maybe(texts),
  dependsOn: maybe(texts),
  aspiration: maybe(fc.constant('99.99%')),
  dashboard: maybe(fc.constant('https://example.org/board')),
  groupBy: maybe(fc.constantFrom(['tenant'], ['tenant', 'region'])),
  minimumEvents: maybe(fc.constantFrom(20)),
  noData: maybe(fc.constantFrom('bad', 'good')),
});

const alerts = fc.constantFrom<object>(
  {},
  { alerts: 'none' },
  {
    alerts: [
      { severity: 'page', long: '1h', burn: 1.2, for: '2m', keepFiringFor: '10m', name: 'Burns', profile: 'enhanced' },
    ],
  },
);

const objective = fc
  .tuple(measured, periods, details, alerts)
  .map(([what, when, words, tiers]) => ({ ...tiers, ...words, ...when, ...what }));

const nameOf = fc.constantFrom('api', 'checkout', 'search-index', 'b2');

const service = fc
  .record({
    service: fc.constantFrom('shop', 'media-platform'),
    criticality: maybe(fc.constant('high')),
    contacts: maybe(
      fc.constant({
        ops: { title: 'Operations', role: 'on-call', email: 'ops@example.org' },
        boss: { phone: '+49 1' },
      }),
    ),
    slos: fc.dictionary(nameOf, objective, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    composite: fc.boolean(),
  })
  .map(({ composite, slos, ...input }) => {
    const members = Object.entries(slos).flatMap(([slo, { lifecycle }]) =>
      lifecycle === 'draft' || lifecycle === 'retired' ? [] : [{ slo, weight: slo.length }],
    );
    const whole = { target: '99%', composite: { combine: 'weighted', members }, alerts: 'none' };
    const all = composite && 0 < members.length ? { ...slos, whole } : slos;
    return read({ ...input, slos: all });
  })
  .filter((made) => made !== undefined);

/** A definition, with a catalogue where a native histogram makes one necessary: as bare as one that comes back. */
function read(input: { readonly slos: object }): Service | undefined {
  const isNative = JSON.stringify(input).includes('native_latency');
  const metrics = isNative ? { metrics: catalogueOf(JSON.stringify(input.slos)) } : {};
  const outcome = readDefinitions({
    name: 'made',
    text: JSON.stringify({ apiVersion: 'nines/v1', ...metrics, ...input }),
  });
  return outcome.ok ? outcome.value[0] : undefined;
}

function catalogueOf(written: string): Readonly<Record<string, object>> {
  const types: Readonly<Record<string, object>> = {
    http_requests_total: { type: 'counter' },
    'rpc:calls_total': { type: 'counter' },
    old_calls_total: { type: 'counter' },
    latency_seconds: { type: 'histogram' },
    native_latency_seconds: { type: 'histogram', native: true },
    queue_depth: { type: 'gauge' },
    done_total: { type: 'counter' },
    lost_total: { type: 'counter' },
    up: { type: 'gauge' },
    pool_size: { type: 'gauge' },
    a_bytes: { type: 'gauge' },
    b_bytes: { type: 'gauge' },
    temperature: { type: 'gauge' },
    satisfaction: { type: 'gauge' },
    depth: { type: 'gauge' },
  };
  const isUsed = (name: string): boolean => new RegExp(`(?<![a-z_:])${name}(?![a-z_:])`).test(written);
  return Object.fromEntries(Object.entries(types).filter(([name]) => isUsed(name)));
}

function back(services: readonly Service[]): readonly Service[] {
  const { text: written } = writeServices(services, 'openslo');
  const outcome = readServices({ name: 'openslo', text: written });
  if (!outcome.ok) throw new Error(`${outcome.diagnostics.map(({ message }) => message).join('\n')}\n${written}`);
  return outcome.value;
}

test('a service comes back from OpenSLO the same', () => {
  fc.assert(
    fc.property(service, (given) => {
      const { text: written, diagnostics } = writeServices([given], 'openslo');
      expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
      expect(opensloFaults(written)).toEqual([]);
      const [again] = back([given]);
      expect(again).toEqual(given);
    }),
    { numRuns: 200 },
  );
});

test('a part of a composite that stands in another service is found there', () => {
  const made = [
    { service: 'pay', slos: { ok: { target: '99%', bad: 'a_total{x="1"}', total: 'a_total' } } },
    {
      service: 'shop',
      slos: {
        up: { target: '99%', condition: 'up == 1', alerts: 'none' },
        all: {
          target: '98%',
          alerts: 'none',
          composite: { combine: 'weighted', members: ['up', { service: 'pay', slo: 'ok', weight: 3 }] },
        },
      },
    },
  ].flatMap((input) => read(input) ?? []);
  expect(made).toHaveLength(2);
  expect(back(made)).toEqual(made);
});

test('a query that was changed counts, not the condition beside it', () => {
  const given = read({
    service: 'shop',
    slos: { a: { target: '99%', condition: 'up == 1', alerts: 'none' } },
  } as never);
  const { text: written } = writeServices(given === undefined ? [] : [given], 'openslo');
  expect(written).toContain('min(up == bool 1)');
  const outcome = readServices({ name: 'changed', text: written.replace('min(up == bool 1)', 'min(up == bool 2)') });
  expect(outcome.diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toContain('warning dialect/assumed');
  const indicator = outcome.ok ? outcome.value[0]?.slos[0]?.indicator : undefined;
  expect(indicator).toMatchObject({ condition: { kind: 'comparison', operator: '>=', bound: 1 } });
});

const examples = join(import.meta.dirname, '../../examples');
const systems = readdirSync(examples, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe('of the example', () => {
  test.each(systems)('%s OpenSLO says what it can and the rest is told', (system) => {
    const files = readdirSync(join(examples, system), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => /slo\.ya?ml$/.test(name))) {
      const outcome = readServices({ name: file, text: readFileSync(join(examples, system, file), 'utf8') });
      if (!outcome.ok) throw new Error(`${system}/${file}`);
      const { text: written, diagnostics } = writeServices(outcome.value, 'openslo');
      const leftOut = new Set(
        diagnostics.flatMap(({ severity, message }) => (severity === 'error' ? [message.split(':')[0]] : [])),
      );
      const kept = outcome.value.map((each) => sayable(each, (slo) => !leftOut.has(`${each.name}/${slo.name}`)));
      const again = readServices({ name: 'openslo', text: written });
      expect(again.ok ? diffServices(kept, again.value.map(withoutMetrics)) : again.diagnostics).toEqual([]);
      expect(opensloFaults(written)).toEqual([]);
    }
  });
});

/** A service without what OpenSLO has no place for. */
function sayable(service: Service, keep: (slo: Slo) => boolean): Service {
  const { name, title, description, owner, job, criticality, contacts, slos } = service;
  return {
    ...plainService,
    name,
    title,
    ...(description === undefined ? {} : { description }),
    owner,
    job,
    ...(criticality === undefined ? {} : { criticality }),
    metrics: new Map(),
    contacts: contacts.map(({ receiver: _, ...contact }) => contact),
    slos: slos.filter(keep).map((slo) => ({ ...slo, conditionAlerts: [], targetHistory: [] })),
  };
}

function withoutMetrics(service: Service): Service {
  return { ...service, metrics: new Map() };
}
