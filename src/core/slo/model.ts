import type { Duration, Ratio } from '../base/index.ts';
import type { Expr } from '../promql/index.ts';

/** A service and its promises: what one definition file says. Every default has been filled in. */
export interface Service {
  /** Lower-case words joined by hyphens: `shop-api`. It is the value of the `service` label everywhere. */
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** The team that answers for it; the value of the `owner` label. */
  readonly owner: string;
  /** The scrape job of its targets, by which missing samples are told from missing traffic; the service's name by default. */
  readonly job: string;
  readonly metrics: ReadonlyMap<string, Metric>;
  /** In the order of the definition. */
  readonly slos: readonly Slo[];
}

/** An entry of the metric catalogue. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly help?: string;
  /** The base unit of its values, as in metric names: `seconds`, `bytes`. */
  readonly unit?: string;
  /** Label names with the values that are known; an empty list means any value. Labels of the target (job, instance) are not listed. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
  /** Upper bounds of a classic histogram's buckets, ascending, without +Inf; empty if not known. */
  readonly buckets: readonly number[];
}

/** A service level objective: an indicator, a target and a period. */
export interface Slo {
  /** Unique within the service: lower-case words joined by hyphens. */
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly indicator: Indicator;
  readonly target: Target;
  readonly period: Period;
  /** The burn-rate alerts, fastest first; empty if the objective pages nobody. */
  readonly alerts: readonly BurnRateTier[];
  /** Fewest bad events in the long window for an alert: one failed request never pages. */
  readonly minimumBadEvents: number;
  /** What no data means for the budget: nothing is known (default), or the time counts as bad or good. */
  readonly noData: 'unknown' | 'bad' | 'good';
  /** How long all series may be missing before the absence alert fires. */
  readonly absentFor: Duration;
  readonly runbook?: string;
  /** Further labels for alerts. */
  readonly labels: ReadonlyMap<string, string>;
}

/** What is measured. `distribution` counts the observations of a classic histogram at or below a bucket bound as good. */
export type Indicator = RatioIndicator | DistributionIndicator;

export interface RatioIndicator {
  readonly kind: 'ratio';
  /** Which of the two was written; the other is the rest of the total. */
  readonly counts: 'good' | 'bad';
  /** A selector of counters, or a sum of such selectors; no rate, no range. */
  readonly events: Expr;
  readonly total: Expr;
}

export interface DistributionIndicator {
  readonly kind: 'distribution';
  /** Selector of the histogram by its base name (without `_bucket`), with label filters. */
  readonly histogram: Expr;
  /** The bound in the metric's base unit (seconds for a histogram of seconds); it is a bucket's upper bound. */
  readonly below: number;
}

/** A target with the error budget that follows from its decimal text: 99.9 % leaves exactly 0.001. */
export interface Target {
  /** As people read it: `99.9%`. */
  readonly text: string;
  /** In (0, 1). */
  readonly ratio: Ratio;
  /** 1 - target, shifted in decimal, never by floating subtraction. */
  readonly errorBudget: Ratio;
}

/** Over what stretch the objective is judged. Calendar periods come with the whole model. */
export interface Period {
  readonly kind: 'rolling';
  readonly length: Duration;
}

/**
 * One tier of a multi-window, multi-burn-rate alert (SRE workbook, chapter 5): it fires while both windows burn faster than `burnRate`.
 * The long window shows that the damage is real, the short one that it is still going on.
 */
export interface BurnRateTier {
  readonly severity: 'page' | 'ticket' | 'info';
  readonly longWindow: Duration;
  readonly shortWindow: Duration;
  /** Multiple of the rate that would spend the budget exactly over the period. */
  readonly burnRate: number;
  /** How long the condition must hold; zero by default. */
  readonly holdFor: Duration;
}
