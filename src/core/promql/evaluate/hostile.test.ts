/** Queries from outside may be clumsy or ill-meant. Each must end soon: with an answer, or with an error that says why. */
import { describe, expect, test } from 'vitest';
import { Cancelled, duration, timestamp } from '../../base/index.ts';
import { Labels, memorySource, type Series } from '../../series/index.ts';
import type { EngineOptions, QueryTime } from '../plan/options.ts';
import { parseExpr } from '../syntax/parse.ts';
import type { QueryError } from './result.ts';
import { runQuery } from './run.ts';

/** A sample every fifteen seconds for a day and a half, from the epoch on; every value is another. */
const timestamps = Float64Array.from({ length: 8640 }, (_, i) => (i + 1) * 15_000);
const everyValueAnother = (offset: number): Float64Array => timestamps.map((_, i) => offset + i / 8640);

/** Three hundred series with samples all the time, and three hundred of which each has its own stretch of time. */
const series: readonly Series[] = Array.from({ length: 300 }, (_, i) => [
  { labels: Labels.of({ __name__: 'flood', i: String(i) }), timestamps, values: everyValueAnother(i) },
  {
    labels: Labels.of({ __name__: 'churn', i: String(i) }),
    timestamps: timestamps.subarray(i * 28, (i + 1) * 28),
    values: everyValueAnother(i).subarray(i * 28, (i + 1) * 28),
  },
]).flat();
const source = memorySource(series);

const end = timestamp(8640 * 15_000);
const atEnd: QueryTime = { start: end, end, step: duration(0) };
const everySample: QueryTime = { start: timestamp(15_000), end, step: duration(15_000) };

/** What a server grants: a quarter of a second, and memory for no more than a laptop can spare. */
const granted = 250;
const options: Partial<EngineOptions> = { maxMemory: 2 ** 28 };

interface Ending {
  readonly error: QueryError | undefined;
  readonly took: number;
  readonly bytes: number;
}

async function run(text: string, time: QueryTime): Promise<Ending> {
  const begin = performance.now();
  const before = process.memoryUsage().arrayBuffers;
  const parsed = parseExpr(text);
  if (!parsed.ok) {
    const [first] = parsed.diagnostics;
    return {
      error: { kind: 'execution', message: first?.message ?? '' },
      took: performance.now() - begin,
      bytes: 0,
    };
  }
  const checkpoint = (): void => {
    if (begin + granted < performance.now()) throw new Cancelled('query timed out');
  };
  const outcome = await runQuery(source, parsed.value, time, options, { checkpoint });
  const bytes = process.memoryUsage().arrayBuffers - before;
  return { error: outcome.ok ? undefined : outcome.error, took: performance.now() - begin, bytes };
}

const nested = (times: number, inner: string, around: (text: string) => string): string => {
  let text = inner;
  for (let i = 0; i < times; i += 1) text = around(text);
  return text;
};

const queries: readonly (readonly [what: string, expr: string, time: QueryTime])[] = [
  ['parentheses without end', '('.repeat(100_000), atEnd],
  ['deep parentheses', `${'('.repeat(50_000)}1${')'.repeat(50_000)}`, atEnd],
  ['deep negation', `${'-'.repeat(50_000)}1`, atEnd],
  ['deep calls', nested(20_000, 'vector(1)', (text) => `abs(${text})`), atEnd],
  ['a sum of very many terms', Array.from({ length: 50_000 }, () => 'churn').join(' + '), atEnd],
  ['powers of powers', Array.from({ length: 50_000 }, () => '2').join(' ^ '), atEnd],
  ['a very long text', `"${'x'.repeat(5_000_000)}"`, atEnd],
  ['a huge list of labels', `sum by (${Array.from({ length: 100_000 }, (_, i) => `l${i}`).join(', ')}) (flood)`, atEnd],
  ['everything there is', '{__name__=~".+"}', everySample],
  ['everything there is, joined with itself', '{__name__=~".+"} * on (__name__, i) {__name__=~".+"}', everySample],
  ['a range of a thousand years', 'rate(flood[1000y])', everySample],
  ['a subquery of very many steps', 'sum_over_time(flood[1000y:1ms])', atEnd],
  ['a subquery of many steps', 'sum_over_time(vector(1)[9999999s:1s])', atEnd],
  ['subqueries of subqueries', nested(30, 'flood', (text) => `max_over_time(${text}[1d:15s])`), everySample],
  ['an absurd offset', 'flood offset 1000000y', atEnd],
  ['an absurd time', 'flood @ 1e300', atEnd],
  ['as many values as samples', 'count_values("v", flood)', everySample],
  ['as many values as samples, each twice', 'count_values("v", flood or (flood offset 30m))', everySample],
  ['long values of values', nested(8, 'flood', (text) => `count_values without () ("v", ${text})`), everySample],
  ['many to one with churn', 'flood * on () group_left (i) churn', everySample],
  ['one to many with churn', 'churn + on () group_right () flood', everySample],
  ['a set operation of all with all', 'flood or on () churn or flood and on () churn unless on () flood', everySample],
  [
    'a label that doubles at every step',
    nested(40, 'churn', (text) => `label_replace(${text}, "x", "$1$1a", "x", "(.*)")`),
    everySample,
  ],
  [
    'labels joined with themselves',
    nested(40, 'flood', (text) => `label_join(${text}, "i", "-", ${Array(9).fill('"i"').join(', ')})`),
    atEnd,
  ],
  ['a regular expression that backtracks elsewhere', 'flood{i=~"(([0-9]+)+)+x"}', everySample],
  ['a huge regular expression', 'flood{i=~"((((a{100}){100}){100}){100})"}', atEnd],
  ['a huge replacement expression', 'label_replace(flood, "x", "$1", "i", "((((.{10}){10}){10}){10})")', atEnd],
  ['a quantile of everything at once', 'quantile_over_time(0.5, flood[1d])', everySample],
  ['a median distance of everything', 'mad_over_time(flood[1d])', everySample],
  ['sorting in every group', 'topk by (i) (1e9, flood)', everySample],
  ['filled matches', 'flood + on (i) fill (1) churn', everySample],
  ['info of everything', 'info({__name__=~".+"}, {__name__=~".+"})', everySample],
];

describe('a hostile query ends in bounded time and memory', () => {
  test.each(queries)('%s', async (_, expr, time) => {
    // Another process may hold up a run; it cannot hold up all of them.
    let best: Ending | undefined;
    for (let attempt = 0; attempt < 3 && (best === undefined || 4 * granted < best.took); attempt += 1) {
      const ending = await run(expr, time);
      if (best === undefined || ending.took < best.took) best = ending;
    }
    expect(best?.took).toBeLessThan(4 * granted);
    expect(best?.bytes).toBeLessThan(2 ** 29);
    if (best?.error?.kind === 'limit') expect(best.error.message).toMatch(/limit|raise|more than/);
  });
});
