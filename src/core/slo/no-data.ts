import { type Ratio, ratio } from '../base/index.ts';
import { type EventCounts, errorRatioOf } from './error-budget.ts';

/** The three things that missing slices may mean; not knowing is a fourth. */
export interface SliceCounts {
  readonly good: number;
  readonly bad: number;
  readonly missing: number;
}

/** The share of good slices if missing ones count as good, as bad, or not at all; undefined where nothing is left to count. */
export function goodSlices(
  { good, bad, missing }: SliceCounts,
  missingAre: 'good' | 'bad' | 'ignored',
): Ratio | undefined {
  const total = good + bad + (missingAre === 'ignored' ? 0 : missing);
  if (total <= 0) return undefined;
  return ratio((good + (missingAre === 'good' ? missing : 0)) / total);
}

/** Whether an objective is kept. Without events nothing is known, which is neither: no data never shows as met. */
export function stateOf(counts: EventCounts | undefined, errorBudget: Ratio): 'met' | 'breached' | 'unknown' {
  const errors = counts === undefined ? undefined : errorRatioOf(counts);
  if (errors === undefined) return 'unknown';
  return errors <= errorBudget ? 'met' : 'breached';
}
