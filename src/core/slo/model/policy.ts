import type { Duration, Ratio } from '../../base/index.ts';
import type { Expr } from '../../promql/index.ts';
import type { AlertProfile } from './alert.ts';

/** How much a change may break. */
export type ChangeRisk = 'low' | 'medium' | 'high';

/** What a policy says about a change: go on, go on after somebody agreed, or don't. */
export type Verdict = 'allow' | 'review' | 'deny';

/** What is done at which state of the error budget (SRE workbook, appendix B). */
export interface ErrorBudgetPolicy {
  /** Lower-case words joined by hyphens, unique within the service. */
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** The objectives whose budgets it watches, by name, in the order of the definition. */
  readonly slos: readonly string[];
  /** One state from the worst budget, or a state for each objective. */
  readonly combine: 'worst' | 'each';
  /** Whether its text speaks of what remains or of what is consumed; the meaning is the same. */
  readonly wording: 'remaining' | 'consumed';
  /** From the fullest budget to the emptiest; together they cover every value once. */
  readonly states: readonly PolicyState[];
  readonly exceptions: readonly PolicyException[];
}

/** One state: it holds while the remaining budget is above `above` and at most the `above` of the state before. */
export interface PolicyState {
  readonly name: string;
  /** Remaining share of the budget, exclusive; absent for the last state, which has no lower end. */
  readonly above?: Ratio;
  readonly description?: string;
  /** What people do, in words. */
  readonly actions: readonly string[];
  readonly changes: Readonly<Record<ChangeRisk, Verdict>>;
  /** Kinds of change that go on even where their risk is denied: `security-patch`, `critical-fix`. */
  readonly always: readonly string[];
  /** Pace of deployments, in words: normal, slower, minimal. */
  readonly pace?: string;
  /** The most deployments a day that the pace allows. */
  readonly deploymentsPerDay?: number;
  /** The alerts that are active. */
  readonly profile: AlertProfile;
  /** Contacts that are told when the state begins, by name. */
  readonly notify: readonly string[];
  /** Whether the state opens an incident. */
  readonly opensIncident: boolean;
}

/** Somebody's permission to go on regardless, for a time. */
export interface PolicyException {
  readonly change: string;
  readonly reason: string;
  readonly by: string;
  /** ISO 8601 date or instant, after which it is void. */
  readonly until: string;
}

/** A figure of operations with two levels, beside the objectives: it scales, nobody promised it. */
export interface OperationalThreshold {
  readonly name: string;
  readonly title: string;
  readonly value: Expr;
  /** `>`: too much is bad; `<`: too little. */
  readonly operator: '>' | '<';
  readonly warning: number;
  readonly critical: number;
  readonly unit?: string;
  readonly action: string;
  readonly holdFor: Duration;
  readonly runbook?: string;
}

/** A promise to customers: looser than the objective, with a consequence. */
export interface Sla {
  readonly name: string;
  readonly title: string;
  /** The objective that keeps it; absent if it is about the response to incidents only. */
  readonly slo?: string;
  /** Share of good events that is owed; lower than the objective's. */
  readonly target?: SlaTarget;
  /** What happens if it is missed. */
  readonly consequence?: string;
  /** Time from an incident's start to somebody working on it. */
  readonly response?: Duration;
  /** Whether anything is signed. */
  readonly binding: boolean;
}

export interface SlaTarget {
  readonly text: string;
  readonly ratio: Ratio;
}

/** Time that does not count against the budget, such as planned maintenance; shown beside the raw figures. */
export interface Exclusion {
  readonly name: string;
  readonly reason: string;
  readonly owner: string;
  /** The objectives that it touches, by name. */
  readonly slos: readonly string[];
  readonly when: ExclusionTime;
}

export type ExclusionTime =
  | {
      readonly kind: 'recurring';
      /** RFC 5545: `FREQ=WEEKLY;BYDAY=SU`. */
      readonly rule: string;
      /** First start in local time, ISO 8601 without offset: `2026-01-04T02:00`. */
      readonly start: string;
      readonly length: Duration;
      /** IANA name; UTC by default. */
      readonly timeZone: string;
    }
  | {
      readonly kind: 'once';
      /** ISO 8601 instants with offset. */
      readonly from: string;
      readonly to: string;
    };

/** A goal over several periods, or about incidents and pages. */
export interface Goal {
  readonly name: string;
  readonly title: string;
  readonly measure: GoalMeasure;
}

export type GoalMeasure =
  /** The objective is met in so many calendar periods in a row. */
  | {
      readonly kind: 'streak';
      readonly slo: string;
      readonly periods: number;
      readonly unit: 'week' | 'month' | 'quarter';
    }
  /** A share of slices in which the objective's own condition holds. */
  | {
      readonly kind: 'share';
      readonly slo: string;
      readonly share: Ratio;
      readonly slice: Duration;
      readonly over: Duration;
    }
  | { readonly kind: 'incidents'; readonly planned: boolean; readonly atMost: number; readonly over: Duration }
  | { readonly kind: 'pages'; readonly atMost: number; readonly over: Duration };
