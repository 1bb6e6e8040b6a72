import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { day, duration, hour, minute, parseDuration, ratio, second } from '../base/index.ts';
import {
  allowedEvents,
  allowedTime,
  type BurnRateTier,
  budgetConsumed,
  budgetShareAt,
  burnRateFor,
  burnRateOf,
  detectionTime,
  errorRatioOf,
  eventsAtWhichOneFires,
  eventsForMinimum,
  eventsToDemonstrate,
  firingOnGrid,
  lowestTargetFor,
  maximumBurnRate,
  readTarget,
  remainingBudget,
  resetTime,
  timeToExhaustion,
} from './index.ts';

// Figures collected from the workbook, from other tools' tests and from runs of promtool. They are kept outside of this repository.
const file = resolve(import.meta.dirname, '../../../../shared/reference/alert-quality-vectors.json');

interface Vector {
  readonly id: string;
  readonly group: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: number;
}

function errorBudget(target: number) {
  const outcome = readTarget(String(target));
  if (!outcome.ok) throw new Error(String(target));
  return outcome.value.errorBudget;
}

function tier(text: string): BurnRateTier {
  const [, burnRate, long, short] = /^([\d.]+)@(\w+)(?:\/(\w+))?$/.exec(text.trim())!;
  return {
    severity: 'page',
    burnRate: Number(burnRate),
    longWindow: parseDuration(long!)!,
    shortWindow: parseDuration(short ?? '5m')!,
    holdFor: duration(0),
  };
}

const usual = '14.4@1h/5m,6@6h/30m,3@24h/2h,1@3d/6h';

