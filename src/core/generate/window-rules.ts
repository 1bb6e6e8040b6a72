import { type Duration, formatDuration } from '../base/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import type { Levels } from './levels.ts';
import { identityLabels, recorded, windowLabel } from './names.ts';
import { record } from './record.ts';
import { secondsOver, sumOver } from './sums.ts';

/** The events in the short windows, from the increase of every evaluation. */
export function fastWindowRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const rules = levels.fastWindows.flatMap((window) => windowSums(own, window, fastSources));
  return levels.periodIsSlow ? rules : [...rules, ...periodSums(service, slo, levels)];
}

/** The events in the long windows, from the coarse increases. */
export function slowWindowRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const rules = levels.slowWindows.flatMap((window) => windowSums(own, window, slowSources));
  return levels.periodIsSlow ? [...rules, ...periodSums(service, slo, levels)] : rules;
}

/** The names of the increases that a window is summed from. */
interface Sources {
  readonly total: string;
  readonly bad: string;
}

const fastSources: Sources = { total: recorded.totalIncrease, bad: recorded.badIncrease };
const slowSources: Sources = { total: recorded.totalCoarse, bad: recorded.badCoarse };

function windowSums(
  own: Readonly<Record<string, string>>,
  window: Duration,
  sources: Sources,
): readonly RecordingRule[] {
  const labels = { ...own, [windowLabel]: formatDuration(window) };
  return [
    record(recorded.totalEvents, sumOver(sources.total, own, window), labels),
    record(recorded.badEvents, sumOver(sources.bad, own, window), labels),
  ];
}

function periodSums(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const { period, periodIsSlow } = levels;
  const sources = periodIsSlow ? slowSources : fastSources;
  const observed = periodIsSlow
    ? sumOver(recorded.observedCoarse, own, period)
    : secondsOver(own, period, levels.interval);
  const comment = `The period of ${formatDuration(period)}: events, bad events, and the seconds with data.`;
  return [
    record(recorded.periodTotalEvents, sumOver(sources.total, own, period), own, comment),
    record(recorded.periodBadEvents, sumOver(sources.bad, own, period), own),
    record(recorded.periodObserved, observed, own),
  ];
}
