import type { Duration, Ratio } from '../base/index.ts';
import type { Expr } from '../promql/index.ts';
import type { BurnRateTier, ConditionAlert, Severity } from './model/alert.ts';
import type { PanelRow } from './model/dashboard.ts';
import type { Indicator } from './model/indicator.ts';
import type { Notifications } from './model/notification.ts';
import type {
  ActionItem,
  ChangeProcess,
  ChangeProposal,
  Contact,
  DocumentFacts,
  Environment,
  Resource,
  Review,
  ScopeNote,
} from './model/organisation.ts';
import type { ErrorBudgetPolicy, Exclusion, Goal, OperationalThreshold, Sla } from './model/policy.ts';

/** A service and its promises: what one definition file says. Every default has been filled in. */
export interface Service extends ServiceDetails {
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

/** What a service may say beyond its objectives; `plainService` holds the defaults. */
export interface ServiceDetails {
  readonly criticality?: Criticality;
  /** Value of the `severity` label for each severity: `page` itself, or `critical`. */
  readonly severityLabels: Readonly<Record<Severity, string>>;
  /** Indicators that are shown but promise nothing. */
  readonly indicators: readonly InformationalIndicator[];
  /** Alerts that belong to no single objective. */
  readonly alerts: readonly ConditionAlert[];
  readonly policies: readonly ErrorBudgetPolicy[];
  readonly thresholds: readonly OperationalThreshold[];
  readonly slas: readonly Sla[];
  readonly exclusions: readonly Exclusion[];
  readonly goals: readonly Goal[];
  readonly notifications?: Notifications;
  readonly panels: readonly PanelRow[];
  readonly environments: readonly Environment[];
  readonly contacts: readonly Contact[];
  readonly reviews: readonly Review[];
  readonly changeProcess?: ChangeProcess;
  readonly proposals: readonly ChangeProposal[];
  readonly actionItems: readonly ActionItem[];
  readonly document: DocumentFacts;
  readonly outOfScope: readonly ScopeNote[];
  /** Words of the service, and what they mean here. */
  readonly glossary: ReadonlyMap<string, string>;
  readonly resources: readonly Resource[];
}

/** How much the business suffers without it. */
export type Criticality = 'critical' | 'high' | 'medium' | 'low';

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
  /** Whether the histogram is a native one. */
  readonly native?: boolean;
  /** Former or coming names under which the same is counted during a rename: read where the name itself is missing, never added to it. */
  readonly aliases?: readonly string[];
  /** What has to happen before the metric exists; absent once it does. What depends on it renders, cannot fire, and says so. */
  readonly pendingOn?: string;
  /** The program that exposes it, if it is not the service itself: `redis_exporter`. */
  readonly exporter?: string;
  /** The rows of a table that an exporter turns into the metric. */
  readonly rows?: RowSource;
}

/** A query on a database whose rows become samples of a metric. */
export interface RowSource {
  /** The database, as the exporter's configuration names it. */
  readonly database: string;
  readonly sql: string;
  /** The column with the value; the columns named like the metric's labels give these. */
  readonly valueColumn: string;
}

