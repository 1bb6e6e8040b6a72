import { type Duration, formatDuration } from '../../base/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { Levels } from '../levels.ts';
import { identityLabels, recorded, windowLabel } from '../names.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { sumOver } from './sums.ts';

/** The events in the short windows, from the increase of every evaluation. */
export function fastWindowRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  return windowRules(service, slo, levels.fastWindows, recorded.eventsIncrease);
}

/** The events in the long windows, from the coarse increases. */
export function slowWindowRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  return windowRules(service, slo, levels.slowWindows, recorded.eventsCoarse);
}

function windowRules(
  service: Named,
  slo: Promised,
  windows: readonly Duration[],
  increase: string,
): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  return windows.map((window) =>
    record(recorded.windowEvents, sumOver(increase, own, window), { ...own, [windowLabel]: formatDuration(window) }),
  );
}
