import type { RecordingRule } from '../../rules/index.ts';
import type { EventRecords } from '../names.ts';
import {
  counterIncrease,
  counterSums,
  eventIncreases,
  instanceCount,
  type Subject,
  stoppedSeries,
  sumsLabels,
} from './increase.ts';
import { record } from './record.ts';

/** What each evaluation records first: the counters as they stand, and the events since the evaluation before. */
export function eventRules(subject: Subject & { readonly records: EventRecords }): readonly RecordingRule[] {
  const { counters, own, records } = subject;
  return [
    record(
      records.sums,
      counterSums(subject),
      sumsLabels(subject),
      `The counters of all events and of ${counters.counts} ones as they stand, one sum for each instance. The label sli names the ` +
        'selection: sums of different selections are never compared.',
    ),
    record(records.instances, instanceCount(subject), own, 'Instances that answer scrapes.'),
    record(
      records.stopped,
      stoppedSeries(subject),
      sumsLabels(subject),
      'Instances with series that are no longer scraped though they have not ended: none, but after a change of labels.',
    ),
    record(
      records.increase,
      counterIncrease(subject),
      own,
      'The increase since the last evaluation, whenever that was: the difference to the counters recorded then, or, for an instance that ' +
        'restarted or is new, what its series show, unless it may have counted for years unseen. Nothing is extrapolated, and no window ' +
        'ever reads the raw series again.',
    ),
    record(records.events, eventIncreases(subject), own, 'Events since the last evaluation, and bad ones.'),
  ];
}
