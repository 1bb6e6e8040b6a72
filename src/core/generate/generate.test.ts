import { describe, expect, test } from 'vitest';
import { type Duration, day, duration, hour, minute, ratio, second } from '../base/index.ts';
import { checkExpr, type Expr, parseExpr, printExpr } from '../promql/index.ts';
import { printRuleFile, type RuleFile, readRuleFile } from '../rules/index.ts';
import {
  type BurnRateTier,
  type CalendarPeriod,
  type CalendarUnit,
  type Condition,
  type ExclusionTime,
  type Indicator,
  type Period,
  plainService,
  plainSlo,
  readTarget,
  type Service,
  type Slo,
  workbookTiers,
} from '../slo/index.ts';
import {
  alertNames,
  defaultGenerateOptions,
  defaultTargets,
  generateRules,
  recorded,
  serviceArtefacts,
  statusQueries,
} from './index.ts';

test('a ratio and a distribution become these rules', async () => {
  const shop = serviceOf(
    sloOf({ name: 'availability', runbook: 'https://runbooks.example/shop' }),
    sloOf({
      name: 'latency',
      indicator: { kind: 'distribution', histogram: expr('http_seconds{code!~"5.."}'), below: 1 },
    }),
  );
  const { files, diagnostics } = serviceArtefacts(shop, defaultTargets);
  expect(diagnostics).toEqual([]);
  expect(files.map(({ path, target }) => [path, target])).toEqual([['shop.rules.yaml', 'prometheus']]);
  await expect(files[0]?.text).toMatchFileSnapshot('testdata/shop.rules.yaml');
});

test('a calendar month in a zone with summer time becomes these rules', async () => {
  const { files, diagnostics } = serviceArtefacts(
    serviceOf(sloOf({ period: calendar('month', 'Europe/Berlin') })),
    defaultTargets,
  );
  expect(diagnostics).toEqual([]);
  await expect(files[0]?.text).toMatchFileSnapshot('testdata/calendar.rules.yaml');
});

test('exclusions leave raw figures beside those that count', async () => {
  const when = (rule: string): ExclusionTime => ({
    kind: 'recurring',
    rule,
    start: '2026-01-04T02:00',
    length: duration(2 * hour),
    timeZone: 'Europe/Berlin',
  });
  const exclusions = [
    {
      name: 'sunday-nights',
      reason: 'planned',
      owner: 'us',
      slos: ['availability'],
      when: when('FREQ=WEEKLY;BYDAY=SU'),
    },
    {
      name: 'migration',
      reason: 'planned',
      owner: 'us',
      slos: ['availability'],
      when: { kind: 'once', from: '2026-11-07T21:00:00Z', to: '2026-11-08T03:00:00Z' } as const,
    },
  ];
  const shop = { ...serviceOf(sloOf({}), sloOf({ name: 'untouched', alerts: [] })), exclusions };
  const { files, diagnostics } = serviceArtefacts(shop, defaultTargets);
  expect(diagnostics).toEqual([]);
  await expect(files[0]?.text).toMatchFileSnapshot('testdata/exclusions.rules.yaml');
});

