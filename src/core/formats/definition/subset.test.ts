import { expect, test } from 'vitest';
import type { Metric } from '../../slo/index.ts';
import { readSelectors } from './selectors.ts';
import { containment } from './subset.ts';

const metric: Metric = {
  name: 'x',
  type: 'counter',
  labels: new Map([
    ['code', ['200', '404', '500', '503']],
    ['path', []],
  ]),
  buckets: [],
};

function selectors(text: string) {
  const outcome = readSelectors(text);
  if (!outcome.ok) throw new Error(text);
  return outcome.value;
}

test.each([
  ['x{code="200"}', 'x', 'yes'],
  ['x', 'x', 'yes'],
  ['x', 'y', 'unknown'],
  ['x{path="/"}', 'x{path="/"}', 'yes'],
  ['x{path=~"/a.*",code="200"}', 'x{path=~"/a.*"}', 'yes'],
  ['x', 'x{path="/"}', 'no'],
  ['x', 'x{path=~".*"}', 'yes'],
  ['x{path="/b"}', 'x{path="/"}', 'no'],
  ['x{path="/api/v1"}', 'x{path=~"/api/.*"}', 'yes'],
  ['x{path=~"/a|/b"}', 'x{path=~"/[ab]"}', 'yes'],
  ['x{path=~"/a|/c"}', 'x{path=~"/[ab]"}', 'no'],
  ['x{path=~"/a.*"}', 'x{path=~"/.*"}', 'unknown'],
  ['x{path!="/health",path!="/metrics"}', 'x{path!="/metrics"}', 'yes'],
  ['x{path!~"/health|/metrics"}', 'x{path!="/metrics"}', 'yes'],
  ['x{path!="/health"}', 'x{path!~"/health|/metrics"}', 'unknown'],
  // The values of the label are known, so each is asked for.
  ['x{code=~"5.."}', 'x{code!="404"}', 'yes'],
  ['x{code=~"[45].."}', 'x{code!="404"}', 'no'],
  ['x{code!~"5.."}', 'x{code=~"[245].."}', 'yes'],
  ['x', 'x{code=~"[245].."}', 'yes'],
  ['x', 'x{code!="404"}', 'no'],
  // Of a total of several selectors one has to hold them.
  ['x{path="/b"}', 'x{path="/a"} + x{path="/b"}', 'yes'],
  ['x{path="/c"}', 'x{path="/a"} + x{path="/b"}', 'no'],
  ['y', 'x + y', 'yes'],
])('%s within %s: %s', (part, total, expected) => {
  const [selector] = selectors(part);
  expect(containment(selector!, selectors(total), metric).kind).toBe(expected);
});
