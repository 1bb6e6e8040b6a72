import type { Duration, Timestamp } from '../../base/index.ts';
import type { Expr, VectorSelector } from '../../promql/index.ts';
import type { ComparisonCondition, InvariantCondition, ProgressCondition } from '../../slo/index.ts';

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

/** How often the values of series fell, and how often they changed at all. */
export interface Movement {
  readonly resets: number;
  readonly changes: number;
  /** The least value; only where it was asked. */
  readonly least?: number;
}

/** A statement of a condition, and what a server holds of it. */
export interface StatementFacts {
  readonly condition: ComparisonCondition | ProgressCondition | InvariantCondition;
  readonly selectors: readonly ConditionSelector[];
  /** In which share of each step it held; NaN where nobody knows. */
  readonly holds: Float64Array;
  /** Of a comparison: how many values its expression has at each step, and how many of them are numbers. */
  readonly values?: { readonly all: Float64Array; readonly known: Float64Array };
  /** Of a comparison: what is divided by, how many values that has at each step, and how many of them are 0. */
  readonly divisors?: readonly { readonly expr: Expr; readonly all: Float64Array; readonly zero: Float64Array }[];
  /** Of a comparison: the first operation that has no value though both its sides have. */
  readonly mismatch?: Expr;
  /** Of counters. */
  readonly movement?: Movement;
}

/** A selector of a condition. */
export interface ConditionSelector {
  readonly selector: VectorSelector;
  readonly series: Float64Array;
  /** Whether it stands in `absent()`, where series are what should not be missing. */
  readonly isInAbsent: boolean;
  readonly missingLabels: readonly string[];
}

/** What a server holds of the events of an objective. */
export interface EventFacts {
  readonly total: readonly SelectorFacts[];
  readonly counted: readonly SelectorFacts[];
  readonly counts: 'good' | 'bad';
  /** Series of counted events that are not among those of all events. */
  readonly outside: number;
  /** How often the counters of all events fell, and changed, summed over the series; changes are asked only where there are many falls. */
  readonly resets: number;
  readonly changes: number;
  /** Instances that several jobs scrape. */
  readonly duplicates: readonly string[];
  /** Instances that have the counters. */
  readonly instances: number;
}
