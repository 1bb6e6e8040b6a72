import { type Duration, duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import { sinceCoarse } from './coarse-rules.ts';
import { justUnder, type Levels } from './levels.ts';
import { identity, identityLabels, recorded, windowLabel } from './names.ts';
import { record } from './record.ts';
import { secondsOver, sumOver } from './sums.ts';

const { binary, call, compare, offset, on, or, range, selector, sumBy } = build;

/** The events of the period as they stand at this evaluation, for everyone to read. */
export function periodSumRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const { period, periodIsSlow, fastWindows, interval, coarseStep } = levels;
  const comment = `The period of ${formatDuration(period)} up to now: events, bad events, seconds with data.`;
  if (!periodIsSlow) {
    return [
      record(recorded.periodTotalEvents, sumOver(recorded.totalIncrease, own, period), own, comment),
      record(recorded.periodBadEvents, sumOver(recorded.badIncrease, own, period), own),
      record(recorded.periodObserved, secondsOver(own, period, interval), own),
    ];
  }
  const longest = { ...own, [windowLabel]: formatDuration(fastWindows.at(-1) ?? coarseStep) };
  const total = upToNow(levels, own, recorded.periodTotalCoarse, recorded.totalCoarse, recorded.totalInStep);
  const bad = upToNow(levels, own, recorded.periodBadCoarse, recorded.badCoarse, recorded.badInStep);
  const observed = latestSum(recorded.periodObservedCoarse, own, levels);
  const firstMinutes = secondsOver(own, youngUntil(levels), interval);
  return [
    record(
      recorded.periodTotalEvents,
      orAtFirst(levels, own, total, selector(recorded.totalEvents, longest)),
      own,
      `${comment} In the first minutes those of the longest window above: it holds all there has been.`,
    ),
    record(recorded.periodBadEvents, orAtFirst(levels, own, bad, selector(recorded.badEvents, longest)), own),
    record(recorded.periodObserved, orAtFirst(levels, own, observed, firstMinutes), own),
  ];
}

type OwnLabels = Readonly<Record<string, string>>;

/**
 * The sum of the slow group, the newest coarse increase if that sum does not contain it yet, and what was counted since. Whoever is woken
 * by an outage of three minutes should not read what was left of the budget before it.
 */
function upToNow(levels: Levels, own: OwnLabels, summed: string, coarse: string, inStep: string): Expr {
  const newest = (name: string): Expr =>
    call('last_over_time', range(selector(name, own), justUnder(levels.coarseStep)));
  const contained = latestSum(recorded.periodCoarseStart, own, levels);
  const isMissing = compare('>', newest(recorded.coarseStart), contained, on(...identity));
  const sum = latestSum(summed, own, levels);
  const parts = [
    sum,
    binary('and', newest(coarse), isMissing, { matching: on(...identity) }),
    sinceCoarse(levels, inStep, own),
  ];
  const all = sumBy(identity, joined(parts.map((part, index) => numbered(part, index))));
  return binary('and', all, sum, { matching: on(...identity) });
}

/** Before the slow group has summed anything, what has been recorded so far. */
function orAtFirst(levels: Levels, own: OwnLabels, sum: Expr, first: Expr): Expr {
  const sameSlo = { matching: on(...identity) };
  // Whoever had coarse increases so long ago has sums, or will have them after a gap; a short window must not take their place.
  const before = range(selector(recorded.totalCoarse, own), duration(72 * levels.coarseStep));
  const earlier = call('last_over_time', offset(before, youngUntil(levels)));
  return sumBy(identity, binary('or', sum, binary('unless', first, earlier, sameSlo), sameSlo));
}

/** A sum of a month is still a good one an hour later, when Prometheus is back and the slow group has not been evaluated yet. */
function latestSum(name: string, own: OwnLabels, { coarseStep }: Levels): Expr {
  return call('last_over_time', range(selector(name, own), justUnder(duration(12 * coarseStep))));
}

function youngUntil({ coarseStep }: Levels): Duration {
  return duration(4 * coarseStep);
}

/** Parts with the same labels side by side, so that those that are there can be added up. */
function numbered(part: Expr, index: number): Expr {
  const text = build.string;
  return call('label_replace', part, text('part'), text(String(index)), text(''), text(''));
}

function joined([first, ...rest]: readonly Expr[]): Expr {
  if (first === undefined) throw new RangeError('a sum of no parts');
  return or(first, ...rest);
}
