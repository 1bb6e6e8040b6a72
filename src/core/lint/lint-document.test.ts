import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMarkdown } from '../formats/index.ts';
import { documentKind, lintDocument } from './lint-document.ts';

/** The codes of what is found in a Markdown document, each with the text at its place. */
function found(text: string): readonly string[] {
  return lintDocument({ name: 'slo.md', text }, 'markdown').map(
    ({ code, span }) => `${code.replace('lint/', '')} at ${text.slice(span.start, span.end)}`,
  );
}

const broken = '## Requests\n\n```promql\nrate(http_requests_total)\n```\n';

describe('a place', () => {
  test.each([
    ['in a fence', broken, 'promql-syntax at http_requests_total'],
    [
      'in a quoted fence',
      '> ```promql\n> sum(rate(x_total[5m]))\n> + rate(y_total)\n> ```\n',
      'promql-syntax at y_total',
    ],
    ['in a fence in a list', '- a\n\n  ```promql\n  rate(x_total)\n  ```\n', 'promql-syntax at x_total'],
    ['in code in a line', 'See `rate(x_total{a="b"})`.\n', 'promql-syntax at x_total{a="b"}'],
    ['in code in a table', '| Panel | Query |\n| --- | --- |\n| a | `rate(x_total)` |\n', 'promql-syntax at x_total'],
    [
      'in a block scalar in YAML in a fence',
      '```yaml\n- alert: A\n  expr: |\n    sum(\n      rate(x_total)\n    ) > 1\n```\n',
      'promql-syntax at x_total',
    ],
    ['after line ends of Windows', broken.replaceAll('\n', '\r\n'), 'promql-syntax at http_requests_total'],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toContain(expected);
  });
});

describe('the buckets of a reference', () => {
  const above = (bound: number, buckets: string): readonly string[] =>
    found(
      `# Latency\n\n\`\`\`promql\nhistogram_quantile(0.9, sum by (le) (rate(wait_seconds_bucket[5m]))) > ${bound}\n\`\`\`\n\n## Metrics\n\n- \`wait_seconds\` - histogram, ${buckets}\n`,
    ).filter((one) => one.startsWith('quantile-beyond-buckets'));

  test.each([
    'buckets 0.1, 0.5, 2',
    'buckets: [0.1, 0.5, 2].',
    'with the buckets 100 ms, 500ms and 2 s',
    'buckets 0.1 | 0.5 | 2, +Inf',
  ])('%s: the highest is 2', (buckets) => {
    expect([above(2, buckets).length, above(1.9, buckets).length]).toEqual([1, 0]);
  });

  test.each([
    'buckets from 5ms to 10s',
    'buckets 0.1, 0.5, ...',
    'buckets 0.1, 0.5, 1, 2 etc.',
    'buckets 0.1 0.5 to 60',
    'buckets of 1, 2 and more seconds',
    'exponential buckets, 10 of them',
    '12 buckets. 1, 2 or 3 s are common',
  ])('%s: nobody knows the highest', (buckets) => {
    expect(above(1e6, buckets)).toEqual([]);
  });
});

describe('a sentence above a query', () => {
  const measured = (sentence: string): readonly string[] =>
    found(
      `# Ledger\n\n${sentence}\n\n\`\`\`promql\nsum(rate(a_total{code!~"5.."}[5m])) / sum(rate(a_total[5m]))\n\`\`\`\n`,
    ).filter((one) => one.startsWith('window-mismatch'));

  test.each([
    'We promise that over any 30 days\n99.9 % of the postings are accepted.',
    'Our objective: 99,9 % of postings succeed over 30 days. There are many.',
  ])('%j is an objective', (sentence) => {
    expect(measured(sentence)).toHaveLength(1);
  });

  test.each([
    'Over the last 30 days 99.9 % of the postings were accepted.',
    '99.9 % of the postings are small; the target of others is something else over 30 days.',
    'We promise 99.9 % of reads and 99 % of writes over 30 days.',
    'The objective is to spend 10 % of the time on it, over 30 days.',
  ])('%j is none', (sentence) => {
    expect(measured(sentence)).toEqual([]);
  });
});

