import { expect, test } from 'vitest';
import type { SloSummary } from '../core/api/index.ts';
import { countStates, currentBurnRate, filterSlos } from './states.ts';

const slo = (fields: Partial<SloSummary>): SloSummary => ({
  service: 'shop',
  name: 'checkout',
  title: 'Checkout works',
  owner: 'payments',
  kind: 'ratio',
  measure: { kind: 'events', sliceSeconds: null },
  invariant: false,
  waitsFor: null,
  target: '99.9%',
  targetRatio: 0.999,
  periodSeconds: 2_592_000,
  state: 'ok',
  sli: 1,
  budget: { ratio: 0.001, remainingRatio: 1, remainingEvents: 1, remainingSeconds: 2592 },
  burnRates: [],
  alerts: [],
  group: null,
  period: '30d',
  periodStart: null,
  evaluatedAt: 0,
  outdated: false,
  periodSeen: 1,
  ...fields,
});

test('filters by all words, over service, objective and owner', () => {
  const slos = [slo({}), slo({ service: 'search', owner: 'discovery' })];
  expect(filterSlos(slos, 'pay CHECK', undefined)).toEqual([slos[0]]);
  expect(filterSlos(slos, '', undefined)).toEqual(slos);
  expect(filterSlos(slos, '', 'burning')).toEqual([]);
});

test('counts every state, absent ones too', () => {
  expect(Object.fromEntries(countStates([slo({}), slo({ state: 'burning' })]))).toEqual({
    breached: 0,
    burning: 1,
    noData: 0,
    ok: 1,
    pending: 0,
    draft: 0,
  });
});

test('the current burn rate is that of the hour, never that of the period', () => {
  const burnRates = [
    { windowSeconds: 300, burnRate: 2 },
    { windowSeconds: 3600, burnRate: 3 },
    { windowSeconds: 2_592_000, burnRate: 4 },
  ];
  expect(currentBurnRate(slo({ burnRates }))?.burnRate).toBe(3);
  expect(currentBurnRate(slo({ burnRates: burnRates.slice(2) }))).toBeUndefined();
});