/** What we calculate for a vector's input, under the names of its expectation; undefined for what this layer does not answer. */
function answer({ group, input, expected }: Vector): Readonly<Record<string, unknown>> | undefined {
  const has = (...names: string[]): boolean => typeof input === 'object' && names.every((name) => name in input);
  const number = (name: string, otherwise = Number.NaN): number => (has(name) ? Number(input[name]) : otherwise);
  const text = (name: string, otherwise = ''): string => (has(name) ? String(input[name]) : otherwise);
  const list = (name: string): readonly number[] => (Array.isArray(input[name]) ? input[name].map(Number) : []);
  const period = duration(has('periodHours') ? number('periodHours') * hour : number('periodDays', 30) * day);
  const window = duration(number('windowHours', 1) * hour);
  const budget = has('target') ? errorBudget(number('target')) : ratio(number('budget', Number.POSITIVE_INFINITY));
  switch (group) {
    case 'downtime': {
      const length = has('periodSeconds') ? duration(number('periodSeconds') * second) : period;
      const time = allowedTime(budget, length);
      return { seconds: time / second, minutes: time / minute };
    }
    case 'workbook': {
      if (has('burn', 'target')) {
        const exhaustHours = timeToExhaustion(ratio(1), number('burn'), period)! / hour;
        return { exact: { errorRatio: number('burn') * budget, exhaustHours } };
      }
      if (has('budgetPercent')) return { burn: burnRateFor(ratio(number('budgetPercent') / 100), window, period) };
      if (!has('total', 'target')) return undefined;
      const allowed = allowedEvents(number('total'), budget);
      const left = remainingBudget({ bad: number('bad', 0), total: number('total') }, budget, period)!;
      return { allowedFailuresFloor: Math.floor(allowed), allowed, consumed: 1 - left.ratio };
    }
    case 'factor':
      if (has('budgetFraction')) return { burn: burnRateFor(ratio(number('budgetFraction')), window, period) };
      if (has('burn', 'windowHours')) return { budgetFraction: budgetShareAt(number('burn'), window, period) };
      // One vector has no events at all and takes that for a burn rate of zero; here it is not known.
      if (!has('good', 'total') || input['total'] === 0) return undefined;
      return {
        burn: burnRateOf(errorRatioOf({ bad: number('total') - number('good'), total: number('total') })!, budget),
      };
    case 'detection':
    case 'reset': {
      const step = { background: ratio(number('baseline', 0)), during: ratio(number('errorRatio')) };
      if (has('tier')) return { minutes: detectionTime(tier(text('tier')), budget, step)! / minute };
      const time = group === 'reset' ? resetTime : detectionTime;
      return Object.fromEntries(
        text('tiers', usual)
          .split(',')
          .map((written) => {
            const found = time(tier(written), budget, step);
            return [written.split('@')[1], found === undefined ? null : found / second];
          }),
      );
    }
    case 'prometheus': {
      if (!has('durationMin')) return undefined;
      const length = duration(number('durationMin') * minute);
      const incident = { background: ratio(0), during: ratio(number('errorRatio')), length };
      const [fast, slow] = text('tiers')
        .split(',')
        .map((written) => firingOnGrid(tier(written), budget, incident, minute));
      const minutes = (firing: typeof fast) =>
        firing === undefined ? null : [firing.first / minute, firing.last / minute];
      return { fast: minutes(fast), slow: minutes(slow) };
    }
    case 'incident': {
      const length = duration(number('durationMin') * minute);
      const incident = { background: ratio(0), during: ratio(number('errorRatio')), length };
      const fires = usual.split(',').filter((text) => {
        const detected = detectionTime(tier(text), budget, incident);
        return detected !== undefined && detected <= length;
      });
      return {
        budgetConsumed: budgetConsumed(incident.during, length, budget, period),
        burn: burnRateOf(incident.during, budget),
        fires: fires.map((text) => text.split('@')[1]),
      };
    }
    case 'feasibility':
      if (has('target')) return { maxBurn: maximumBurnRate(budget) };
      if (has('burn') && 'minTargetExclusive' in expected)
        return { minTargetExclusive: lowestTargetFor(number('burn')) };
      if (has('burn', 'windowHours', 'periodHours'))
        return { budgetFraction: budgetShareAt(number('burn'), window, period) };
      return undefined;
    case 'scaling':
      if (!('burns' in expected)) return undefined;
      return {
        burns: [[0.02, 1] as const, [0.05, 6] as const, [0.1, 24] as const, [0.1, 72] as const].map(([share, hours]) =>
          burnRateFor(ratio(share), duration(hours * hour), period),
        ),
      };
    case 'budget':
      if (!('remaining' in expected)) return undefined;
      return {
        remaining: remainingBudget({ bad: number('total') - number('good'), total: number('total') }, budget, period)!
          .ratio,
      };
    case 'tte':
      if (has('factors'))
        return { seconds: list('factors').map((burn) => timeToExhaustion(ratio(1), burn, period)! / second) };
      if (!has('remaining', 'burn')) return undefined;
      return { hours: timeToExhaustion(ratio(number('remaining')), number('burn'), period)! / hour };
    case 'lowtraffic':
      if (!has('burns')) return undefined;
      return {
        maxEventsWhereOneFailureFires: list('burns').map((burn) => eventsAtWhichOneFires(burn, budget)),
        minEvents: list('burns').map((burn) => eventsForMinimum(number('minFailures', 0), burn, budget)),
      };
    case 'zero-failure':
      return { minEventsAllGood: eventsToDemonstrate(ratio(number('target')), ratio(number('conf'))) };
    default:
      return undefined;
  }
}

function near(actual: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return Math.abs(actual - expected) <= Math.max(tolerance, 1e-9) * Math.max(1, Math.abs(expected));
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.length === expected.length && actual.every((item, index) => near(item, expected[index], tolerance));
  }
  if (typeof actual === 'object' && typeof expected === 'object' && actual !== null && expected !== null) {
    const wanted: Readonly<Record<string, unknown>> = { ...expected };
    return Object.entries(actual).every(([key, value]) => !(key in wanted) || near(value, wanted[key], tolerance));
  }
  return actual === expected;
}

test.skipIf(!existsSync(file))(
  'the vectors that this layer answers are met (needs ../shared beside the repository)',
  () => {
    const vectors: readonly Vector[] = JSON.parse(readFileSync(file, 'utf8'));
    const wrong: string[] = [];
    let answered = 0;
    for (const vector of vectors) {
      const actual = answer(vector);
      const shared = Object.keys(actual ?? {}).filter((key) => key in vector.expected);
      if (actual === undefined || shared.length === 0) continue;
      answered += 1;
      if (!near(actual, vector.expected, vector.tolerance)) {
        wrong.push(
          `${vector.id} ${JSON.stringify(vector.input)} ${JSON.stringify(actual)} wanted ${JSON.stringify(vector.expected)}`,
        );
      }
    }
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  },
);
