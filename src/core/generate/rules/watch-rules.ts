import { type Duration, duration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { Service } from '../../slo/index.ts';
import type { Counters } from '../counters.ts';
import { justUnder } from '../levels.ts';
import { recorded, watchedCounts, watchLabel } from '../names.ts';
import { memory } from '../options.ts';
import { counterSums, instanceCount, stoppedSeries, sumsLabels, watchedIncrease } from './increase.ts';
import { record } from './record.ts';

const { aggregate, by, call, compare, offset, range, selector } = build;

/** Counters that a condition or an alert watches: by how much they increase is recorded like events are. */
export interface Watch {
  readonly service: Service;
  readonly counters: Counters;
  readonly interval: Duration;
  /** The labels of the objective or the service that watches. */
  readonly own: Readonly<Record<string, string>>;
  /** The labels of which each combination of values is watched by itself; empty where all is watched together. */
  readonly groups: readonly string[];
}

/** What each evaluation records of watched counters. */
export function watchRules(watch: Watch): readonly RecordingRule[] {
  const own = labelsOf(watch);
  const subject = { ...watch, own, records: watchedCounts };
  return [
    record(
      recorded.instanceWatched,
      counterSums(subject),
      sumsLabels(subject),
      'Watched counters as they stand, the instances that answer, and by how much they increased since the last evaluation.',
    ),
    record(recorded.watchedInstances, instanceCount(subject), own),
    record(recorded.stopped, stoppedSeries(subject), sumsLabels(subject)),
    record(recorded.watchedIncrease, watchedIncrease(subject), own),
    record(recorded.watching, call('vector', build.number(1)), own),
  ];
}

/** By how much the counters increased within a range; absent if nothing was known of them. */
export function increaseWithin(watch: Watch, within: Duration): Expr {
  const length = duration(Math.max(within, watch.interval));
  return call('sum_over_time', range(selector(recorded.watchedIncrease, labelsOf(watch)), justUnder(length)));
}

/** The increase at this evaluation: there as long as a target answers. */
export function increaseNow(watch: Watch): Expr {
  return selector(recorded.watchedIncrease, labelsOf(watch));
}

/** 1 if the counters have been watched for at least a range; with groups for each of them that was there by then. */
export function watchedFor(watch: Watch, within: Duration): Expr {
  const { groups } = watch;
  const name = groups.length === 0 ? recorded.watching : recorded.watchedIncrease;
  const before = call('last_over_time', offset(range(selector(name, labelsOf(watch)), justUnder(memory)), within));
  return groups.length === 0 ? before : aggregate('group', by(...groups), before);
}

/** The series of the counters, if there are any. */
export function watchedSeries(watch: Watch): Expr {
  return selector(recorded.instanceWatched, labelsOf(watch));
}

/** The increase within a range, if there was one. */
export function moved(watch: Watch, within: Duration): Expr {
  return compare('>', increaseWithin(watch, within), 0);
}

/**
 * What a service watches is told from what its objectives watch, as a selection by the service alone would take in both, and what is watched in groups
 * from what was watched as a whole before.
 */
function labelsOf({ own, counters, groups }: Watch): Readonly<Record<string, string>> {
  const whose = own['slo'] === undefined ? 'service-' : '';
  return { ...own, [watchLabel]: [`${whose}${counters.fingerprint}`, ...groups].join('-') };
}
