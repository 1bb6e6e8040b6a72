/**
 * The engine beside Prometheus and VictoriaMetrics, on the same data in one run: `npm run bench:promql`.
 *
 * For ours two figures are printed: the query itself with the data in memory (plan, select, evaluate), and the whole answer with its JSON as
 * the HTTP API gives it. The peers' figures are whole HTTP requests on loopback, the best of three, caches of answers off. Ratios are peer / ours.
 */
import { type Duration, noCheckpoint, timestamp } from '../../src/core/base/index.ts';
import { evaluate, parseExpr, plan } from '../../src/core/promql/index.ts';
import { memorySource } from '../../src/core/series/index.ts';
import { dataEnd, longDataset, wideDataset } from '../datasets.ts';
import { type Peer, startPrometheusPeer, startVictoriaMetricsPeer, timeRangeQuery } from '../peers.ts';
import { type BenchQuery, queries } from './queries.ts';

const data = [longDataset(), wideDataset()];
const source = memorySource(data.flatMap(({ series }) => series));
const withPeers = !process.argv.includes('--alone');
const peers: readonly Peer[] = withPeers
  ? [await startPrometheusPeer(data), await startVictoriaMetricsPeer(data)].filter((peer) => peer !== undefined)
  : [];

console.log(['ms', ...peers.map(({ name }) => `${name} ms (ratio)`), 'range, step', 'query'].join('\t'));
const misses: string[] = [];
for (const query of queries) {
  const ours = await timeOurs(query, 5);
  const columns: string[] = [];
  for (const peer of peers) {
    const theirs = await timeRangeQuery(peer, { expr: query.expr, ...rangeOf(query), step: query.step }, 3);
    columns.push(`${theirs.toFixed(1)} (${(theirs / ours).toFixed(1)}x)`);
    const floor = peer.name === 'Prometheus' ? query.floor : 1 / 1.5;
    if (theirs / ours < floor)
      misses.push(`${query.expr}: ${(theirs / ours).toFixed(2)}x ${peer.name}, wanted ${floor.toFixed(2)}x`);
  }
  console.log([ours.toFixed(2), ...columns, `${days(query.length)} @ ${query.step / 1000} s`, query.expr].join('\t'));
}
console.log(`peak memory of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
for (const miss of misses) console.log(`below its floor: ${miss}`);
for (const peer of peers) await peer.stop();

/** The shortest of some runs, after one to warm up, in milliseconds. */
async function timeOurs(query: BenchQuery, runs: number): Promise<number> {
  const parsed = parseExpr(query.expr);
  if (!parsed.ok) throw new Error(`${query.expr}: ${parsed.diagnostics[0]?.message}`);
  const { start, end } = rangeOf(query);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run <= runs; run += 1) {
    const begin = performance.now();
    const planned = plan(parsed.value, { start: timestamp(start), end: timestamp(end), step: query.step });
    const outcome = evaluate(planned, await source.select(planned.selections), noCheckpoint);
    const elapsed = performance.now() - begin;
    if (!outcome.ok) throw new Error(`${query.expr}: ${outcome.error.message}`);
    if (0 < run) best = Math.min(best, elapsed);
  }
  return best;
}

function rangeOf({ length }: BenchQuery): { readonly start: number; readonly end: number } {
  return { start: dataEnd - length, end: dataEnd };
}

function days(length: Duration): string {
  return `${(length / 86_400_000).toFixed(2)} d`;
}
