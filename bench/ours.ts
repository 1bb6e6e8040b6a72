/** Our engine, timed and weighed on one query with its data in memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Checkpoint, duration, noCheckpoint, timestamp } from '../src/core/base/index.ts';
import type { SeriesSource } from '../src/core/series/index.ts';
import {
  defaultConfiguration,
  embeddedServer,
  evaluate,
  listen,
  MemoryStore,
  ninesServer,
  parseExpr,
  plan,
  silentLog,
  systemClock,
} from './compiled.ts';
import type { Dataset } from './datasets.ts';
import { median, type Peer, type RangeQuery } from './peers.ts';

/**
 * The middle time of some runs of plan, select and evaluate, in milliseconds. The runs before, of about a third of a second, let V8 compile what is hot,
 * as it is in a server that has answered before.
 */
export async function timeOurs(source: SeriesSource, query: RangeQuery): Promise<number> {
  await repeatFor(source, query, 350, 3);
  return median(await repeatFor(source, query, 700, 5));
}

/** Runs a query again and again for so many milliseconds, and at least so many times. */
async function repeatFor(
  source: SeriesSource,
  query: RangeQuery,
  length: number,
  least: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  const end = performance.now() + length;
  while (times.length < least || (performance.now() < end && times.length < 1000)) {
    const begin = performance.now();
    await answer(source, query, noCheckpoint);
    times.push(performance.now() - begin);
  }
  return times;
}

async function answer(
  source: SeriesSource,
  { expr, start, end, step }: RangeQuery,
  checkpoint: Checkpoint,
): Promise<void> {
  const parsed = parseExpr(expr);
  if (!parsed.ok) throw new Error(`${expr}: ${parsed.diagnostics[0]?.message}`);
  const planned = plan(parsed.value, { start: timestamp(start), end: timestamp(end), step: duration(step) });
  const outcome = evaluate(planned, await source.select(planned.selections), checkpoint);
  if (!outcome.ok) throw new Error(`${expr}: ${outcome.error.message}`);
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** The most bytes that a query took beyond its data at any of its checkpoints or at its end, garbage not yet collected included. */
export async function peakMemory(source: SeriesSource, query: RangeQuery): Promise<number> {
  // What a collection frees of typed arrays is given back a little later, in the background.
  for (let round = 0; round < 2; round += 1) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const before = bytesInUse();
  let most = 0;
  const weigh = (): void => {
    most = Math.max(most, bytesInUse() - before);
  };
  await answer(source, query, weigh);
  weigh();
  return most;
}

function bytesInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The embedded server over the same data on a loopback port of this process: the whole request, JSON included. */
export async function startOwnServer(data: readonly Dataset[]): Promise<Peer> {
  const store = new MemoryStore();
  store.load(data.flatMap(({ series }) => series));
  const backend = {
    kind: 'embedded',
    server: embeddedServer({
      configuration: defaultConfiguration,
      ruleFiles: [],
      longestPeriod: duration(86_400_000),
      clock: systemClock,
      log: silentLog,
      store,
    }),
  } as const;
  const interval = defaultConfiguration.evaluationInterval;
  const { app } = ninesServer({
    version: 'bench',
    services: [],
    backend,
    interval,
    clock: systemClock,
    log: silentLog,
    web: new Map(),
  });
  const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 });
  return { name: 'Nines over HTTP', url, stop: close };
}
