import type { Hono } from 'hono';
import { type Duration, duration, second } from '../core/base/index.ts';
import { queryBackend } from '../core/promql/index.ts';
import type { QueryBackend } from '../core/series/index.ts';
import type { Service } from '../core/slo/index.ts';
import type { PrometheusClient } from '../sources/index.ts';
import type { Backend } from './backend.ts';
import { createApp } from './http/app.ts';
import { BadRequest } from './http/parameters.ts';
import { prometheusRoutes } from './http/prometheus-routes.ts';
import { sloRoutes } from './http/slo-routes.ts';
import type { WebFiles } from './http/web-files.ts';
import type { Log } from './log.ts';
import { type OwnMetric, printOwnMetrics } from './own-metrics.ts';
import { activeAlerts } from './status/active-alerts.ts';
import { figureReader } from './status/figures.ts';
import { type StatusBoard, statusBoard } from './status/status-board.ts';
import { type Clock, keepTicking, type Recurring, stableOffset } from './ticks.ts';

export interface ServerParts {
  readonly version: string;
  readonly services: readonly Service[];
  readonly backend: Backend;
  /** How often the rules are evaluated: windows and names of the generated rules follow from it. */
  readonly interval: Duration;
  readonly clock: Clock;
  readonly log: Log;
  readonly web: WebFiles;
}

/** A server that can be asked. It does nothing by itself until `run`. */
export interface NinesServer {
  readonly app: Hono;
  readonly board: StatusBoard;
  /** All that recurs, for simulated time. */
  readonly work: readonly Recurring[];
  /** Scrapes, evaluates and reads until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** The age up to which read figures are served again. Rules give new ones only once in an interval. */
const embeddedMaxAge = duration(2 * second);
const backendMaxAge = duration(15 * second);

export function ninesServer({ version, services, backend, interval, clock, log, web }: ServerParts): NinesServer {
  const embedded = backend.kind === 'embedded' ? backend.server : undefined;
  const reader = figureReader(services, queriesOf(backend), activeAlerts(backend), interval);
  const board = statusBoard(services, reader, clock, embedded === undefined ? backendMaxAge : embeddedMaxAge, log);
  const work = embedded === undefined ? [refreshing(board)] : embedded.work;
  const counts = new Map<number, number>();
  const app = createApp({
    log,
    web,
    counted: (status) => counts.set(status, (counts.get(status) ?? 0) + 1),
    notReady: () => (backend.kind === 'embedded' ? backend.server.rules.notReady() : board.trouble()),
    metrics: () => printOwnMetrics([...serverMetrics(version, counts), ...(embedded?.metrics() ?? [])]),
    routes: (api) => {
      sloRoutes(api, board, clock);
      if (backend.kind === 'embedded') prometheusRoutes(api, backend.server, version);
      else elsewhere(api, backend.client);
    },
  });
  return { app, board, work, run: (signal) => keepTicking(work, clock, signal) };
}

function queriesOf(backend: Backend): QueryBackend {
  return backend.kind === 'embedded' ? queryBackend(backend.server.store, backend.server.engine) : backend.client;
}

/** In backend mode the figures are read in the background as well, so that a page opened after a quiet night is answered at once. */
function refreshing(board: StatusBoard): Recurring {
  const interval = duration(30 * second);
  return { name: 'status', interval, offset: stableOffset('status', interval), run: () => board.refresh() };
}

/** Prometheus's own API is at the Prometheus. */
function elsewhere(api: Hono, { address }: PrometheusClient): void {
  const answer = (): never => {
    throw new BadRequest('this server reads from a Prometheus and does not answer its API', `ask ${address} itself`);
  };
  for (const path of [
    '/query',
    '/query_range',
    '/series',
    '/labels',
    '/label/*',
    '/rules',
    '/alerts',
    '/metadata',
    '/targets',
  ]) {
    api.all(path, answer);
  }
}

function serverMetrics(version: string, counts: ReadonlyMap<number, number>): readonly OwnMetric[] {
  return [
    {
      name: 'nines_build_info',
      type: 'gauge',
      help: 'The version of Nines.',
      samples: [{ labels: { version }, value: 1 }],
    },
    {
      name: 'nines_http_requests_total',
      type: 'counter',
      help: 'HTTP requests by status code.',
      samples: [...counts]
        .sort(([a], [b]) => a - b)
        .map(([code, value]) => ({ labels: { code: String(code) }, value })),
    },
  ];
}
