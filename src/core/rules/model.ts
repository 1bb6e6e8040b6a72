import type { Duration, Span } from '../base/index.ts';
import type { Expr } from '../promql/index.ts';
import type { YamlScalar } from '../yaml/index.ts';

/** A Prometheus rule file. */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

/** Rules that are evaluated one after another at one instant, so that a later one sees what an earlier one recorded. */
export interface RuleGroup {
  /** Unique within its file. */
  readonly name: string;
  /** Absent: the server's global evaluation interval. */
  readonly interval?: Duration;
  /** How far before the tick the rules look (Prometheus 2.53 and later). */
  readonly queryOffset?: Duration;
  /** Most series a rule may give, or alerts it may raise; absent or 0: no limit. */
  readonly limit?: number;
  /** Labels added to every rule's result unless the rule sets them (Prometheus 3). */
  readonly labels: ReadonlyMap<string, string>;
  readonly rules: readonly Rule[];
}

export type Rule = RecordingRule | AlertingRule;

export interface RecordingRule {
  readonly kind: 'recording';
  readonly record: string;
  readonly expr: Expr;
  readonly labels: ReadonlyMap<string, string>;
  /** Printed as a YAML comment above the rule; files written by hand have none. */
  readonly comment?: string;
  readonly place?: RulePlace;
}

/** Where a rule stands in the file it was read from; a rule that a generator made has no place. */
export interface RulePlace {
  /** The value of `record` or `alert`. */
  readonly name: Span;
  /** The node that holds the expression; `scalarOffset` finds places inside of it. */
  readonly expr: YamlScalar;
}

export interface AlertingRule {
  readonly kind: 'alerting';
  readonly alert: string;
  readonly expr: Expr;
  /** How long the condition must hold before the alert fires. */
  readonly holdFor: Duration;
  /** How long it goes on firing after the condition has ended. */
  readonly keepFiringFor: Duration;
  /** Values are Go templates. */
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly comment?: string;
  readonly place?: RulePlace;
}
