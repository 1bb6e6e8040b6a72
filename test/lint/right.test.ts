import { describe, expect, test } from 'vitest';
import { findingsIn, isHere, readSeed } from './seed-documents.ts';

interface Right {
  readonly id: string;
  readonly why: string;
  readonly file: string;
  readonly lines: readonly number[];
  /** Checks that a hasty linter would complain with; `*` for any. */
  readonly rules: readonly string[];
}

/** The rows of the catalogue that say what must not be flagged, and what else is known to be found on these lines. */
const rows: readonly Right[] = [
  { id: 'OK-01', why: '0.1 % of 30 days is 43.2 minutes', file: 'koder-flow.md', lines: [31], rules: ['*'] },
  {
    id: 'OK-01',
    why: '43 minutes is 43.2 rounded',
    file: 'dumbkv.md',
    lines: [26],
    rules: ['budget-table-arithmetic', 'exhaustion-claim', 'unit'],
  },
  { id: 'OK-01', why: '43.2 and 21.6 minutes', file: 'task-mcp.md', lines: [41, 62], rules: ['*'] },
  {
    id: 'OK-01',
    why: 'at most 43 minutes',
    file: 'pactodo.md',
    lines: [24],
    rules: ['budget-table-arithmetic', 'exhaustion-claim', 'unit'],
  },
  { id: 'OK-02', why: '1 % of 720 h is 7.2 h', file: 'dumbkv.md', lines: [131], rules: ['*'] },
  { id: 'OK-03', why: '0.5 % of 100,000 is 500', file: 'comfyui-api.md', lines: [347, 348], rules: ['*'] },
  {
    id: 'OK-05',
    why: 'a ratio of rates over 30 days',
    file: 'task-mcp.md',
    lines: [48, 49],
    rules: ['ratio-without-aggregation', 'promql-syntax', 'absent-numerator', 'rate-as-count', 'window-mismatch'],
  },
  {
    id: 'OK-06',
    why: 'division binds before comparison, and both have the same labels',
    file: 'dumbkv.md',
    lines: [98],
    rules: ['vector-matching', 'promql-syntax', 'ratio-without-aggregation', 'per-label-threshold'],
  },
  {
    id: 'OK-07',
    why: 'subtraction binds before comparison',
    file: 'dumbkv.md',
    lines: [19],
    rules: ['promql-syntax', 'budget-formula', 'vector-matching'],
  },
  {
    id: 'OK-08',
    why: '5.. matches 500 and 5xx',
    file: 'dumbkv.md',
    lines: [20, 63, 139, 175],
    rules: ['regex-never-matches', 'regex-too-wide', 'glob-vs-regex', 'label-undeclared'],
  },
  { id: 'OK-09', why: 'the offset stands behind the range', file: 'comfyui-api.md', lines: [285], rules: ['*'] },
  { id: 'OK-10', why: 'delta() is for gauges', file: 'comfyui-api.md', lines: [271], rules: ['*'] },
  { id: 'OK-11', why: 'without buckets there is no value', file: 'koder-flow.md', lines: [27], rules: ['*'] },
  {
    id: 'OK-12',
    why: 'braces may be split over lines',
    file: 'comfyui-api.md',
    lines: [84, 85, 86],
    rules: ['promql-syntax', 'doc-notation'],
  },
  {
    id: 'OK-13',
    why: 'a group inherits the global interval',
    file: 'comfyui-api.md',
    lines: [215, 216, 217],
    rules: ['*'],
  },
  {
    id: 'OK-14',
    why: 'page and ticket are severities',
    file: 'koder-flow.md',
    lines: [38, 46, 47, 48, 49, 50],
    rules: ['name-vs-severity', 'tier-missing'],
  },
  { id: 'OK-15', why: 'the columns of months and days', file: 'task-mcp.md', lines: [214, 215, 216, 217], rules: [] },
  { id: 'OK-16', why: 'a number is a query', file: 'task-mcp.md', lines: [438], rules: ['*'] },
  { id: 'OK-17', why: 'rate() is per second', file: 'task-mcp.md', lines: [187], rules: ['*'] },
  {
    id: 'OK-18',
    why: 'the anchor is round the whole alternation',
    file: 'comfyui-api.md',
    lines: [81, 171],
    rules: ['promql-syntax', 'regex-never-matches', 'regex-too-wide', 'glob-vs-regex'],
  },
  {
    id: 'OK-18',
    why: 'the anchor is round the whole alternation',
    file: 'task-mcp.md',
    lines: [141],
    rules: ['promql-syntax', 'regex-never-matches', 'regex-too-wide', 'glob-vs-regex'],
  },
];

