import type { Indicator } from '../slo/index.ts';

/**
 * The wire types of the HTTP API under `/api/v1`. Times are milliseconds since the epoch, durations seconds, ratios fractions of one;
 * null means "not known" (no data, or a window that nothing was recorded in) and is never shown as fine.
 */

/**
 * How an SLO stands. `breached`: the budget of the period is spent, or what must always hold did not. `burning`: an alert of it is firing.
 * `noData`: cannot tell. `pending`: it waits for a metric that does not exist yet. `draft`: nothing is measured on purpose.
 */
export type SloState = 'ok' | 'burning' | 'breached' | 'noData' | 'pending' | 'draft';

/**
 * What an SLO counts: the unit of all its bad and total events. `slices`: stretches of time that are good or bad; `slice-ratios`: such
 * stretches by the share that was good in them; `mixed`: a composite's members count different things, so that only shares have a meaning.
 */
export interface SloMeasure {
  readonly kind: 'events' | 'slices' | 'slice-ratios' | 'mixed';
  /** The length of a slice; null for events, and for a composite whose members have slices of several lengths. */
  readonly sliceSeconds: number | null;
}

export interface ServiceSummary {
  readonly name: string;
  readonly title: string;
  readonly owner: string;
  readonly slos: number;
  /** The worst of its SLOs: breached, then burning, noData, ok, pending and draft. */
  readonly state: SloState;
  readonly policies: readonly PolicyStatus[];
  /** Alerts that belong to no single objective, those on operational thresholds too. */
  readonly alerts: readonly AlertStatus[];
}

/** A figure with the labels that tell its series apart. */
export interface LabelledValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A figure of operations with two levels; nobody promised it. */
export interface ThresholdStatus {
  readonly name: string;
  readonly title: string;
  /** The worst first; empty if nothing is known. */
  readonly values: readonly LabelledValue[];
  /** `>`: too much is bad; `<`: too little. */
  readonly operator: '>' | '<';
  readonly warning: number;
  readonly critical: number;
  readonly unit: string | null;
  /** The level that the worst value is beyond now; null if nothing is known. */
  readonly level: 'ok' | 'warning' | 'critical' | null;
  readonly action: string;
  readonly runbook: string | null;
}

/** A figure that is shown and promises nothing. */
export interface IndicatorStatus {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly unit: string | null;
  readonly values: readonly LabelledValue[];
}

/** Somebody to ask. */
export interface ContactEntry {
  readonly title: string;
  readonly role: string | null;
  readonly email: string | null;
  readonly slack: string | null;
  readonly phone: string | null;
  readonly url: string | null;
}

/** Time that does not count. */
export interface ExclusionEntry {
  readonly name: string;
  readonly reason: string;
  readonly owner: string;
  /** In words: `from 2026-11-20T21:10:00Z to 2026-11-20T21:30:00Z`. */
  readonly when: string;
}

export interface ServiceDetail extends ServiceSummary {
  readonly description: string | null;
  readonly criticality: string | null;
  readonly thresholds: readonly ThresholdStatus[];
  readonly indicators: readonly IndicatorStatus[];
  readonly contacts: readonly ContactEntry[];
  readonly exclusions: readonly ExclusionEntry[];
  readonly evaluatedAt: number | null;
  /** The source has stopped answering: no figure is given. */
  readonly outdated: boolean;
}

/** What an error budget policy asks for at the budgets as they stand now. Nobody was told of it: it is computed, not a transition. */
export interface PolicyStatus {
  readonly name: string;
  readonly title: string;
  /** The objective whose budget it is, of a policy with a state for each; null where the worst budget decides. */
  readonly slo: string | null;
  /** Null if none of the budgets is known. */
  readonly state: string | null;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly actions: readonly string[];
}

export interface ErrorBudget {
  /** 1 - target. */
  readonly ratio: number;
  /** Share of the budget left: 1 untouched, 0 spent, negative overspent. */
  readonly remainingRatio: number | null;
  /** Bad events that the period still allows at its traffic so far; negative when overspent. */
  readonly remainingEvents: number | null;
  /** The remaining budget as a full outage at average traffic, in seconds. */
  readonly remainingSeconds: number | null;
}

export interface BurnRate {
  readonly windowSeconds: number;
  /** Multiple of the sustainable rate over that window. */
  readonly burnRate: number | null;
}

export interface AlertStatus {
  readonly name: string;
  readonly severity: string;
  readonly state: 'inactive' | 'pending' | 'firing';
  /** Since when it is pending or firing. */
  readonly since: number | null;
  /** What is wrong, while it fires; empty before, and where the source of alerts has no annotations. */
  readonly summary: string;
  /** When it fires, in words: `burn rate above 14.4 over 1h and over 5m`. */
  readonly firesWhen: string;
}

