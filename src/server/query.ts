import type { PrometheusErrorType } from '../core/api/index.ts';
import { Cancelled, type Checkpoint, type Duration, formatDuration, placeOf } from '../core/base/index.ts';
import {
  type Annotation,
  type EngineOptions,
  parseExpr,
  type QueryTime,
  type QueryValue,
  runQuery,
} from '../core/promql/index.ts';
import type { SeriesSource } from '../core/series/index.ts';

/** What a query in PromQL gave, in the terms of Prometheus's API. */
export type QueryResult =
  | { readonly ok: true; readonly value: QueryValue; readonly annotations: readonly Annotation[] }
  | { readonly ok: false; readonly errorType: PrometheusErrorType; readonly message: string };

/** Reads and runs a query from outside: bounded in time by `timeout` and in memory by the options. */
export async function queryText(
  source: SeriesSource,
  text: string,
  time: QueryTime,
  options: Partial<EngineOptions>,
  timeout: Duration,
): Promise<QueryResult> {
  const parsed = parseExpr(text);
  if (!parsed.ok) {
    const [first] = parsed.diagnostics;
    const place = first === undefined ? '' : `${lineAndColumn(text, first.span.start)}: `;
    const message = `invalid parameter "query": ${place}parse error: ${first?.message ?? 'not an expression'}`;
    return { ok: false, errorType: 'bad_data', message };
  }
  const outcome = await runQuery(source, parsed.value, time, options, { checkpoint: deadline(timeout) });
  if (outcome.ok) return outcome;
  const { kind, message } = outcome.error;
  return { ok: false, errorType: kind === 'cancelled' ? 'timeout' : 'execution', message };
}

/** A checkpoint that stops the work once it has taken longer than `timeout`. */
export function deadline(timeout: Duration): Checkpoint {
  const end = performance.now() + timeout;
  return () => {
    if (end < performance.now()) throw new Cancelled(`query timed out after ${formatDuration(timeout)}`);
  };
}

function lineAndColumn(text: string, offset: number): string {
  const { line, column } = placeOf(text, offset);
  return `${line}:${column}`;
}
