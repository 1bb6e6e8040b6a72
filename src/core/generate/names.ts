import type { Service, Slo } from '../slo/index.ts';

/**
 * The names of everything that the rules record, as `level:metric:operations`. None holds a window, a target or a metric, so history and
 * dashboards survive a change of any of them; a window is the value of the label `window`. Level `instance` is per scrape target, level
 * `slo` per objective.
 */
export const recorded = {
  /** The counters of all events, and of the events that the definition counts (good or bad), summed within each instance. */
  instanceTotal: 'instance:slo_total_events:sum',
  instanceCounted: 'instance:slo_counted_events:sum',
  /** How many instances answer scrapes. */
  instances: 'slo:instances:count',

  /** Events since the last evaluation. */
  totalIncrease: 'slo:total_events:increase',
  badIncrease: 'slo:bad_events:increase',

  /** The start of the coarse step that an evaluation closes, and how long after the start recorded before. */
  coarseStart: 'slo:coarse_step:timestamp_seconds',
  coarseStep: 'slo:coarse_step:seconds',
  /** Events, and seconds with data, since the coarse step before. */
  totalCoarse: 'slo:total_events:coarse_increase',
  badCoarse: 'slo:bad_events:coarse_increase',
  observedCoarse: 'slo:observed_seconds:coarse_increase',
  /** The increases once more, in a series of their own for every other coarse step. */
  totalInStep: 'slo:total_events:step_increase',
  badInStep: 'slo:bad_events:step_increase',

  /** Events in a window of an alert. */
  totalEvents: 'slo:total_events:sum',
  badEvents: 'slo:bad_events:sum',
  /** Share of bad events in a window, and that share as a multiple of the error budget. */
  errorRatio: 'slo:errors:ratio',
  burnRate: 'slo:burn_rate:ratio',
  /** How much of a window lies in time that was observed. */
  windowFill: 'slo:window_fill:ratio',

  /** The events of the period, and the seconds of it with data, as the slow group sums them. */
  periodTotalCoarse: 'slo:period_total_events:coarse_sum',
  periodBadCoarse: 'slo:period_bad_events:coarse_sum',
  periodObservedCoarse: 'slo:period_observed_seconds:coarse_sum',
  /** The start of the last coarse step that these sums contain. */
  periodCoarseStart: 'slo:period_coarse_step:timestamp_seconds',
  /** The same as everyone reads them, at every evaluation and from the first minute on. */
  periodTotalEvents: 'slo:period_total_events:sum',
  periodBadEvents: 'slo:period_bad_events:sum',
  periodObserved: 'slo:period_observed_seconds:sum',
  periodErrorRatio: 'slo:period_errors:ratio',
  periodBudgetRemaining: 'slo:period_error_budget_remaining:ratio',
  periodFill: 'slo:period_fill:ratio',

  /** What was promised. */
  objective: 'slo:objective:ratio',
  errorBudget: 'slo:error_budget:ratio',
  periodLength: 'slo:period:seconds',
  info: 'slo_info',
} as const;

/** Where the events of something are recorded. */
export interface EventRecords {
  readonly instanceTotal: string;
  readonly instanceCounted: string;
  readonly instances: string;
  readonly totalIncrease: string;
  readonly badIncrease: string;
}

/** The names of the alerts. The tiers of one SLO share a name and differ in `severity` and `window`, so that routing needs one matcher. */
export const alertNames = {
  burn: 'ErrorBudgetBurn',
  missing: 'SloDataMissing',
} as const;

/** The label with an alert's or a recorded figure's window. */
export const windowLabel = 'window';

/** The label that tells even coarse steps from odd ones. */
export const stepLabel = 'step';

/** By these labels an objective's series are joined; they are all it is known by. */
export const identity: readonly string[] = ['service', 'slo'];

export function identityLabels(service: Service, slo: Slo): Readonly<Record<string, string>> {
  return { service: service.name, slo: slo.name };
}

/** Prometheus's names for where a series was scraped. A process has one of each, so its counters restart together. */
export const target: readonly string[] = ['job', 'instance'];
