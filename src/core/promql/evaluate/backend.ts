import { duration, timestamp } from '../../base/index.ts';
import { type AbortSignalLike, Labels, type QueryBackend, type SeriesSource } from '../../series/index.ts';
import type { EngineOptions, QueryTime } from '../plan/options.ts';
import { parseExpr } from '../syntax/parse.ts';
import type { QueryValue } from './result.ts';
import { runQuery } from './run.ts';

/** A query that a backend cannot answer: it does not parse or check, or its evaluation failed. */
export class QueryRefused extends Error {
  override readonly name: string = 'QueryRefused';
}

/** Our own engine over a source, in the place of a server that evaluates PromQL itself. Histograms in an answer are left out. */
export function queryBackend(source: SeriesSource, options: Partial<EngineOptions> = {}): QueryBackend {
  const ask = async (text: string, time: QueryTime, signal: AbortSignalLike | undefined): Promise<QueryValue> => {
    const parsed = parseExpr(text);
    if (!parsed.ok) throw new QueryRefused(parsed.diagnostics[0]?.message ?? 'the query does not parse');
    const control = signal === undefined ? {} : { signal };
    const outcome = await runQuery(source, parsed.value, time, options, control);
    if (!outcome.ok) throw new QueryRefused(outcome.error.message);
    return outcome.value;
  };
  return {
    async query(text, time, signal) {
      const value = await ask(text, { start: time, end: time, step: duration(0) }, signal);
      switch (value.kind) {
        case 'scalar':
          return [{ labels: Labels.empty, value: value.value }];
        case 'vector':
          return value.samples.flatMap(({ labels, value: one, histogram }) =>
            histogram === undefined ? [{ labels, value: one }] : [],
          );
        case 'string':
        case 'matrix':
          throw new QueryRefused(`the query gives a ${value.kind}, not a vector or scalar`);
      }
    },
    async queryRange(text, from, to, stepMs, signal) {
      const value = await ask(text, { start: timestamp(from), end: timestamp(to), step: duration(stepMs) }, signal);
      if (value.kind !== 'matrix') throw new QueryRefused(`the query gives a ${value.kind}, not a matrix`);
      return value.series.map(({ labels, timestamps, values, histograms }) => {
        if (histograms === undefined) return { labels, timestamps, values };
        const isFloat = (_: number, index: number) => !histograms.has(index);
        return { labels, timestamps: timestamps.filter(isFloat), values: values.filter(isFloat) };
      });
    },
  };
}
