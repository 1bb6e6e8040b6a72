import type { ForeignMap } from '../../slo/index.ts';
import type { AlertInput, WordsBySeverityInput } from './alert-input.ts';

/**
 * An objective. What it measures is one of these: `good` or `bad` of `total`, a `histogram` and the bound `below` which an observation is
 * good, a `condition`, a `composite` of other objectives, `queries` of your own, or what an `external` system measures.
 */
export interface SloInput {
  title?: string | undefined;
  description?: string | undefined;
  /** A share of events: `99.9%`, or `0.999`; of time: `99% of 1m slices`; the mean of ratios of time slices: `99% of 5m ratios`. */
  target?: string | number | undefined;
  /** Another way to say the target: the share of bad events that is allowed, `0.5%`. */
  maxErrorRatio?: string | number | undefined;
  /** Another way to say the target of a histogram: `p95` at most `below` is a target of 95 %. */
  percentile?: string | undefined;
  /** Bounds by percentile, in place of `below` and `target`: an objective for each. */
  percentiles?: Record<string, string | number> | undefined;
  /** For slices of events: the share of good events that makes a slice good. */
  sliceTarget?: string | number | undefined;
  /** The stretch of time over which the objective is judged: `30d` (default), `calendar month`, or `continuous`. */
  period?: string | undefined;
  /** Several periods in place of `period`: the first one counts, the others are shown. */
  periods?: readonly string[] | undefined;
  /** The zone of calendar periods, `Europe/Berlin`; UTC by default. */
  timeZone?: string | undefined;
  /** Selector of the counters of good events, or several joined by `+`; or conditions on `total`: `{ status: [2xx, 3xx] }`. */
  good?: string | ClassesInput | undefined;
  /** The bad events, instead of `good`. */
  bad?: string | ClassesInput | undefined;
  /** Selector of the counters of all events. */
  total?: string | undefined;
  /** Conditions on labels that all events must meet, good and bad ones: `{error_type!="validation"}`, or a map. */
  valid?: string | ClassesInput | undefined;
  /** Selector of a histogram by its base name, without `_bucket`. */
  histogram?: string | undefined;
  /** A bucket bound of the histogram: `500ms`, or a number in the unit of the metric. Observations up to it are good. */
  below?: string | number | undefined;
  /** Percentiles of the histogram to show: `[p50, p95]`. */
  quantiles?: readonly string[] | undefined;
  /** What holds while all is well: `sum(queue_depth) < 50`, or one of the other conditions. */
  condition?: string | ConditionInput | undefined;
  /** Other objectives joined into one. */
  composite?: CompositeInput | undefined;
  /** Queries of your own over `{{.window}}`, for what no counter counts. */
  queries?: QueriesInput | undefined;
  /** What another system measures, kept as it is. */
  external?: ExternalInput | undefined;
  /** Labels, of which every value has an objective of its own. */
  groupBy?: readonly string[] | undefined;
  /** `workbook` (default) for the burn-rate alerts of the SRE workbook, `none`, or a list; `workbook` in a list adds to it. */
  alerts?: 'workbook' | 'none' | readonly ('workbook' | AlertInput)[] | undefined;
  /** Names for the burn-rate alerts in their order: `CheckoutBurn{Fast,Slow}`, or a list. */
  alertNames?: string | readonly string[] | undefined;
  /** Labels for the burn-rate alerts of one severity: `{ page: { routing_key: payments } }`. */
  alertLabels?: WordsBySeverityInput | undefined;
  /** Annotations for the burn-rate alerts of one severity. */
  alertAnnotations?: WordsBySeverityInput | undefined;
  /** The fewest bad events in the long window for an alert to fire; 3 by default. */
  minimumBadEvents?: number | undefined;
  /** The fewest events in the long window for an alert to fire; 0 by default. */
  minimumEvents?: number | undefined;
  /** What time without data means for the budget: `unknown` by default. */
  noData?: 'unknown' | 'bad' | 'good' | undefined;
  /** How long all series may be missing before the absence alert fires; `5m` by default. */
  absentFor?: string | undefined;
  /** Whether the page or the reader should see it first; `primary` by default. */
  role?: 'primary' | 'secondary' | undefined;
  /** Whether users feel it, or it is a resource behind what they feel; `user` by default. */
  category?: 'user' | 'resource' | undefined;
  /** Drafts and retired objectives have no rules, pending ones wait for data; `active` by default. */
  lifecycle?: 'draft' | 'pending' | 'active' | 'retired' | undefined;
  criticality?: 'critical' | 'high' | 'medium' | 'low' | undefined;
  /** Objectives on several thresholds of one distribution share a family. */
  family?: string | undefined;
  /** The journey of users that it is a part of. */
  journey?: string | undefined;
  /** The tiers of customers whom it concerns. */
  customers?: string | readonly string[] | undefined;
  /** Why it is what it is. */
  rationale?: string | undefined;
  /** What happens to whom if it is missed. */
  impact?: string | readonly string[] | undefined;
  /** What a miss costs in money. */
  costs?: string | readonly string[] | undefined;
  /** Other services or tickets that its keeping depends on. */
  dependsOn?: string | readonly string[] | undefined;
  /** A target to grow into. */
  aspiration?: string | number | undefined;
  /** What shows that it can be kept: the report of a load test. */
  evidence?: string | undefined;
  /** Targets that it had, and since when. */
  targetHistory?: readonly TargetChangeInput[] | undefined;
  /** Address of the board about it. */
  dashboard?: string | undefined;
  /** Address of what to do when an alert fires. */
  runbook?: string | undefined;
  /** Further labels for the alerts. */
  labels?: Record<string, string | number> | undefined;
}

/**
 * Values by label: `{ status: [2xx, 3xx] }`. `2xx` stands for all from 200 to 299, an exclamation mark before a value for any other.
 */
export type ClassesInput = Record<string, string | number | readonly (string | number)[]>;

/** A condition that is more than a comparison: one of the four forms. */
export interface ConditionInput {
  /** Counters that together increase at least once `within` any such stretch: a heartbeat. */
  increases?: string | undefined;
  /** Counters of which none ever increases; `within` says how long a break is seen. */
  neverIncreases?: string | undefined;
  within?: string | undefined;
  all?: readonly (string | ConditionInput)[] | undefined;
  any?: readonly (string | ConditionInput)[] | undefined;
}

/** What is asked over each slice: events that count and all events, or a share. `{{.window}}` stands for the length of the slice. */
export interface QueriesInput {
  good?: string | undefined;
  bad?: string | undefined;
  /** All events; with `good` or `bad`. */
  total?: string | undefined;
  /** The share of good events, alone. */
  goodRatio?: string | undefined;
  /** The share of bad events, alone. */
  badRatio?: string | undefined;
}

/** What another system measures: it is kept, shown and compared, and no rules are made of it. */
export interface ExternalInput {
  /** Whose queries they are: `Datadog`. */
  system: string;
  /** The queries, in the words of that system. */
  measures: ForeignMap;
}

/** Other objectives joined into one. */
export interface CompositeInput {
  /** The mean by weight, the worst member, all in a row, or all events in one pot. */
  combine: 'weighted' | 'worst' | 'series' | 'pooled';
  /** Names of objectives, or with a service or a weight. */
  members: readonly (string | CompositeMemberInput)[];
}

export interface CompositeMemberInput {
  slo: string;
  /** The service itself by default. */
  service?: string | undefined;
  /** For the mean; 1 by default. */
  weight?: number | undefined;
}

export interface TargetChangeInput {
  target: string | number;
  /** The date from which on it counted: `2026-03-01`. */
  since: string;
  reason?: string | undefined;
}