describe('whatever is defined', () => {
  const cases: readonly (readonly [name: string, slo: Slo, interval: Duration])[] = [
    ['a target of two nines', sloOf({ target: '99%' }), duration(30 * second)],
    ['a target below all paging burn rates', sloOf({ target: '80%' }), duration(30 * second)],
    ['a quarter', sloOf({ period: duration(90 * day) }), duration(30 * second)],
    ['an hour', sloOf({ period: hour, alerts: [] }), duration(10 * second)],
    ['a year', sloOf({ period: duration(365 * day) }), minute],
    ['a calendar day', sloOf({ period: calendar('day', 'Australia/Lord_Howe') }), duration(30 * second)],
    ['a calendar week', sloOf({ period: calendar('week', 'UTC') }), duration(15 * second)],
    ['a calendar month', sloOf({ period: calendar('month', 'Asia/Kathmandu') }), minute],
    ['a calendar quarter', sloOf({ period: calendar('quarter', 'America/New_York') }), duration(45 * second)],
    ['a calendar year', sloOf({ period: calendar('year', 'Australia/Lord_Howe') }), duration(30 * second)],
    ['an odd interval', sloOf({}), duration(45 * second)],
    ['several counters', sloOf({ indicator: severalCounters() }), duration(15 * second)],
    ['good events', sloOf({ indicator: goodEvents() }), duration(15 * second)],
    ['a bound with two spellings', sloOf({ indicator: below(20) }), duration(30 * second)],
    ['a bound below one', sloOf({ indicator: below(0.00001) }), duration(30 * second)],
    ['a name in braces', sloOf({ indicator: named() }), duration(30 * second)],
    ['a condition', sloOf({ indicator: condition(), measure: slices }), duration(30 * second)],
    [
      'a condition whose missing data is bad',
      sloOf({ indicator: condition(), measure: slices, noData: 'bad' }),
      minute,
    ],
    ['slices of events', sloOf({ measure: { ...slices, sliceTarget: ratio(0.95) } }), duration(15 * second)],
    ['ratios of slices', sloOf({ measure: { ...slices, kind: 'slice-ratios' } }), minute],
  ];

  test.each(cases)('%s: the rules read back as they are, and the checker finds nothing', (_, slo, interval) => {
    const { file } = generateRules(serviceOf(slo), { ...defaultGenerateOptions, interval });
    const text = printRuleFile(file);
    const read = readRuleFile({ name: 'generated.yml', text });
    expect(read).toMatchObject({ ok: true, diagnostics: [] });
    for (const rule of file.groups.flatMap(({ rules }) => rules)) {
      const printed = printExpr(rule.expr);
      const parsed = parseExpr(printed);
      expect(parsed.ok && printExpr(parsed.value), printed).toBe(printed);
      expect(checkExpr(rule.expr), printed).toEqual([]);
    }
  });

  test.each(cases)('%s: names are known, labels are the identity', (_, slo, interval) => {
    const { file } = generateRules(serviceOf(slo), { ...defaultGenerateOptions, interval });
    const known: readonly string[] = Object.values(recorded);
    for (const rule of file.groups.flatMap(({ rules }) => rules)) {
      expect(rule.labels.get('service')).toBe('shop');
      expect(rule.labels.get('slo')).toBe(slo.name);
      if (rule.kind === 'recording') expect(known).toContain(rule.record);
      else expect(rule.labels.get('owner')).toBe('shop-team');
    }
  });

  test.each(cases)('%s: each query of the status reads what is recorded', (_, slo, interval) => {
    const service = serviceOf(slo);
    const names = new Set(
      rulesOf(generateRules(service, { ...defaultGenerateOptions, interval }).file).map(({ name }) => name),
    );
    const { burnRates, furtherPeriods, ...queries } = statusQueries(service, slo, { interval });
    const further = [...furtherPeriods.values()].flatMap((one) => Object.values(one));
    for (const query of [...Object.values(queries), ...further, ...burnRates.map(({ burnRate }) => burnRate)]) {
      for (const name of printExpr(query).matchAll(/slo:[a-z_:]+/g)) expect(names).toContain(name[0]);
    }
  });
});

describe('what cannot work is said', () => {
  const tier: BurnRateTier = {
    severity: 'page',
    longWindow: hour,
    shortWindow: duration(5 * minute),
    burnRate: 14.4,
    holdFor: duration(0),
  };
  const cases: readonly (readonly [name: string, slo: Slo, codes: readonly string[], alerts: number])[] = [
    ['nothing wrong', sloOf({}), [], 6],
    ['nobody is to be alerted', sloOf({ alerts: [] }), [], 0],
    ['missing data is fine', sloOf({ noData: 'good' }), [], 4],
    [
      'a page that cannot fire',
      sloOf({ target: '90%', alerts: [tier, { ...tier, severity: 'ticket', longWindow: day, burnRate: 3 }] }),
      ['generate/cannot-fire'],
      3,
    ],
    ['no alert that can', sloOf({ target: '90%', alerts: [tier] }), ['generate/cannot-fire', 'generate/no-alert'], 2],
    ['one failed request', sloOf({ minimumBadEvents: 1 }), ['generate/one-error'], 6],
    ['the same alert twice', sloOf({ alerts: [tier, { ...tier, burnRate: 10 }] }), ['generate/duplicate-alert'], 3],
    [
      'an alert after the event',
      sloOf({ period: day, alerts: [tier, { ...tier, severity: 'ticket', longWindow: day, burnRate: 2 }] }),
      ['generate/after-exhaustion'],
      4,
    ],
    ['missing time as bad', sloOf({ noData: 'bad' }), ['generate/no-data-bad'], 6],
    [
      'a window of one evaluation',
      sloOf({ alerts: [{ ...tier, shortWindow: duration(50 * second) }] }),
      ['generate/interval'],
      0,
    ],
    ['a condition without slices', sloOf({ indicator: condition() }), ['generate/measure'], 0],
    ['odd slices', sloOf({ measure: { kind: 'slices', length: duration(45 * second) } }), ['generate/slice'], 0],
    ['long slices', sloOf({ measure: { kind: 'slices', length: duration(2 * day) } }), ['generate/slice'], 0],
    [
      'windows shorter than a slice',
      sloOf({ measure: { kind: 'slices', length: duration(10 * minute) } }),
      ['generate/slice-window'],
      6,
    ],
    ['missing slices as bad', sloOf({ measure: slices, noData: 'bad' }), [], 6],
    ['one bad slice', sloOf({ measure: slices, minimumBadEvents: 1 }), [], 6],
    ['a draft', sloOf({ lifecycle: 'draft' }), [], 0],
    ['a pending objective', sloOf({ lifecycle: 'pending' }), [], 4],
    ['no metric', sloOf({ indicator: { ...goodEvents(), events: expr('{job="shop"}') } }), ['generate/selector'], 0],
    ['another time', sloOf({ indicator: { ...goodEvents(), total: expr('x offset 5m') } }), ['generate/selector'], 0],
  ];
  test.each(cases)('%s', (_, slo, codes, alerts) => {
    const { file, diagnostics } = generateRules(serviceOf(slo));
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(rulesOf(file).filter(({ kind }) => kind === 'alerting')).toHaveLength(alerts);
  });
});

