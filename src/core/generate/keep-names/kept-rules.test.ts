import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, ratio, second } from '../../base/index.ts';
import { slothNamesOf } from '../../formats/index.ts';
import { checkExpr, type Expr, parseExpr, printExpr } from '../../promql/index.ts';
import type { Rule } from '../../rules/index.ts';
import {
  type BurnRateTier,
  plainService,
  plainSlo,
  readTarget,
  type Service,
  type Slo,
  workbookTiers,
} from '../../slo/index.ts';
import { defaultGenerateOptions } from '../options.ts';
import { generateKeptRules, type KeptRules } from './kept-rules.ts';
import { type KeepNamesInput, keepNamesOf } from './options.ts';

describe("Sloth's rules of a definition of Nines", () => {
  const cases: readonly (readonly [name: string, slo: Slo])[] = [
    ['bad events', sloOf({})],
    [
      'good events',
      sloOf({ indicator: { kind: 'ratio', counts: 'good', events: expr('x{code="200"}'), total: expr('x') } }),
    ],
    [
      'several counters',
      sloOf({ indicator: { kind: 'ratio', counts: 'bad', events: expr('a + b'), total: expr('c + d') } }),
    ],
    ['a histogram', sloOf({ indicator: { kind: 'distribution', histogram: expr('seconds'), below: 20 } })],
    ['a week', sloOf({ period: { kind: 'rolling', length: duration(7 * day) } })],
    ['no alerts', sloOf({ alerts: [] })],
  ];
  test.each(cases)('%s: the checker finds nothing, and only what is recorded is read', (_, slo) => {
    for (const windowSource of ['raw', 'recorded'] as const) {
      const { kept, events, diagnostics } = generate(slo, { windowSource });
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const all = [...rulesOf(kept), ...rulesOf(events)];
      const recorded = new Set(all.flatMap((rule) => (rule.kind === 'recording' ? [rule.record] : [])));
      for (const rule of all) {
        const text = printExpr(rule.expr);
        expect(checkExpr(rule.expr), text).toEqual([]);
        for (const [name] of text.matchAll(/\b(?:slo|instance):\w+:\w+/g)) expect(recorded, text).toContain(name);
      }
    }
  });

  test('no window reads raw counters where the events are recorded', () => {
    const { kept } = generate(sloOf({}), { windowSource: 'recorded' });
    for (const rule of rulesOf(kept)) expect(printExpr(rule.expr)).not.toContain('http_total');
  });

  test('a record has the labels of the objective and no other', () => {
    const { kept } = generate(sloOf({ labels: new Map([['tier', '1']]) }), {});
    const [first] = rulesOf(kept);
    expect(Object.fromEntries(first?.labels ?? [])).toEqual({
      owner: 'shop-team',
      sloth_id: 'shop-availability',
      sloth_service: 'shop',
      sloth_slo: 'availability',
      sloth_window: '5m',
      tier: '1',
    });
  });
});

const tier: BurnRateTier = {
  severity: 'page',
  longWindow: hour,
  shortWindow: duration(5 * minute),
  burnRate: 10,
  holdFor: duration(0),
};

test.each<readonly [string, Partial<Slo>, code: string | undefined, said: string]>([
  ['a plain objective', {}, 'generate/kept-rules', 'without a minimum of bad events'],
  ['a plain objective', {}, 'generate/kept-rules', 'no place for alerts for missing data'],
  ['an objective without alerts', { alerts: [] }, undefined, ''],
  [
    'a condition',
    { indicator: { kind: 'condition', condition: { kind: 'comparison', value: expr('q'), operator: '<', bound: 5 } } },
    'generate/keep-names',
    'is a condition',
  ],
  ['slices', { measure: { kind: 'slices', length: minute, sliceTarget: ratio(0.9) } }, 'generate/keep-names', 'slices'],
  [
    'a calendar period',
    { period: { kind: 'calendar', unit: 'month', timeZone: 'UTC', length: duration(30 * day) } },
    'generate/keep-names',
    'is calendar',
  ],
  ['groups', { groupBy: ['tenant'] }, 'generate/keep-names', 'each group'],
  ['a draft', { lifecycle: 'draft' }, undefined, ''],
  [
    'no metric',
    { indicator: { kind: 'ratio', counts: 'bad', events: expr('{a="b"}'), total: expr('x') } },
    'generate/selector',
    'names no metric',
  ],
  ['a short window', { alerts: [{ ...tier, shortWindow: duration(40 * second) }] }, 'generate/interval', 'too seldom'],
  ['an info alert', { alerts: [tier, { ...tier, severity: 'info' }] }, 'generate/kept-rules', 'left out'],
  ['another period', { furtherPeriods: [{ kind: 'rolling', length: day }] }, 'generate/kept-rules', 'further periods'],
  ['a higher profile', { alerts: [tier, { ...tier, profile: 'maximum' }] }, 'generate/kept-rules', 'higher profiles'],
  [
    'different waits',
    { alerts: [tier, { ...tier, longWindow: day, holdFor: minute }] },
    'generate/kept-rules',
    'the most patient tier',
  ],
])('%s: %j is %s: %s', (_, changes, code, said) => {
  const { kept, diagnostics } = generate(sloOf(changes), {});
  expect([...new Set(diagnostics.map((one) => one.code))]).toEqual(code === undefined ? [] : [code]);
  expect(diagnostics.map(({ message }) => message).join('\n')).toContain(said);
  const hasRules = code === 'generate/kept-rules' || changes.alerts?.length === 0;
  expect(0 < kept.groups.length).toBe(hasRules);
});

test('who comes from files of Sloth is not told what these never had', () => {
  const slo = sloOf({});
  const names = slothNamesOf(serviceOf(slo), slo);
  if (names === undefined) throw new Error('no names');
  const { diagnostics } = generate(slo, { slothNames: [names], windowSource: 'recorded' });
  expect(diagnostics).toEqual([]);
});

function generate(slo: Slo, more: KeepNamesInput): KeptRules {
  return generateKeptRules([serviceOf(slo)], defaultGenerateOptions, keepNamesOf('sloth', more));
}

function rulesOf(file: KeptRules['kept']): readonly Rule[] {
  return file.groups.flatMap(({ rules }) => rules);
}

function serviceOf(...slos: readonly Slo[]): Service {
  return { ...plainService, name: 'shop', title: 'Shop', owner: 'shop-team', job: 'shop', metrics: new Map(), slos };
}

function sloOf(changes: Partial<Slo>): Slo {
  const read = readTarget('99.9%');
  if (!read.ok) throw new Error('no target');
  const period = changes.period ?? { kind: 'rolling', length: duration(30 * day) };
  return {
    ...plainSlo,
    name: 'availability',
    title: 'Availability',
    indicator: { kind: 'ratio', counts: 'bad', events: expr('http_total{code=~"5.."}'), total: expr('http_total') },
    target: read.value,
    period,
    alerts: workbookTiers(period, read.value),
    minimumBadEvents: 3,
    noData: 'unknown',
    absentFor: duration(5 * minute),
    labels: new Map(),
    ...changes,
  };
}

function expr(text: string): Expr {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