export interface SloSummary {
  readonly service: string;
  readonly name: string;
  readonly title: string;
  readonly owner: string;
  readonly kind: Indicator['kind'];
  readonly measure: SloMeasure;
  /** It must always hold: it has no budget, and nothing of it burns. `breached` says that it was broken within the period shown. */
  readonly invariant: boolean;
  /** What a pending one waits for: `FLOW-183`. Null if it does not wait, or does not say for what. */
  readonly waitsFor: string | null;
  /** `99.9%` */
  readonly target: string;
  readonly targetRatio: number;
  readonly periodSeconds: number;
  /** `30d`, `calendar-month`, `calendar-month-Europe/Berlin`. */
  readonly period: string;
  /** When the current period of the calendar began; null for a rolling one. */
  readonly periodStart: number | null;
  readonly state: SloState;
  /** Share of good events over the period. */
  readonly sli: number | null;
  /** How much of the period there is data for, 1 for all of it: the figures of a new objective are no certainty. */
  readonly periodSeen: number | null;
  readonly budget: ErrorBudget;
  /** Ascending by window: those of the alerts and the period. */
  readonly burnRates: readonly BurnRate[];
  readonly alerts: readonly AlertStatus[];
  /** Of a grouped objective, the group whose figures these are: the worst one. Null if it is not grouped or has no groups. */
  readonly group: Readonly<Record<string, string>> | null;
  /** The evaluation that these figures come from. */
  readonly evaluatedAt: number | null;
  /** The source has stopped answering: the figures are the last known ones, and the state is `noData`. */
  readonly outdated: boolean;
}

/** How an objective stands over another period than its main one. */
export interface PeriodStatus {
  /** `7d`, `calendar-month`: the value of the label `period`. */
  readonly name: string;
  readonly sli: number | null;
  readonly badEvents: number | null;
  readonly totalEvents: number | null;
  readonly budgetRemaining: number | null;
  readonly periodSeen: number | null;
}

/** One group of a grouped objective: an objective of its own in all but its definition. */
export interface GroupStatus {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: SloState;
  readonly sli: number | null;
  readonly badEvents: number | null;
  readonly totalEvents: number | null;
  readonly budgetRemaining: number | null;
  readonly periodSeen: number | null;
}

/** The main period with nothing excluded. */
export interface RawStatus {
  readonly sli: number | null;
  readonly badEvents: number | null;
  readonly totalEvents: number | null;
  readonly budgetRemaining: number | null;
}

/** An objective that is part of a composite, as it stands now. */
export interface MemberStatus {
  readonly service: string;
  readonly slo: string;
  /** Null, like all that follows, if the server knows no such objective. */
  readonly title: string | null;
  /** Only the weighted mean has weights. */
  readonly weight: number | null;
  readonly state: SloState | null;
  readonly sli: number | null;
  readonly budgetRemaining: number | null;
}

/** What only a calendar period has: an end, and a period before it. */
export interface WholePeriodStatus {
  /** Share of the budget of the whole period that would be left if its traffic went on and nothing more went wrong. */
  readonly budgetAtEnd: number | null;
  /** Share of good events of the period before, and what it left of its budget. */
  readonly previousSli: number | null;
  readonly previousBudgetRemaining: number | null;
}

/** A percentile of a distribution over the last five minutes, as exact as its buckets are narrow. */
export interface QuantileStatus {
  /** 0.95 */
  readonly quantile: number;
  readonly value: number | null;
}

export interface SloDetail extends SloSummary {
  /** Null for a rolling period. */
  readonly wholePeriod: WholePeriodStatus | null;
  /** Of a distribution; empty if the definition asks for none. */
  readonly quantiles: readonly QuantileStatus[];
  /** The unit of the distribution's values. */
  readonly unit: string | null;
  /** What does not count against the budget; what of it holds now is said by `excludedNow`. */
  readonly exclusions: readonly ExclusionEntry[];
  readonly excludedNow: boolean;
  readonly rationale: string | null;
  readonly impact: readonly string[];
  /** How the members of a composite are joined; null for all others. */
  readonly combine: 'weighted' | 'worst' | 'series' | 'pooled' | null;
  readonly members: readonly MemberStatus[];
  /** Null if no exclusion touches the objective: then there is nothing to tell apart. */
  readonly raw: RawStatus | null;
  readonly furtherPeriods: readonly PeriodStatus[];
  /** The worst first; empty if the objective is not grouped. */
  readonly groups: readonly GroupStatus[];
  readonly description: string | null;
  /** In words and PromQL; of a condition, `good` says what holds while all is well. */
  readonly indicator: {
    readonly kind: SloSummary['kind'];
    readonly good: string | null;
    readonly bad: string | null;
    readonly total: string;
  };
  readonly goodEvents: number | null;
  readonly badEvents: number | null;
  readonly totalEvents: number | null;
  readonly alertTiers: readonly {
    readonly severity: string;
    readonly longWindowSeconds: number;
    readonly shortWindowSeconds: number;
    readonly burnRate: number;
  }[];
  readonly runbook: string | null;
}

/** `GET /api/v1/slos/{service}/{slo}/history?from=&to=&step=&group.<label>=` (milliseconds since the epoch, step in seconds): columns of equal length. */
export interface SloHistory {
  readonly timestamps: readonly number[];
  /** SLI over the period up to each time. */
  readonly sli: readonly (number | null)[];
  readonly budgetRemaining: readonly (number | null)[];
  /** Error ratio over the shortest alert window up to each time; null as a whole if no alert has a window. */
  readonly errorRatio: readonly (number | null)[] | null;
  /** Over the same window; null as a whole if the objective does not count events. */
  readonly eventsPerSecond: readonly (number | null)[] | null;
}

export interface ServiceList {
  readonly services: readonly ServiceSummary[];
}

/** Worst budget first. */
export interface SloList {
  readonly slos: readonly SloSummary[];
}

export interface ApiError {
  readonly error: { readonly code: string; readonly message: string; readonly help?: string };
}
