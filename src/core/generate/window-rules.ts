import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import { justUnder, type Levels } from './levels.ts';
import { identityLabels, recorded, windowLabel } from './names.ts';
import { record } from './record.ts';
import { coarseSumOver, sumOver } from './sums.ts';

const { call, offset, range, selector } = build;

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
      `The period of ${formatDuration(period)} up to the last coarse step: events, bad events, seconds with data.`,
    ),
    record(recorded.periodBadCoarse, coarseSumOver(recorded.badCoarse, own, period, levels), own),
    record(recorded.periodObservedCoarse, coarseSumOver(recorded.observedCoarse, own, period, levels), own),
    record(recorded.periodCoarseStart, lastSummedStep(own, levels), own, 'The last coarse step that these contain.'),
  ];
}

function lastSummedStep(own: Readonly<Record<string, string>>, { coarseStep, interval }: Levels): Expr {
  const starts = range(selector(recorded.coarseStart, own), justUnder(duration(3 * coarseStep)));
  return call('last_over_time', offset(starts, interval));
}

/** What is summed over a window: all events, or the bad ones. */
type SumOf = (increase: 'total' | 'bad') => Expr;

function windowSums(own: Readonly<Record<string, string>>, window: Duration, sumOf: SumOf): readonly RecordingRule[] {
  const labels = { ...own, [windowLabel]: formatDuration(window) };
  return [record(recorded.totalEvents, sumOf('total'), labels), record(recorded.badEvents, sumOf('bad'), labels)];
}
