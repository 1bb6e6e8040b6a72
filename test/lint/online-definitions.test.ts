import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lintCommand } from '../../src/cli/lint/lint-command.ts';
import { startPrometheus } from '../prometheus.ts';

/** What the service shows: as Prometheus would scrape it. */
const page = `# TYPE http_requests counter
http_requests_total{method="get",code="200"} 120
http_requests_total{method="get",code="404"} 3
# TYPE latency_seconds histogram
# UNIT latency_seconds seconds
latency_seconds_bucket{route="a",le="0.1"} 1
latency_seconds_bucket{route="a",le="0.5"} 2
latency_seconds_bucket{route="a",le="+Inf"} 2
latency_seconds_count{route="a"} 2
latency_seconds_sum{route="a"} 0.4
# TYPE queue_depth gauge
queue_depth 4
# EOF
`;

/** One definition in each dialect: a misspelt metric, a label that is not there, a value written otherwise, a gauge as a counter. */
const definitions: Readonly<Record<string, { readonly text: string; readonly told: readonly string[] }>> = {
  'nines.yaml': {
    text: `apiVersion: nines/v1
service: shop
owner: shop
slos:
  misspelt:
    { target: 99%, good: 'http_request_total{code!~"5.."}', total: http_requests_total, runbook: x, noData: unknown }
  label:
    { target: 99%, bad: 'http_requests_total{status=~"5.."}', total: http_requests_total, runbook: x }
  classes: { target: 99%, good: { code: ["2xx"], verb: get }, total: http_requests_total, runbook: x }
  gauge: { target: 99%, bad: 'queue_depth', total: http_requests_total, runbook: x }
  bound: { target: 99%, histogram: latency_seconds, below: 200ms, runbook: x }
  fine: { target: 99%, histogram: 'latency_seconds{route="a"}', below: 500ms, runbook: x }
  depth: { target: 99% of 1m slices, condition: 'deriv(http_requests_total[5m]) < 5', runbook: x }
alerts:
  - { name: Deep, severity: ticket, when: 'max(queue_dept) > 100', runbook: x }
`,
    told: [
      'metric-undeclared http_request_total{code!~"5.."}',
      'label-undeclared status=~"5.."',
      'label-undeclared good',
      'metric-type queue_depth',
      'histogram-bucket-bound 200ms',
      'metric-type http_requests_total',
      'metric-undeclared queue_dept',
    ],
  },
  'sloth.yaml': {
    text: `version: prometheus/v1
service: shop
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{status=~"5.."}[{{.window}}]))
        total_query: |
          sum(rate(
            http_request_total[{{.window}}]))
    alerting: { page_alert: { disable: true }, ticket_alert: { disable: true } }
  - name: classes
    objective: 99.9
    sli:
      events:
        error_query: "sum(rate(http_requests_total{code=\\"5xx\\"}[{{ .window }}]))"
        total_query: sum(rate(http_requests_total[{{.window}}]))
    alerting: { page_alert: { disable: true }, ticket_alert: { disable: true } }
`,
    told: [
      'label-undeclared status=~"5.."',
      'metric-undeclared http_request_total',
      'label-value-unknown code=\\"5xx\\"',
    ],
  },
  'openslo.yaml': {
    text: `apiVersion: openslo/v1
kind: SLO
metadata: { name: availability }
spec:
  service: shop
  indicator:
    metadata: { name: availability }
    spec:
      ratioMetric:
        counter: true
        good:
          metricSource: { type: Prometheus, spec: { query: 'http_requests_total{code=~"2..", verb="get"}' } }
        total:
          metricSource: { type: Prometheus, spec: { query: queue_depth } }
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`,
    told: ['label-undeclared verb="get"', 'metric-type queue_depth'],
  },
  'pyrra.yaml': {
    text: `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: latency, namespace: shop }
spec:
  target: '99'
  window: 4w
  indicator:
    latency:
      success: { metric: 'latency_seconds_bucket{path="a",le="0.2"}' }
      total: { metric: 'latency_seconds_count{path="a"}' }
`,
    told: ['histogram-bucket-bound latency', 'label-undeclared path="a"', 'label-undeclared path="a"'],
  },
  'slo-generator.yaml': {
    text: `apiVersion: sre.google.com/v2
kind: ServiceLevelObjective
metadata:
  name: shop-web-availability
  labels: { service_name: shop, feature_name: web, slo_name: availability }
spec:
  description: requests
  backend: prometheus
  method: good_bad_ratio
  service_level_indicator:
    filter_good: http_requests_total{kode=~"2.."}
    filter_valid: http_requests_totals
  goal: 0.99
`,
    told: ['label-undeclared kode=~"2.."', 'metric-undeclared http_requests_totals'],
  },
};

let folder: string;
let server: Server;
let address: string;
/** The content types that were asked for. */
const asked: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-lint-online-'));
  for (const [name, { text }] of Object.entries(definitions)) await writeFile(join(folder, name), text);
  server = createServer((request, response) => {
    asked.push(request.headers.accept ?? '');
    if (request.url === '/metrics') response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0');
    response.statusCode = request.url === '/metrics' ? 200 : 404;
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** What is said about metrics: the check, and the text at its place. */
async function lint(name: string, ...args: readonly string[]): Promise<readonly string[]> {
  const output: string[] = [];
  const terminal = {
    cwd: folder,
    env: {},
    write: (text: string) => void output.push(text),
    writeError: (text: string) => void output.push(text),
    readInput: async () => '',
    signal: new AbortController().signal,
    color: false,
  };
  await lintCommand(terminal, () => undefined)
    .exitOverride()
    .parseAsync([name, '--format', 'json', ...args], { from: 'user' });
  const { diagnostics } = JSON.parse(output.join(''));
  const text = definitions[name]?.text ?? '';
  const lines = text.split('\n');
  return diagnostics.flatMap(
    (one: { code: string; line: number; column: number; endLine: number; endColumn: number }) => {
      const id = one.code.replace('lint/', '');
      if (!/^(?:metric|label|histogram)-/.test(id)) return [];
      const line = lines[one.line - 1] ?? '';
      return [`${id} ${line.slice(one.column - 1, one.line === one.endLine ? one.endColumn - 1 : undefined)}`];
    },
  );
}

const dialects = Object.keys(definitions);

describe('definitions are held against what is there, at the places of their selectors', () => {
  test.each(dialects)('%s, a page that is served', async (name) => {
    expect(await lint(name, '--metrics', `${address}/metrics`)).toEqual(definitions[name]?.told);
    expect(asked.at(-1)).toContain('application/openmetrics-text');
  });

  test.each(dialects)('%s, without a page: nothing', async (name) => {
    expect(await lint(name)).toEqual([]);
  });

  test('a real Prometheus says the same, but what no target has told it', async (context) => {
    const history = page.replaceAll(/^([a-z].*)$/gm, '$1 1700000000');
    const prometheus = await startPrometheus(context, { history });
    try {
      for (const name of dialects) {
        const told = (definitions[name]?.told ?? []).filter((one) => !one.startsWith('metric-type'));
        expect(await lint(name, '--online', prometheus.url), name).toEqual(told);
      }
    } finally {
      await prometheus.stop();
    }
  });
});

describe('a page that is none', () => {
  test.each([['an address without one', '/nothing', 'answers with status 404']])('%s', async (_, path, message) => {
    await expect(lint('nines.yaml', '--metrics', address + path)).rejects.toThrow(message);
  });
});
