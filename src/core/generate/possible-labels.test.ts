import { expect, test } from 'vitest';
import { parseExpr } from '../promql/index.ts';
import { mayHaveLabel } from './possible-labels.ts';

/** Whether what an expression gives may have the label `a`. */
test.each([
  ['x', true],
  ['x{a="1"}', true],
  ['x{a=""}', false],
  ['x{a!=""}', true],
  ['1', false],
  ['vector(1)', false],
  ['time() + vector(2)', false],
  ['rate(x[5m])', true],
  ['max_over_time(x{a=""}[1h:5m])', false],
  ['-(x{a=""})', false],
  ['sum(x)', false],
  ['sum by (b) (x)', false],
  ['sum by (a) (x)', true],
  ['sum by (a) (vector(1))', false],
  ['sum without (a) (x)', false],
  ['sum without (b) (x)', true],
  ['topk(2, x)', true],
  ['topk by (b) (2, x)', true],
  ['count_values("a", vector(1))', true],
  ['count_values("b", x)', false],
  ['x{a=""} and x', false],
  ['x unless x{a=""}', true],
  ['x{a=""} or x', true],
  ['x{a=""} or sum(x)', false],
  ['1 + x', true],
  ['x + on (b) x', false],
  ['x + on (a) x', true],
  ['x + ignoring (a) x', false],
  ['x + on (b) group_left () x', true],
  ['x{a=""} + on (b) group_left () x', false],
  ['x{a=""} + on (b) group_left (a) x', true],
  ['x + on (b) group_right () x{a=""}', false],
  ['label_replace(x{a=""}, "a", "1", "", "")', true],
  ['label_replace(x{a=""}, "b", "1", "", "")', false],
  ['label_join(vector(1), "a", "-", "b")', true],
  ['absent(x{a="1"})', true],
  ['absent(x{a=~"1|2"})', false],
  ['absent_over_time(x[5m])', false],
  ['histogram_quantile(0.9, sum by (le) (x))', false],
])('%s: %s', (text, expected) => {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(text);
  expect(mayHaveLabel(parsed.value, 'a')).toBe(expected);
});
