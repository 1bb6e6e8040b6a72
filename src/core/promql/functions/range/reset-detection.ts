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

const none: Int32Array = new Int32Array(0);

/** The indexes at which a counter fell, which is where it was reset. Two passes: most series have none, and need no array. */
export function fallsWithin(values: Float64Array, { low, high, from, to }: Windows): Int32Array {
  const first = low[from] ?? 0;
  const end = to <= from ? first : (high[to - 1] ?? 0);
  let count = 0;
  let previous = values[first] ?? 0;
  for (let i = first + 1; i < end; i += 1) {
    const value = values[i] ?? 0;
    if (value < previous) count += 1;
    previous = value;
  }
  if (count === 0) return none;
  const falls = new Int32Array(count);
  let next = 0;
  for (let i = first + 1; next < count; i += 1) {
    if (!((values[i] ?? 0) < (values[i - 1] ?? 0))) continue;
    falls[next] = i;
    next += 1;
  }
  return falls;
}
