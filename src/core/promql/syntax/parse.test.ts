import { describe, expect, test } from 'vitest';
import { parseExpr, parseTree } from './parse.ts';
import { maxDepth, maxLength } from './parser-state.ts';
import { bytePlaceOf, formatBytePlace } from './position.ts';
import type { Expr } from './tree.ts';

/** The tree of a text, checks left out. */
function tree(text: string): Expr {
  const parsed = parseTree(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.value;
}

/** A tree in brackets, which show what belongs to what. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return Object.is(expr.value, -0) ? '-0' : String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'selector':
      return `${expr.name}${expr.offset === undefined ? '' : '<'}${expr.at === undefined ? '' : '@'}`;
    case 'matrix':
      return `${shape(expr.selector)}[]`;
    case 'subquery':
      return `${shape(expr.expr)}[:]${expr.offset === undefined ? '' : '<'}`;
    case 'call':
      return `${expr.function}(${expr.args.map(shape).join(' ')})`;
    case 'aggregation':
      return `${expr.operator}(${expr.param === undefined ? '' : `${shape(expr.param)} `}${shape(expr.expr)})`;
    case 'binary':
      return `(${shape(expr.left)} ${expr.operator} ${shape(expr.right)})`;
    case 'unary':
      return `(${expr.operator}${shape(expr.expr)})`;
    case 'paren':
      return `p${shape(expr.expr)}`;
  }
}

describe('precedence', () => {
  test.each([
    ['a + b * c', '(a + (b * c))'],
    ['a * b + c', '((a * b) + c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a ^ b ^ c', '(a ^ (b ^ c))'],
    ['a or b and c', '(a or (b and c))'],
    ['foo and bar unless baz or qux', '(((foo and bar) unless baz) or qux)'],
    ['a and b == c + d', '(a and (b == (c + d)))'],
    ['a </ b + c', '(a </ (b + c))'],
    ['a >/ 1 == b', '((a >/ 1) == b)'],
    ['a atan2 b * c', '((a atan2 b) * c)'],
    ['-1^2', '(-(1 ^ 2))'],
    ['-1*2', '(-1 * 2)'],
    ['-a*b', '((-a) * b)'],
    ['-1^-2', '(-(1 ^ -2))'],
    ['2 ^ -1 * 3', '((2 ^ -1) * 3)'],
    ['2 ^ -a ^ b', '(2 ^ (-(a ^ b)))'],
    ['+1 + -2 * 1', '(1 + (-2 * 1))'],
    ['- -1', '1'],
    ['--a', '(-(-a))'],
    ['(1)', 'p1'],
    ['-(1)', '(-p1)'],
    ['1 < bool 2 - 1 * 2', '(1 < (2 - (1 * 2)))'],
    ['bar + on(foo) bla / on(baz, buz) group_right(test) blub', '(bar + (bla / blub))'],
    ['a + b offset 5m', '(a + b<)'],
    ['-a @ 100', '(-a@)'],
    ['a offset 15m or b offset 45m', '(a< or b<)'],
    ['a ^ b[5m:] ^ c', '(a ^ (b[:] ^ c))'],
    ['foo offset 5s-8', '(foo< - 8)'],
    ['foo offset -1^1', '(foo< ^ 1)'],
    ['foo offset step()*0', '(foo< * 0)'],
    ['foo offset -min_of(step(), 1s)^0', '(foo< ^ 0)'],
    ['foo[4s+4s:1s*2] offset (5s-8)', 'foo[:]<'],
  ])('%s groups as %s', (text, grouped) => {
    expect(shape(tree(text))).toBe(grouped);
  });
});

describe('words', () => {
  test.each([
    ['sum', 'sum'],
    ['foo * sum', '(foo * sum)'],
    ['sum(sum)', 'sum(sum)'],
    ['SUM(x) BY (y)', 'sum(x)'],
    ['sum by (a) (x)', 'sum(x)'],
    ['offset', 'offset'],
    ['offset{step="1s"}[5m]', 'offset[]'],
    ['offset offset 5m', 'offset<'],
    ['and and or', '(and and or)'],
    ['anchored{job="test"}', 'anchored'],
    ['start', 'start'],
    ['start()', 'start()'],
    ['step', 'step'],
    ['STEP() + Range()', '(step() + range())'],
    ['min_of(1, 2) + max_of', '(min_of(1 2) + max_of)'],
    ['fill + fill(0) fill', '(fill + fill)'],
    ['fill', 'fill'],
    ['by', 'by'],
    ['rate (x[5m]) # a comment', 'rate(x[])'],
    ['sum # why\n by # so\n (a) (x)', 'sum(x)'],
    ['# first\nx', 'x'],
    ['a:b:c', 'a:b:c'],
    ['inf + NaN', '(Infinity + NaN)'],
    ['infinity', 'infinity'],
    ['nano', 'nano'],
  ])('%s reads as %s', (text, grouped) => {
    expect(shape(tree(text))).toBe(grouped);
  });

  test('labels may be keywords, and names in quotes', () => {
    const labels = (text: string): unknown => {
      const expr = tree(text);
      return expr.kind === 'aggregation' ? expr.grouping : undefined;
    };
    expect(labels('sum without(and, by, avg, bool, on, group_left, offset, start,)(x)')).toEqual({
      without: true,
      labels: ['and', 'by', 'avg', 'bool', 'on', 'group_left', 'offset', 'start'],
    });
    expect(labels(`sum by ("foo", bar, 'b z', \`q\`, a:b)(x)`)).toEqual({
      without: false,
      labels: ['foo', 'bar', 'b z', 'q', 'a:b'],
    });
  });

  test('a name in quotes within the braces is a condition on __name__', () => {
    expect(tree(`{a="b", "my.metric", 'l.x'!~"y", NaN='1',}`)).toEqual({
      kind: 'selector',
      name: '',
      matchers: [
        { name: 'a', operator: '=', value: 'b' },
        { name: '__name__', operator: '=', value: 'my.metric' },
        { name: 'l.x', operator: '!~', value: 'y' },
        { name: 'NaN', operator: '=', value: '1' },
      ],
      matcherSpans: [
        { start: 1, end: 6 },
        { start: 8, end: 19 },
        { start: 21, end: 31 },
        { start: 33, end: 40 },
      ],
      span: { start: 0, end: 42 },
    });
  });
});

describe('numbers and strings', () => {
  test.each([
    ['.5', 0.5],
    ['5.', 5],
    ['123.4567', 123.4567],
    ['5e-3', 0.005],
    ['0xc', 12],
    ['0xe', 14],
    ['0X_1F', 31],
    ['0755', 493],
    ['-0755', -493],
    ['08', 8],
    ['0.7', 0.7],
    ['1_000.5', 1000.5],
    ['1_0e1_0', 1e11],
    ['9223372036854775807', 2 ** 63],
    ['+inF', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
    ['nAn', Number.NaN],
    ['5m', 300],
    ['1h30m', 5400],
    ['-4m59s999ms', -299.999],
    ['1y2w3d', 31_536_000 + 1_209_600 + 259_200],
  ])('%s is %d', (text, value) => {
    expect(tree(text)).toMatchObject({ kind: 'number', value, span: { start: 0, end: text.length } });
  });

  test.each([
    [`"double \\" 'quoted'"`, `double " 'quoted'`],
    [`'single \\' "quoted"'`, `single ' "quoted"`],
    ['`raw \\n "\'`', 'raw \\n "\''],
    [`"\\a\\b\\f\\n\\r\\t\\v\\\\"`, '\u0007\b\f\n\r\t\u000b\\'],
    [`"\\u1234\\U00010111☺\\x41\\101"`, '\u1234\u{10111}☺AA'],
    [`"\\xc3\\xa9\\xe2\\x82\\xac"`, 'é€'],
    [`"\\xff\\377z\\xc3"`, '\udcff\udcffz\udcc3'],
  ])('%s is read as Go reads it', (text, value) => {
    expect(tree(text)).toMatchObject({ kind: 'string', value });
  });
});

describe('spans', () => {
  test.each([
    ['foo{a="b"}[5m] offset 1h + 1', [0, 28], [0, 24]],
    [' +some_metric', [1, 13], [2, 13]],
    ['(sum(foo) by (bar) )', [0, 20], [1, 18]],
    ['rate(x[5m] @ end())[1h:] offset 5m', [0, 34], [0, 19]],
    ['x anchored', [0, 10], [0, 10]],
  ])('%s', (text, whole, first) => {
    const expr = tree(text);
    const inner = expr.kind === 'binary' ? expr.left : 'expr' in expr ? expr.expr : expr;
    expect([expr.span.start, expr.span.end]).toEqual(whole);
    expect([inner.span.start, inner.span.end]).toEqual(first);
  });

  test('the operator of a binary expression has its place, modifiers included', () => {
    const expr = tree('a  + on(b) group_left   c');
    expect(expr.kind === 'binary' && expr.operatorSpan).toEqual({ start: 3, end: 21 });
  });
});

describe('limits', () => {
  const refusal = (text: string): readonly string[] => parseExpr(text).diagnostics.map(({ code }) => code);

  test.each([
    ['parentheses', '('.repeat(100_000)],
    ['parentheses that close', `${'('.repeat(maxDepth + 1)}1${')'.repeat(maxDepth + 1)}`],
    ['signs', '-'.repeat(100_000)],
    ['calls', 'abs('.repeat(100_000)],
    ['powers', 'a^'.repeat(100_000)],
    ['sums', `${'a+'.repeat(100_000)}a`],
    ['nested sums', `${'('.repeat(400)}a${`${'+a'.repeat(400)})`.repeat(400)}`],
    ['subqueries', `a${'[1m:]'.repeat(100_000)}`],
    ['duration sums', `a[${'1m+'.repeat(100_000)}1m]`],
    ['duration parentheses', `a[${'('.repeat(100_000)}`],
    ['length', 'a'.repeat(maxLength + 1)],
  ])('hostile input does not overflow the stack: %s', (_, text) => {
    expect(refusal(text)).toEqual(['promql/limit']);
  });

  test('what is allowed is walked without trouble', () => {
    expect(refusal(`${'a+'.repeat(maxDepth - 1)}a`)).toEqual([]);
    expect(refusal(`${'('.repeat(maxDepth - 1)}a${')'.repeat(maxDepth - 1)}`)).toEqual([]);
  });
});

describe('positions', () => {
  test.each([
    ['foo', 0, '1:1'],
    ['foo\n bar', 5, '2:2'],
    ['"é" + x', 6, '1:8'],
    ['"☺"\n+"𐄑" + x', 10, '2:9'],
    ['foo', 99, '1:4'],
  ])('the place in %j of offset %i is %s', (text, offset, place) => {
    expect(formatBytePlace(text, offset)).toBe(place);
  });

  test('line feeds count for the line they end', () => {
    expect(bytePlaceOf('a\nb', 1)).toEqual({ line: 1, column: 2 });
    expect(bytePlaceOf('a\nb', 2)).toEqual({ line: 2, column: 1 });
  });
});
