import { type Duration, formatDuration } from '../../base/index.ts';
import type { Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { Levels } from '../levels.ts';
import { identityLabels, recorded, windowLabel } from '../names.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { sumOver } from './sums.ts';

/** The events in the short windows, from the increase of every evaluation. */
export function fastWindowRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const increases = { total: recorded.totalIncrease, bad: recorded.badIncrease };
  return levels.fastWindows.flatMap((window) =>
    windowSums(own, window, (which) => sumOver(increases[which], own, window)),
  );
}

/** The events in the long windows, from the coarse increases. */
export function slowWindowRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const increases = { total: recorded.totalCoarse, bad: recorded.badCoarse };
  return levels.slowWindows.flatMap((window) =>
    windowSums(own, window, (which) => sumOver(increases[which], own, window)),
  );
}

/** What is summed over a window: all events, or the bad ones. */
type SumOf = (increase: 'total' | 'bad') => Expr;

function windowSums(own: Readonly<Record<string, string>>, window: Duration, sumOf: SumOf): readonly RecordingRule[] {
  const labels = { ...own, [windowLabel]: formatDuration(window) };
  return [record(recorded.totalEvents, sumOf('total'), labels), record(recorded.badEvents, sumOf('bad'), labels)];
}
