import type { Duration } from '../../base/index.ts';
import type { Expr } from '../../promql/index.ts';

/** What is measured. */
export type Indicator =
  | RatioIndicator
  | DistributionIndicator
  | ConditionIndicator
  | CompositeIndicator
  | QueriesIndicator
  | ExternalIndicator;

/** Good or bad events among all valid ones. A filter for valid events stands in both selectors. */
export interface RatioIndicator {
  readonly kind: 'ratio';
  /** Which of the two was written; the other is the rest of the total. */
  readonly counts: 'good' | 'bad';
  /** A selector of counters, or a sum of such selectors; no rate, no range. */
  readonly events: Expr;
  readonly total: Expr;
}

/** Observations of a histogram, classic or native; those at or below a bound are good. */
export interface DistributionIndicator {
  readonly kind: 'distribution';
  /** Selector of the histogram by its base name (without `_bucket`), with label filters. */
  readonly histogram: Expr;
  /** The bound in the metric's base unit (seconds for a histogram of seconds). Of a classic histogram it is a bucket's upper bound. */
  readonly below: number;
}

/** Something that holds or does not, at every moment: it is judged by time slices. */
export interface ConditionIndicator {
  readonly kind: 'condition';
  /** What holds while all is well. */
  readonly condition: Condition;
}

/**
 * A statement about series. A comparison holds if it holds for each series of its value; without any series nothing is known, except that
 * a counter that should progress and is not there does not progress.
 */
export type Condition = ComparisonCondition | ProgressCondition | InvariantCondition | CompoundCondition;

/** The value of an expression against a bound: a gauge, a ratio of gauges, a rate, a maximum over time. */
export interface ComparisonCondition {
  readonly kind: 'comparison';
  /** Any PromQL that gives an instant vector. */
  readonly value: Expr;
  readonly operator: ComparisonOperator;
  readonly bound: number;
}

export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** The counters together increase at least once within any stretch of this length: a heartbeat. */
export interface ProgressCondition {
  readonly kind: 'progress';
  readonly counter: Expr;
  readonly within: Duration;
}

/** No counter increases within any stretch of this length: what it counts should never happen. */
export interface InvariantCondition {
  readonly kind: 'invariant';
  readonly counter: Expr;
  readonly within: Duration;
}

/** All or any of several statements. */
export interface CompoundCondition {
  readonly kind: 'all' | 'any';
  readonly of: readonly Condition[];
}

/** Other objectives joined into one: a journey, or a service as its users see it. */
export interface CompositeIndicator {
  readonly kind: 'composite';
  /**
   * `weighted`: the mean of the members' error ratios by weight. `worst`: the worst member's. `series`: members that all must work,
   * independent of each other: 1 - product of (1 - error ratio). `pooled`: all events in one pot.
   */
  readonly combine: 'weighted' | 'worst' | 'series' | 'pooled';
  readonly members: readonly CompositeMember[];
}

/** An objective that is part of a composite. Only the weighted mean looks at the weight. */
export interface CompositeMember {
  readonly service: string;
  readonly slo: string;
  readonly weight: number;
}

/**
 * Queries of one's own over a window that is filled in, for what no counter counts: a share of gauges, or numbers that come from a subquery.
 * Over steps that follow one another they say how many events there were and how many of them counted, or only their share.
 */
export interface QueriesIndicator {
  readonly kind: 'queries';
  readonly counts: 'good' | 'bad';
  /** The number of counted events within the window; without a total, their share. The window stands as `[range()]`. */
  readonly events: Expr;
  readonly total?: Expr;
}

/** What another system measures: kept word for word, though nothing here can ask for it. */
export interface ExternalIndicator {
  readonly kind: 'external';
  /** Whose queries they are, as its own definitions say: `Datadog`, `cloud_monitoring`. */
  readonly system: string;
  /** What is measured, in the words of the definition that it came from. */
  readonly measures: ForeignMap;
}

/** A value as YAML and JSON have it. */
export type ForeignValue = string | number | boolean | null | readonly ForeignValue[] | ForeignMap;

export interface ForeignMap {
  readonly [key: string]: ForeignValue;
}
