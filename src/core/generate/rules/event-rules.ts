import type { RecordingRule } from '../../rules/index.ts';
import {
  badIncrease,
  countedCounters,
  instanceCount,
  type Subject,
  stoppedSeries,
  totalCounters,
  totalIncrease,
  unknownPast,
} from './increase.ts';
import { record } from './record.ts';

/** What each evaluation records first: the counters as they stand, and the events since the evaluation before. */
export function eventRules(subject: Subject): readonly RecordingRule[] {
  const { counters, own, records } = subject;
  const withFingerprint = { ...own, sli: counters.fingerprint };
  return [
    record(
      records.instanceTotal,
      totalCounters(subject),
      withFingerprint,
      'The counters of all events as they stand, one sum for each instance. The label sli names the selection: sums of different ' +
        'selections are never compared.',
    ),
    record(
      records.instanceCounted,
      countedCounters(subject),
      withFingerprint,
      `The counters of ${counters.counts} events; 0 until there are any.`,
    ),
    record(records.instances, instanceCount(subject), own, 'Instances that answer scrapes.'),
    record(
      records.stopped,
      stoppedSeries(subject),
      withFingerprint,
      'Instances with series that are no longer scraped though they have not ended: none, but after a change of labels.',
    ),
    record(
      records.unknownPast,
      unknownPast(subject),
      withFingerprint,
      'Instances that are new here though they, or this objective, may have counted for years: what they show first is no increase.',
    ),
    record(
      records.totalIncrease,
      totalIncrease(subject),
      own,
      'Events since the last evaluation, whenever that was: the difference to the counters recorded then, or, for an instance that ' +
        'restarted or is new, what its series show. Nothing is extrapolated, and no window ever reads the raw series again.',
    ),
    record(
      records.badIncrease,
      badIncrease(subject),
      own,
      counters.counts === 'bad'
        ? 'Bad events since the last evaluation, in the same way.'
        : 'The same without the good events: bad ones.',
    ),
  ];
}
