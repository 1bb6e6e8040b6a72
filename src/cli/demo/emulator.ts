import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Timestamp, timestamp } from '../../core/base/index.ts';
import { type AnchoredScenario, anchorScenario, type Scenario, scrapePage } from '../../core/scenario/index.ts';
import { expositionContentTypes, negotiateExposition } from '../../core/series/index.ts';

/** What an emulator serves, and when. */
export interface EmulatorOptions {
  /** Those without an anchor get the start as theirs: relative moments count from it. */
  readonly scenarios: readonly Scenario[];
  /** The port of the first replica; the others follow. Absent: ports that are free. */
  readonly firstPort?: number;
  /** The time at which the scenarios begin; now by default. */
  readonly start?: Timestamp;
  /** How many times faster than the world's the scenarios' time runs; 1 by default. */
  readonly speed?: number;
  /** The world's clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/** Targets that answer scrapes as the services of scenarios would. */
export interface Emulator {
  readonly targets: readonly EmulatedTarget[];
  /** The time that the targets show at present. */
  time(): Timestamp;
  stop(): Promise<void>;
}

/** One replica, listening on a port of its own as a container does. */
export interface EmulatedTarget {
  readonly scenario: AnchoredScenario;
  readonly instance: string;
  /** `127.0.0.1:9101`, as it stands in a scrape configuration. */
  readonly address: string;
}

/** A port that something else listens on, or that may not be opened. */
export class PortError extends Error {
  override readonly name: string = 'PortError';
}

/**
 * Starts a listener for each replica, on loopback only. This is node:http rather than Hono because a target that is down must not
 * answer: the connection is cut, which takes the socket in hand.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { scenarios, firstPort, speed = 1, now } = options;
  const begin = now();
  const start = options.start ?? timestamp(begin);
  const time = (): Timestamp => timestamp(Math.floor(start + (now() - begin) * speed));
  const servers: Server[] = [];
  const targets: EmulatedTarget[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(close));
  };
  try {
    for (const scenario of scenarios.map((one) => anchorScenario(one, one.anchor ?? start))) {
      for (const [replica, instance] of scenario.replicas.entries()) {
        const server = createServer((request, response) => answer(scenario, replica, time(), request, response));
        servers.push(server);
        const port = await listen(server, firstPort === undefined ? 0 : firstPort + targets.length);
        targets.push({ scenario, instance, address: `127.0.0.1:${port}` });
      }
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { targets, time, stop };
}

function answer(
  scenario: AnchoredScenario,
  replica: number,
  time: Timestamp,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = (request.url ?? '/').split('?')[0];
  const format = negotiateExposition(request.headers.accept ?? '');
  const page = scrapePage(scenario, replica, time, format);
  if (page === undefined) {
    request.socket.destroy();
    return;
  }
  const send = (status: number, type: string, body: string): void => {
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? '' : body);
  };
  const text = 'text/plain; charset=utf-8';
  if (request.method !== 'GET' && request.method !== 'HEAD') send(405, text, 'only GET is answered here\n');
  else if (path === '/metrics') send(200, expositionContentTypes[format], page);
  else send(404, text, `${scenario.replicas[replica]} of ${scenario.service}, emulated: its metrics are at /metrics\n`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? ''] ?? error.message;
      reject(new PortError(`cannot listen on 127.0.0.1:${port}: ${reason}`, { cause: error }));
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there; choose another --port',
  EACCES: 'the port is reserved; choose one above 1023',
};

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
