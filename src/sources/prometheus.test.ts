import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { duration, timestamp } from '../core/base/index.ts';
import { type PrometheusClient, prometheusClient } from './index.ts';

const running: (() => void)[] = [];

afterEach(() => {
  for (const stop of running.splice(0)) stop();
});

interface Seen {
  readonly path: string;
  readonly form: URLSearchParams;
}

/** A client of a server that gives the answers in turn, the last one for good, and what it was asked. */
async function clientOf(...answers: readonly [status: number, body: string][]): Promise<[PrometheusClient, Seen[]]> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const [status, text] = answers[Math.min(seen.length, answers.length - 1)]!;
      seen.push({ path: url.pathname, form: new URLSearchParams(body) });
      response.writeHead(status, { 'content-type': text.startsWith('{') ? 'application/json' : 'text/html' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const options = { timeout: duration(500), bodyLimit: 100_000 };
  return [prometheusClient(new URL(`http://reader:secret@127.0.0.1:${port}/prom/`), options), seen];
}

const vector = JSON.stringify({
  status: 'success',
  data: {
    resultType: 'vector',
    result: [
      { metric: { job: 'api' }, value: [1.5, '+Inf'] },
      { metric: {}, value: [1.5, '1e-07'] },
      { metric: {}, histogram: [1.5, { count: '1', sum: '1' }] },
    ],
  },
});

test('an instant query is a form to the path below the base', async () => {
  const [client, seen] = await clientOf([200, vector]);
  const samples = await client.query('up + "ü"', timestamp(1500));
  expect(samples.map(({ labels, value }) => [labels.toRecord(), value])).toEqual([
    [{ job: 'api' }, Number.POSITIVE_INFINITY],
    [{}, 1e-7],
    [{}, Number.NaN],
  ]);
  expect(seen[0]?.path).toBe('/prom/api/v1/query');
  expect(Object.fromEntries(seen[0]?.form ?? [])).toEqual({ query: 'up + "ü"', time: '1.500', timeout: '500ms' });
});

test('a scalar is one sample without labels', async () => {
  const [client] = await clientOf([200, '{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}']);
  expect(await client.query('2', timestamp(0))).toMatchObject([{ value: 2 }]);
});

test('a long range is asked for in stretches of 11,000 points and put together again', async () => {
  const part = (times: readonly number[]): [number, string] => {
    const values = times.map((time) => [time, String(time)]);
    return [
      200,
      JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: { a: '1' }, values }] } }),
    ];
  };
  const [client, seen] = await clientOf(part([0, 10]), part([11_000]), part([22_000, 22_001]));
  const [series] = await client.queryRange('x', timestamp(0), timestamp(22_001_000), 1000);
  expect([...(series?.timestamps ?? [])]).toEqual([0, 10_000, 11_000_000, 22_000_000, 22_001_000]);
  expect(seen.map(({ form }) => [form.get('start'), form.get('end'), form.get('step')])).toEqual([
    ['0.000', '10999.000', '1000ms'],
    ['11000.000', '21999.000', '1000ms'],
    ['22000.000', '22001.000', '1000ms'],
  ]);
});

describe('what goes wrong is told with the address, without the password', () => {
  test.each([
    [
      'a refused query',
      [400, '{"status":"error","errorType":"bad_data","error":"parse error"}'],
      'bad_data',
      'parse error',
    ],
    ['a page of a proxy', [502, '<html>Bad gateway</html>'], 'unreachable', 'status 502'],
    ['no access', [401, 'Unauthorized'], 'unauthorized', 'status 401'],
    ['no such path', [404, '404 page not found'], 'not_found', '404'],
    ['half an answer', [200, '{"status":"succ'], 'unreachable', "not Prometheus's API"],
    ['another API', [200, '{"hello":"world"}'], 'unreachable', 'refused'],
    [
      'too long an answer',
      [200, `{"status":"success","data":"${'x'.repeat(200_000)}"}`],
      'unreachable',
      'limit of 100000',
    ],
  ] as const)('%s', async (_name, [status, body], kind, text) => {
    const [client] = await clientOf([status, body]);
    const error = await client.query('up', timestamp(0)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'PrometheusError', kind });
    expect(String(error)).toContain(text);
    expect(String(error)).not.toContain('secret');
  });

  test('nobody there', async () => {
    const client = prometheusClient(new URL('http://user:secret@127.0.0.1:1'));
    const error = await client.query('up', timestamp(0)).catch((reason: unknown) => reason);
    expect(String(error)).toBe('PrometheusError: http://127.0.0.1:1 gave no answer: connection refused');
  });

  test('an answer of the wrong form', async () => {
    const [client] = await clientOf([200, '{"status":"success","data":{"resultType":"vector","result":[{}]}}']);
    await expect(client.query('up', timestamp(0))).rejects.toThrow("does not have the form of Prometheus's API");
  });
});

test('alerts are read with their state; a server without rules has none to tell', async () => {
  const alerts = [
    {
      labels: { alertname: 'Burning', service: 'api' },
      annotations: { summary: 's' },
      state: 'firing',
      activeAt: '2026-11-21T07:00:00.5Z',
    },
    { labels: {}, state: 'odd' },
  ];
  const [client] = await clientOf([200, JSON.stringify({ status: 'success', data: { alerts } })], [404, 'not found']);
  expect(await client.alerts()).toMatchObject([
    { name: 'Burning', state: 'firing', activeAt: Date.parse('2026-11-21T07:00:00.5Z') },
  ]);
  expect(await client.alerts()).toBeUndefined();
});
