import { type Duration, duration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import { justUnder, type Levels } from '../levels.ts';
import { recorded } from '../names.ts';

const { call, multiply, range, selector } = build;

/** The sum of recorded increases over a length of time. */
export function sumOver(name: string, own: build.Conditions, length: Duration): Expr {
  return call('sum_over_time', range(selector(name, own), justUnder(length)));
}

/** For how many seconds of it the events were known: each evaluation that knew them stands for its interval. */
export function secondsOver(own: build.Conditions, length: Duration, interval: Duration): Expr {
  const known = call('count_over_time', range(selector(recorded.totalIncrease, own), justUnder(length)));
  return multiply(known, interval / 1000);
}

/** What the slow group recorded last, two missed evaluations allowed for. */
export function latestSlow(
  name: string,
  conditions: build.Conditions,
  { coarseStep }: Pick<Levels, 'coarseStep'>,
): Expr {
  return call('last_over_time', range(selector(name, conditions), justUnder(duration(3 * coarseStep))));
}
