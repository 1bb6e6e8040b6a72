import type { Windows } from '../../evaluate/windows.ts';

/**
 * Whether the start timestamps of two neighbouring samples show that the counter began anew between them. Zero stands for unknown.
 * Source: prometheus, promql/functions.go, isStartTimestampReset.
 */
export function startTimestampReset(previousStart: number, previousTime: number, start: number, time: number): boolean {
  // Not set, or at or after its own sample: unknown (OpenTelemetry's "unknown start time") or invalid.
  if (start === 0 || time <= start) return false;
  if (start < previousTime) return false;
  if (previousTime < start) return true;
  // A start at the previous sample means a delta series; but a cumulative one of unknown start looks the same after its first sample.
  if (previousTime <= previousStart) return false;
  return previousStart !== 0;
}

/** Whether a sample claims to have begun before the sample preceding it, and not with it. */
export function startTimestampOverlap(previousStart: number, previousTime: number, start: number): boolean {
  return start !== 0 && start < previousTime && start !== previousStart;
}

/** The indexes, within the reach of the windows, of the samples at which a condition on a sample and the one before holds. */
export function indexesWhere({ low, high, from, to }: Windows, holds: (index: number) => boolean): Int32Array {
  const first = low[from] ?? 0;
  const end = to <= from ? first : (high[to - 1] ?? 0);
  let indexes = new Int32Array(16);
  let count = 0;
  for (let i = first + 1; i < end; i += 1) {
    if (!holds(i)) continue;
    if (count === indexes.length) {
      const larger = new Int32Array(2 * count);
      larger.set(indexes);
      indexes = larger;
    }
    indexes[count] = i;
    count += 1;
  }
  return indexes.subarray(0, count);
}

/** The indexes at which a counter fell, which is where it was reset. */
export function fallsWithin(values: Float64Array, windows: Windows): Int32Array {
  return indexesWhere(windows, (i) => (values[i] ?? 0) < (values[i - 1] ?? 0));
}