test.each(['active', 'pending'] as const)(
  'the promise of an objective says whether it waits for data: %s',
  (lifecycle) => {
    const { file } = generateRules(serviceOf(sloOf({ lifecycle })));
    const info = file.groups
      .flatMap(({ rules }) => rules)
      .find((rule) => rule.kind === 'recording' && rule.record === recorded.info);
    expect(info?.labels.get('lifecycle')).toBe(lifecycle === 'pending' ? 'pending' : undefined);
  },
);

test('evaluations that no whole number of fits into a quarter of an hour cannot follow the calendar', () => {
  const slo = sloOf({ period: calendar('month', 'UTC') });
  const { file, diagnostics } = generateRules(serviceOf(slo), {
    ...defaultGenerateOptions,
    interval: duration(40 * second),
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(['generate/interval']);
  expect(file.groups).toEqual([]);
});

test('one failed request never raises an alert', () => {
  const { file } = generateRules(serviceOf(sloOf({ minimumBadEvents: 0 })));
  const burns = rulesOf(file).filter(({ name }) => name === alertNames.burn);
  expect(burns).toHaveLength(4);
  for (const { expr } of burns) expect(printExpr(expr)).toMatch(/events:sum\{events="bad".* >= 2$/);
});

test('a name does not change when a window, the target or the metric does', () => {
  const before = sloOf({});
  const after = sloOf({ target: '99.5%', period: duration(28 * day), indicator: below(3) });
  const names = (slo: Slo): readonly string[] => [
    ...new Set(rulesOf(generateRules(serviceOf(slo)).file).map(({ name }) => name)),
  ];
  expect(names(after)).toEqual(names(before));
});

test('the order of services and objectives does not matter', () => {
  const a = sloOf({ name: 'a' });
  const b = sloOf({ name: 'b' });
  const print = (...services: readonly Service[]): string => printRuleFile(generateRules(services).file);
  expect(print(serviceOf(b, a), { ...serviceOf(a), name: 'bank' })).toBe(
    print({ ...serviceOf(a), name: 'bank' }, serviceOf(a, b)),
  );
});

test('braces in what people wrote are no templates', () => {
  const { file } = generateRules(serviceOf(sloOf({ title: 'the {{ nice }} one' })));
  const [summary] = rulesOf(file).flatMap(({ rule }) =>
    rule.kind === 'alerting' ? [rule.annotations.get('summary')] : [],
  );
  expect(summary).toContain('the {{ "{{" }} nice }} one');
});

test('the words of a definition replace generated ones, but no label that says whose an alert is', () => {
  const labels = new Map([
    ['pager', 'night'],
    ['team', 'payments'],
    ['slo', 'another'],
  ]);
  const annotations = new Map([
    ['summary', 'Nobody can pay in {{ $labels.region }}'],
    ['impact', 'Money.'],
  ]);
  const period = { kind: 'rolling', length: duration(30 * day) } as const;
  const [target] = [readTarget('99.9%')].flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const alerts = workbookTiers(period, target!).map((tier) => {
    if (tier.severity !== 'page') return tier;
    return { ...tier, labels: tier.longWindow === hour ? labels : new Map([['team', 'payments']]), annotations };
  });
  const { file } = generateRules(serviceOf(sloOf({ alerts, labels: new Map([['team', 'shop']]) })));
  const raised = rulesOf(file).flatMap(({ rule }) => (rule.kind === 'alerting' ? [rule] : []));
  expect(
    raised.map((rule) => [
      rule.alert,
      rule.labels.get('window') ?? rule.labels.get('reason'),
      rule.labels.get('slo'),
      rule.labels.get('team'),
      rule.labels.get('pager'),
      rule.annotations.get('impact'),
    ]),
  ).toEqual([
    ['ErrorBudgetBurn', '1h', 'availability', 'payments', 'night', 'Money.'],
    ['ErrorBudgetBurn', '6h', 'availability', 'payments', undefined, 'Money.'],
    ['ErrorBudgetBurn', '1d', 'availability', 'shop', undefined, undefined],
    ['ErrorBudgetBurn', '3d', 'availability', 'shop', undefined, undefined],
    // Routes by what all pages say take this page to the same people.
    [alertNames.missing, 'no-target', 'availability', 'payments', undefined, undefined],
    [alertNames.missing, 'no-metric', 'availability', 'shop', undefined, undefined],
  ]);
  expect(raised.map(({ annotations: own }) => own.get('summary')?.startsWith('Nobody can pay'))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

function rulesOf(file: RuleFile) {
  return file.groups.flatMap(({ rules }) =>
    rules.map((rule) => ({
      kind: rule.kind,
      name: rule.kind === 'recording' ? rule.record : rule.alert,
      expr: rule.expr,
      rule,
    })),
  );
}

interface Changes extends Partial<Omit<Slo, 'target' | 'period'>> {
  readonly target?: string;
  readonly period?: Duration | CalendarPeriod;
}

function sloOf({ target = '99.9%', period: over = duration(30 * day), ...changes }: Changes): Slo {
  const period: Period = typeof over === 'number' ? { kind: 'rolling', length: over } : over;
  const read = readTarget(target);
  if (!read.ok) throw new Error(target);
  return {
    ...plainSlo,
    name: 'availability',
    title: 'Availability',
    indicator: { kind: 'ratio', counts: 'bad', events: expr('http_total{code=~"5.."}'), total: expr('http_total') },
    target: read.value,
    period,
    alerts: workbookTiers({ kind: 'rolling', length: period.length }, read.value),
    minimumBadEvents: 3,
    noData: 'unknown',
    absentFor: duration(5 * minute),
    labels: new Map(),
    ...changes,
  };
}

function serviceOf(...slos: readonly Slo[]): Service {
  return { ...plainService, name: 'shop', title: 'Shop', owner: 'shop-team', job: 'shop', metrics: new Map(), slos };
}

const slices = { kind: 'slices', length: minute } as const;

function condition(): Indicator {
  const depth: Condition = { kind: 'comparison', value: expr('queue_depth'), operator: '<', bound: 50 };
  const beats: Condition = { kind: 'progress', counter: expr('beats_total'), within: duration(5 * minute) };
  const lost: Condition = { kind: 'invariant', counter: expr('lost_total'), within: minute };
  return { kind: 'condition', condition: { kind: 'all', of: [depth, { kind: 'any', of: [beats, lost] }] } };
}

function calendar(unit: CalendarUnit, timeZone: string): CalendarPeriod {
  return { kind: 'calendar', unit, timeZone, length: duration(30 * day) };
}

function goodEvents() {
  return { kind: 'ratio', counts: 'good', events: expr('http_total{code="200"}'), total: expr('http_total') } as const;
}

function severalCounters(): Indicator {
  const total = expr('http_total{path="/a"} + grpc_total');
  return { kind: 'ratio', counts: 'bad', events: expr('http_total{code=~"5.."} + grpc_failed_total'), total };
}

function below(bound: number): Indicator {
  return { kind: 'distribution', histogram: expr('http_seconds'), below: bound };
}

function named(): Indicator {
  return { kind: 'distribution', histogram: expr('{__name__="http_seconds",path="/"}'), below: 1 };
}

function expr(text: string): Expr {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
