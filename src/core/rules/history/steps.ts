import { Cancelled, duration, type Timestamp, timestamp } from '../../base/index.ts';
import { type Expr, type MatrixSeries, runQuery, typeOf } from '../../promql/index.ts';
import type { Histogram } from '../../series/index.ts';
import { notAVector, type RuleReader } from '../evaluate/answers.ts';

/** Instants at equal distances. */
export interface Ticks {
  readonly start: Timestamp;
  readonly step: number;
  readonly count: number;
}

/** The answers to an expression at all ticks at once: its series, and why it failed at which ticks. */
export interface StepAnswers {
  readonly series: readonly MatrixSeries[];
  readonly failures: ReadonlyMap<number, string>;
}

export function tickTime({ start, step }: Ticks, tick: number): Timestamp {
  return timestamp(start + tick * step);
}

/**
 * Evaluates an expression at all ticks as one range query. Where the query fails, the stretch is halved until the ticks that fail stand
 * alone, so that all others have their answer.
 */
export async function evaluateSteps(reader: RuleReader, expr: Expr, ticks: Ticks): Promise<StepAnswers> {
  const type = typeOf(expr);
  if (type === 'string' || type === 'matrix') {
    return { series: [], failures: new Map(Array.from({ length: ticks.count }, (_, tick) => [tick, notAVector])) };
  }
  const parts: (readonly MatrixSeries[])[] = [];
  const failures = new Map<number, string>();
  const stretches: { readonly first: number; readonly count: number }[] = [{ first: 0, count: ticks.count }];
  for (let next = stretches.pop(); next !== undefined; next = stretches.pop()) {
    const { first, count } = next;
    if (count === 0) continue;
    const time = { start: tickTime(ticks, first), end: tickTime(ticks, first + count - 1), step: duration(ticks.step) };
    const outcome = await runQuery(reader.source, expr, time, reader.engine, reader.control);
    if (outcome.ok) {
      if (outcome.value.kind === 'matrix') parts.push(outcome.value.series);
      continue;
    }
    if (outcome.error.kind === 'cancelled') throw new Cancelled(outcome.error.message);
    if (count === 1) failures.set(first, outcome.error.message);
    else {
      const half = count >>> 1;
      // The earlier half is taken from the stack first, so that parts come in the order of time.
      stretches.push({ first: first + half, count: count - half }, { first, count: half });
    }
  }
  const [only, second] = parts;
  if (only === undefined || second === undefined) return { series: only ?? [], failures };
  return { series: joinParts(parts), failures };
}

function joinParts(parts: readonly (readonly MatrixSeries[])[]): readonly MatrixSeries[] {
  const byKey = new Map<string, MatrixSeries[]>();
  for (const series of parts.flat()) {
    const same = byKey.get(series.labels.key);
    if (same === undefined) byKey.set(series.labels.key, [series]);
    else same.push(series);
  }
  return [...byKey.values()].flatMap((pieces) => {
    const [first, second] = pieces;
    return first === undefined ? [] : second === undefined ? [first] : [concatenate(first, pieces)];
  });
}

function concatenate({ labels }: MatrixSeries, pieces: readonly MatrixSeries[]): MatrixSeries {
  const size = pieces.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  const timestamps = new Float64Array(size);
  const values = new Float64Array(size);
  const histograms = new Map<number, Histogram>();
  let length = 0;
  for (const piece of pieces) {
    timestamps.set(piece.timestamps, length);
    values.set(piece.values, length);
    for (const [index, histogram] of piece.histograms ?? []) histograms.set(length + index, histogram);
    length += piece.timestamps.length;
  }
  return { labels, timestamps, values, ...(histograms.size === 0 ? {} : { histograms }) };
}
