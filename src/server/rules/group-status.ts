import type { Duration, Timestamp } from '../../core/base/index.ts';
import type { Rule } from '../../core/rules/index.ts';
import type { Labels } from '../../core/series/index.ts';

/** A rule group as it stands after its last evaluation. */
export interface GroupStatus {
  readonly name: string;
  readonly file: string;
  readonly interval: Duration;
  readonly limit: number;
  /** Undefined before the first evaluation. */
  readonly lastEvaluation: Timestamp | undefined;
  readonly evaluationSeconds: number;
  /** Evaluations so far, and ticks left out because the one before took too long. */
  readonly evaluations: number;
  readonly skips: number;
  readonly rules: readonly RuleStatus[];
}

export interface RuleStatus {
  readonly rule: Rule;
  readonly health: 'unknown' | 'ok' | 'err';
  /** Why the last evaluation failed; empty if it did not. */
  readonly lastError: string;
  readonly failures: number;
  /** Empty for a recording rule. */
  readonly alerts: readonly ActiveAlert[];
}

/** An alert that is pending or firing. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: ReadonlyMap<string, string>;
  readonly state: 'pending' | 'firing';
  readonly activeAt: Timestamp;
  /** Since when its condition no longer holds although it goes on firing. */
  readonly keepFiringSince: Timestamp | undefined;
  readonly value: number;
}
