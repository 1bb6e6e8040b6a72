import { type Duration, formatDuration, hour, type Timestamp, timestamp } from '../../base/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import { type Levels, levelsOf } from '../levels.ts';
import { composedNeeds } from '../rules/composite-rules.ts';
import { inWholeSlices } from '../source.ts';
import type { Naming } from './event-series.ts';
import { sourceOf } from './objective-source.ts';
import type { ObjectiveSource } from './source.ts';

/** An objective as a test sees it. */
export interface TestedObjective {
  readonly service: Service;
  readonly slo: Slo;
  readonly levels: Levels;
  readonly source: ObjectiveSource;
  /** What time it is at the first evaluation. */
  readonly begins: Timestamp;
}

/** Tests begin with the year 1970, unless the clock of their rules is put forward. */
const epoch = timestamp(0);

/** What is needed to test an objective; a text says why it can't be. */
export function testedObjective(
  service: Service,
  defined: Slo,
  interval: Duration,
  { naming = 'own', begins = epoch }: { readonly naming?: Naming; readonly begins?: Timestamp } = {},
): TestedObjective | string {
  const slo = inWholeSlices(defined);
  const levels = levelsOf(slo, interval, composedNeeds(service, slo, interval));
  if (slo.measure.kind !== 'events' && longestSlice < slo.measure.length)
    return `slices of ${formatDuration(slo.measure.length)} take too many evaluations`;
  const source = sourceOf(service, slo, levels, naming);
  return typeof source === 'string' ? source : { service, slo, levels, source, begins };
}

const longestSlice: Duration = hour;
