import { describe, expect, test } from 'vitest';
import { analyzeExpr, parseExpr } from './parse.ts';

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
