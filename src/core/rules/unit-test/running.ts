import { type Source, type Span, type Timestamp, timestamp } from '../../base/index.ts';
import type { RunControl } from '../../promql/index.ts';
import type { Rule, RuleGroup } from '../model.ts';
import type { UnitTest, UnitTestFile } from './model.ts';

export interface UnitTestOptions {
  /** Only tests whose name one of these RE2 expressions matches somewhere. */
  readonly run?: readonly string[];
  /** Let keys pass in rule files that Prometheus does not know. */
  readonly ignoreUnknownFields?: boolean;
  /** Refuse queries that touch more than 10,000 samples, as promtool does. Where that may happen, rules are evaluated tick by tick. */
  readonly promtoolLimits?: boolean;
  readonly control?: RunControl;
}

/** A check that does not hold, or something that cannot be checked. */
export interface UnitTestFailure {
  /** What promtool prints about it. */
  readonly text: string;
  /** In what the outcome differs from what is expected, in words. */
  readonly differences: readonly string[];
  /** Where the check stands; absent if the text tells a place already. */
  readonly place?: { readonly source: Source; readonly span: Span };
}

/** A test and what it is run with. */
export interface Running {
  readonly source: Source;
  readonly file: UnitTestFile;
  readonly test: UnitTest;
  readonly groups: readonly RuleGroup[];
  /** The file that each rule is from. */
  readonly sources: ReadonlyMap<Rule, Source>;
  readonly options: UnitTestOptions;
}

/** What of a test holds, and what does not. */
export interface TestOutcome {
  readonly passed: number;
  readonly failures: readonly UnitTestFailure[];
}

/** The tick that an alert test looks at: the last one that is not later than its time. */
export function tickBefore({ file, test }: Running, evalTime: number): Timestamp {
  return timestamp(test.start + Math.floor(evalTime / file.evaluationInterval) * file.evaluationInterval);
}
