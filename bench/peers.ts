/** Prometheus and VictoriaMetrics started beside us with the same data, and timed on the same queries. */

import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { freePort, startServer } from '../test/processes.ts';
import { serverBinary, serverEnvironment } from '../test/servers.ts';
import { type Dataset, importLines, openMetricsText } from './datasets.ts';

export interface Peer {
  readonly name: 'Prometheus' | 'VictoriaMetrics' | 'Nines over HTTP';
  readonly url: string;
  stop(): Promise<void>;
}

export interface RangeQuery {
  readonly expr: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Milliseconds. */
  readonly step: number;
}

/** Starts Prometheus with the data as blocks; undefined if there is none on this machine. */
export async function startPrometheusPeer(data: readonly Dataset[]): Promise<Peer | undefined> {
  const [prometheus, promtool] = [serverBinary('prometheus'), serverBinary('promtool')];
  if (prometheus === undefined || promtool === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'nines-bench-'));
  const storage = join(folder, 'data');
  for (const dataset of data) {
    const file = join(folder, `${dataset.name}.om`);
    await pipeline(Readable.from(openMetricsText(dataset)), createWriteStream(file));
    const args = ['tsdb', 'create-blocks-from', '--max-block-duration=54h', '--quiet', 'openmetrics', file, storage];
    await promisify(execFile)(promtool, args, { maxBuffer: 1e9, env: { ...process.env, ...serverEnvironment() } });
    await rm(file);
  }
  const configuration = join(folder, 'prometheus.yml');
  await writeFile(configuration, 'global: { scrape_interval: 1h }\n');
  const port = await freePort();
  const args = [
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${storage}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--query.timeout=2h',
    '--query.max-samples=500000000',
    '--log.level=error',
  ];
  const server = await startServer(prometheus, args, `http://127.0.0.1:${port}`, '/-/ready', serverEnvironment());
  return { name: 'Prometheus', url: server.url, stop: () => stopAndRemove(server.stop, folder) };
}

/** Starts VictoriaMetrics with the data imported; undefined if there is none on this machine. */
export async function startVictoriaMetricsPeer(data: readonly Dataset[]): Promise<Peer | undefined> {
  const program = serverBinary('victoria-metrics');
  if (program === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'nines-bench-'));
  const port = await freePort();
  const args = [
    `-storageDataPath=${folder}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=100y',
    '-search.maxPointsPerTimeseries=1000000',
    '-search.maxQueryDuration=1h',
    '-search.latencyOffset=0s',
    '-loggerLevel=ERROR',
  ];
  const server = await startServer(program, args, `http://127.0.0.1:${port}`, '/health', serverEnvironment());
  for (const dataset of data) {
    for (const line of importLines(dataset)) await fetch(`${server.url}/api/v1/import`, { method: 'POST', body: line });
  }
  await fetch(`${server.url}/internal/force_flush`);
  return { name: 'VictoriaMetrics', url: server.url, stop: () => stopAndRemove(server.stop, folder) };
}

/** The middle of five whole HTTP requests in milliseconds, JSON included, after one to warm up; caches of answers are off. */
export async function timeRangeQuery({ url }: Peer, { expr, start, end, step }: RangeQuery): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run <= 5; run += 1) {
    const body = new URLSearchParams({
      query: expr,
      start: String(start / 1000),
      end: String(end / 1000),
      step: String(step / 1000),
      nocache: '1',
    });
    const begin = performance.now();
    const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body });
    const text = await response.text();
    const elapsed = performance.now() - begin;
    if (!response.ok) throw new Error(`${expr}: ${text.slice(0, 300)}`);
    // A query of many seconds is not run again and again: its spread is small beside its length.
    if (5000 < elapsed) return elapsed;
    if (0 < run) times.push(elapsed);
  }
  return median(times);
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

async function stopAndRemove(stop: () => Promise<void>, folder: string): Promise<void> {
  await stop();
  await rm(folder, { recursive: true, force: true });
}
