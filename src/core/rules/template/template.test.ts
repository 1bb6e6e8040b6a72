import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timestamp } from '../../base/index.ts';
import { Labels } from '../../series/index.ts';
import { expandAlertTemplate, readAlertTemplate } from './alert-template.ts';
import { executeTemplate } from './execute.ts';
import type { TemplateAnswer } from './function.ts';
import { parseTemplate } from './parse.ts';
import { functionNames } from './prometheus-functions.ts';
import type { TemplateData } from './value.ts';

const samples = [
  { labels: Labels.of({ k: 'b', __value__: 'sv' }), value: 2.5 },
  { labels: Labels.of({ k: 'a', x: 'y' }), value: 1 },
];

function answer(expr: string): TemplateAnswer {
  if (expr === 'none') return { ok: true, samples: [] };
  return expr === 'bad' ? { ok: false, message: 'bad query' } : { ok: true, samples };
}

function data(value: number): TemplateData {
  return {
    labels: Labels.of({ k: 'b', instance: 'h:9', ünï: 'ö' }),
    externalLabels: Labels.of({ cluster: 'c' }),
    externalUrl: 'http://e/x',
    value,
  };
}

/** Executes a template as the program did that made the answers: an error of parsing has a prefix, one of execution is Go's. */
function answerOf(text: string, value: number): { readonly text?: string; readonly error?: string } {
  const parsed = parseTemplate('t', `{{$labels := .Labels}}{{$value := .Value}}${text}`, functionNames);
  if (!parsed.ok) return { error: `parse: template: t:${parsed.problem.line}: ${parsed.problem.message}` };
  const context = { now: timestamp(1_643_114_203_500), answer };
  const execution = executeTemplate(parsed.template, { kind: 'data', data: data(value) }, context);
  switch (execution.kind) {
    case 'text':
      return { text: execution.text };
    case 'error':
      return { error: execution.message };
    case 'query':
      throw new Error('all answers are given');
  }
}

/** Answers of a Go program with text/template (Go 1.26) and Prometheus's functions to the same templates and data. */
const goAnswers: readonly { template: string; value: string; text?: string; error?: string }[] = JSON.parse(
  readFileSync(new URL('testdata/go-answers.json', import.meta.url), 'utf8'),
);

test(`gives what Go gives for ${goAnswers.length} templates`, () => {
  const ours = goAnswers.map(({ template, value }) => ({
    template,
    value,
    ...answerOf(template, value === 'Inf' ? Number.POSITIVE_INFINITY : Number(value)),
  }));
  expect(ours).toEqual(goAnswers);
});

describe("Prometheus's own functions", () => {
  test.each([
    ['{{ humanize 0.0 }}', '0'],
    ['{{ humanize 1234567.0 }}', '1.235M'],
    ['{{ humanize .12 }}', '120m'],
    ['{{ humanize -0.001 }}', '-1m'],
    ['{{ humanize "NaN" }}', 'NaN'],
    ['{{ humanize 1e30 }}', '1e+06Y'],
    ['{{ humanize1024 0.0 }}', '0'],
    ['{{ humanize1024 1048576.0 }}', '1Mi'],
    ['{{ humanizeDuration 0 }}', '0s'],
    ['{{ humanizeDuration 60 }}', '1m 0s'],
    ['{{ humanizeDuration 3600 }}', '1h 0m 0s'],
    ['{{ humanizeDuration 86400 }}', '1d 0h 0m 0s'],
    ['{{ humanizeDuration -86400 }}', '-1d 0h 0m 0s'],
    ['{{ humanizeDuration .1 }}', '100ms'],
    ['{{ humanizeDuration 12.34567 }}', '12.35s'],
    ['{{ humanizePercentage 0.959 }}', '95.9%'],
    ['{{ humanizePercentage 1e-9 }}', '1e-07%'],
    ['{{ humanizeTimestamp 1643114203.5 }}', '2022-01-25 12:36:43.5 +0000 UTC'],
    ['{{ humanizeTimestamp -62135596800 }}', /overflows int64/],
    ['{{ parseDuration "2h10m15s" }} {{ parseDuration "-1w" }}', '7815 -604800'],
    ['{{ parseDuration "1.5h" }}', /not a valid duration string: "1.5h"/],
    ['{{ title "hello wORLD it\'s a-b c_d" }}', "Hello WORLD It's A-B C_d"],
    ['{{ graphLink "up == 0" }}', '/graph?g0.expr=up+%3D%3D+0&g0.tab=0'],
    ['{{ tableLink "up" }}', '/graph?g0.expr=up&g0.tab=1'],
    ['{{ externalURL }} {{ pathPrefix }}', 'https://prom.example:9090/base /base'],
    ['{{ $externalURL }} {{ $externalLabels.cluster }} {{ .ExternalLabels.cluster }}', 'http://e/x c c'],
    ['{{ $value | printf "%.2f" }} of {{ $labels.instance | stripPort }}', '7.00 of h'],
    [
      '{{ humanize "abc" }}',
      /^<error expanding template: error executing template __alert_T: template: __alert_T:1:115: /,
    ],
  ])('%s', (text, wanted) => {
    const read = readAlertTemplate('T', text);
    if (!read.ok) throw new Error(read.problem.message);
    const context = { now: timestamp(0), answer, serverUrl: 'https://prom.example:9090/base' };
    const expansion = expandAlertTemplate(read.template, data(7), context);
    expect(expansion.kind === 'text' ? expansion.text : expansion).toEqual(
      typeof wanted === 'string' ? wanted : expect.stringMatching(wanted),
    );
  });
});

test('a template asks for the answer that it lacks, and names beforehand the queries it spells out', () => {
  const read = readAlertTemplate('T', '{{ with query "up" }}{{ len . }}{{ end }}{{ printf "a%s" "b" | query | len }}');
  if (!read.ok || read.template.kind !== 'template') throw new Error('it is a template');
  expect(read.template.queries).toEqual(['up']);
  const asked: string[] = [];
  for (;;) {
    const known = (expr: string): TemplateAnswer | undefined =>
      asked.includes(expr) ? { ok: true, samples } : undefined;
    const expansion = expandAlertTemplate(read.template, data(1), { now: timestamp(0), answer: known });
    if (expansion.kind === 'text') {
      expect(expansion.text).toBe('22');
      break;
    }
    asked.push(expansion.expr);
  }
  expect(asked).toEqual(['up', 'ab']);
});

test.each([
  ['{{ foo }}', 'function "foo" not defined', 3, 3],
  ['a {{ $labels.x }} {{ $label.x }}', 'undefined variable "$label"', 21, 6],
  ['{{ if true }}x', 'unexpected EOF', 14, 0],
])('%s is refused where it is wrong', (text, message, position, length) => {
  expect(readAlertTemplate('T', text)).toMatchObject({ ok: false, problem: { message, position, length } });
});

test('a template that multiplies itself is stopped', () => {
  const { error } = answerOf('{{ range 100000 }}{{ range 100000 }}x{{ end }}{{ end }}', 1);
  expect(error).toMatch(/takes more than 1000000 steps/);
});

test('any text is read or refused, and what is read can be executed', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{{-',
    '-}}',
    ' ',
    'if',
    'range',
    'end',
    'else',
    '$x',
    ':=',
    '=',
    '.a',
    '|',
    '(',
    ')',
    '"s"',
    '1',
    "'c'",
    'query',
    'printf',
    ',',
    'define',
    '\n',
    'é',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 25 }), (pieces) => {
      answerOf(pieces.join(''), 1);
    }),
    { numRuns: 2000 },
  );
});
