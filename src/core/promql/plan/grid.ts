import { type Timestamp, timestamp } from '../../base/index.ts';
import type { QueryTime } from './options.ts';

/** The times at which a part of a query is evaluated: `start`, `start + step`, ... (`steps` of them; none for an empty subquery). */
export interface Grid {
  readonly start: number;
  /** Milliseconds, at least 1, also for a single step. */
  readonly step: number;
  readonly steps: number;
}

/** The grid of a whole query. */
export function queryGrid(time: QueryTime): Grid {
  const step = time.step === 0 ? 1 : time.step;
  const steps = time.end < time.start ? 0 : Math.floor((time.end - time.start) / step) + 1;
  return { start: time.start, step, steps: time.step === 0 ? Math.min(steps, 1) : steps };
}

/** The one time at which something that does not depend on the step is evaluated. */
export function singleStep(grid: Grid): Grid {
  return { start: grid.start, step: grid.step, steps: Math.min(grid.steps, 1) };
}

/**
 * The times of a subquery: absolute multiples of its step, the first one later than the start of the first window, the last one not
 * later than the end of the last window.
 */
export function subqueryGrid(firstWindowStart: number, lastWindowEnd: number, step: number): Grid {
  const start = (Math.floor(firstWindowStart / step) + 1) * step;
  const steps = lastWindowEnd < start ? 0 : Math.floor((lastWindowEnd - start) / step) + 1;
  return { start, step, steps };
}

export function timeAt(grid: Grid, step: number): Timestamp {
  return timestamp(grid.start + step * grid.step);
}
