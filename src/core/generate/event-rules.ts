import type { RecordingRule } from '../rules/index.ts';
import { badIncrease, countedCounters, instanceCount, type Subject, totalCounters, totalIncrease } from './increase.ts';
import { identityLabels, recorded } from './names.ts';
import { record } from './record.ts';

/** What each evaluation records first: the counters as they stand, and the events since the evaluation before. */
export function eventRules(subject: Subject): readonly RecordingRule[] {
  const { counters } = subject;
  const own = identityLabels(subject.service, subject.slo);
  const withFingerprint = { ...own, sli: counters.fingerprint };
  return [
    record(
      recorded.instanceTotal,
      totalCounters(subject),
      withFingerprint,
      'The counters of all events as they stand, one sum for each instance. The label sli names the selection: sums of different ' +
        'selections are never compared.',
    ),
    record(
      recorded.instanceCounted,
      countedCounters(subject),
      withFingerprint,
      `The counters of ${counters.counts} events; 0 until there are any.`,
    ),
    record(recorded.instances, instanceCount(subject), own, 'Instances that answer scrapes.'),
    record(
      recorded.totalIncrease,
      totalIncrease(subject),
      own,
      'Events since the last evaluation, whenever that was: the difference to the counters recorded then, or, for an instance that ' +
        'restarted or is new, what its series show. Nothing is extrapolated, and no window ever reads the raw series again.',
    ),
    record(
      recorded.badIncrease,
      badIncrease(subject),
      own,
      counters.counts === 'bad'
        ? 'Bad events since the last evaluation, in the same way.'
        : 'The same without the good events: bad ones.',
    ),
  ];
}
