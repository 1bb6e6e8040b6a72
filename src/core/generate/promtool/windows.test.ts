import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, hour, minute, ratio, second } from '../../base/index.ts';
import { type BurnRateTier, firingOnGrid, plainSlo, readTarget, type Slo } from '../../slo/index.ts';
import { levelsOf } from '../levels.ts';
import { spellsOf } from './spells.ts';
import { isBurning, windowsOf } from './windows.ts';

const interval = duration(30 * second);
const perEvaluation = 1_000_000;

function sloOf(target: string): Slo {
  const read = readTarget(target);
  if (!read.ok) throw new Error(target);
  return {
    ...plainSlo,
    name: 'checkout',
    title: 'checkout',
    indicator: {
      kind: 'distribution',
      histogram: { kind: 'number', value: 0, asDuration: false, span: { start: 0, end: 0 } },
      below: 1,
    },
    target: read.value,
    period: { kind: 'rolling', length: duration(720 * hour) },
    alerts: [],
    minimumBadEvents: 3,
    noData: 'unknown',
    absentFor: duration(5 * minute),
    labels: new Map(),
  };
}

test('what windows hold, evaluation by evaluation, raises alerts at the times of the closed form', () => {
  const lengths = fc.integer({ min: 2, max: 60 });
  fc.assert(
    fc.property(
      fc.record({
        long: lengths,
        short: lengths,
        burnRate: fc.integer({ min: 1, max: 20 }),
        errors: fc.integer({ min: 1, max: 99 }),
        evaluations: fc.integer({ min: 1, max: 120 }),
        holdFor: fc.integer({ min: 0, max: 5 }),
      }),
      ({ long, short, burnRate, errors, evaluations, holdFor }) => {
        const tier: BurnRateTier = {
          severity: 'page',
          longWindow: duration(Math.max(long, short) * minute),
          shortWindow: duration(Math.min(long, short) * minute),
          burnRate,
          holdFor: duration(holdFor * minute),
        };
        const slo = { ...sloOf('99%'), alerts: [tier] };
        // So long before that every window is full, and the time with data is known to fill it.
        const before = 150;
        const count = before + evaluations + 150;
        // A window that is exactly at its threshold would be over it or not by how quotients are rounded.
        const during = Number((errors / 100 + 0.000137).toFixed(6));
        const bad = Array.from({ length: count }, (_, i) =>
          before < i && i <= before + evaluations ? during * perEvaluation : 0,
        );
        const total = Array.from({ length: count }, () => perEvaluation);
        const windows = windowsOf({ total, bad }, levelsOf(slo, interval));
        const patience = { holdFor: tier.holdFor, keepFiringFor: duration(0), interval };
        const [spell] = spellsOf((i) => isBurning(windows, slo, tier, i), count, patience);
        const incident = { background: ratio(0), during: ratio(during), length: duration(evaluations * interval) };
        const firing = firingOnGrid(tier, slo.target.errorBudget, incident, interval);
        expect(spell).toEqual(
          firing && { first: before + firing.first / interval, last: before + firing.last / interval },
        );
      },
    ),
    { numRuns: 300 },
  );
});
