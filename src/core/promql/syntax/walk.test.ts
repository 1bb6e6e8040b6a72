import { expect, test } from 'vitest';
import * as build from './build.ts';
import { parseTree } from './parse.ts';
import { printExpr } from './print.ts';
import type { Expr } from './tree.ts';
import { equalExpr, mapExpr, metricNameOf, selectorsOf, unwrap, walk } from './walk.ts';

function tree(text: string): Expr {
  const parsed = parseTree(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.value;
}

const text = 'topk(2, sum by (a) (rate(x{b="c"}[5m])) / -(y offset 1h)) or {"z.z"}[1h:]';

test('a walk comes by every node, parents first, in source order', () => {
  const seen: string[] = [];
  walk(tree(text), (node, parents) => seen.push(`${parents.length} ${node.kind}`));
  expect(seen.join('; ')).toBe(
    '0 binary; 1 aggregation; 2 number; 2 binary; 3 aggregation; 4 call; 5 matrix; 6 selector; 3 unary; 4 paren; 5 selector; 1 subquery; 2 selector',
  );
});

test('the selectors of an expression, and the metrics they name', () => {
  expect(selectorsOf(tree(text)).map(metricNameOf)).toEqual(['x', 'y', 'z.z']);
  expect(metricNameOf(build.selector('', { __name__: ['=~', 'a.*'] }))).toBeUndefined();
});

test('replacing nodes makes a new tree and shares what stays', () => {
  const before = tree(text);
  const after = mapExpr(before, (node) =>
    node.kind === 'selector' && node.name === 'x' ? build.withConditions(node, { job: 'api' }) : node,
  );
  expect(printExpr(after)).toBe(
    'topk(2, sum by (a) (rate(x{b="c",job="api"}[5m])) / -(y offset 1h)) or {__name__="z.z"}[1h:]',
  );
  expect(before.kind === 'binary' && after.kind === 'binary' && before.right === after.right).toBe(true);
  expect(mapExpr(before, (node) => node)).toBe(before);
});

test.each([
  ['a + b', 'a  +  b', true],
  ['a{x="1",y="2"}', 'a{y="2",x="1"}', true],
  ['a + ignoring() b', 'a + b', true],
  ['a[300]', 'a[5m]', true],
  ['300', '5m', false],
  ['0', '-0', false],
  ['NaN', 'nan', true],
  ['sum by (a, b) (c)', 'sum by (b, a) (c)', false],
  ['a', '(a)', false],
  ['a{x="1"}', 'a{x!="1"}', false],
  ['a + on() b', 'a + b', false],
  ['a offset 5m', 'a', false],
  ['a @ 1', 'a @ start()', false],
  ['a[5m:]', 'a[5m:1m]', false],
  ['a[2m * 2]', 'a[2m + 2]', false],
  ['a == b', 'a == bool b', false],
])('%s equals %s: %s', (a, b, equal) => {
  expect(equalExpr(tree(a), tree(b))).toBe(equal);
  expect(equalExpr(tree(b), tree(a))).toBe(equal);
});

test('unwrapping takes off parentheses', () => {
  expect(unwrap(tree('((a))'))).toMatchObject({ kind: 'selector', name: 'a' });
});
