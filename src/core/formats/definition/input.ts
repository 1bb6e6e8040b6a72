import type { ConditionAlertInput } from './alert-input.ts';
import type { ServiceDetailsInput } from './service/input.ts';
import type { SloInput } from './slo-input.ts';

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
  /** The zone of calendar periods, `Europe/Berlin`; UTC by default. */
  timeZone?: string | undefined;
  /** The metrics that the indicators use. Where there is a catalogue, every metric and label is checked against it. */
  metrics?: Record<string, MetricInput> | undefined;
  /** The objectives by name. */
  slos: Record<string, SloInput>;
  /** Alerts that belong to no single objective. */
  alerts?: readonly ConditionAlertInput[] | undefined;
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
  /** Whether a histogram is a native one, which knows any bound. */
  native?: boolean | undefined;
  /** Former or coming names under which the same is counted during a rename. */
  aliases?: readonly string[] | undefined;
  /** What has to happen before the metric exists, such as a ticket. */
  pendingOn?: string | undefined;
  /** The program that exposes it, if it is not the service itself: `redis_exporter`. */
  exporter?: string | undefined;
  /** The rows of a table that an exporter turns into the metric. */
  rows?: RowSourceInput | undefined;
}

/** A query on a database whose rows become samples of a metric. */
export interface RowSourceInput {
  /** The database, as the exporter's configuration names it. */
  database: string;
  sql: string;
  /** The column with the value; the columns named like the metric's labels give these. */
  valueColumn: string;
}
