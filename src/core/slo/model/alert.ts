import type { Duration } from '../../base/index.ts';
import type { Expr } from '../../promql/index.ts';
import type { ComparisonOperator } from './indicator.ts';

/** How urgent an alert is: wake somebody, open a ticket, or only show it. What the label says is the service's `severityLabels`. */
export type Severity = 'page' | 'ticket' | 'info';

/** How sensitive alerting is; the state of an error budget policy chooses. Alerts of higher profiles come on top of those of lower ones. */
export type AlertProfile = 'standard' | 'enhanced' | 'maximum';

/** What alerts on a budget are called that have no name of their own; Pyrra calls them the same. */
export const usualAlertName = 'ErrorBudgetBurn';

/** What an alert carries besides what every alert of its objective does: for routes, and for whoever is woken. */
export interface AlertWords {
  /** Values may hold Prometheus's templates, as may those of annotations. */
  readonly labels?: ReadonlyMap<string, string>;
  readonly annotations?: ReadonlyMap<string, string>;
}

/**
 * One tier of a multi-window, multi-burn-rate alert (SRE workbook, chapter 5): it fires while both windows burn faster than `burnRate`.
 * The long window shows that the damage is real, the short one that it is still going on.
 */
export interface BurnRateTier extends AlertWords {
  readonly severity: Severity;
  readonly longWindow: Duration;
  readonly shortWindow: Duration;
  /** Multiple of the rate that would spend the budget exactly over the period. */
  readonly burnRate: number;
  /** How long the condition must hold; zero by default. */
  readonly holdFor: Duration;
  /** How long the alert goes on after the condition has ended; not at all by default. */
  readonly keepFiringFor?: Duration;
  /** The alert's name where it is not the usual one. */
  readonly name?: string;
  /** The profile from which on the alert is active; `standard` by default. */
  readonly profile?: AlertProfile;
}

/** What a condition alert looks at. */
export type AlertCondition = ThresholdAlert | ProgressAlert | RelativeAlert | CompoundAlert | AbsentAlert;

/** A value beyond a bound. */
export interface ThresholdAlert {
  readonly kind: 'threshold';
  readonly value: Expr;
  /** Fires while `value operator bound` holds for a series. */
  readonly operator: ComparisonOperator;
  readonly bound: number;
}

/** A counter that stands still although it should not (`stalled`; a missing one stands still too), or moves although it should not. */
export interface ProgressAlert {
  readonly kind: 'progress';
  readonly counter: Expr;
  readonly within: Duration;
  readonly fires: 'stalled' | 'increased';
}

/** A rate that is many times what it was, and large enough to matter. */
export interface RelativeAlert {
  readonly kind: 'relative';
  /** A selector of counters, or a sum of them. */
  readonly counter: Expr;
  readonly window: Duration;
  /** The stretch that it is compared with, and how long ago that ended. */
  readonly baselineWindow: Duration;
  readonly baselineOffset: Duration;
  readonly factor: number;
  /** Events a second below which nothing fires, however small the baseline was. */
  readonly floor: number;
}

/** All or any of several. */
export interface CompoundAlert {
  readonly kind: 'all' | 'any';
  readonly of: readonly AlertCondition[];
}

/** Series that are not there. */
export interface AbsentAlert {
  readonly kind: 'absent';
  readonly series: Expr;
}

/** An alert on something other than the burning of a budget. */
export interface ConditionAlert {
  /** The alert's name: `QueueDepthHigh`. */
  readonly name: string;
  readonly severity: Severity;
  readonly when: AlertCondition;
  readonly holdFor: Duration;
  readonly keepFiringFor: Duration;
  readonly profile: AlertProfile;
  /** One sentence on what is wrong; may hold Prometheus's templates. */
  readonly summary?: string;
  readonly description?: string;
  /** Address of what to do. */
  readonly runbook?: string;
  /** Steps for whoever has no time to open the runbook. */
  readonly steps: readonly string[];
  /** What the service needs and what is looked at first: a queue, a store of objects. */
  readonly dependsOn: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
  /** Annotations besides those that are made of the texts above. */
  readonly annotations?: ReadonlyMap<string, string>;
}
