import type { Duration, Span, Timestamp } from '../../base/index.ts';
import type { Labels } from '../../series/index.ts';

/** A file of rule unit tests in promtool's format. Spans point into its text. */
export interface UnitTestFile {
  /** Paths or patterns, relative to the file. */
  readonly ruleFiles: readonly { readonly path: string; readonly span: Span }[];
  /** The time between two evaluations of all groups, whatever interval they name. */
  readonly evaluationInterval: Duration;
  readonly groupEvalOrder: readonly string[];
  /** Whether values may differ by the last bit. */
  readonly fuzzyCompare: boolean;
  readonly tests: readonly UnitTest[];
}

/** Input series, and what rules and queries are to give for them. */
export interface UnitTest {
  /** Empty if it has none. */
  readonly name: string;
  /** The time between two samples of the input. */
  readonly interval: Duration;
  readonly start: Timestamp;
  readonly inputSeries: readonly InputSeries[];
  readonly alertTests: readonly AlertTest[];
  readonly exprTests: readonly ExprTest[];
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  readonly span: Span;
}

export interface InputSeries {
  readonly series: string;
  readonly values: string;
  readonly span: Span;
}

/** Which alerts of a name fire at a time. */
export interface AlertTest {
  readonly evalTime: Duration;
  readonly alertName: string;
  readonly alerts: readonly ExpectedAlert[];
  readonly span: Span;
}

export interface ExpectedAlert {
  /** Without `alertname`. */
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly span: Span;
}

/** What a query gives at a time. */
export interface ExprTest {
  readonly expr: string;
  readonly evalTime: Duration;
  readonly samples: readonly ExpectedSample[];
  readonly span: Span;
}

export interface ExpectedSample {
  /** A metric such as `up{job="api"}`; empty: no labels. */
  readonly labels: string;
  readonly value: number;
  /** A native histogram in the notation of test files; empty: the value counts. */
  readonly histogram: string;
  readonly span: Span;
}
