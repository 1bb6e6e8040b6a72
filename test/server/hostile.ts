import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a target does with a request. */
export type Behaviour = (response: ServerResponse) => void;

const text = { 'content-type': 'text/plain; version=0.0.4' };
const openMetrics = { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' };

/** A page that any scraper must take. */
export const goodPage = '# TYPE requests_total counter\nrequests_total{code="200"} 10\nrequests_total{code="500"} 1\n';

/** Sixteen megabytes in sixteen kilobytes; packed beforehand, because the target shares this thread. */
const bomb = gzipSync(Buffer.alloc(16 * 2 ** 20, 'a'));

/** Targets by what is wrong with them. */
export const behaviours = {
  good: (response) => response.writeHead(200, text).end(goodPage),
  gzip: (response) => response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end(gzipSync(goodPage)),
  openMetrics: (response) =>
    response.writeHead(200, openMetrics).end('# TYPE requests counter\nrequests_total{code="200"} 10\n# EOF\n'),
  silent: () => {},
  refuses: (response) => response.writeHead(503, text).end(goodPage),
  redirects: (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>'),
  htmlAsText: (response) => response.writeHead(200, text).end('<html><body>Welcome</body></html>'),
  noType: (response) => response.writeHead(200).end(goodPage),
  garbage: (response) => response.writeHead(200, text).end('requests_total{code="200" 10\n'),
  badUtf8: (response) => response.writeHead(200, text).end(Buffer.from([0x61, 0xff, 0x20, 0x31, 0x0a])),
  halfPage: (response) => {
    response.writeHead(200, { ...text, 'content-length': '1000' }).write(goodPage);
    setTimeout(() => response.destroy(), 20);
  },
  halfChunk: (response) => {
    response.writeHead(200, text).write(goodPage);
    setTimeout(() => response.destroy(), 20);
  },
  halfGzip: (response) =>
    response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end(gzipSync(goodPage).subarray(0, 30)),
  noGzip: (response) => response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end(goodPage),
  brotli: (response) => response.writeHead(200, { ...text, 'content-encoding': 'br' }).end(goodPage),
  noEof: (response) =>
    response.writeHead(200, openMetrics).end('# TYPE requests counter\nrequests_total{code="200"} 10\n'),
  endless: (response) => {
    response.writeHead(200, text);
    const line = 'requests_total{code="200"} 10\n'.repeat(1000);
    const pour = (): void => {
      while (response.write(line)) if (response.destroyed) return;
      response.once('drain', pour);
    };
    response.on('error', () => {});
    pour();
  },
  bomb: (response) => response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end(bomb),
  drip: (response) => {
    response.writeHead(200, text);
    const timer = setInterval(() => response.write('#'), 20);
    response.on('close', () => clearInterval(timer));
  },
  tooMany: (response) =>
    response.writeHead(200, text).end(Array.from({ length: 2000 }, (_, i) => `x{i="${i}"} 1\n`).join('')),
  duplicates: (response) => response.writeHead(200, text).end('x 1\nx 2\ny 1\n'),
} as const satisfies Readonly<Record<string, Behaviour>>;

/** A server on loopback whose behaviour can be changed while it runs. */
export interface HostileTarget {
  readonly address: string;
  behaviour: Behaviour;
  /** The connections that are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export async function hostileTarget(behaviour: Behaviour): Promise<HostileTarget> {
  const server: Server = createServer((_request, response) => target.behaviour(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const target: HostileTarget = {
    address: `127.0.0.1:${port}`,
    behaviour,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return target;
}
