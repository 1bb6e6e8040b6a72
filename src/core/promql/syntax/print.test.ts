import { describe, expect, test } from 'vitest';
import { duration, hour, minute } from '../../base/index.ts';
import * as build from './build.ts';
import { formatNumber, formatShortest } from './number-literal.ts';
import { parseTree } from './parse.ts';
import { prettyExpr, printExpr } from './print.ts';
import type { Expr } from './tree.ts';

function tree(text: string): Expr {
  const parsed = parseTree(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.value;
}

// The right-hand sides are what Prometheus's Expr.String() gives; the few that differ say why.
describe('canonical form', () => {
  test.each([
    ['sum by() (m{job="s"})', 'sum(m{job="s"})'],
    ['sum(m) by(code)', 'sum by (code) (m)'],
    ['SUM without() (m)', 'sum without () (m)'],
    ['sum by ("foo.bar", b) (m)', 'sum by ("foo.bar", b) (m)'],
    ['topk(5,m)', 'topk(5, m)'],
    ["count_values('value', m)", 'count_values("value", m)'],
    ['a - on() c', 'a - on () c'],
    ['a - on(b) group_left(x,y) c', 'a - on (b) group_left (x, y) c'],
    ['a - on(b) group_left c', 'a - on (b) group_left () c'],
    ['a - ignoring() c', 'a - c'],
    ['a - ignoring() group_right() c', 'a - ignoring () group_right () c'],
    ['a + fill(0) b', 'a + fill (0) b'],
    ['a + fill_right(-1.5) fill_left(inf) b', 'a + fill_left (+Inf) fill_right (-1.5) b'],
    ['a + fill_left(1e21) b', 'a + fill_left (1e+21) b'],
    ['a AND b', 'a and b'],
    ['up>bool 0', 'up > bool 0'],
    ['a offset 90m', 'a offset 1h30m'],
    ['a offset -7m', 'a offset -7m'],
    ['a offset 300', 'a offset 5m'],
    ['a offset 0s', 'a'],
    ['a[300]', 'a[5m]'],
    ['a{c="d"}[5m] offset 1m @ 10', 'a{c="d"}[5m] @ 10.000 offset 1m'],
    ['a[1h:5m] offset 1m', 'a[1h:5m] offset 1m'],
    ['a[1h:]', 'a[1h:]'],
    ['a @ start()', 'a @ start()'],
    ['a[1m] @ End ()', 'a[1m] @ end()'],
    ['a @ 1.2345', 'a @ 1.235'],
    ['a anchored offset 5m @ 1', 'a @ 1.000 anchored offset 5m'],
    ['a[5m] smoothed offset 5m @ 1', 'a[5m] smoothed @ 1.000 offset 5m'],
    ['{__name__="a"}', '{__name__="a"}'],
    ['{"a.b", z!~"y",b=\'c\'}', '{__name__="a.b",b="c",z!~"y"}'],
    ['a{}', 'a'],
    ['{"l.x"="1"}', '{"l.x"="1"}'],
    ['a[5m*2]', 'a[5m * 2]'],
    ['a[((STEP())+1)]', 'a[((step()) + 1)]'],
    ['a[-(10s-5s)+20s]', 'a[-(10s - 5s) + 20s]'],
    ['a offset -min_of(step(),1s)', 'a offset -min_of(step(), 1s)'],
    ['a offset (2m)', 'a offset (2m)'],
    ['1e3', '1000'],
    ['0x1F', '31'],
    ['1e-7', '0.0000001'],
    ['1.5e22', '15000000000000000000000'],
    ['-0', '-0'],
    ['+inf', '+Inf'],
    ['nan', 'NaN'],
    ['90m', '1h30m'],
    ['-5m', '-5m'],
    ["'a\"\\n\u00e9\\xff\\u200b'", '"a\\"\\n\u00e9\\xff\\u200b"'],
    ['- a', '-a'],
    ['+(a)', '+(a)'],
    ['2 ^-a', '2 ^ -a'],
    ['time ( )', 'time()'],
    // Upstream prints the label without quotes, which it cannot read back.
    ['sum by ("nan") (a)', 'sum by ("nan") (a)'],
  ])('%s is printed as %s', (text, printed) => {
    expect(printExpr(tree(text))).toBe(printed);
  });
});

describe('several lines', () => {
  const long = (name: string): string => `${name}{${'abcdefghij="0123456789",'.repeat(3)}x="y"}`;

  test('short expressions stay on one line', () => {
    expect(prettyExpr(tree('sum(a)/on(x) b'))).toBe('sum(a) / on (x) b');
  });

  test('a line is measured in bytes, as upstream does', () => {
    const name = 'é'.repeat(44);
    expect(prettyExpr(tree(`a{b="${name}"} + c`))).not.toContain('\n');
    expect(prettyExpr(tree(`a{b="${name}é"} + c`))).toContain('\n');
  });

  test('long ones are broken where upstream breaks them', async () => {
    const expr = tree(
      `-sum by (a) (rate(${long('first')}[5m])) / on (a) (histogram_quantile(0.9, ${long('second')} + 1) > bool 5)[1h:5m]`,
    );
    await expect(`${prettyExpr(expr)}\n`).toMatchFileSnapshot('testdata/pretty.promql');
    expect(printExpr(tree(prettyExpr(expr)))).toBe(printExpr(expr));
  });
});

describe('builders', () => {
  const requests = build.selector('http_requests_total', { job: 'api', code: ['=~', '5..'] });
  const errors = build.sumBy(['job'], build.call('rate', build.range(requests, minute)));

  test.each([
    [errors, 'sum by (job) (rate(http_requests_total{code=~"5..",job="api"}[1m]))'],
    [build.divide(build.add(1, 2), build.subtract(3, build.subtract(2, 1))), '(1 + 2) / (3 - (2 - 1))'],
    [build.binary('^', build.binary('^', 2, 3), build.binary('^', 4, 5)), '(2 ^ 3) ^ 4 ^ 5'],
    [build.binary('^', -1, build.negate(build.selector('a'))), '(-1) ^ -a'],
    [build.multiply(-1, -2), '-1 * -2'],
    [build.negate(build.add(1, build.selector('a'))), '-(1 + a)'],
    [build.negate(build.binary('^', build.selector('a'), 2)), '-a ^ 2'],
    [build.negate(build.number(1)), '-1'],
    [build.and(requests, errors, build.or(requests, requests)), undefined],
    [
      build.compare('>', errors, 0.5, build.groupLeft(build.on('job'), 'team')),
      'sum by (job) (rate(http_requests_total{code=~"5..",job="api"}[1m])) > on (job) group_left (team) 0.5',
    ],
    [build.compareBool('==', build.call('scalar', build.selector('a')), 1), 'scalar(a) == bool 1'],
    [build.unless(build.selector('a'), build.selector('b'), build.ignoring('x')), 'a unless ignoring (x) b'],
    [build.aggregate('topk', build.by('a'), build.selector('x'), 3), 'topk by (a) (3, x)'],
    [
      build.aggregate('count_values', build.without(), build.selector('x'), build.string('v')),
      'count_values without () ("v", x)',
    ],
    [build.offset(build.range(requests, hour), minute), 'http_requests_total{code=~"5..",job="api"}[1h] offset 1m'],
    [build.offset(build.subquery(build.add(requests, 1), hour, minute), minute), undefined],
    [build.withConditions(requests, { x: ['!=', ''] }), 'http_requests_total{code=~"5..",job="api",x!=""}'],
    [build.selector('my.metric', { a: 'b' }), '{__name__="my.metric",a="b"}'],
    [build.range(build.selector('a'), duration(299_999)), 'a[4m59s999ms]'],
    [build.durationNumber(hour), '1h'],
  ])('build what is meant', (expr, printed) => {
    const text = printExpr(expr);
    if (printed !== undefined) expect(text).toBe(printed);
    expect(printExpr(tree(text))).toBe(text);
  });

  test('a missing or superfluous parameter is our own mistake', () => {
    expect(() => build.aggregate('topk', build.by(), requests)).toThrow(RangeError);
    expect(() => build.aggregate('sum', build.by(), requests, 1)).toThrow(RangeError);
  });
});

test('trees without the parentheses they need are printed with them', () => {
  const [a, b] = [build.selector('a'), build.selector('b')];
  const sum: Expr = { kind: 'binary', operator: '+', left: a, right: b, bool: false, span: build.emptySpan };
  const product: Expr = { ...sum, operator: '*', left: sum, right: sum };
  expect(printExpr(product)).toBe('(a + b) * (a + b)');
  expect(printExpr({ kind: 'unary', operator: '-', expr: sum, span: build.emptySpan })).toBe('-(a + b)');
  expect(printExpr({ kind: 'unary', operator: '-', expr: build.number(1), span: build.emptySpan })).toBe('-(1)');
  expect(printExpr({ ...build.subquery(a, hour), expr: sum })).toBe('(a + b)[1h:]');
});

test.each([
  [0.1 + 0.2, '0.30000000000000004', '0.30000000000000004'],
  [1e21, '1000000000000000000000', '1e+21'],
  [123456789, '123456789', '123456789'],
  [0.00012, '0.00012', '0.00012'],
  [0.000012, '0.000012', '1.2e-05'],
  [-1.25e-9, '-0.00000000125', '-1.25e-09'],
  [5e-324, `0.${'0'.repeat(323)}5`, '5e-324'],
  [-0, '-0', '-0'],
  [Number.NEGATIVE_INFINITY, '-Inf', '-Inf'],
])('%d has all its digits as %s, and is %s for short', (value, plain, short) => {
  expect(formatNumber(value)).toBe(plain);
  expect(formatShortest(value)).toBe(short);
});
