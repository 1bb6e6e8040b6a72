import { parentPort } from 'node:worker_threads';
import { noCheckpoint } from '../../core/base/index.ts';
import type { Scenario } from '../../core/scenario/index.ts';
import type { Service } from '../../core/slo/index.ts';
import { type HistoryWish, historyOf, packSeries } from './demo-history.ts';

/** What the demo asks of a worker thread: one service's history. */
export interface HistoryTask {
  readonly service: Service;
  readonly scenario: Scenario;
  readonly wish: HistoryWish;
}

parentPort?.on('message', async ({ service, scenario, wish }: HistoryTask) => {
  const packed = packSeries(await historyOf(service, scenario, wish, noCheckpoint));
  // The columns are given away, not copied.
  const buffers = packed.columns.map(({ buffer }) => buffer);
  parentPort?.postMessage(packed, buffers);
});
