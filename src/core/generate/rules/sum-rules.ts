import type { Duration } from '../../base/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { Levels } from '../levels.ts';
import { anyone } from '../names.ts';
import { calendarRules } from './calendar-rules.ts';
import { closedEvents, figureRules } from './figure-rules.ts';
import type { Likeness } from './likeness.ts';
import { periodSumRules } from './period-rules.ts';
import type { Named, Promised } from './promised.ts';
import { remembered } from './remembered.ts';
import { slowRules } from './slow-rules.ts';
import { stepRules } from './steps.ts';
import { fastWindowRules } from './window-rules.ts';

/** What is summed up of recorded events. */
export interface SumRules {
  /** At each evaluation. */
  readonly fast: readonly RecordingRule[];
  /** At steps of these lengths. */
  readonly slow: ReadonlyMap<Duration, readonly RecordingRule[]>;
}

const sums = remembered<SumRules>();

/**
 * The sums of an objective, under the names of `anyone`: they are built once for all that are alike. Most of them are merged into rules for
 * several objectives afterwards, and nothing has to be printed again to see that they are the same.
 */
export function sumRules(slo: Promised, { levels, key }: Likeness): SumRules {
  return sums(key, () => builtSums({ name: anyone.service }, { ...slo, name: anyone.slo }, levels));
}

function builtSums(service: Named, slo: Promised, levels: Levels): SumRules {
  return {
    fast: [
      ...calendarRules(service, slo, levels),
      ...stepRules(service, slo, levels),
      ...fastWindowRules(service, slo, levels),
      ...periodSumRules(service, slo, levels),
      ...figureRules(service, slo, levels, closedEvents(service, slo)),
    ],
    slow: slowRules(service, slo, levels),
  };
}
