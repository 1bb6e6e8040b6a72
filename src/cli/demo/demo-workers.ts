import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Series } from '../../core/series/index.ts';
import { historyOf, type PackedSeries, unpackSeries } from './demo-history.ts';
import type { HistoryTask } from './demo-worker.ts';

/**
 * Computes histories, each core one at a time, and hands each over as soon as it is there. Run from source, where a thread could not read
 * TypeScript, it computes them here one after another.
 */
export async function computeHistories(
  tasks: readonly HistoryTask[],
  take: (task: HistoryTask, series: readonly Series[]) => void,
  signal: AbortSignal,
): Promise<void> {
  if (import.meta.url.endsWith('.ts')) {
    for (const task of tasks) {
      const { service, scenario, wish } = task;
      take(task, await historyOf(service, scenario, wish, () => signal.throwIfAborted()));
    }
    return;
  }
  const waiting = [...tasks];
  const threads = Math.min(tasks.length, mostThreads, availableParallelism());
  await Promise.all(Array.from({ length: threads }, () => runThread(waiting, take, signal)));
}

/** Each thread holds one history besides the one in the store: more of them would not fit into the memory that a demo may take. */
const mostThreads = 2;

async function runThread(
  waiting: HistoryTask[],
  take: (task: HistoryTask, series: readonly Series[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const worker = new Worker(new URL('./demo-worker.js', import.meta.url));
  try {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      take(task, unpackSeries(await askThread(worker, task, signal)));
    }
  } finally {
    await worker.terminate();
  }
}

function askThread(worker: Worker, task: HistoryTask, signal: AbortSignal): Promise<PackedSeries> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', stop);
      worker.off('message', answer).off('error', fail);
      settle();
    };
    const answer = (packed: PackedSeries): void => end(() => resolve(packed));
    const fail = (error: Error): void => end(() => reject(error));
    const stop = (): void => end(() => reject(signal.reason));
    worker.on('message', answer).on('error', fail);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    else worker.postMessage(task);
  });
}
