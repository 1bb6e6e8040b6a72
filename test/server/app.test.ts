import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/server/http/app.ts';
import { BadRequest } from '../../src/server/http/parameters.ts';
import { isLoopback, type Listening, listen, readListenAddress, readWebFiles } from '../../src/server/index.ts';

let folder: string;
let server: Listening;
let notReady: string | undefined;
const lines: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nines-web-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Nines</title>');
  writeFileSync(join(folder, 'assets', 'index-4fQ1.js'), 'export {};');
  writeFileSync(join(folder, 'secret.pem'), 'no web file');
  const app = createApp({
    log: (level, message) => void lines.push(`${level} ${message}`),
    web: readWebFiles(folder),
    counted: () => {},
    notReady: () => notReady,
    metrics: () => '# no metrics\n',
    routes: (api) => {
      api.get('/works', (context) => context.json({ works: true }));
      api.post('/length', async (context) => context.json({ length: (await context.req.text()).length }));
      api.get('/refuses', () => {
        throw new BadRequest('it is wrong', 'write it right');
      });
      api.get('/fails', () => {
        throw new Error('a secret of the inside');
      });
    },
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function get(path: string, init: RequestInit = {}): Promise<readonly [number, string, Headers]> {
  const response = await fetch(server.url + path, init);
  return [response.status, await response.text(), response.headers];
}

test('health and readiness', async () => {
  expect((await get('/healthz')).slice(0, 2)).toEqual([200, 'ok\n']);
  notReady = 'two rule groups were not evaluated yet';
  expect((await get('/readyz')).slice(0, 2)).toEqual([503, 'not ready: two rule groups were not evaluated yet\n']);
  notReady = undefined;
  expect((await get('/readyz')).slice(0, 2)).toEqual([200, 'ready\n']);
});

describe('errors have one envelope', () => {
  test.each([
    ['/api/v1/refuses', 400, { code: 'bad-request', message: 'it is wrong', help: 'write it right' }],
    ['/api/v1/fails', 500, { code: 'internal', message: 'the server made a mistake; its log says more' }],
    ['/api/v1/nothing', 404, { code: 'not-found', message: 'there is nothing at /api/v1/nothing' }],
    ['/api/v2/works', 404, { code: 'not-found', message: 'there is nothing at /api/v2/works' }],
    ['/assets/gone.js', 404, { code: 'not-found', message: 'there is no file /assets/gone.js' }],
  ])('%s', async (path, status, error) => {
    const [code, body] = await get(path);
    expect([code, JSON.parse(body)]).toMatchObject([status, { error }]);
  });

  test('what failed inside is in the log, not in the answer', () => {
    expect(lines).toEqual(['error a request failed']);
  });

  test('a long body', async () => {
    const body = 'x'.repeat(2 ** 20 + 1);
    expect((await get('/api/v1/length', { method: 'POST', body }))[0]).toBe(413);
    expect((await get('/api/v1/length', { method: 'POST', body: body.slice(1) }))[1]).toBe('{"length":1048576}');
  });
});

describe('the web page', () => {
  test('its files are sent with their types, hashed ones for good', async () => {
    const [status, body, headers] = await get('/assets/index-4fQ1.js');
    expect([status, body, headers.get('content-type')]).toEqual([200, 'export {};', 'text/javascript; charset=utf-8']);
    expect(headers.get('cache-control')).toContain('immutable');
    const again = await get('/assets/index-4fQ1.js', { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect(again.slice(0, 2)).toEqual([304, '']);
  });

  test.each(['/', '/index.html', '/slos/api/latency', '/secret.pem', '/..%2f..%2fetc/passwd', '/%2e%2e/secret.pem'])(
    '%s is the page, which finds the way itself',
    async (path) => {
      const [status, body, headers] = await get(path);
      expect([status, body]).toEqual([200, '<!doctype html><title>Nines</title>']);
      expect(headers.get('cache-control')).toBe('no-cache');
    },
  );

  test('headers let nothing in from elsewhere', async () => {
    const [, , headers] = await get('/');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('only for this machine', () => {
  test.each([
    ['127.0.0.1:9990', 200],
    ['localhost', 200],
    ['[::1]:9990', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['169.254.169.254', 403],
  ])('asked as %s it answers %d', async (host, status) => {
    const code = await new Promise((resolve, reject) => {
      request(`${server.url}/api/v1/works`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(code).toBe(status);
  });

  test.each([
    ['127.0.0.1:9990', { host: '127.0.0.1', port: 9990 }],
    [':8080', { host: '127.0.0.1', port: 8080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:9990', { host: '::1', port: 9990 }],
    ['127.9.9.9:1', { host: '127.9.9.9', port: 1 }],
  ])('may listen on %s', (text, address) => {
    expect(readListenAddress({ name: '--listen', text })).toMatchObject({ ok: true, value: address });
  });

  test.each([
    ['0.0.0.0:9990', 'server/not-loopback'],
    ['[::]:9990', 'server/not-loopback'],
    ['192.168.1.5:9990', 'server/not-loopback'],
    ['nines.example:9990', 'server/not-loopback'],
    ['9990', 'server/listen'],
    ['127.0.0.1:99999', 'server/listen'],
    ['127.0.0.1', 'server/listen'],
  ])('may not listen on %s', (text, code) => {
    expect(readListenAddress({ name: '--listen', text })).toMatchObject({ ok: false, diagnostics: [{ code }] });
  });

  test.each(['::ffff:10.0.0.1', '127.0.0.1.nip.io', '2130706433', '0', ''])('%j is not loopback', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

test('a port in use is told with a way out', async () => {
  const port = Number(new URL(server.url).port);
  const other = listen(
    createApp({
      log: () => {},
      web: new Map(),
      counted: () => {},
      notReady: () => undefined,
      metrics: () => '',
      routes: () => {},
    }),
    {
      host: '127.0.0.1',
      port,
    },
  );
  await expect(other).rejects.toThrow(
    `port ${port} on 127.0.0.1 is in use by another program; give a free one with --listen`,
  );
});

test('stopping does not wait for open connections', async () => {
  const app = createApp({
    log: () => {},
    web: new Map(),
    counted: () => {},
    notReady: () => undefined,
    metrics: () => '',
    routes: () => {},
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const idle = connect(Number(new URL(listening.url).port), '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  idle.on('error', () => {});
  await listening.close();
  await expect.poll(() => idle.destroyed || idle.readableEnded, { timeout: 2000 }).toBe(true);
  const again = createServer();
  await new Promise<void>((resolve) => again.listen(Number(new URL(listening.url).port), '127.0.0.1', resolve));
  again.close();
});
