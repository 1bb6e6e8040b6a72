import type { RecordingRule } from '../../rules/index.ts';
import { anyone, type EventRecords, identityLabels } from '../names.ts';
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
import { remembered } from './remembered.ts';

type EventSubject = Subject & { readonly records: EventRecords };

/**
 * What each evaluation records first: the counters as they stand, and the events since the evaluation before. The last rule may be under
 * the names of `anyone`.
 */
export function eventRules(subject: EventSubject): readonly RecordingRule[] {
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
    increasesRule(subject),
  ];
}

const increases = remembered<RecordingRule>();

/**
 * The increases of both kinds. But for groups, which are known by their counters, they are the same for all objectives that count the same kind
 * beside all events, and are built once under the names of `anyone`.
 */
function increasesRule(subject: EventSubject): RecordingRule {
  const { counters, groups, interval, records } = subject;
  if (0 < groups.length) return builtIncreases(subject);
  const own = identityLabels({ name: anyone.service }, { name: anyone.slo });
  return increases(`${counters.counts} ${records.events} ${interval}`, () => builtIncreases({ ...subject, own }));
}

function builtIncreases(subject: EventSubject): RecordingRule {
  const { own, records } = subject;
  return record(records.events, eventIncreases(subject), own, 'Events since the last evaluation, and bad ones.');
}
