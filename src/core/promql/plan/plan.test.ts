import { describe, expect, test } from 'vitest';
import { duration, timestamp } from '../../base/index.ts';
import { parseExpr } from '../syntax/parse.ts';
import { type Plan, plan } from './plan.ts';

const minute = 60_000;

function planned(text: string, from = 100, to = from): Plan {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
  const step = duration(from === to ? 0 : minute);
  return plan(parsed.value, { start: timestamp(from * minute), end: timestamp(to * minute), step });
}

/** The stretch of each selection, in minutes; sources are asked for both ends inclusively, hence the millisecond. */
function stretches(plan: Plan): readonly (readonly [number, number])[] {
  return plan.selections.map(({ from, to }) => [(from - 1) / minute, to / minute]);
}

describe('a plan selects exactly what its selectors can see', () => {
  test.each([
    ['up', 100, 110, [[95, 110]]],
    ['up offset 10m', 100, 110, [[85, 100]]],
    ['up offset -10m', 100, 100, [[105, 110]]],
    ['up @ 1200', 100, 110, [[15, 20]]],
    ['up @ start() offset 1m', 100, 110, [[94, 99]]],
    ['rate(up[20m])', 100, 110, [[80, 110]]],
    ['rate(up[20m] @ end())', 100, 110, [[90, 110]]],
    ['max_over_time(rate(up[5m])[30m:10m])', 105, 105, [[75, 100]]],
    ['max_over_time(up[30m:10m] offset 10m)', 105, 105, [[65, 90]]],
    ['max_over_time(up[30m:10m] @ 3600)', 105, 105, [[35, 60]]],
    ['rate(up[20m] anchored)', 100, 100, [[75, 100]]],
    ['rate(up[20m] smoothed)', 100, 100, [[75, 105]]],
    ['1 + 1', 100, 110, []],
  ])('%s', (text, from, to, expected) => {
    expect(stretches(planned(text, from, to))).toEqual(expected);
  });

  test('equal selectors that overlap are selected once, distant ones apart', () => {
    expect(stretches(planned('sum(rate(x[5m])) / sum(rate(x[30m])) > sum(rate(x[1h]))'))).toEqual([[40, 100]]);
    expect(stretches(planned('x - x offset 50m'))).toEqual([
      [95, 100],
      [45, 50],
    ]);
  });

  test('info() selects target_info beside its argument', () => {
    expect(planned('info(up, {version=~".+"})').selections.map(({ matchers }) => matchers)).toEqual([
      [{ name: '__name__', operator: '=', value: 'up' }],
      [
        { name: '__name__', operator: '=', value: 'target_info' },
        { name: 'version', operator: '=~', value: '.+' },
      ],
    ]);
  });
});

test('what is pinned is evaluated once, also deep inside', () => {
  const { root } = planned('x / on () sum(rate(x[5m] @ end()))', 100, 200);
  expect(root).toMatchObject({ kind: 'binary', right: { kind: 'constant', inner: { grid: { steps: 1 } } } });
});

describe('a query that cannot run says so instead of selecting', () => {
  test.each([
    ['rate(x[step() - 1m])', 'duration must be greater than 0'],
    ['x offset (1m / (step() - 1m))', 'division by zero'],
    ['max_over_time(x[5m:step() - 1m])', 'duration must be greater than 0'],
  ])('%s', (text, message) => {
    expect(planned(text, 100, 110)).toMatchObject({ selections: [], error: { kind: 'execution', message } });
  });
});
