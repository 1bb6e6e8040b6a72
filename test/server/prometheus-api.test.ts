import { Hono } from 'hono';
import { beforeAll, describe, expect, test } from 'vitest';
import { duration, timestamp } from '../../src/core/base/index.ts';
import { Labels } from '../../src/core/series/index.ts';
import { prometheusRoutes } from '../../src/server/http/prometheus-routes.ts';
import { defaultConfiguration, embeddedServer, silentLog } from '../../src/server/index.ts';
import { MemoryStore } from '../../src/store/index.ts';

const start = 1_700_000_000_000;
const app = new Hono();

beforeAll(() => {
  const store = new MemoryStore();
  for (let i = 0; i <= 60; i += 1) {
    const time = timestamp(start + i * 60_000);
    store.append(Labels.of({ __name__: 'requests_total', job: 'api', code: '200' }), time, i * 10);
    store.append(Labels.of({ __name__: 'requests_total', job: 'api', code: '500' }), time, i);
    store.append(Labels.of({ __name__: 'up', job: 'api' }), time, 1);
  }
  store.append(Labels.of({ __name__: 'old', job: 'gone' }), timestamp(start - 86_400_000), 1);
  const now = timestamp(start + 3_600_000);
  const server = embeddedServer({
    configuration: { ...defaultConfiguration, queryTimeout: duration(2000) },
    ruleFiles: [],
    longestPeriod: duration(0),
    clock: { now: () => now },
    log: silentLog,
    store,
  });
  prometheusRoutes(app, server, '0.1.0');
});

const end = start / 1000 + 3600;

async function get(path: string, init: RequestInit = {}): Promise<readonly [status: number, body: unknown]> {
  const response = await app.request(path, init);
  return [response.status, await response.json()];
}

describe('queries', () => {
  test('an instant query, now unless told otherwise', async () => {
    expect(await get('/query?query=sum%20by%20(code)(requests_total)')).toEqual([
      200,
      {
        status: 'success',
        data: {
          resultType: 'vector',
          result: [
            { metric: { code: '200' }, value: [end, '600'] },
            { metric: { code: '500' }, value: [end, '60'] },
          ],
        },
      },
    ]);
  });

  test("Grafana's connection test: a form", async () => {
    const body = new URLSearchParams({ query: '1+1', time: '4' });
    expect(await get('/query', { method: 'POST', body })).toEqual([
      200,
      { status: 'success', data: { resultType: 'scalar', result: [4, '2'] } },
    ]);
  });

  test('a range query', async () => {
    const query = new URLSearchParams({
      query: 'requests_total{code="500"}',
      start: String(end - 120),
      end: String(end),
      step: '60',
    });
    expect(await get(`/query_range?${query}`)).toEqual([
      200,
      {
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: { __name__: 'requests_total', job: 'api', code: '500' },
              values: [
                [end - 120, '58'],
                [end - 60, '59'],
                [end, '60'],
              ],
            },
          ],
        },
      },
    ]);
  });

  test('remarks stand beside the data', async () => {
    const [, body] = await get('/query?query=rate(up[5m])');
    expect(body).toMatchObject({ status: 'success', infos: [expect.stringMatching(/up.*\(1:6\)$/)] });
  });

  test('a limit cuts the answer and says so', async () => {
    const [, body] = await get('/query?query=requests_total&limit=1');
    expect(body).toMatchObject({ data: { result: [{}] }, warnings: ['results truncated due to limit'] });
  });

  test.each([
    ['/query', 400, 'bad_data', 'the parameter "query" is missing'],
    ['/query?query=sum(up', 400, 'bad_data', 'parse error'],
    ['/query?query=up&time=never', 400, 'bad_data', 'invalid parameter "time"'],
    ['/query?query=up&timeout=x', 400, 'bad_data', 'invalid parameter "timeout"'],
    ['/query?query=up*on()up*on()requests_total', 422, 'execution', 'many-to-many'],
    [`/query_range?query=up&start=0&end=1`, 400, 'bad_data', '"step" is missing'],
    [`/query_range?query=up&start=5&end=1&step=1`, 400, 'bad_data', 'must not be before start'],
    [`/query_range?query=up&start=0&end=1&step=0`, 400, 'bad_data', 'zero or negative'],
    [`/query_range?query=up&start=0&end=11001&step=1`, 400, 'bad_data', '11,000 points'],
    ['/query?query=count_over_time((1-up)[30d:1ms])', 422, 'execution', ''],
    [
      '/query?query=max_over_time(rate(requests_total[30m])[1h:1ms])&timeout=1ms',
      503,
      'timeout',
      'timed out after 1ms',
    ],
    ['/series', 400, 'bad_data', 'no match[]'],
    ['/series?match[]=up[5m]', 400, 'bad_data', 'not a selector'],
    ['/series?match[]={', 400, 'bad_data', 'match[]'],
  ] as const)('%s is refused with %d %s', async (path, status, errorType, error) => {
    const [code, body] = await get(path.replaceAll('[]', '%5B%5D').replaceAll('{', '%7B'));
    expect([code, body]).toEqual([status, { status: 'error', errorType, error: expect.stringContaining(error) }]);
  });
});

describe('labels and series', () => {
  const within = `start=${end - 3600}&end=${end}`;
  test.each([
    [`/labels?${within}`, ['__name__', 'code', 'job']],
    ['/labels?match%5B%5D=up', ['__name__', 'job']],
    ['/label/job/values', ['api', 'gone']],
    [`/label/job/values?${within}`, ['api']],
    ['/label/job/values?match%5B%5D=old&match%5B%5D=up', ['api', 'gone']],
    ['/label/nothing/values', []],
    ['/label/__name__/values?match%5B%5D=%7Bjob%3D~%22a.*%22%7D', ['requests_total', 'up']],
    ['/series?match%5B%5D=up', [{ __name__: 'up', job: 'api' }]],
    ['/query_exemplars', []],
    ['/metadata', {}],
    ['/rules', { groups: [] }],
    ['/alerts', { alerts: [] }],
    ['/targets', { activeTargets: [], droppedTargets: [] }],
  ] as const)('%s', async (path, data) => {
    expect(await get(path)).toEqual([200, { status: 'success', data }]);
  });

  test('a limit', async () => {
    expect(await get('/labels?limit=1')).toEqual([
      200,
      { status: 'success', data: ['__name__'], warnings: ['results truncated due to limit'] },
    ]);
  });
});

test('Grafana sees a plain Prometheus of a version that knows everything it uses', async () => {
  const response = await app.request('/rules/test/test');
  expect([response.status, await response.text()]).toEqual([404, '404 page not found\n']);
  const [, body] = await get('/status/buildinfo');
  expect(body).toMatchObject({ data: { version: '3.0.0' } });
});
