/** What an alert on something other than a budget looks at: one of the keys. */
export interface AlertConditionInput {
  /** A comparison in PromQL that fires while it holds: `max(queue_depth) > 100`. */
  when?: string | undefined;
  /** Counters that have not increased `within` the last stretch of this length. */
  stalled?: string | undefined;
  /** Counters that have increased `within` it. */
  increased?: string | undefined;
  within?: string | undefined;
  /** Counters whose rate is `factor` times what it was, and above `floor` events a second. */
  spike?: string | undefined;
  /** Over what the rate is taken; `5m` by default. */
  window?: string | undefined;
  /** The stretch that it is compared with; `1h` by default. */
  baseline?: string | undefined;
  /** How long ago that ended; its own length by default. */
  offset?: string | undefined;
  factor?: number | undefined;
  floor?: number | undefined;
  /** All of several: comparisons, or maps like this one. */
  all?: readonly (string | AlertConditionInput)[] | undefined;
  /** Any of several. */
  any?: readonly (string | AlertConditionInput)[] | undefined;
  /** A selector whose series are missing. */
  absent?: string | undefined;
}

/** An alert on something other than the burning of a budget. */
export interface ConditionAlertInput extends AlertConditionInput {
  /** `QueueDepthHigh`. */
  name?: string | undefined;
  /** `page`, `ticket` or `info`; or, in other words, `critical` or `warning`. */
  severity?: 'page' | 'ticket' | 'info' | 'critical' | 'warning' | undefined;
  /** How long the condition must hold; `0s` by default. */
  for?: string | undefined;
  /** How long the alert goes on after the condition has ended; `0s` by default. */
  keepFiringFor?: string | undefined;
  /** How sensitive alerting must be for it to be active; `standard` by default. */
  profile?: 'standard' | 'enhanced' | 'maximum' | undefined;
  summary?: string | undefined;
  description?: string | undefined;
  runbook?: string | undefined;
  /** Steps for whoever has no time to open the runbook. */
  steps?: readonly string[] | undefined;
  /** What is looked at first: a queue, a store of objects. */
  dependsOn?: readonly string[] | undefined;
  labels?: Record<string, string | number> | undefined;
  /** Further annotations of the alert. */
  annotations?: Record<string, string | number> | undefined;
}

/** Words for the alerts on a budget, by their severity. */
export interface WordsBySeverityInput {
  page?: Record<string, string | number> | undefined;
  ticket?: Record<string, string | number> | undefined;
  info?: Record<string, string | number> | undefined;
}

/** An alert of an objective: on the burning of its budget (`long` and `burn` or `budget`), or on something else. */
export interface AlertInput extends ConditionAlertInput {
  /** The long window, which shows that the damage is real: `1h`. */
  long?: string | undefined;
  /** The short window, which shows that it is still going on; a twelfth of the long one by default. */
  short?: string | undefined;
  /** The burn rate above which the alert fires: `14.4`. */
  burn?: number | undefined;
  /** Instead of `burn`: the share of the budget that is spent within the long window when it fires, `2%`. */
  budget?: string | undefined;
}
