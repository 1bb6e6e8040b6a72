import { firstAfter } from '../../series/index.ts';
import type { Grid } from '../plan/grid.ts';

/**
 * Which samples the range of each step covers: those with index `low[step]` up to but not including `high[step]`. Ranges are open on
 * the left. Both bounds never decrease. They depend on the timestamps only, so all series scraped together share them.
 */
export interface Windows {
  readonly timestamps: Float64Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Milliseconds; the window of a step ends at `ends(step)` and begins (exclusive) `range` before. */
  readonly range: number;
  readonly firstEnd: number;
  readonly endStep: number;
  /** The first step whose window holds a sample, and the step after the last such one; equal if there is none. */
  readonly from: number;
  readonly to: number;
  /** Samples in all windows together: what a direct loop would read. */
  readonly total: number;
  /** What has been found out about these windows, for all series that share them. */
  readonly facts: WindowFacts;
}

/** Facts that are worked out when first asked for. */
interface WindowFacts {
  /** The most samples in any one window. */
  widest?: number;
  extrapolation?: Extrapolation;
  /** Which windows hold a sample, and which hold two; by step - from. */
  withOne?: Uint8Array;
  withTwo?: Uint8Array;
}

/** How far the samples of each window reach, and how far rate and its kin extrapolate beyond them. Seconds, by step - windows.from. */
export interface Extrapolation {
  /** From the first sample to the last. */
  readonly sampled: Float64Array;
  readonly toStart: Float64Array;
  readonly toEnd: Float64Array;
  /** By what the change between first and last sample is multiplied, unless a counter would come from below zero. */
  readonly factor: Float64Array;
  /** The same for a change per second. */
  readonly factorPerSecond: Float64Array;
}

/** Where the ranges of a selector lie in time. */
export interface WindowSpec {
  readonly grid: Grid;
  readonly offset: number;
  readonly at: number | undefined;
  readonly range: number;
}

/** Finds the windows of all steps with two pointers. */
export function windowsOver(timestamps: Float64Array, spec: WindowSpec): Windows {
  const { grid, offset, at, range } = spec;
  const firstEnd = (at ?? grid.start) - offset;
  const endStep = at === undefined ? grid.step : 0;
  const low = new Int32Array(grid.steps);
  const high = new Int32Array(grid.steps);
  let lowIndex = firstAfter(timestamps, firstEnd - range);
  let highIndex = lowIndex;
  let from = grid.steps;
  let to = 0;
  let total = 0;
  const count = timestamps.length;
  for (let step = 0; step < grid.steps; step += 1) {
    const end = firstEnd + step * endStep;
    const start = end - range;
    while (lowIndex < count && (timestamps[lowIndex] ?? 0) <= start) lowIndex += 1;
    if (highIndex < lowIndex) highIndex = lowIndex;
    while (highIndex < count && (timestamps[highIndex] ?? 0) <= end) highIndex += 1;
    low[step] = lowIndex;
    high[step] = highIndex;
    if (lowIndex < highIndex) {
      total += highIndex - lowIndex;
      if (to === 0) from = step;
      to = step + 1;
    }
  }
  if (to === 0) from = 0;
  return { timestamps, low, high, range, firstEnd, endStep, from, to, total, facts: {} };
}

/** When the window of a step ends, milliseconds since the epoch. */
export function windowEnd(windows: Windows, step: number): number {
  return windows.firstEnd + step * windows.endStep;
}

/** When the first and the last window end. */
export function windowEnds({ grid, offset, at }: WindowSpec): { readonly first: number; readonly last: number } {
  const first = (at ?? grid.start) - offset;
  return { first, last: at === undefined ? first + Math.max(grid.steps - 1, 0) * grid.step : first };
}

/** Series that share timestamps come from few scrapes; where each has its own, remembering them all would take more memory than the data. */
const mostRemembered = 64;

/**
 * Gives the windows over each timestamps array, computed once for arrays that are the same or, within the reach of the query, equal:
 * sources often hand out equal arrays apart.
 */
export function windowCache(spec: WindowSpec): (timestamps: Float64Array) => Windows {
  const byIdentity = new Map<Float64Array, Windows>();
  const byReach = new Map<string, Windows[]>();
  const { first: firstEnd, last: lastEnd } = windowEnds(spec);
  return (timestamps) => {
    const same = byIdentity.get(timestamps);
    if (same !== undefined) return same;
    const low = firstAfter(timestamps, firstEnd - spec.range);
    const high = firstAfter(timestamps, lastEnd, low);
    const key = `${low}:${high}:${timestamps[low]}:${timestamps[high - 1]}`;
    const candidates = byReach.get(key) ?? [];
    const equal = candidates.find((candidate) => equalBetween(candidate.timestamps, timestamps, low, high));
    const windows = equal ?? windowsOver(timestamps, spec);
    if (mostRemembered <= byIdentity.size) {
      byIdentity.clear();
      byReach.clear();
    }
    byIdentity.set(timestamps, windows);
    // Series with equal ends that differ in between are rare; past a few of them searching costs more than sharing saves.
    if (equal === undefined && candidates.length < 8) byReach.set(key, [...candidates, windows]);
    return windows;
  };
}

function equalBetween(a: Float64Array, b: Float64Array, low: number, high: number): boolean {
  for (let i = low; i < high; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
