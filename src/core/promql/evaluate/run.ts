import { type Checkpoint, noCheckpoint } from '../../base/index.ts';
import type { AbortSignalLike, SeriesSource } from '../../series/index.ts';
import type { EngineOptions, QueryTime } from '../plan/options.ts';
import { plan } from '../plan/plan.ts';
import type { Expr } from '../syntax/tree.ts';
import { evaluate } from './evaluate.ts';
import type { QueryOutcome } from './result.ts';

/** How to stop a query: the checkpoint during evaluation, the signal while the source is read. */
export interface RunControl {
  readonly checkpoint?: Checkpoint;
  readonly signal?: AbortSignalLike;
}

/** Plans a query, reads what it needs, and evaluates it. Throws only if the source does. */
export async function runQuery(
  source: SeriesSource,
  expr: Expr,
  time: QueryTime,
  options: Partial<EngineOptions> = {},
  { checkpoint = noCheckpoint, signal }: RunControl = {},
): Promise<QueryOutcome> {
  const planned = plan(expr, time, options);
  if (planned.error !== undefined) return { ok: false, error: planned.error };
  const data = planned.selections.length === 0 ? [] : await source.select(planned.selections, signal);
  return evaluate(planned, data, checkpoint);
}
