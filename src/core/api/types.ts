/**
 * The wire types of the HTTP API under `/api/v1`. Times are milliseconds since the epoch, durations seconds, ratios fractions of one;
 * null means "not known" (no data, or a window that nothing was recorded in) and is never shown as fine.
 */

/** How an SLO stands. `noData`: cannot tell. `breached`: the budget of the period is spent. `burning`: an alert of it is firing. */
export type SloState = 'ok' | 'burning' | 'breached' | 'noData';

export interface ServiceSummary {
  readonly name: string;
  readonly title: string;
  readonly owner: string;
  readonly slos: number;
  /** The worst of its SLOs: breached, then burning, then noData, then ok. */
  readonly state: SloState;
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
  readonly summary: string;
}

export interface SloSummary {
  readonly service: string;
  readonly name: string;
  readonly title: string;
  readonly owner: string;
  /** `99.9%` */
  readonly target: string;
  readonly targetRatio: number;
  readonly periodSeconds: number;
  /** `30d`, `calendar-month`. */
  readonly period: string;
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

export interface SloDetail extends SloSummary {
  /** Null if no exclusion touches the objective: then there is nothing to tell apart. */
  readonly raw: RawStatus | null;
  readonly furtherPeriods: readonly PeriodStatus[];
  /** The worst first; empty if the objective is not grouped. */
  readonly groups: readonly GroupStatus[];
  readonly description: string | null;
  readonly indicator: {
    readonly kind: 'ratio' | 'distribution' | 'condition' | 'composite';
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
  /** Error ratio over the shortest alert window up to each time. */
  readonly errorRatio: readonly (number | null)[];
  readonly requestsPerSecond: readonly (number | null)[];
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
