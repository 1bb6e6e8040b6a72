import { expect, test } from 'vitest';
import { documentKind, knownMetric, lintDocument, metricNames } from '../../src/core/lint/index.ts';
import { liveMetrics, prometheusClient } from '../../src/sources/index.ts';
import { startPrometheus } from '../prometheus.ts';

const history = `# TYPE http_requests counter
http_requests_total{method="get",code="200"} 1 1700000000
http_requests_total{method="get",code="500"} 1 1700000000
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.1"} 1 1700000000
latency_seconds_bucket{le="1.0"} 2 1700000000
latency_seconds_bucket{le="+Inf"} 2 1700000000
latency_seconds_count 2 1700000000
latency_seconds_sum 1 1700000000
# EOF
`;

const text = `groups:
- name: a
  rules:
  - record: job:a:rate5m
    expr: sum(rate(http_requests_total{code="200"}[5m])) / sum(rate(http_requests_total{path="/"}[5m]))
  - record: job:b:rate5m
    expr: sum(rate(http_request_total[5m]))
  - record: job:c:p90
    expr: histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[5m])))
`;

test('queries are checked against the metrics of a real Prometheus', async (context) => {
  const server = await startPrometheus(context, { history });
  try {
    const calls: string[] = [];
    const client = prometheusClient(new URL(server.url));
    const counting = {
      call: (path: string, parameters: Readonly<Record<string, string>>) => {
        calls.push(path);
        return client.call(path, parameters);
      },
    };
    const source = { name: 'rules.yml', text };
    const kind = documentKind(source);
    if (kind === undefined) throw new Error('no rules');
    const live = await liveMetrics(counting, metricNames(source, kind));
    expect(live).toEqual([
      {
        name: 'http_requests_total',
        type: '',
        unit: '',
        labels: new Map([
          ['method', new Set(['get'])],
          ['code', new Set(['200', '500'])],
        ]),
        buckets: [],
      },
      { name: 'latency_seconds', type: 'histogram', unit: '', labels: new Map(), buckets: [0.1, 1] },
    ]);
    expect(calls).toEqual(['label/__name__/values', 'metadata', 'series']);
    const metrics = { from: client.address, isPage: false, metrics: live.map(knownMetric) };
    const found = lintDocument(source, kind, { metrics });
    expect(found.map(({ code, span }) => `${code} ${source.text.slice(span.start, span.end)}`)).toEqual([
      'lint/label-undeclared path="/"',
      'lint/metric-undeclared http_request_total',
    ]);
  } finally {
    await server.stop();
  }
});
