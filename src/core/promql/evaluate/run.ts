import { Cancelled, type Checkpoint, noCheckpoint } from '../../base/index.ts';
import type { AbortSignalLike, Series, SeriesSource } from '../../series/index.ts';
import type { EngineOptions, QueryTime } from '../plan/options.ts';
import { type Plan, plan } from '../plan/plan.ts';
import type { Expr } from '../syntax/tree.ts';
import { evaluate, evaluateLabels } from './evaluate.ts';
import { narrowToSeries } from './narrow-info.ts';
import type { QueryError, QueryOutcome } from './result.ts';

/** How to stop a query. */
export interface RunControl {
  /** Polled during evaluation; throws Cancelled to stop it. */
  readonly checkpoint?: Checkpoint;
  /** Handed to the source, and polled with the checkpoint. */
  readonly signal?: AbortSignalLike;
}

/** Plans a query, reads what it needs, and evaluates it. Throws only if the source does. */
export async function runQuery(
  source: SeriesSource,
  expr: Expr,
  time: QueryTime,
  options: Partial<EngineOptions> = {},
  control: RunControl = {},
): Promise<QueryOutcome> {
  const { signal } = control;
  const checkpoint = withSignal(control);
  const planned = plan(expr, time, options);
  if (planned.error !== undefined) return { ok: false, error: planned.error };
  const data = planned.infoCalls.length === 0 ? undefined : await readForInfo(source, planned, checkpoint, signal);
  if (data !== undefined) return data.ok ? evaluate(planned, data.data, checkpoint) : data;
  const { selections } = planned;
  return evaluate(planned, selections.length === 0 ? [] : await source.select(selections, signal), checkpoint);
}

/** A signal that has aborted stops the evaluation as the checkpoint does. */
function withSignal({ checkpoint = noCheckpoint, signal }: RunControl): Checkpoint {
  if (signal === undefined) return checkpoint;
  return () => {
    if (signal.aborted) throw new Cancelled('the query was cancelled');
    checkpoint();
  };
}

/** What `info()` reads depends on what its argument gives, so its series are selected once the argument is known. */
async function readForInfo(
  source: SeriesSource,
  planned: Plan,
  checkpoint: Checkpoint,
  signal: AbortSignalLike | undefined,
): Promise<
  | { readonly ok: true; readonly data: readonly (readonly Series[])[] }
  | { readonly ok: false; readonly error: QueryError }
> {
  const { selections, infoCalls } = planned;
  const later = new Set(infoCalls.map(({ info }) => info.selection));
  const first = selections.flatMap((selection, index) => (later.has(index) ? [] : [{ selection, index }]));
  const data: (readonly Series[])[] = selections.map(() => []);
  const read = await source.select(
    first.map(({ selection }) => selection),
    signal,
  );
  for (const [place, { index }] of first.entries()) data[index] = read[place] ?? [];
  for (const { argument, info } of infoCalls) {
    const base = evaluateLabels(planned, argument, data, checkpoint);
    if (!base.ok) return base;
    const wide = selections[info.selection];
    const narrow = wide === undefined ? undefined : narrowToSeries(wide, base.labels);
    if (narrow !== undefined) data[info.selection] = (await source.select([narrow], signal))[0] ?? [];
  }
  return { ok: true, data };
}
