import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import type { Levels } from './levels.ts';
import { identity, identityLabels, recorded, windowLabel } from './names.ts';
import { record } from './record.ts';
import { coarseSumOver, latestSlow, secondsOver, sumOver } from './sums.ts';

const { binary, call, offset, on, range, selector, sumBy } = build;

/** The events in the short windows, from the increase of every evaluation. */
export function fastWindowRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const increases = { total: recorded.totalIncrease, bad: recorded.badIncrease };
  return levels.fastWindows.flatMap((window) =>
    windowSums(own, window, (which) => sumOver(increases[which], own, window)),
  );
}

/** The events in the long windows, from the coarse increases. */
export function slowWindowRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const increases = { total: recorded.totalCoarse, bad: recorded.badCoarse };
  const rules = levels.slowWindows.flatMap((window) =>
    windowSums(own, window, (which) => coarseSumOver(increases[which], own, window, levels)),
  );
  if (!levels.periodIsSlow) return rules;
  const { period } = levels;
  return [
    ...rules,
    record(
      recorded.periodTotalCoarse,
      coarseSumOver(recorded.totalCoarse, own, period, levels),
      own,
      periodComment(period),
    ),
    record(recorded.periodBadCoarse, coarseSumOver(recorded.badCoarse, own, period, levels), own),
    record(recorded.periodObservedCoarse, coarseSumOver(recorded.observedCoarse, own, period, levels), own),
  ];
}

/** What happened in the period, for everyone to read. */
export function periodSumRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const { period, periodIsSlow, fastWindows, interval, coarseStep } = levels;
  const { totalIncrease, badIncrease } = recorded;
  if (!periodIsSlow) {
    return [
      record(recorded.periodTotalEvents, sumOver(totalIncrease, own, period), own, periodComment(period)),
      record(recorded.periodBadEvents, sumOver(badIncrease, own, period), own),
      record(recorded.periodObserved, secondsOver(own, period, interval), own),
    ];
  }
  const longest = { ...own, [windowLabel]: formatDuration(fastWindows.at(-1) ?? coarseStep) };
  const young = duration(4 * coarseStep);
  const recent = (name: string): Expr => selector(name, longest);
  // Whoever had events so long ago has coarse sums by now; if not, something is wrong and no short window must take their place.
  const earlier = call('last_over_time', offset(range(selector(totalIncrease, own), coarseStep), young));
  const orAtFirst = (coarse: string, first: Expr): Expr => {
    const sameSlo = { matching: on(...identity) };
    return sumBy(
      identity,
      binary('or', latestSlow(coarse, own, levels), binary('unless', first, earlier, sameSlo), sameSlo),
    );
  };
  return [
    record(
      recorded.periodTotalEvents,
      orAtFirst(recorded.periodTotalCoarse, recent(recorded.totalEvents)),
      own,
      `${periodComment(period)} Before the slow group has any, those of the longest window above: it holds all there has been.`,
    ),
    record(recorded.periodBadEvents, orAtFirst(recorded.periodBadCoarse, recent(recorded.badEvents)), own),
    record(recorded.periodObserved, orAtFirst(recorded.periodObservedCoarse, secondsOver(own, young, interval)), own),
  ];
}

function periodComment(period: Duration): string {
  return `The period of ${formatDuration(period)}: events, bad events, and the seconds with data.`;
}

/** What is summed over a window: all events, or the bad ones. */
type SumOf = (increase: 'total' | 'bad') => Expr;

function windowSums(own: Readonly<Record<string, string>>, window: Duration, sumOf: SumOf): readonly RecordingRule[] {
  const labels = { ...own, [windowLabel]: formatDuration(window) };
  return [record(recorded.totalEvents, sumOf('total'), labels), record(recorded.badEvents, sumOf('bad'), labels)];
}