describe('a burn rate in a sentence', () => {
  const judged = (sentence: string): readonly string[] =>
    found(`# Budget\n\n${sentence}\n`).filter((one) => one.startsWith('burn-threshold-scale'));

  test.each([
    'A burn rate of 14.4 over an hour spends 5 % of the budget of 30 days.',
    'If the budget burns 6 times too fast for six hours, 10 % of the monthly budget is gone.',
  ])('%j is wrong', (sentence) => {
    expect(judged(sentence)).toHaveLength(1);
  });

  test.each([
    'A burn rate of 14,4 over an hour spends 2 % of the budget of 30 days.',
    'At a burn rate of 6 for 6 hours 5 % of the budget is gone.',
    'An incident that burned 40 % of the budget in 3 hours at a burn rate of 96 is reviewed.',
    'At a burn rate of 10 the budget of 30 days lasts 3 days; 2 % of it are gone after an hour at 14.4.',
    'Page at a burn rate of 14.4 over 1 h and 5 min, which is 2 % of the budget.',
  ])('%j is right, or says too much to be judged', (sentence) => {
    expect(judged(sentence)).toEqual([]);
  });
});

describe('a comment suppresses', () => {
  const reason = '<!-- nines-ignore promql-syntax: shows what not to write -->\n';
  test.each<[string, string, readonly string[]]>([
    ['what follows it', broken.replace('```promql', `${reason}\n\`\`\`promql`), []],
    ['its own line', '```promql\nrate(x_total) # nines-ignore promql-syntax: shows what not to write\n```\n', []],
    [
      'nothing without a reason',
      broken.replace('```promql', '<!-- nines-ignore promql-syntax -->\n```promql'),
      ['suppression-without-reason at <!-- nines-ignore promql-syntax -->', 'promql-syntax at http_requests_total'],
    ],
    [
      'and says so where there is nothing',
      `${reason}\n\`\`\`promql\nrate(x_total[5m])\n\`\`\`\n`,
      [`suppression-unused at ${reason.trim()}`],
    ],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

test.each([
  ['slo.md', '', 'markdown'],
  ['rules.yml', 'groups:\n- name: a\n', 'rules'],
  ['rules.yml', '- alert: A\n  expr: up == 0\n', 'rules'],
  ['alertmanager.yml', 'route:\n  receiver: a\n', 'alertmanager'],
  ['prometheus.yml', 'global: {}\nscrape_configs: []\n', 'prometheus'],
  ['slo.yaml', 'apiVersion: nines/v1\nservice: a\n', undefined],
  ['compose.yaml', 'services: {}\n', undefined],
])('%s that holds %j is %s', (name, text, kind) => {
  expect(documentKind({ name, text })).toBe(kind);
});

test('any text is a document, and every place lies in it', () => {
  const piece = fc.constantFrom(
    '# a\n',
    '```promql\n',
    '```\n',
    '> ',
    '- ',
    '|',
    '`rate(x)`',
    '**Target:** 99.9%',
    '\n\n',
    'sum(',
    '\r\n',
    '😀',
    '--- | ---',
    '  ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      for (const { span } of lintDocument({ name: 'a.md', text }, 'markdown')) {
        expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
      }
    }),
  );
});

test('a fence knows the place of each of its characters', () => {
  const text = '- x\n\n  ~~~yaml\n  a: 1\n    b: 2\n  ~~~\n';
  const [fence] = readMarkdown(text).fences;
  const at = fence?.text.indexOf('b') ?? -1;
  expect(text[fence?.toSource(at) ?? 0]).toBe('b');
});

test('ten thousand blocks of code take seconds', () => {
  const block = '```promql\nsum(rate(x_total{status=~"5.."}[5m])) / sum(rate(x_total[5m]))\n```\n\n';
  const started = performance.now();
  expect(lintDocument({ name: 'a.md', text: block.repeat(10_000) }, 'markdown').length).toBeLessThan(10);
  expect(performance.now() - started).toBeLessThan(30_000);
}, 60_000);
