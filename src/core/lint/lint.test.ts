import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDefinitions } from '../formats/index.ts';
import { checks, lintService } from './index.ts';

const head = `apiVersion: nines/v1
service: checkout
owner: shop
metrics:
  http_requests_total: { type: counter, labels: [code, path] }
slos:
`;

const good = `    runbook: https://runbooks.example.com/checkout
    good: http_requests_total{code!~"5.."}
    total: http_requests_total
`;

const p99 = 'histogram_quantile(0.99, sum by (le) (rate(wait_seconds_bucket[5m])))';

/** What the checks find, with the text at the place of each. */
function found(text: string, options = {}): readonly string[] {
  const source = { name: 'slo.yaml', text };
  const outcome = readDefinitions(source);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics));
  return outcome.value.flatMap((service) =>
    lintService(service, source, options).map(({ code, span }) => `${code} at ${text.slice(span.start, span.end)}`),
  );
}

function slo(lines: string): string {
  return `${head}  availability:\n${lines.replaceAll(/^/gm, '    ')}\n${good}`;
}

describe('finds', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing in a good definition', slo('target: 99.9%'), []],
    ['a missing owner', slo('target: 99.9%').replace('owner: shop\n', ''), ['lint/missing-owner at checkout']],
    [
      'no missing owner where nothing alerts',
      slo('target: 99.9%\nalerts: none').replace('owner: shop\n', ''),
      ['lint/slo-without-alert at none'],
    ],
    [
      'missing runbooks, once',
      slo('target: 99.9%').replace(/.*runbook.*\n/, ''),
      ['lint/missing-runbook at availability'],
    ],
    ['missing data taken for good', slo('target: 99.9%\nnoData: good'), ['lint/no-data-as-good at good']],
    ['missing data taken for bad', slo('target: 99.9%\nnoData: bad'), ['lint/no-data-as-bad at bad']],
    ['a budget that no alert can defend', slo('target: 99.999%'), ['lint/budget-too-small at 99.999%']],
    [
      'an alert that adds nothing',
      slo(
        'target: 99.9%\nalerts:\n  - { severity: page, long: 1h, burn: 6 }\n  - { severity: page, long: 6h, burn: 14.4 }\n  - { severity: ticket, long: 3d, burn: 1 }',
      ),
      ['lint/alert-order at alerts'],
    ],
    [
      'burns that no alert sees',
      slo('target: 99.9%\nalerts:\n  - { severity: page, long: 1h, burn: 14.4 }'),
      ['lint/alert-gap at alerts'],
    ],
    [
      'a page for next to nothing',
      slo('target: 99.9%\nalerts:\n  - { severity: page, long: 10m, burn: 1 }'),
      ['lint/low-precision at alerts'],
    ],
    [
      'metrics that nothing uses, once',
      slo('target: 99.9%').replace('slos:', '  jobs_total: { type: counter }\n  runs_total: { type: counter }\nslos:'),
      ['lint/metric-unused at jobs_total'],
    ],
    [
      'two objectives that measure the same',
      `${slo('target: 99.9%')}  again:\n    target: 99%\n${good}  week:\n    target: 99%\n    period: 7d\n${good}`,
      ['lint/duplicate-slo at again'],
    ],
    [
      'nothing in conditions, invariants and what the service says of alerts',
      `${head.replace('slos:', '  depth: { type: gauge, labels: [] }\n  ticks_total: { type: counter, labels: [], aliases: [rounds_total] }\n  jobs_total: { type: counter, labels: [] }\nslos:')}  depth: { target: 99%, condition: depth < 5, noData: bad, runbook: x }
  week: { target: 99% of 5m slices, condition: depth < 5, runbook: x }
  ticks: { period: continuous, condition: { increases: rounds_total, within: 5m }, noData: bad, runbook: x }
  old: { target: 99%, bad: 'http_requests_total{code="500"}', total: http_requests_total, alerts: none, lifecycle: retired }
alerts: [{ name: NoJobs, severity: page, stalled: jobs_total, within: 5m }]
`,
      [],
    ],
    [
      'one condition judged twice over slices of one length',
      `${head.replace('slos:', '  depth: { type: gauge, labels: [] }\nslos:')}  one: { target: 99%, condition: depth < 5, runbook: x }
  two: { target: 95%, condition: 5 > depth, runbook: x }
  grouped: { target: 95%, condition: 5 > depth, runbook: x, groupBy: [instance] }
  web: { target: 99%, bad: 'http_requests_total{code="500"}', total: http_requests_total, runbook: x }
`,
      ['lint/duplicate-slo at two'],
    ],
    [
      'a resource that is called what users feel',
      `apiVersion: nines/v1
service: checkout
owner: shop
slos:
  memory: { target: 99%, condition: process_resident_memory_bytes < 1e9, runbook: x }
  files: { target: 99%, condition: process_open_fds / process_max_fds < 0.8, runbook: x, category: resource }
  queue: { target: 99%, condition: queue_depth / process_max_fds < 0.8, runbook: x }
`,
      ['lint/resource-as-slo at process_resident_memory_bytes < 1e9'],
    ],
    [
      'what is wrong with one of several percentiles, under the name of all',
      `${head.replace('slos:', '  wait_seconds: { type: histogram, buckets: [1, 5], labels: [] }\nslos:')}  wait: { percentiles: { p50: 1, p99: 5 }, histogram: wait_seconds, alerts: none }
  web: { target: 99%, bad: 'http_requests_total{code="500"}', total: http_requests_total, runbook: x }
`,
      ['lint/slo-without-alert at none', 'lint/slo-without-alert at none'],
    ],
    [
      'an invariant that pages without a runbook',
      `${head.replace('slos:', '  ticks_total: { type: counter, labels: [] }\nslos:')}  ticks: { period: continuous, condition: { increases: ticks_total, within: 5m } }
  web: { target: 99%, bad: 'http_requests_total{code="500"}', total: http_requests_total, runbook: x }
`,
      ['lint/missing-runbook at ticks'],
    ],
    [
      'quantiles that are held against what they never get past',
      `${head.replace('slos:', '  wait_seconds: { type: histogram, unit: s, buckets: [1, 2] }\nslos:')}  web: { target: 99%, bad: 'http_requests_total{code="500"}', total: http_requests_total, runbook: x, alerts: [workbook, { name: Above, severity: ticket, when: '${p99} > 2', runbook: x }] }
  quick: { target: 99%, condition: '${p99} < 5', runbook: x }
  right: { target: 99%, condition: '${p99} < 2', runbook: x }
alerts:
  - { name: Many, severity: ticket, any: [{ when: 'max(${p99}) * 1000 >= 2001' }, { when: '${p99} > 1' }], runbook: x }
  - { name: Right, severity: ticket, when: '${p99} >= 2', runbook: x }
thresholds:
  wait: { value: '${p99}', warning: 1, critical: 3, action: x }
`,
      [
        'lint/quantile-beyond-buckets at alerts',
        `lint/quantile-beyond-buckets at '${p99} < 5'`,
        'lint/quantile-beyond-buckets at Many',
        'lint/quantile-beyond-buckets at 3',
      ],
    ],
    [
      'no highest bucket of a native histogram, one without declared buckets, or what may be more than a quantile',
      `${head.replace('slos:', '  wait_seconds: { type: histogram, unit: s, native: true }\n  size_bytes: { type: histogram, buckets: [1, 2] }\nslos:')}  web: { target: 99%, bad: 'http_requests_total{code="500"}', total: http_requests_total, runbook: x }
thresholds:
  native: { value: 'histogram_quantile(0.9, sum(rate(wait_seconds[5m])))', warning: 1, critical: 9, action: x }
  unknown: { value: '${p99}', warning: 1, critical: 9, action: x }
  sum: { value: '${p99.replace('wait_seconds', 'size_bytes')} + http_requests_total', warning: 1, critical: 9, action: x }
  total: { value: 'sum(${p99.replace('wait_seconds', 'size_bytes')})', warning: 1, critical: 9, action: x }
`,
      [],
    ],
    [
      'probes among the traffic of users',
      slo('target: 99.9%')
        .replaceAll(
          'http_requests_total{code!~"5.."}',
          'http_requests_total{code!~"5..", path=~"/api/.*|/health|/metrics"}',
        )
        .replace('total: http_requests_total', 'total: http_requests_total{path=~"/api/.*|/health|/metrics"}'),
      ['lint/non-user-traffic at http_requests_total{path=~"/api/.*|/health|/metrics"}'],
    ],
    [
      'no probes in an objective on probes, or where they are taken out',
      `${head}  probes:
    target: 99.9%
    runbook: https://runbooks.example.com/checkout
    good: http_requests_total{code!~"5..", path=~"/health|/ready"}
    total: http_requests_total{path=~"/health|/ready"}
  users:
    target: 99.9%
    runbook: https://runbooks.example.com/checkout
    good: http_requests_total{code!~"5..", path=~"/.*", path!~"/health|/metrics"}
    total: http_requests_total{path=~"/.*", path!~"/health|/metrics"}
`,
      [],
    ],
    [
      'shell wildcards',
      slo('target: 99.9%')
        .replaceAll('http_requests_total{code!~"5.."}', 'http_requests_total{code!~"5..", path=~"/api/*"}')
        .replace('total: http_requests_total', 'total: http_requests_total{path=~"/api/*"}'),
      [
        'lint/glob-vs-regex at http_requests_total{code!~"5..", path=~"/api/*"}',
        'lint/glob-vs-regex at http_requests_total{path=~"/api/*"}',
      ],
    ],
    [
      'profiles that switch nothing, and alerts that nothing switches on',
      `${slo('target: 99.9%\nalerts:\n  - workbook\n  - { name: Some, severity: ticket, increased: http_requests_total, within: 5m, profile: enhanced, runbook: x }')}  other: { target: 99%, bad: 'http_requests_total{code="500"}', total: http_requests_total, runbook: x, alerts: [workbook, { name: More, severity: ticket, increased: http_requests_total, within: 5m, profile: maximum, runbook: x }] }
alerts: [{ name: Quiet, severity: ticket, stalled: http_requests_total, within: 5m, profile: maximum, runbook: x }]
policies:
  of-none: { slos: [other], states: { all: { remainingAbove: 50%, profile: enhanced }, none: { remainingAbove: 0%, profile: enhanced }, worst: {} } }
  of-two: { slos: [availability], states: { all: { remainingAbove: 50% }, some: { remainingAbove: 0%, profile: enhanced }, worst: { profile: enhanced } } }
`,
      [
        'lint/alert-never-active at alerts',
        'lint/alert-never-active at maximum',
        'lint/profile-without-alert at enhanced',
      ],
    ],
    [
      'no profile that all alerts and states share out',
      `${slo('target: 99.9%\nalerts:\n  - workbook\n  - { name: Some, severity: ticket, increased: http_requests_total, within: 5m, profile: enhanced, runbook: x }')}policies:
  one: { slos: [availability], states: { all: { remainingAbove: 50% }, worst: { profile: maximum } } }
`,
      [],
    ],
    [
      'no wildcard in a real repetition',
      slo('target: 99.9%').replaceAll(
        'http_requests_total{code!~"5.."}',
        'http_requests_total{code!~"5..", path=~"/api/[a-z]*/.*|/v(1|2)*"}',
      ),
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

test('a check can be left out or given another severity', () => {
  const text = slo('target: 99.999%');
  expect(found(text, { checks: { 'budget-too-small': 'off' } })).toEqual([]);
  const outcome = readDefinitions({ name: 'slo.yaml', text });
  const [service] = outcome.ok ? outcome.value : [];
  expect(lintService(service!, undefined, { checks: { 'budget-too-small': 'error' } })).toMatchObject([
    { severity: 'error', code: 'lint/budget-too-small', span: { start: 0, end: 0 } },
  ]);
});

test('each check has a file of its name, and each file a check', () => {
  const files = readdirSync(join(import.meta.dirname, 'checks')).map((name) => name.replace(/\.ts$/, ''));
  expect(checks.map(({ id }) => id)).toEqual(files.toSorted());
});
