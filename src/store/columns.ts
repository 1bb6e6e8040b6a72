/** The first capacity of a column; most series that are born and die young never need more. */
export const smallestCapacity = 16;

/** The capacity that a full column grows to: an eighth more, so that a sample costs at most 9 bytes a column once the series is long. */
function grownCapacity(capacity: number): number {
  return capacity + Math.max(smallestCapacity, capacity >>> 3);
}

/** A copy of the first `length` values with room for more. The old array stays as it is, so views of it remain valid. */
export function grown(column: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(grownCapacity(length));
  copy.set(column.length === length ? column : column.subarray(0, length));
  return copy;
}

/**
 * The timestamps that series scraped or recorded together share. Entries are only ever added at the end and never changed, so a view
 * over the first n entries stays valid while appends go on.
 */
export interface TimeColumn {
  times: Float64Array;
  length: number;
  /**
   * The column that the last series to leave this one moved to, and the index at which it left. Series that miss the same scrape
   * leave together and so go on sharing.
   */
  lastFork: { readonly at: number; readonly column: TimeColumn } | undefined;
}

/** A column that starts with one timestamp. */
export function newTimeColumn(time: number): TimeColumn {
  const times = new Float64Array(smallestCapacity);
  times[0] = time;
  return { times, length: 1, lastFork: undefined };
}

/** A column over timestamps that already exist; they are not copied. */
export function adoptTimeColumn(times: Float64Array): TimeColumn {
  return { times, length: times.length, lastFork: undefined };
}

/**
 * The column in which `time` stands at index `at`: this one if it has the timestamp there already or ends just before, else the last
 * fork if that fits, else a new fork with the same past.
 */
export function advance(column: TimeColumn, at: number, time: number): TimeColumn {
  if (fits(column, at, time)) return column;
  const { lastFork } = column;
  if (lastFork !== undefined && lastFork.at === at && fits(lastFork.column, at, time)) return lastFork.column;
  const fork: TimeColumn = { times: grown(column.times, at), length: at, lastFork: undefined };
  push(fork, time);
  column.lastFork = { at, column: fork };
  return fork;
}

function fits(column: TimeColumn, at: number, time: number): boolean {
  if (at < column.length) return column.times[at] === time;
  push(column, time);
  return true;
}

function push(column: TimeColumn, time: number): void {
  if (column.length === column.times.length) column.times = grown(column.times, column.length);
  column.times[column.length] = time;
  column.length += 1;
}
