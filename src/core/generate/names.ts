import { type Service, type Slo, usualAlertName } from '../slo/index.ts';

/**
 * The names of everything that the rules record, as `level:metric:operations`. None holds a window, a target or a metric, so history and
 * dashboards survive a change of any of them; a window is the value of the label `window`. Level `instance` is per scrape target, level
 * `slo` per objective.
 */
export const recorded = {
  /** The counters of all events, and of the events that the definition counts (good or bad), summed within each instance. */
  instanceEvents: 'instance:slo_events:sum',
  /** How many instances answer scrapes. */
  instances: 'slo:instances:count',
  /** Instances with series that are no longer scraped though they have not ended. */
  stopped: 'instance:slo_stopped_series:stdvar',
  /** By how much these counters increased since the last evaluation, where there are any. */
  countedIncrease: 'slo:counted_events:increase',

  /**
   * Events since the last evaluation. What an evaluation costs is paid for each rule and each selector, so all events and the bad ones stand
   * under one name wherever one rule can give both.
   */
  eventsIncrease: 'slo:events:increase',

  /** Whether a condition holds (1) or is broken (0), and so for each of its parts; absent where nothing is known. */
  condition: 'slo:condition:bool',
  conditionPart: 'slo:condition_part:bool',
  /** Counters that a condition or an alert watches: as they stand, the instances that answer, the increase since the last evaluation. */
  instanceWatched: 'instance:slo_watched_counters:sum',
  watchedInstances: 'slo:watched_instances:count',
  watchedIncrease: 'slo:watched_counters:increase',
  /** 1 at every evaluation that watches: whether counters stood still is known only where it was recorded all along. */
  watching: 'slo:watching:info',
  /** The start of the time slice of an evaluation, and of the slice of the evaluation before. */
  slice: 'slo:slice:timestamp_seconds',
  previousSlice: 'slo:previous_slice:timestamp_seconds',
  /** The same, at evaluations at which the condition is known, and at which it is broken. */
  knownSlice: 'slo:known_slice:timestamp_seconds',
  brokenSlice: 'slo:broken_slice:timestamp_seconds',
  /** The events behind time slices, since the last evaluation. */
  slicedIncrease: 'slo:sliced_events:increase',
  /** The slices that an evaluation has closed, and the bad ones among them where there are any. */
  closedSlices: 'slo:closed_slices:increase',
  /** The share of bad events that an objective's own queries give for the last slice. */
  queryErrors: 'slo:query_errors:ratio',

  /** The start of the step that the events of an evaluation lie in, in series that take turns, and which calendar period it belongs to. */
  stepStart: 'slo:step:timestamp_seconds',
  turnInStep: 'slo:period_turn_in_step:info',
  /** The increases once more, in the series whose turn it is. */
  eventsInStep: 'slo:events:step_increase',
  /** The start of the newest step that is over. */
  coarseStart: 'slo:coarse_step:timestamp_seconds',
  /** Events, and seconds with data, in the steps that are over and were not gathered before. */
  eventsCoarse: 'slo:events:coarse_increase',
  observedCoarse: 'slo:observed_seconds:coarse_increase',

  /** Events in a window of an alert. */
  windowEvents: 'slo:events:sum',
  /** Share of bad events in a window, and that share as a multiple of the error budget. */
  errorRatio: 'slo:errors:ratio',
  burnRate: 'slo:burn_rate:ratio',
  /** The burn rate of a window while it raises an alert; only where several objectives share a condition. */
  burning: 'slo:burning:ratio',

  /** The events of the period, and the seconds of it with data, as the slow group sums them. */
  periodEventsCoarse: 'slo:period_events:coarse_sum',
  periodObservedCoarse: 'slo:period_observed_seconds:coarse_sum',
  /** The start of the last step that these sums contain, and the starts of the steps since. */
  periodCoarseStart: 'slo:period_coarse_step:timestamp_seconds',
  periodOpenStep: 'slo:period_open_step:timestamp_seconds',
  /** The same as everyone reads them, at every evaluation and from the first minute on. */
  periodEvents: 'slo:period_events:sum',
  periodObserved: 'slo:period_observed_seconds:sum',
  periodErrorRatio: 'slo:period_errors:ratio',
  periodBudgetRemaining: 'slo:period_error_budget_remaining:ratio',
  periodFill: 'slo:period_fill:ratio',

  /** The seconds by which the clocks of a time zone with summer time are ahead of UTC. */
  zoneOffset: 'slo:time_zone_offset:seconds',
  /** How much of a calendar period has passed: by the clocks on the wall, and truly. */
  periodElapsedByClock: 'slo:period_elapsed_by_clock:seconds',
  periodElapsed: 'slo:period_elapsed:seconds',
  /** Which of three series takes the increases of this calendar period, and which took those of the one before. */
  periodTurn: 'slo:period_turn:info',
  previousTurn: 'slo:previous_period_turn:info',
  /** What coarse increases are for windows, for a period with steps of its own: a calendar period, or one that needs longer steps. */
  eventsInPeriod: 'slo:events:period_increase',
  observedInPeriod: 'slo:observed_seconds:period_increase',
  /** The seconds with data that the fills of windows are made of where the period begins anew. */
  windowObservedCoarse: 'slo:observed_seconds:coarse_sum',
  windowObserved: 'slo:observed_seconds:sum',
  /** The calendar period before this one: as the slow group records it once it is over, and as everyone reads it. */
  closedEvents: 'slo:closed_period_events:sum',
  previousEvents: 'slo:previous_period_events:sum',
  previousErrorRatio: 'slo:previous_period_errors:ratio',
  /** What would be left of the budget of a whole calendar period if its remaining traffic were like that so far, and all good. */
  periodProjectedBudget: 'slo:period_projected_error_budget_remaining:ratio',
  /** A quantile of a distribution at the moment. */
  quantile: 'slo:quantile:value',
  /** The alert profile that a policy's state turns on: 0 standard, 1 enhanced, 2 maximum. */
  alertProfile: 'slo:alert_profile:level',
  /** The figures of operational thresholds, and of indicators without a target. */
  thresholdValue: 'service:threshold:value',
  indicatorValue: 'service:indicator:value',

  /** 1 while an exclusion holds, 0 otherwise. */
  excluded: 'slo:excluded:bool',

  /** What was promised. */
  objective: 'slo:objective:ratio',
  errorBudget: 'slo:error_budget:ratio',
  periodLength: 'slo:period:seconds',
  info: 'slo_info',
} as const;

