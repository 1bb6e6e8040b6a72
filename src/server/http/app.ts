import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { ApiError } from '../../core/api/index.ts';
import type { Log } from '../log.ts';
import { isLoopback } from './listen.ts';
import { BadRequest } from './parameters.ts';
import type { WebFiles } from './web-files.ts';

/** What every server has, whatever it serves. */
export interface AppParts {
  readonly log: Log;
  readonly web: WebFiles;
  /** Why the server cannot answer yet; undefined once it can. */
  notReady(): string | undefined;
  /** Told the status of each answer. */
  counted(status: number): void;
  /** The server's own page of metrics. */
  metrics(): string;
  /** Adds the routes below `/api/v1`. */
  routes(api: Hono): void;
}

/** The longest body of a request: a form with a query. */
const longestBody = 1024 * 1024;

/** The HTTP server's application: own health and metrics, the API, and for every other path the web UI. */
export function createApp({ log, web, counted, notReady, metrics, routes }: AppParts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    counted(context.res.status);
  });
  app.use(onlyByLoopbackName, headers, bodyLimit({ maxSize: longestBody, onError: tooLong }));
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', (context) => {
    const reason = notReady();
    return reason === undefined ? context.text('ready\n') : context.text(`not ready: ${reason}\n`, 503);
  });
  app.get('/metrics', (context) =>
    context.body(metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  const api = new Hono();
  routes(api);
  app.route('/api/v1', api);
  app.all('/api/*', (context) =>
    fail(
      context,
      404,
      'not-found',
      `there is nothing at ${context.req.path}`,
      'docs/reference/http-api.md lists all paths',
    ),
  );
  app.get('*', (context) => sendFile(context, web));
  app.notFound((context) =>
    fail(context, 404, 'not-found', `there is nothing to ${context.req.method} at ${context.req.path}`),
  );
  app.onError((error, context) => {
    if (error instanceof BadRequest) return fail(context, 400, 'bad-request', error.message, error.help);
    log('error', 'a request failed', { path: context.req.path, reason: error.message, stack: error.stack });
    return fail(context, 500, 'internal', 'the server made a mistake; its log says more');
  });
  return app;
}

/** An answer in the API's error envelope. */
export function fail(
  context: Context,
  status: 400 | 403 | 404 | 413 | 500 | 503,
  code: string,
  message: string,
  help?: string,
): Response {
  const body: ApiError = { error: { code, message, ...(help === undefined ? {} : { help }) } };
  return context.json(body, status);
}

function tooLong(context: Context): Response {
  // The rest of the body is still under way, so the connection cannot serve another request.
  context.header('connection', 'close');
  return fail(context, 413, 'too-long', `the request is longer than ${longestBody} bytes`);
}

/**
 * A web page from elsewhere can make a browser call this server by a name of its own that resolves to 127.0.0.1, and then read the
 * answers. Such requests carry that name as their host, so only loopback's names are served.
 */
async function onlyByLoopbackName(context: Context, next: () => Promise<void>): Promise<Response | undefined> {
  const host = context.req.header('host') ?? '';
  const name = host.replace(/:\d+$/, '');
  if (host !== '' && !isLoopback(name)) {
    const help =
      'use http://127.0.0.1 or http://localhost; a proxy in front must set the host header to the address it forwards to';
    return fail(context, 403, 'host', `this server does not answer to the name ${JSON.stringify(name)}`, help);
  }
  await next();
  return undefined;
}

const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  // Plain HTTP on loopback: a browser must not be told to insist on HTTPS for all of localhost.
  strictTransportSecurity: false,
});

const notBuilt = 'The web UI was not built. The API is at /api/v1/slos; `npm run build` builds the UI.\n';

/** A file of the web UI; for a path that is none of its files, its page, which finds the way itself. */
function sendFile(context: Context, web: WebFiles): Response {
  const { path } = context.req;
  const named = web.get(path);
  // A missing script must not be answered with a page.
  if (named === undefined && path.startsWith('/assets/'))
    return fail(context, 404, 'not-found', `there is no file ${path}`);
  const file = named ?? web.get('/index.html');
  if (file === undefined) return context.text(notBuilt, path === '/' ? 200 : 404);
  const cacheControl = file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache';
  const sent = { 'content-type': file.contentType, etag: file.etag, 'cache-control': cacheControl };
  return context.req.header('if-none-match') === file.etag
    ? context.body(null, 304, sent)
    : context.body(file.body, 200, sent);
}
