import { describe, expect, test } from 'vitest';
import { analyzeExpr, parseExpr, parseTree } from './parse.ts';
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

// Where upstream underlines the whole text after a fault of the lexer or of a string, only the start counts here.
describe('errors', () => {
  test.each([
    ['', 0, 'promql/syntax', 'no expression found in input'],
    ['# just a comment\n\n', 0, 'promql/syntax', 'no expression found in input'],
    ['1+', 2, 'promql/syntax', 'unexpected end of input'],
    ['.', 0, 'promql/syntax', "unexpected character: '.'"],
    ['2.5.', 0, 'promql/syntax', 'bad number or duration syntax: "2.5."'],
    ['100..4', 0, 'promql/syntax', 'bad number or duration syntax: "100.."'],
    ['0deadbeef', 0, 'promql/syntax', 'bad number or duration syntax: "0de"'],
    ['1__0', 0, 'promql/syntax', 'bad number or duration syntax: "1__"'],
    ['*1', 0, 'promql/syntax', 'unexpected <op:*>'],
    ['(1))', 3, 'promql/syntax', "unexpected right parenthesis ')'"],
    ['((1)', 4, 'promql/syntax', 'unclosed left parenthesis'],
    ['1 !~ 1', 2, 'promql/syntax', "unexpected character after '!': '~'"],
    ['1 =~ 1', 2, 'promql/syntax', "unexpected character after '=': '~'"],
    ['@@', 0, 'promql/syntax', 'unexpected <op:@>'],
    ['-=', 1, 'promql/syntax', 'unexpected "="'],
    ['++-++-+-+-<', 10, 'promql/syntax', 'unexpected <op:<>'],
    ['foo bar', 4, 'promql/syntax', 'unexpected identifier "bar"'],
    ['foo 12345678901', 4, 'promql/syntax', 'unexpected number "1234567890"...'],
    ['a - on(b) ignoring(c) d', 10, 'promql/syntax', 'unexpected <ignoring>'],
    ['foo + group_left(baz) bar', 6, 'promql/syntax', 'unexpected <group_left>'],
    ['sum without(==)(m)', 12, 'promql/syntax', 'unexpected <op:==> in grouping opts, expected label'],
    ['sum without(foo,,)(m)', 16, 'promql/syntax', 'unexpected "," in grouping opts, expected label'],
    ['sum by (foo bar)(m)', 12, 'promql/syntax', 'unexpected identifier "bar" in grouping opts, expected "," or ")"'],
    ['sum (m) by test', 11, 'promql/syntax', 'unexpected identifier "test" in grouping opts, expected "("'],
    ['sum m by (test)', 4, 'promql/syntax', 'unexpected identifier "m"'],
    ['MIN (m) keep_common', 8, 'promql/syntax', 'unexpected identifier "keep_common"'],
    ['sum(a b)', 6, 'promql/syntax', 'unexpected identifier "b" in aggregation'],
    ['sum by (a) b', 11, 'promql/syntax', 'unexpected identifier "b" in aggregation'],
    ['sum(abs(a b))', 10, 'promql/syntax', 'unexpected identifier "b" in aggregation'],
    ['sum without (a) (m) by (b)', 20, 'promql/syntax', 'unexpected <by>'],
    ['sum by ("foo)(m{})', 8, 'promql/syntax', 'unterminated quoted string'],
    ['sum by ("")(m)', 8, 'promql/label', 'invalid label name for grouping: ""'],
    ['sum by ("\\xff")(m)', 8, 'promql/label', 'invalid label name for grouping: "\\xff"'],
    ['sum () by (test)', 0, 'promql/arguments', 'no arguments for aggregate expression provided'],
    [
      'topk(m)',
      0,
      'promql/arguments',
      'wrong number of arguments for aggregate expression provided, expected 2, got 1',
    ],
    ['topk(m,)', 6, 'promql/syntax', 'trailing commas not allowed in function call args'],
    ['some{', 5, 'promql/syntax', 'unexpected end of input inside braces'],
    ['some}', 4, 'promql/syntax', "unexpected character: '}'"],
    ['m{a=b}', 4, 'promql/syntax', 'unexpected identifier "b" in label matching, expected string'],
    ['m{a:b="b"}', 3, 'promql/syntax', "unexpected character inside braces: ':'"],
    ['m{a>="b"}', 3, 'promql/syntax', "unexpected character inside braces: '>'"],
    ['m{gibberish}', 11, 'promql/syntax', 'unexpected "}" in label matching, expected label matching operator'],
    ['m{,}', 2, 'promql/syntax', 'unexpected "," in label matching, expected identifier or "}"'],
    ['m{a="b" lol}', 8, 'promql/syntax', 'unexpected identifier "lol" in label matching, expected "," or "}"'],
    ['m{"a"=}', 6, 'promql/syntax', 'unexpected "}" in label matching, expected string'],
    ['m{{', 2, 'promql/syntax', "unexpected left brace '{'"],
    ['foo[5mm]', 4, 'promql/syntax', 'bad number or duration syntax: "5mm"'],
    ['foo[5m:1m1]', 7, 'promql/syntax', 'bad number or duration syntax: "1m1"'],
    ['foo[5y1hs]', 4, 'promql/duration', 'unknown unit "hs" in duration "5y1hs"'],
    ['foo[5m1h]', 4, 'promql/duration', 'not a valid duration string: "5m1h"'],
    ['foo[1.5h]', 4, 'promql/duration', 'not a valid duration string: "1.5h"'],
    ['foo[300y]', 4, 'promql/duration', 'duration out of range'],
    ['foo[9.5e10]', 4, 'promql/duration', 'duration out of range'],
    ['foo offset 9.5e10', 11, 'promql/duration', 'duration out of range'],
    ['foo["5m"]', 4, 'promql/syntax', `unexpected character in duration expression: '"'`],
    [
      'foo[]',
      4,
      'promql/syntax',
      'unexpected "]" in subquery or range selector, expected number, duration, step(), or range()',
    ],
    [
      'foo[step]',
      8,
      'promql/syntax',
      'unexpected "]" in subquery or range selector, expected number, duration, step(), or range()',
    ],
    ['foo[5m', 6, 'promql/syntax', 'unclosed left bracket'],
    ['foo[', 4, 'promql/syntax', 'unexpected end of input in duration expression'],
    ['foo[5s x 5s]', 7, 'promql/syntax', "unexpected character: 'x', expected ':'"],
    ['foo[5m 1m]', 7, 'promql/syntax', 'unexpected duration "1m" in subquery or range, expected ":" or "]"'],
    ['foo[5m:1m 1m]', 10, 'promql/syntax', 'unexpected duration "1m" in subquery selector, expected "]"'],
    ['foo]', 3, 'promql/syntax', "unexpected right bracket ']'"],
    ['foo[5s/0d]', 6, 'promql/duration', 'division by zero'],
    ['foo offset (4d%0)', 14, 'promql/duration', 'modulo by zero'],
    [
      'm[5m] OFFSET',
      12,
      'promql/syntax',
      'unexpected end of input in offset, expected number, duration, step(), or range()',
    ],
    ['m OFFSET 1m[5m]', 11, 'promql/range', 'no offset modifiers allowed before range'],
    ['m @ 1234 [5m]', 9, 'promql/range', 'no @ modifiers allowed before range'],
    ['(foo + bar)[5m]', 11, 'promql/range', 'ranges only allowed for vector selectors'],
    ['m[5m] @', 7, 'promql/syntax', 'unexpected end of input in @, expected timestamp'],
    ['foo @ +Inf', 0, 'promql/modifier', 'timestamp out of bounds for @ modifier: +Inf'],
    [
      'foo @ 9223372036854775808',
      0,
      'promql/modifier',
      'timestamp out of bounds for @ modifier: 9223372036854775808.000000',
    ],
    [
      '1 offset 1d',
      0,
      'promql/modifier',
      'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['foo offset 1s offset 2s', 0, 'promql/modifier', 'offset may not be set multiple times'],
    [
      'rate(m[5m]) @ 1',
      0,
      'promql/modifier',
      '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery',
    ],
    ['foo @ 1 @ end()', 0, 'promql/modifier', '@ <timestamp> may not be set multiple times'],
    ['m[5m] anchored smoothed', 0, 'promql/modifier', 'anchored and smoothed modifiers cannot be used together'],
    ['m[5m:] anchored', 0, 'promql/modifier', 'anchored modifier is not supported for subqueries'],
    ['"\\c"', 1, 'promql/string', "unknown escape sequence U+0063 'c'"],
    ['"ab\\x.0"', 3, 'promql/string', "illegal character U+002E '.' in escape sequence"],
    ['"\\', 0, 'promql/syntax', 'escape sequence not terminated'],
    ['x{a="\ud800"}', 5, 'promql/syntax', 'invalid UTF-8 rune'],
    ['`\\``', 3, 'promql/syntax', 'unterminated raw string'],
    ['"a\nb"', 0, 'promql/syntax', 'unterminated quoted string'],
    ['1e400', 0, 'promql/number', 'error parsing number: strconv.ParseFloat: parsing "1e400": value out of range'],
    ['a + fill(x) b', 9, 'promql/syntax', 'unexpected identifier "x" in fill modifier, expected number'],
  ])('%j fails at %i', (text, start, code, message) => {
    const parsed = parseExpr(text);
    expect(parsed.ok).toBe(false);
    expect(parsed.diagnostics[0]).toMatchObject({ severity: 'error', code, message });
    expect(parsed.diagnostics[0]?.span.start).toBe(start);
    expect(parsed.diagnostics[0]?.span.end).toBeLessThanOrEqual(text.length);
  });
});

test.each([
  ['x{width*height <= 2000000}', 7, 'labels are compared with strings only'],
  ['x{a=b}', 4, 'put the value in quotes'],
  ['x{a}', 3, 'write label="value"'],
  ['x{a="b" | c="d"}', 8, 'alternatives are a regular expression'],
  ['x{a=\u201cb\u201d}', 4, 'write plain quotes'],
  ['rate(x[$__rate_interval])', 7, 'dashboard variables are not PromQL'],
  ['a && b', 2, 'both conditions is written and'],
  ['a = 1', 2, 'a comparison is written =='],
  ['sum(rate(x[5m]) by (job))', 16, 'it stands between the aggregation and its parenthesis'],
  ['a offset 5m + sum(a) group_left b', 21, 'it follows on (...) or ignoring (...)'],
])('the frequent mistake in %s has a remedy', (text, start, help) => {
  const [diagnostic] = parseExpr(text).diagnostics;
  expect(diagnostic?.span.start).toBe(start);
  expect(diagnostic?.help).toContain(help);
});

test('an analysis gives the tree and all problems at once', () => {
  const { expr, diagnostics } = analyzeExpr(
    'rate(x{y=~"("}) + sume(z[-1]) > bool on(a) group_left(a) abs({}) offset 1h',
  );
  expect(expr?.kind).toBe('binary');
  expect(diagnostics.map(({ code }) => code)).toEqual([
    'promql/type',
    'promql/regex',
    'promql/function',
    'promql/duration',
    'promql/matching',
    'promql/modifier',
    'promql/matcher',
  ]);
  expect(analyzeExpr('sum by ("") (x').expr).toBeUndefined();
  expect(analyzeExpr('sum by ("") (x)').diagnostics).toHaveLength(1);
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