/** What is recorded of all events and of the bad ones side by side, told apart by the label `events`. */
export const eventRecords: ReadonlySet<string> = new Set([
  recorded.instanceEvents,
  recorded.countedIncrease,
  recorded.eventsIncrease,
  recorded.slicedIncrease,
  recorded.closedSlices,
  recorded.eventsInStep,
  recorded.eventsCoarse,
  recorded.windowEvents,
  recorded.periodEventsCoarse,
  recorded.periodEvents,
  recorded.eventsInPeriod,
  recorded.closedEvents,
  recorded.previousEvents,
]);

/** What only the evaluations of the next half an hour read: nobody needs its history. */
export const passingRecords: ReadonlySet<string> = new Set([
  recorded.instanceEvents,
  recorded.instanceWatched,
  recorded.stopped,
  recorded.countedIncrease,
  recorded.closedSlices,
  recorded.stepStart,
  recorded.turnInStep,
  recorded.eventsInStep,
  recorded.periodOpenStep,
]);

/** Where counters and their increases are recorded. */
export interface CounterRecords {
  /** The sums of each instance. */
  readonly sums: string;
  readonly instances: string;
  readonly stopped: string;
  readonly increase: string;
}

/** Where the events of something are recorded. */
export interface EventRecords extends CounterRecords {
  /** All events since the last evaluation, and the bad ones. */
  readonly events: string;
}

