import { type Duration, duration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import { justUnder, type Levels } from '../levels.ts';
import { eventsLabel, recorded, totalOnly } from '../names.ts';

const { call, divide, ignoring, multiply, range, selector, string } = build;

/** The sum of recorded increases over a length of time. */
export function sumOver(name: string, own: build.Conditions, length: Duration): Expr {
  return call('sum_over_time', range(selector(name, own), justUnder(length)));
}

/** For how many seconds of it the events were known: each evaluation that knew them stands for its interval. */
export function secondsOver(own: build.Conditions, length: Duration, interval: Duration): Expr {
  const events = selector(recorded.eventsIncrease, { ...own, ...totalOnly });
  return multiply(call('count_over_time', range(events, justUnder(length))), interval / 1000);
}

/** What the slow group recorded last, two missed evaluations allowed for. */
export function latestSlow(
  name: string,
  conditions: build.Conditions,
  { coarseStep }: Pick<Levels, 'coarseStep'>,
): Expr {
  return call('last_over_time', range(selector(name, conditions), justUnder(duration(3 * coarseStep))));
}

/** A quotient of bad events and all of them, or the other way round, as a figure of the objective. */
export function betweenKinds(left: Expr, right: Expr): Expr {
  return divide(left, right, ignoring(eventsLabel));
}

/** The same series with one more label. */
export function labelled(expr: Expr, label: string, value: string): Expr {
  return call('label_replace', expr, string(label), string(value), string(''), string(''));
}