/** A service level objective: an indicator, a target and a period. */
export interface Slo extends SloDetails {
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

/** What an objective may say beyond its promise; `plainSlo` holds the defaults. */
export interface SloDetails {
  /** What the target is a share of. */
  readonly measure: Measure;
  /** Periods that are shown beside the one that counts. */
  readonly furtherPeriods: readonly Period[];
  /** One definition, an objective for each value of these labels; empty for one objective. */
  readonly groupBy: readonly string[];
  /** Alerts on the indicator itself, beside those on its budget. */
  readonly conditionAlerts: readonly ConditionAlert[];
  /** Fewest events in the long window for a burn-rate alert. */
  readonly minimumEvents: number;
  /** Percentiles to show of a distribution, in (0, 1). */
  readonly quantiles: readonly Ratio[];
  /** Whether the page or the reader should see it first. */
  readonly role: 'primary' | 'secondary';
  /** Whether users feel it, or it is a resource behind what they feel. */
  readonly category: 'user' | 'resource';
  /** Pending objectives wait for data; drafts and retired ones have no rules. */
  readonly lifecycle: 'draft' | 'pending' | 'active' | 'retired';
  readonly criticality?: Criticality;
  /** Objectives on several thresholds of one distribution share a family. */
  readonly family?: string;
  /** The journey of users that it is a part of. */
  readonly journey?: string;
  /** The tiers of customers whom it concerns: FREE, PRO. */
  readonly customers: readonly string[];
  readonly rationale?: string;
  /** What happens to whom if it is missed. */
  readonly impact: readonly string[];
  /** What a miss costs in money: refunds, wasted compute. */
  readonly costs: readonly string[];
  /** What its keeping depends on: other services or tickets, in words. */
  readonly dependsOn: readonly string[];
  /** A target to grow into. */
  readonly aspiration?: Target;
  /** What shows that it can be kept: the report of a load test. */
  readonly evidence?: string;
  readonly targetHistory: readonly TargetChange[];
  /** Address of the board about it. */
  readonly dashboard?: string;
}

/** What a target is a share of. */
export type Measure =
  | { readonly kind: 'events' }
  /** Time slices of this length. A slice of a condition is good if the condition holds throughout; one of events if it reaches `sliceTarget`. */
  | { readonly kind: 'slices'; readonly length: Duration; readonly sliceTarget?: Ratio }
  /** The mean over slices of the slices' own ratios, whatever their traffic (OpenSLO: ratio time slices). */
  | { readonly kind: 'slice-ratios'; readonly length: Duration };

export interface TargetChange {
  readonly target: Target;
  /** ISO 8601 date from which on it counted. */
  readonly since: string;
  readonly reason?: string;
}

/** An indicator without a target. */
export interface InformationalIndicator {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly indicator: Indicator | QueryIndicator;
  readonly unit?: string;
}

/** Any figure that a query gives: a rate of created tasks. */
export interface QueryIndicator {
  readonly kind: 'query';
  readonly value: Expr;
}

/** A target with the error budget that follows from its decimal text: 99.9 % leaves exactly 0.001. */
export interface Target {
  /** As people read it: `99.9%`. */
  readonly text: string;
  /** In (0, 1); 1 for an invariant, which has no budget. */
  readonly ratio: Ratio;
  /** 1 - target, shifted in decimal, never by floating subtraction. Zero only where the period is continuous. */
  readonly errorBudget: Ratio;
}

/** Over what stretch the objective is judged. */
export type Period = RollingPeriod | CalendarPeriod | ContinuousPeriod;

/** Up to now, always the same length. */
export interface RollingPeriod {
  readonly kind: 'rolling';
  readonly length: Duration;
}

/** From the last turn of the calendar to the next one. */
export interface CalendarPeriod {
  readonly kind: 'calendar';
  readonly unit: CalendarUnit;
  /** IANA name. Weeks begin on Monday. */
  readonly timeZone: string;
  /** By which alerts are scaled: the usual length of the unit, 30 days for a month. */
  readonly length: Duration;
}

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Always: an invariant may never be broken, so that nothing is left to spend. */
export interface ContinuousPeriod {
  readonly kind: 'continuous';
  /** Over which what happened is shown. */
  readonly length: Duration;
}

/** What an objective says of its details if it says nothing. */
export const plainSlo: SloDetails = {
  measure: { kind: 'events' },
  furtherPeriods: [],
  groupBy: [],
  conditionAlerts: [],
  minimumEvents: 0,
  quantiles: [],
  role: 'primary',
  category: 'user',
  lifecycle: 'active',
  customers: [],
  impact: [],
  costs: [],
  dependsOn: [],
  targetHistory: [],
};

/** What a service says of its details if it says nothing. */
export const plainService: ServiceDetails = {
  severityLabels: { page: 'page', ticket: 'ticket', info: 'info' },
  indicators: [],
  alerts: [],
  policies: [],
  thresholds: [],
  slas: [],
  exclusions: [],
  goals: [],
  panels: [],
  environments: [],
  contacts: [],
  reviews: [],
  proposals: [],
  actionItems: [],
  document: { history: [] },
  outOfScope: [],
  glossary: new Map(),
  resources: [],
};
