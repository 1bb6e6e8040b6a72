import { describe, expect, test } from 'vitest';
import { defaultConfiguration, readConfiguration } from '../../src/server/index.ts';

function read(text: string) {
  const outcome = readConfiguration({ name: 'nines.yaml', text });
  return outcome.ok
    ? outcome.value
    : outcome.diagnostics.map(({ code, message, help, span }) => [
        code,
        text.slice(span.start, span.end),
        message,
        help,
      ]);
}

test('an empty file is the default', () => {
  expect(read('')).toBe(defaultConfiguration);
  expect(read('# nothing\n')).toBe(defaultConfiguration);
  expect(defaultConfiguration).toMatchObject({ scrapeJobs: [], evaluationInterval: 30_000, queryTimeout: 30_000 });
});

test('scrape jobs take what they do not say from the global section', () => {
  const text = `
global: { scrape_interval: 5s, evaluation_interval: 1m }
scrape_configs:
  - job_name: api
    static_configs:
      - targets: ['10.0.0.7:8188', 'api.example']
        labels: { region: eu }
  - job_name: slow
    scrape_interval: 1m
    scheme: https
    metrics_path: /actuator/prometheus
    params: { match: [a, b] }
    honor_labels: true
    sample_limit: 0
    body_size_limit: 10MB
    fallback_scrape_protocol: PrometheusText0.0.4
`;
  expect(read(text)).toMatchObject({
    evaluationInterval: 60_000,
    scrapeJobs: [
      {
        name: 'api',
        interval: 5000,
        timeout: 5000,
        path: '/metrics',
        sampleLimit: 100_000,
        targets: [
          { address: '10.0.0.7:8188', labels: new Map([['region', 'eu']]) },
          { address: 'api.example', labels: new Map([['region', 'eu']]) },
        ],
      },
      {
        name: 'slow',
        interval: 60_000,
        timeout: 10_000,
        scheme: 'https',
        path: '/actuator/prometheus',
        params: { match: ['a', 'b'] },
        honorLabels: true,
        sampleLimit: Number.MAX_SAFE_INTEGER,
        bodySizeLimit: 10 * 2 ** 20,
        fallbackContentType: 'text/plain',
        targets: [],
      },
    ],
  });
});

describe('what is wrong is told where it stands', () => {
  test.each([
    ['scrape_config: []\n', 'config/unknown-key', 'scrape_config', 'did you mean `scrape_configs`?'],
    ['global: { scrape_intervall: 5s }\n', 'config/unknown-key', 'scrape_intervall', 'did you mean `scrape_interval`?'],
    ['scrape_configs: [{ job_name: a, relabel_configs: [] }]\n', 'config/unknown-key', 'relabel_configs', undefined],
    [
      'scrape_configs: [{ job_name: a, static_configs: [{ target: [] }] }]\n',
      'config/unknown-key',
      'target',
      'did you mean `targets`?',
    ],
    ['global: { scrape_interval: 5 }\n', 'config/value', '5', undefined],
    ['global: { scrape_interval: fast }\n', 'config/value', 'fast', undefined],
    ['global: { scrape_interval: 0s }\n', 'config/value', '0s', undefined],
    ['scrape_configs: [{ metrics_path: /x }]\n', 'config/value', 'metrics_path', undefined],
    ['scrape_configs: [{ job_name: a, scheme: ftp }]\n', 'config/value', 'ftp', undefined],
    ['scrape_configs: [{ job_name: a, metrics_path: x }]\n', 'config/value', 'x', undefined],
    ['scrape_configs: [{ job_name: a, body_size_limit: much }]\n', 'config/value', 'much', undefined],
    [
      "scrape_configs: [{ job_name: a, static_configs: [{ targets: ['http://x/metrics'] }] }]\n",
      'config/value',
      "'http://x/metrics'",
      undefined,
    ],
    [
      'scrape_configs: [{ job_name: a, static_configs: [{ targets: [x], labels: { a-b: c } }] }]\n',
      'config/value',
      'a-b',
      undefined,
    ],
    ['scrape_configs: [{ job_name: a }, { job_name: a }]\n', 'config/duplicate-job', 'a', undefined],
    ['scrape_configs: [{ job_name: a, scrape_interval: 5s, scrape_timeout: 6s }]\n', 'config/value', '6s', undefined],
    ['a: 1\n---\nb: 2\n', 'config/value', 'b', undefined],
    ['just text\n', 'config/value', 'just text', undefined],
    ['a: [1\n', 'yaml/syntax', '', undefined],
  ])('%j', (text, code, place, help) => {
    const [problem] = [read(text)].flat();
    expect(problem).toEqual([
      code,
      code === 'yaml/syntax' ? expect.anything() : place,
      expect.any(String),
      code === 'yaml/syntax' ? expect.toSatisfy(() => true) : help,
    ]);
  });

  test('all at once', () => {
    expect(read('globl: {}\nscrape_configs: [{ job_name: "", schema: x }]\n')).toHaveLength(3);
  });
});
