import type { Duration, Timestamp } from '../../base/index.ts';
import type { VectorSelector } from '../../promql/index.ts';

/** The stretch that is looked at, in steps. */
export interface DoctorRange {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly step: Duration;
}

/** What a server holds of the series of one selector. */
export interface SelectorFacts {
  readonly selector: VectorSelector;
  /** Whether the metric has another name now: that there is nothing under this one is as it should be. */
  readonly isFormer: boolean;
  /** How many series there are at each step, 0 where there are none; first to last step. */
  readonly series: Float64Array;
  /** The increase of all of them in each step; NaN where nothing is known. */
  readonly increase: Float64Array;
  /** Samples that an hour of them holds, by the server's own statistics where it gives them. */
  readonly samplesPerHour: number;
  /** Labels that conditions name and no series of the metric has. */
  readonly missingLabels: readonly string[];
  /** The buckets that the metric has, as texts of `le`; undefined where no condition is on a bucket. */
  readonly buckets?: readonly string[];
}

/** What a server holds of the events of an objective. */
export interface EventFacts {
  readonly total: readonly SelectorFacts[];
  readonly counted: readonly SelectorFacts[];
  readonly counts: 'good' | 'bad';
  /** Series of counted events that are not among those of all events. */
  readonly outside: number;
  /** Restarts of the counters of all events, summed over the series. */
  readonly resets: number;
  /** Instances that several jobs scrape. */
  readonly duplicates: readonly string[];
  /** Instances that have the counters. */
  readonly instances: number;
}