/** The events of an objective on events: its increases are what everything else is summed from. */
export const ownEvents: EventRecords = {
  sums: recorded.instanceEvents,
  instances: recorded.instances,
  stopped: recorded.stopped,
  increase: recorded.countedIncrease,
  events: recorded.eventsIncrease,
};

/** The events of an objective on slices of events: what is summed are the slices. */
export const slicedEvents: EventRecords = {
  ...ownEvents,
  events: recorded.slicedIncrease,
};

/** What a watched counter counts. */
export const watchedCounts: CounterRecords = {
  sums: recorded.instanceWatched,
  instances: recorded.watchedInstances,
  stopped: recorded.stopped,
  increase: recorded.watchedIncrease,
};

/** The names of the alerts. The tiers of one SLO share a name and differ in `severity` and `window`, so that routing needs one matcher. */
export const alertNames: Readonly<Record<'burn' | 'missing' | 'thresholdWarning' | 'thresholdCritical', string>> = {
  burn: usualAlertName,
  missing: 'SloDataMissing',
  thresholdWarning: 'OperationalThresholdWarning',
  thresholdCritical: 'OperationalThresholdCritical',
};

/** The label with an alert's or a recorded figure's window. */
export const windowLabel = 'window';

/** The label that says which events of an objective a series is about: `total` or `bad`, of counters `total` and `good` or `bad`. */
export const eventsLabel = 'events';

/** Those of the two kinds of events, as labels and as what they are selected by. */
export const totalOnly: Readonly<Record<string, string>> = { [eventsLabel]: 'total' };
export const badOnly: Readonly<Record<string, string>> = { [eventsLabel]: 'bad' };

/** The label that tells steps apart: their number, which begins anew after some. */
export const stepLabel = 'step';

/** The label with the length of steps that are longer than the coarse ones. */
export const stepLengthLabel = 'step_length';

/** The label of a part of a condition: `1`, or `2.1` for the first part of the second. */
export const partLabel = 'part';

/** The label of watched counters: the fingerprint of their selection. */
export const watchLabel = 'watch';

/** The label that says which quantile it is: `0.95`. */
export const quantileLabel = 'quantile';

/** The labels of thresholds and of indicators without a target: their names. */
export const thresholdLabel = 'threshold';
export const indicatorLabel = 'indicator';

/** By these labels an objective's series are joined; they are all it is known by. */
export const identity: readonly string[] = ['service', 'slo'];

/** The label of a period that an objective has beside its main one: `7d`, `calendar-month`. Series of the main period don't have it. */
export const periodLabel = 'period';

/** The label with the IANA name of a time zone. */
export const timeZoneLabel = 'time_zone';

/** The label that tells the increases of successive calendar periods apart. */
export const turnLabel = 'turn';

/** The name of a figure with nothing excluded, beside the one without the time of exclusions. */
export function rawName(name: string): string {
  return name.replace(/^slo:/, 'slo:raw_');
}

/** Labels that recorded series and alerts use for themselves. */
export const ownLabels: readonly string[] = [
  ...identity,
  windowLabel,
  stepLabel,
  stepLengthLabel,
  periodLabel,
  timeZoneLabel,
  turnLabel,
  eventsLabel,
  'sli',
  'owner',
  'severity',
  'reason',
  'target',
  'lifecycle',
  'le',
];

/** What tells the series of an objective's groups apart besides: those labels too by which it is grouped. */
export function groupIdentity({ groupBy }: Pick<Slo, 'groupBy'>): readonly string[] {
  return [...identity, ...groupBy];
}

/** Whose rules are that are built for any objective of any service and put under names where they are used. No name has a colon. */
export const anyone = { service: 'any:service', slo: 'any:objective' } as const;

export function identityLabels(
  service: Pick<Service, 'name'>,
  slo: Pick<Slo, 'name'>,
): Readonly<Record<string, string>> {
  return { service: service.name, slo: slo.name };
}

/** Prometheus's names for where a series was scraped. A process has one of each, so its counters restart together. */
export const target: readonly string[] = ['job', 'instance'];