describe.skipIf(!isHere)(isHere ? 'what is right' : 'skipped: the example documents are not here', () => {
  test.each(rows)('$id: $why ($file $lines)', ({ file, lines, rules }) => {
    const wrong = findingsIn(file, readSeed(file)).filter(
      ({ line, rule }) => lines.includes(line) && (rules.includes('*') || rules.includes(rule)),
    );
    expect(wrong).toEqual([]);
  });

  test('OK-04: of a day, burn 14.4, 4.8 and 1.2 leave less than 2, 6 and 24 hours', () => {
    const text = readSeed('task-mcp.md')
      .replaceAll('30d (rolling)', '24h (rolling)')
      .replaceAll('7d (rolling)', '24h (rolling)');
    const wrong = findingsIn('task-mcp.md', text).filter(({ rule }) => rule === 'exhaustion-claim');
    expect(wrong).toEqual([]);
  });

  test('OK-15: only the column of hours is wrong', () => {
    const told = findingsIn('task-mcp.md', readSeed('task-mcp.md')).filter(
      ({ rule }) => rule === 'budget-table-arithmetic',
    );
    expect(told.map(({ line }) => line)).toEqual([214, 215, 216, 217]);
    expect(told.filter(({ message }) => !message.includes('of 1 h'))).toEqual([]);
  });
});

/** The same, without the example documents: what each row says in a document of its own. */
describe('what is right elsewhere', () => {
  const promql = (text: string) => `### Requests\n\n\`\`\`promql\n${text}\n\`\`\`\n`;
  test.each<[string, string, readonly string[]]>([
    ['OK-01', '### API\n\n**Target:** 99.9% of requests over 30 days (43.2 minutes)\n', []],
    [
      'OK-02',
      '| SLO | Target | Error budget | Time |\n| --- | --- | --- | --- |\n| Latency | P99 < 1s | 1% | 7.2 hours |\n',
      [],
    ],
    ['OK-05', promql('sum(rate(a_total{code!~"5.."}[30d])) / sum(rate(a_total[30d]))'), ['range-vs-retention']],
    ['OK-06', promql('process_open_fds{job="a"} / process_max_fds{job="a"}'), []],
    ['OK-09', promql('sum(rate(a_total[1h] offset 1h))'), []],
    ['OK-10', promql('max(delta(queue_depth[10m]))'), []],
    ['OK-12', promql('sum(rate(a_total{\n  code="200",\n}[5m]))'), []],
    [
      'OK-13',
      '```yaml\ngroups:\n- name: a\n  rules:\n  - record: job:a:rate5m\n    expr: sum by (job) (rate(a_total[5m]))\n```\n',
      [],
    ],
    ['OK-16', '```json\n{"expr": "99.9", "legendFormat": "Target"}\n```\n', []],
    ['OK-17', promql('# Requests per second\nsum(rate(a_total[1h]))'), []],
    ['OK-18', promql('sum(rate(a_total{code=~"2..|3.."}[5m]))'), []],
  ])('%s', (_, text, allowed) => {
    expect(findingsIn('slo.md', text).filter(({ rule }) => !allowed.includes(rule))).toEqual([]);
  });
});
