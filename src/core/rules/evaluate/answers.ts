import { duration, type Timestamp } from '../../base/index.ts';
import { type EngineOptions, parseExpr, type QueryValue, type RunControl, runQuery } from '../../promql/index.ts';
import { Labels, type SeriesSource } from '../../series/index.ts';
import type { TemplateAnswer } from '../template/function.ts';
import type { Answers, Expanded, FoundSample } from './expand.ts';

/** Reads series and evaluates PromQL over them: what evaluating a rule needs. */
export interface RuleReader {
  readonly source: SeriesSource;
  readonly engine: Partial<EngineOptions>;
  readonly control?: RunControl;
}

/** What Prometheus says where a rule's expression or a template's query gives a string or a range vector. */
export const notAVector = 'rule result is not a vector or scalar';

/** A query's answer as rules take it: a scalar is one sample without labels. */
export function samplesOf(value: QueryValue): readonly FoundSample[] | undefined {
  switch (value.kind) {
    case 'vector':
      return value.samples;
    case 'scalar':
      return [{ labels: Labels.empty, value: value.value }];
    case 'string':
    case 'matrix':
      return undefined;
  }
}

/** Answers a query of a template at an instant. */
export async function answerQuery(reader: RuleReader, text: string, time: Timestamp): Promise<TemplateAnswer> {
  const parsed = parseExpr(text);
  if (!parsed.ok) return { ok: false, message: parsed.diagnostics[0]?.message ?? 'the query does not parse' };
  const at = { start: time, end: time, step: duration(0) };
  const outcome = await runQuery(reader.source, parsed.value, at, reader.engine, reader.control);
  if (!outcome.ok) return { ok: false, message: outcome.error.message };
  const samples = samplesOf(outcome.value);
  if (samples === undefined) return { ok: false, message: notAVector };
  return { ok: true, samples: samples.map(({ labels, value, histogram }) => ({ labels, value: histogram ?? value })) };
}

/**
 * Expands templates; whenever one needs the answer to a query, it is asked and they are expanded again. Answers are kept in `answers`, so
 * that the alerts of one tick ask the same query once.
 */
export async function withAnswers<T>(
  expand: (answers: Answers) => Expanded<T>,
  ask: (query: string) => Promise<TemplateAnswer>,
  answers: Map<string, TemplateAnswer> = new Map(),
): Promise<T> {
  for (;;) {
    const expanded = expand(answers);
    if (expanded.ok) return expanded.value;
    answers.set(expanded.query, await ask(expanded.query));
  }
}
