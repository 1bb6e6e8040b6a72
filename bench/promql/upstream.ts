/**
 * Prometheus's own engine benchmark (promql/bench_test.go, BenchmarkRangeQuery) on our engine and on Prometheus: `npm run bench:upstream -- [PATTERN]`.
 * Only expressions that contain PATTERN are run; with `--alone` Prometheus is not started.
 *
 * Ours is the query itself with the data in memory, Prometheus's a whole HTTP request on loopback, so that queries of a millisecond measure HTTP
 * there: the ratio beside the time of `vector(0)` is what the query costs beyond that. All times are medians after warming up.
 */
import { memorySource } from '../compiled.ts';
import { dataEnd } from '../datasets.ts';
import { timeOurs } from '../ours.ts';
import { type Peer, type RangeQuery, startPrometheusPeer, timeRangeQuery } from '../peers.ts';
import { interval, upstreamDataset } from './upstream-data.ts';

const templates: readonly (readonly [expr: string, steps: readonly number[]])[] = [
  ['a_X', [1, 1000]],
  ['rate(a_X[1m])', [1, 1000, 10_000]],
  ['rate(sparse[1m])', [10_000]],
  ['rate(a_X[1m] smoothed)', [1, 1000, 10_000]],
  ['double_exponential_smoothing(a_X[1d], 0.3, 0.3)', [1, 1000]],
  ['changes(a_X[1d])', [1, 1000]],
  ['rate(a_X[1d])', [1, 1000]],
  ['absent_over_time(a_X[1d])', [1, 1000]],
  ['quantile_over_time(0.9, a_X[1d])', [1, 1000]],
  ['-a_X', [1, 1000]],
  ['a_X - b_X', [1, 1000, 10_000]],
  ["a_X and b_X{l=~'.*[0-4]$'}", [1, 1000]],
  ["a_X or b_X{l=~'.*[0-4]$'}", [1, 1000]],
  ["a_X unless b_X{l=~'.*[0-4]$'}", [1, 1000]],
  ["a_X and b_X{l='notfound'}", [1, 1000]],
  ['abs(a_X)', [1, 1000]],
  ["label_replace(a_X, 'l2', '$1', 'l', '(.*)')", [1, 1000]],
  ["label_join(a_X, 'l2', '-', 'l', 'l')", [1, 1000]],
  ['sum(a_X)', [1, 1000]],
  ['avg(a_X)', [1, 1000]],
  ['sum without (l) (h_X)', [1, 1000]],
  ['sum without (le) (h_X)', [1, 1000]],
  ['sum by (l) (h_X)', [1, 1000]],
  ['sum by (le) (h_X)', [1, 1000]],
  ["count_values('value', h_X)", [100]],
  ['topk(1, a_X)', [1, 1000]],
  ['topk(5, a_X)', [1, 1000]],
  ['limitk(5, a_X)', [1, 1000]],
  ['limit_ratio(0.1, a_X)', [1, 1000]],
  ['limit_ratio(0.5, a_X)', [1, 1000]],
  ['limit_ratio(-0.5, a_X)', [1, 1000]],
  ['quantile(0.9, a_X)', [1, 1000]],
  ['rate(a_X[1m]) + rate(b_X[1m])', [1, 1000]],
  ['sum without (l) (rate(a_X[1m]))', [1, 1000]],
  ['sum without (l) (rate(a_X[1m])) / sum without (l) (rate(b_X[1m]))', [1, 1000]],
  ['histogram_quantile(0.9, rate(h_X[5m]))', [1, 1000]],
  ['a_X + on (l) group_right a_one', [1, 1000]],
  ['count({__name__!=""})', [1]],
  ['count({__name__!="",l=""})', [1]],
  ['timestamp(a_X)', [1, 1000]],
];

const args = process.argv.slice(2);
const alone = args.includes('--alone');
const pattern = args.find((arg) => !arg.startsWith('--')) ?? '';
const data = upstreamDataset();
const source = memorySource(data.series);
const peer = alone ? undefined : await startPrometheusPeer([data]);
const idle = peer === undefined ? 0 : await timeRangeQuery(peer, rangeQuery('vector(0)', 1));

console.log(`ms\tPrometheus ms\tratio (beyond the ${idle.toFixed(2)} ms of a request for nothing)\tsteps\tquery`);
const slower: string[] = [];
for (const [template, stepCounts] of templates) {
  for (const size of template.includes('_X') ? ['one', 'hundred'] : ['']) {
    const expr = template.replaceAll('_X', `_${size}`);
    if (expr.includes(pattern)) for (const steps of stepCounts) await compare(expr, steps);
  }
}
for (const row of slower) console.log(`slower than Prometheus: ${row}`);
if (peer !== undefined) console.log(`${slower.length} rows slower than Prometheus`);
await peer?.stop();

async function compare(expr: string, steps: number): Promise<void> {
  const ours = await timeOurs(source, rangeQuery(expr, steps));
  const theirs = peer === undefined ? undefined : await timePeer(peer, expr, steps);
  const ratio =
    theirs === undefined ? '-' : `${(theirs / ours).toFixed(1)}x (${(Math.max(0, theirs - idle) / ours).toFixed(1)}x)`;
  console.log([ours.toFixed(3), theirs?.toFixed(2) ?? '-', ratio, steps, expr].join('\t'));
  if (theirs !== undefined && theirs < ours) slower.push(`${expr}, ${steps} steps: ${ratio}`);
}

/** Debian's Prometheus is a 2.x: it knows one function by another name, and some parts not at all. */
async function timePeer(prometheus: Peer, expr: string, steps: number): Promise<number | undefined> {
  if (/smoothed|limitk|limit_ratio/.test(expr)) return undefined;
  return timeRangeQuery(prometheus, rangeQuery(expr.replace('double_exponential_smoothing', 'holt_winters'), steps));
}

function rangeQuery(expr: string, steps: number): RangeQuery {
  return { expr, start: dataEnd - (steps - 1) * interval, end: dataEnd, step: interval };
}
