import { expect } from 'vitest';
import { type Duration, duration, timestamp } from '../../src/core/base/index.ts';
import { printExpr, runQuery } from '../../src/core/promql/index.ts';
import type { Rule, RuleFile } from '../../src/core/rules/index.ts';
import { type Labels, memorySource, metricName, type Series } from '../../src/core/series/index.ts';
import type { RunningServer } from '../processes.ts';

/** Which evaluations are compared: so many for each rule, at random within a length of time before the end. */
export interface Comparison {
  readonly evaluations: number;
  readonly end: number;
  readonly length: number;
  /** Of groups that don't say. */
  readonly interval: Duration;
}

/** Evaluates each rule's expression in a real Prometheus and in the engine over the same history; gives how many results agreed. */
export async function compareRules(
  server: RunningServer,
  file: RuleFile,
  stored: readonly Series[],
  { evaluations, end, length, interval }: Comparison,
): Promise<number> {
  const random = draws(11);
  let compared = 0;
  for (const group of file.groups) {
    const step = group.interval ?? interval;
    for (const rule of group.rules) {
      const text = printExpr(rule.expr);
      for (let i = 0; i < evaluations; i += 1) {
        const time = end - Math.floor(random() * Math.floor(length / step)) * step;
        const ours = await answer(stored, rule, time);
        const theirs = await ask(server, text, time);
        compared += agree(ours, theirs, `${nameOf(rule)} at ${new Date(time).toISOString()}: ${text}`);
      }
    }
  }
  return compared;
}

export type Answer = ReadonlyMap<string, number>;

async function answer(series: Parameters<typeof memorySource>[0], rule: Rule, time: number): Promise<Answer> {
  const at = timestamp(time);
  const outcome = await runQuery(memorySource(series), rule.expr, { start: at, end: at, step: duration(0) });
  if (!outcome.ok) throw new Error(`${nameOf(rule)}: ${outcome.error.message}`);
  if (outcome.value.kind !== 'vector') throw new Error(`${nameOf(rule)} gives a ${outcome.value.kind}`);
  return new Map(outcome.value.samples.map(({ labels, value }) => [keyOf(labels), value]));
}

async function ask({ url }: RunningServer, query: string, time: number): Promise<Answer> {
  const body = new URLSearchParams({ query, time: String(time / 1000) });
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
  const reply: {
    readonly status: string;
    readonly error?: string;
    readonly data: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
  } = JSON.parse(await response.text());
  if (reply.status !== 'success') throw new Error(`${query}: ${reply.error}`);
  return new Map(reply.data.result.map(({ metric, value }) => [recordKey(metric), Number(value[1])]));
}

/** Whether two answers have the same series with the same values to nine digits; how many there are. */
export function agree(ours: Answer, theirs: Answer, what: string): number {
  expect([...ours.keys()].sort(), what).toEqual([...theirs.keys()].sort());
  for (const [key, value] of ours) {
    const other = theirs.get(key) ?? Number.NaN;
    const apart = Math.abs(value - other) / Math.max(Math.abs(value), Math.abs(other), 1);
    if (!(apart <= 1e-9)) expect(value, `${what} ${key}`).toBe(other);
  }
  return ours.size;
}

/** By which a series of the engine is compared. */
export function keyOf(labels: Labels): string {
  return recordKey(Object.fromEntries(labels.entries()));
}

/** Names are dropped when a rule records; what an inner selector was called does not matter. */
export function recordKey(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).filter(([label]) => label !== metricName);
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a rule is called in messages. */
export function nameOf(rule: Rule): string {
  return rule.kind === 'recording' ? rule.record : rule.alert;
}

/** Even numbers in [0, 1) from a linear congruence (Numerical Recipes). */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
