import type { ServiceDetailsInput } from './service/input.ts';

/** A service definition as people write it, in YAML or TypeScript: `nines/v1`. What may be left out has a default. */
export interface DefinitionInput extends ServiceDetailsInput {
  apiVersion: 'nines/v1';
  /** Name of the service: lower-case words joined by hyphens. It becomes the `service` label. */
  service: string;
  /** What people call the service; its name by default. */
  title?: string | undefined;
  description?: string | undefined;
  /** The team that answers for the service; it becomes the `owner` label of alerts. */
  owner?: string | undefined;
  /** The scrape job of the service's targets; its name by default. */
  job?: string | undefined;
  /** The metrics that the indicators use. Where there is a catalogue, every metric and label is checked against it. */
  metrics?: Record<string, MetricInput> | undefined;
  /** The objectives by name. */
  slos: Record<string, SloInput>;
}

/** An entry of the metric catalogue. */
export interface MetricInput {
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  help?: string | undefined;
  /** Unit of the values, such as `s`, `ms` or `bytes`; where it is missing, a name that ends in `_seconds` or `_bytes` tells. */
  unit?: string | undefined;
  /** Label names, or label names with the values that are known. Labels of the scrape target (`job`, `instance`) need not be listed. */
  labels?: readonly string[] | Record<string, readonly (string | number)[] | null> | undefined;
  /** Upper bounds of a histogram's buckets in ascending order; `+Inf` may be left out. */
  buckets?: readonly number[] | undefined;
}

/** An objective: either `good` or `bad` of `total`, or a `histogram` and the bound `below` which an observation is good. */
export interface SloInput {
  title?: string | undefined;
  description?: string | undefined;
  /** A share of events: `99.9%`, or `0.999`. */
  target: string | number;
  /** The stretch of time over which the objective is judged, up to now: `30d` by default. */
  period?: string | undefined;
  /** Selector of the counters of good events, or several joined by `+`. */
  good?: string | undefined;
  /** Selector of the counters of bad events, instead of `good`. */
  bad?: string | undefined;
  /** Selector of the counters of all events. */
  total?: string | undefined;
  /** Selector of a histogram by its base name, without `_bucket`. */
  histogram?: string | undefined;
  /** A bucket bound of the histogram: `500ms`, or a number in the unit of the metric. Observations up to it are good. */
  below?: string | number | undefined;
  /** `workbook` (default) for the burn-rate alerts of the SRE workbook, `none`, or a list of tiers. */
  alerts?: 'workbook' | 'none' | readonly AlertInput[] | undefined;
  /** The fewest bad events in the long window for an alert to fire; 3 by default. */
  minimumBadEvents?: number | undefined;
  /** What time without data means for the budget: `unknown` by default. */
  noData?: 'unknown' | 'bad' | 'good' | undefined;
  /** How long all series may be missing before the absence alert fires; `5m` by default. */
  absentFor?: string | undefined;
  /** Address of what to do when an alert fires. */
  runbook?: string | undefined;
  /** Further labels for the alerts. */
  labels?: Record<string, string | number> | undefined;
}

/** One burn-rate alert. */
export interface AlertInput {
  severity: 'page' | 'ticket' | 'info';
  /** The long window, which shows that the damage is real: `1h`. */
  long: string;
  /** The short window, which shows that it is still going on; a twelfth of the long one by default. */
  short?: string | undefined;
  /** The burn rate above which the alert fires: `14.4`. */
  burn: number;
  /** How long the condition must hold; `0s` by default. */
  for?: string | undefined;
}
