import { createServer, type Server } from 'node:http';
import { isIP } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Outcome, Source } from '../../core/base/index.ts';

/** Where the server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A server that runs. */
export interface Listening {
  /** `http://127.0.0.1:9990` */
  readonly url: string;
  /** Ends the connections and frees the port. */
  close(): Promise<void>;
}

/** The port is taken, or may not be used. */
export class ListenError extends Error {
  override readonly name: string = 'ListenError';
}

/**
 * Reads `HOST:PORT` or `:PORT`. Only loopback is allowed: whoever reaches the port can read everything, and there is no authentication.
 */
export function readListenAddress({ text }: Source): Outcome<ListenAddress> {
  const span = { start: 0, end: text.length };
  const refuse = (code: string, message: string, help: string): Outcome<ListenAddress> => ({
    ok: false,
    diagnostics: [{ severity: 'error', code, message, help, span }],
  });
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*)):(\d{1,5})$/i.exec(text);
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (match === null || 65_535 < port) {
    return refuse(
      'server/listen',
      `${JSON.stringify(text)} is no address to listen on`,
      'write HOST:PORT, such as 127.0.0.1:9990',
    );
  }
  if (!isLoopback(host === '' ? '127.0.0.1' : host)) {
    return refuse(
      'server/not-loopback',
      `${host} can be reached from other machines, and this server asks nobody who they are`,
      'listen on 127.0.0.1 and reach it through a proxy that authenticates, or through an SSH tunnel (ssh -L)',
    );
  }
  return { ok: true, value: { host: host === '' ? '127.0.0.1' : host, port }, diagnostics: [] };
}

/** Whether an address or name belongs to this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/** Opens the port. Throws a ListenError that says what to do. */
export async function listen(app: Hono, { host, port }: ListenAddress): Promise<Listening> {
  const server: Server = createServer(
    // A client that drips its request does not hold a connection for longer than this.
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 5000, connectionsCheckingInterval: 5000 },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  server.maxConnections = 1000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): ListenError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `port ${port} on ${host} is in use by another program; give a free one with --listen ${host}:PORT`,
      );
    case 'EACCES':
      return new ListenError(
        `port ${port} may not be used by this user; give one above 1023 with --listen ${host}:PORT`,
      );
    default:
      return new ListenError(`cannot listen on ${host}:${port}`, { cause: error });
  }
}
