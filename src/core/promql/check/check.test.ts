import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { duration, minute } from '../../base/index.ts';
import { aggregationTable } from '../syntax/aggregations.ts';
import * as build from '../syntax/build.ts';
import { promqlCodes } from '../syntax/codes.ts';
import { parseExpr, parseTree } from '../syntax/parse.ts';
import type { Expr } from '../syntax/tree.ts';
import { checkExpr, typeOf } from './check.ts';
import { experimentalUses } from './experimental.ts';
import { functionTable } from './functions.ts';

function tree(text: string): Expr {
  const parsed = parseTree(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.value;
}

describe('wrong expressions', () => {
  test.each([
    ['1 and 1', [0, 7], 'promql/operator', 'set operator "and" not allowed in binary scalar expression'],
    ['foo unless 1', [0, 12], 'promql/operator', 'set operator "unless" not allowed in binary scalar expression'],
    ['1 == 1', [2, 4], 'promql/operator', 'comparisons between scalars must use BOOL modifier'],
    ['foo + bool bar', [4, 10], 'promql/operator', 'bool modifier can only be used on comparison operators'],
    ['foo and bool bar', [4, 12], 'promql/operator', 'bool modifier can only be used on comparison operators'],
    [
      '-"string"',
      [0, 9],
      'promql/type',
      'unary expression only allowed on expressions of type scalar or instant vector, got "string"',
    ],
    [
      '-test[5m]',
      [0, 9],
      'promql/type',
      'unary expression only allowed on expressions of type scalar or instant vector, got "range vector"',
    ],
    ['foo + bar[5m]', [6, 13], 'promql/type', 'binary expression must contain only scalar and instant vector types'],
    ['"a" + 1', [0, 3], 'promql/type', 'binary expression must contain only scalar and instant vector types'],
    ['foo == on(bar) 10', [0, 17], 'promql/matching', 'vector matching only allowed between instant vectors'],
    ['foo + fill(0) 10', [0, 16], 'promql/matching', 'filling in missing series only allowed between instant vectors'],
    ['foo and on(bar) group_left(baz) bar', [0, 35], 'promql/matching', 'no grouping allowed for "and" operation'],
    ['foo or fill(0) bar', [0, 18], 'promql/matching', 'filling in missing series not allowed for set operators'],
    [
      'a + on(x, y) group_left(z, y) b',
      [2, 29],
      'promql/matching',
      'label "y" must not occur in ON and GROUP clause at once',
    ],
    ['{}', [0, 2], 'promql/matcher', 'vector selector must contain at least one non-empty matcher'],
    ['{x=""}', [0, 6], 'promql/matcher', 'vector selector must contain at least one non-empty matcher'],
    ['{x=~".*"}', [0, 9], 'promql/matcher', 'vector selector must contain at least one non-empty matcher'],
    ['{x!~".+"}', [0, 9], 'promql/matcher', 'vector selector must contain at least one non-empty matcher'],
    ['{x!="a"}[5m]', [0, 8], 'promql/matcher', 'vector selector must contain at least one non-empty matcher'],
    ['foo{a="b",__name__="bar"}', [10, 24], 'promql/matcher', 'metric name must not be set twice: "foo" or "bar"'],
    ['foo{"bar"}', [4, 9], 'promql/matcher', 'metric name must not be set twice: "foo" or "bar"'],
    ['topk(m, n)', [5, 6], 'promql/type', 'expected type scalar in aggregation parameter, got instant vector'],
    ['count_values(5, m)', [13, 14], 'promql/type', 'expected type string in aggregation parameter, got scalar'],
    ['sum(m[5m])', [4, 9], 'promql/type', 'expected type instant vector in aggregation expression, got range vector'],
    ['floor()', [0, 7], 'promql/arguments', 'expected 1 argument(s) in call to "floor", got 0'],
    ['floor(m, 1)', [0, 11], 'promql/arguments', 'expected 1 argument(s) in call to "floor", got 2'],
    ['hour(m, m, m)', [0, 13], 'promql/arguments', 'expected at most 1 argument(s) in call to "hour", got 3'],
    [
      'label_join(m, "a")',
      [0, 18],
      'promql/arguments',
      'expected at least 3 argument(s) in call to "label_join", got 2',
    ],
    ['floor(1)', [6, 7], 'promql/type', 'expected type instant vector in call to function "floor", got scalar'],
    ['rate(m)', [5, 6], 'promql/type', 'expected type range vector in call to function "rate", got instant vector'],
    [
      'label_join(m, "a", "b", "c", 1)',
      [29, 30],
      'promql/type',
      'expected type string in call to function "label_join", got scalar',
    ],
    ['a > b()', [4, 5], 'promql/function', 'unknown function with name "b"'],
    [
      'info(m, target_info{a="b"})',
      [8, 26],
      'promql/type',
      'expected label selectors only, got vector selector instead',
    ],
    ['info(m, {a="b"} == 1)', [8, 20], 'promql/type', 'expected label selectors only'],
    ['m[5m][1h:]', [0, 10], 'promql/type', 'subquery is only allowed on instant vector, got matrix instead'],
    ['1[1h:]', [0, 6], 'promql/type', 'subquery is only allowed on instant vector, got scalar instead'],
    ['m[0m]', [2, 4], 'promql/duration', 'duration must be greater than 0'],
    ['m[-1]', [2, 4], 'promql/duration', 'duration must be greater than 0'],
    ['m[5m-(1h/2)]', [2, 11], 'promql/duration', 'duration must be greater than 0'],
    ['m[5m:0]', [5, 6], 'promql/duration', 'duration must be greater than 0'],
  ] as const)('%s', (text, [start, end], code, message) => {
    const [first, ...others] = checkExpr(tree(text));
    expect(first).toMatchObject({ severity: 'error', code, message, span: { start, end } });
    expect(others).toEqual([]);
    expect(parseExpr(text).ok).toBe(false);
    expect(promqlCodes).toHaveProperty([code]);
  });

  test.each([
    ['foo{a=~"("}', 4],
    ['foo{b="c", a!~"(?=x)"}', 11],
    ['foo{a=~"[z-a]"}', 4],
    ['{a=~"*"}', 1],
  ])('the regular expression in %s is not RE2', (text, start) => {
    expect(checkExpr(tree(text))).toMatchObject([{ code: 'promql/regex', span: { start } }]);
    expect(checkExpr(tree(text))[0]?.message).not.toContain('(?s)');
  });

  test.each([
    ['m{a!~"x(?!y)"}', 'RE2 knows no look-around; use a second condition with !~'],
    ['raet(m[5m])', 'did you mean rate()?'],
    ['Sum_over_time(m[5m])', 'did you mean sum_over_time()?'],
    ['rate(m)', 'add a range to the selector, such as [5m]'],
    ['rate(sum(m))', 'make it a subquery, such as (...)[30m:1m]'],
    ['clamp_min(m, n)', 'scalar() takes the value of a vector that has one element'],
  ])('%s: %s', (text, help) => {
    expect(checkExpr(tree(text))[0]?.help).toBe(help);
  });

  test('all problems are reported', () => {
    expect(checkExpr(tree('nope({}) + bool sum(x[5m])')).map(({ code }) => code)).toEqual([
      'promql/function',
      'promql/matcher',
      'promql/type',
      'promql/operator',
    ]);
  });

  test('built trees are checked, too', () => {
    const up = build.selector('up');
    expect(checkExpr(build.sumBy([''], up))).toMatchObject([{ code: 'promql/label' }]);
    expect(checkExpr(build.range(up, duration(-minute)))).toMatchObject([{ code: 'promql/duration' }]);
    expect(checkExpr({ ...build.sum(up), operator: 'topk' })).toMatchObject([{ code: 'promql/arguments' }]);
    expect(checkExpr(build.divide(build.sum(up), 2))).toEqual([]);
  });
});

describe('types', () => {
  test.each([
    ['1', 'scalar'],
    ['"a"', 'string'],
    ['("a")', 'string'],
    ['up', 'vector'],
    ['up[5m]', 'matrix'],
    ['up[5m:]', 'matrix'],
    ['-(1 + 2)', 'scalar'],
    ['1 + up', 'vector'],
    ['1 < bool 2', 'scalar'],
    ['time() - start()', 'scalar'],
    ['min_of(1, 2)', 'scalar'],
    ['rate(up[5m])', 'vector'],
    ['sum(up)', 'vector'],
    ['info(up, {a="b"})', 'vector'],
    ['info(up, {__name__=~".+"})', 'vector'],
    ['round(up) + round(up, 5)', 'vector'],
    ['hour() + hour(up)', 'vector'],
    ['sort_by_label(up, "a", "b", "c")', 'vector'],
    ['histogram_quantiles(up, "q", 0.5, 0.9, 0.99)', 'vector'],
    ['1 + on() 2', 'scalar'],
  ] as const)('%s is a %s', (text, type) => {
    expect(typeOf(tree(text))).toBe(type);
    expect(checkExpr(tree(text))).toEqual([]);
  });
});

test('every function of the table is typed and explained', () => {
  expect(functionTable.size).toBeGreaterThan(85);
  for (const [name, signature] of functionTable) {
    expect(signature.name).toBe(name);
    expect(signature.meaning).toMatch(/^[^.]{3,}$/);
    if (signature.variadic !== 0) expect(signature.args.length).toBeGreaterThan(0);
  }
});

test('the reference page lists every function, aggregation and code with its meaning', () => {
  const page = readFileSync(new URL('../../../../docs/reference/promql-syntax.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const explained = [
    ...[...functionTable.values()].map(({ name, meaning }) => [`${name}(`, meaning]),
    ...Object.entries(aggregationTable).map(([name, { meaning }]) => [`${name}(`, meaning]),
    ...Object.entries(promqlCodes),
  ];
  const missing = explained.filter(
    ([name = '', meaning = '']) => !rows.some((row) => row.startsWith(`| \`${name}`) && row.includes(` ${meaning} `)),
  );
  expect(missing).toEqual([]);
});

test.each([
  ['sum(rate(a[5m])) </ 1', []],
  ['limitk(1, a) + fill(0) min_of(1, step())', ['limitk()', 'fill', 'min_of()', 'step()']],
  ['rate(a[5m] anchored) or a[step():2m+1m] offset (1m)', ['anchored', ...Array(3).fill('arithmetic with durations')]],
])('%s needs features', (text, whats) => {
  expect(
    experimentalUses(tree(text))
      .map(({ what }) => what)
      .toSorted(),
  ).toEqual(whats.toSorted());
});
