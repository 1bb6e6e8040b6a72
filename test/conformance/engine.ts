import { duration, timestamp } from '../../src/core/base/index.ts';
import { type EngineOptions, type Expr, parseExpr, type QueryOutcome, runQuery } from '../../src/core/promql/index.ts';
import type { SeriesSource } from '../../src/core/series/index.ts';

/** When a check evaluates: milliseconds since the epoch; step 0 for an instant. */
export interface Times {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** What came of a query, whether it failed in reading, checking or running. */
export type Answer = Extract<QueryOutcome, { ok: true }> | { readonly ok: false; readonly message: string };

/** An expression that reads and checks, or why it does not. */
export function readExpr(text: string): { readonly expr: Expr } | { readonly message: string } {
  const parsed = parseExpr(text);
  return parsed.ok ? { expr: parsed.value } : { message: parsed.diagnostics[0]?.message ?? 'does not parse' };
}

/** Runs an expression. A fault of the engine itself becomes an answer that says so, so that one bug does not hide the other results. */
export async function answer(
  source: SeriesSource,
  expr: Expr,
  { start, end, step }: Times,
  options: Partial<EngineOptions>,
): Promise<Answer> {
  try {
    const time = { start: timestamp(start), end: timestamp(end), step: duration(step) };
    const outcome = await runQuery(source, expr, time, options);
    return outcome.ok ? outcome : { ok: false, message: outcome.error.message };
  } catch (error) {
    return { ok: false, message: `fault in the engine: ${error instanceof Error ? error.stack : String(error)}` };
  }
}
