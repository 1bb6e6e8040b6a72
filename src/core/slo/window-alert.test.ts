import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, hour, minute, ratio, second } from '../base/index.ts';
import {
  clearingTime,
  crossingTime,
  type EvaluationGrid,
  firingEvaluations,
  firingTime,
  type Incident,
  type WindowAlert,
} from './window-alert.ts';

/*
 * The closed forms against a simulation that knows none of them. It counts events: `perMinute` of them every minute, of which a whole
 * number is bad, and asks at every minute whether both windows are over the threshold. Thresholds and error ratios are whole parts of a
 * thousand, so that equality happens, and the simulation compares whole numbers, so that it is decided without rounding.
 */
interface Situation {
  /** All in parts of a thousand. */
  readonly threshold: number;
  readonly background: number;
  readonly during: number;
  /** All in minutes. */
  readonly long: number;
  readonly short: number;
  readonly length: number;
  readonly holdFor: number;
  readonly history: number | undefined;
  readonly trafficStops: number | undefined;
  readonly comparison: '>' | '>=';
}

const situations = fc
  .record({
    threshold: fc.integer({ min: 1, max: 400 }),
    background: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 })),
    during: fc.integer({ min: 1, max: 1000 }),
    long: fc.integer({ min: 2, max: 90 }),
    part: fc.integer({ min: 1, max: 12 }),
    length: fc.integer({ min: 1, max: 200 }),
    holdFor: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })),
    history: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    comparison: fc.constantFrom('>' as const, '>=' as const),
  })
  // The forms are of alerts that are silent before the incident.
  .filter(({ threshold, background, during }) => background < threshold && background < during)
  .map(({ part, ...rest }): Situation => {
    return { ...rest, short: Math.max(1, Math.floor(rest.long / part)), trafficStops: undefined };
  });

test('the first and last evaluation that fire are those of a simulation', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      expect(calculated(situation)).toEqual(simulated(situation));
    }),
    { numRuns: 3000 },
  );
});

test('an alert ends when all traffic does', () => {
  const stopping = fc
    .tuple(situations, fc.integer({ min: 1, max: 200 }))
    .map(([situation, stop]) => ({ ...situation, trafficStops: stop }));
  fc.assert(
    fc.property(stopping, (situation) => {
      expect(calculated(situation)).toEqual(simulated(situation));
    }),
    { numRuns: 2000 },
  );
});

test('the closed forms in continuous time agree with evaluations at every second', () => {
  fc.assert(
    fc.property(situations, ({ history: _, ...situation }) => {
      const alert = alertOf({ ...situation, history: undefined });
      const incident = incidentOf({ ...situation, history: undefined });
      const fires = firingTime(alert, incident);
      const grid = firingEvaluations(alert, incident, { interval: second });
      if (fires === undefined || grid === undefined) return;
      expect(grid.first - fires).toBeGreaterThanOrEqual(-1e-3);
      expect(grid.first - fires).toBeLessThanOrEqual(second + 1e-3);
      const clears = incident.length + (clearingTime(alert, incident) ?? Number.NaN);
      expect(clears - grid.last).toBeGreaterThanOrEqual(-1e-3);
      expect(clears - grid.last).toBeLessThanOrEqual(second + 1e-3);
    }),
  );
});

test('a window exactly at the threshold fires only if that is enough', () => {
  const alert = {
    threshold: ratio(0.006),
    longWindow: duration(6 * hour),
    shortWindow: duration(30 * minute),
    holdFor: duration(0),
  };
  const incident: Incident = { background: ratio(0), during: ratio(0.01), length: duration(400 * minute) };
  const first = (comparison: '>' | '>=') =>
    firingEvaluations({ ...alert, comparison }, incident, { interval: minute })?.first;
  expect(first('>')).toBe(217 * minute);
  expect(first('>=')).toBe(216 * minute);
});

test('an alert evaluated before the rule that it reads is one evaluation late', () => {
  const alert: WindowAlert = {
    threshold: ratio(0.0144),
    comparison: '>',
    longWindow: hour,
    shortWindow: duration(5 * minute),
    holdFor: duration(0),
  };
  const incident: Incident = { background: ratio(0), during: ratio(0.05), length: hour };
  const late = firingEvaluations(alert, incident, { interval: minute, delay: minute });
  expect(late).toEqual({ first: 19 * minute, last: 64 * minute });
});

test('a background over the threshold has no beginning and no end', () => {
  const alert: WindowAlert = {
    threshold: ratio(0.01),
    comparison: '>',
    longWindow: hour,
    shortWindow: duration(5 * minute),
    holdFor: duration(0),
  };
  const step = { background: ratio(0.02), during: ratio(0.5) };
  expect(crossingTime(alert, step)).toBeUndefined();
  expect(clearingTime(alert, step)).toBeUndefined();
});

function calculated(situation: Situation) {
  const firing = firingEvaluations(alertOf(situation), incidentOf(situation), gridOf(situation));
  return firing === undefined ? undefined : { first: firing.first / minute, last: firing.last / minute };
}

function alertOf({ threshold, comparison, long, short, holdFor }: Situation): WindowAlert {
  return {
    threshold: ratio(threshold / 1000),
    comparison,
    longWindow: duration(long * minute),
    shortWindow: duration(short * minute),
    holdFor: duration(holdFor * minute),
  };
}

function incidentOf({ background, during, length }: Situation): Incident {
  return { background: ratio(background / 1000), during: ratio(during / 1000), length: duration(length * minute) };
}

function gridOf({ history, trafficStops }: Situation): EvaluationGrid {
  return {
    interval: minute,
    ...(history === undefined ? {} : { history: duration(history * minute) }),
    ...(trafficStops === undefined ? {} : { trafficStops: duration(trafficStops * minute) }),
  };
}

/** Minute by minute, with a thousand events in each. */
function simulated(situation: Situation): { readonly first: number; readonly last: number } | undefined {
  const { background, during, length, long, short, threshold, comparison, holdFor, trafficStops } = situation;
  const begin = -(situation.history ?? 1000);
  const end = trafficStops ?? Number.POSITIVE_INFINITY;
  const isOver = (time: number, window: number): boolean => {
    let bad = 0;
    let total = 0;
    for (let each = Math.max(time - window, begin); each < Math.min(time, end); each += 1) {
      bad += 0 <= each && each < length ? during : background;
      total += 1000;
    }
    if (total === 0) return false;
    return comparison === '>' ? threshold * total < bad * 1000 : threshold * total <= bad * 1000;
  };
  let since: number | undefined;
  let first: number | undefined;
  for (let time = 0; time < length + 2 * long + holdFor + 10; time += 1) {
    if (isOver(time, long) && isOver(time, short)) {
      since ??= time;
      if (holdFor <= time - since) first ??= time;
    } else if (first !== undefined) {
      return { first, last: time - 1 };
    } else {
      since = undefined;
    }
  }
  return undefined;
}
