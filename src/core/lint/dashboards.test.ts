import { describe, expect, test } from 'vitest';
import { documentKind, lintDocument } from './lint-document.ts';

interface Panel {
  readonly [key: string]: unknown;
}

const panel: Panel = {
  id: 1,
  type: 'stat',
  title: 'Errors',
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  datasource: { type: 'prometheus', uid: 'p' },
  targets: [{ refId: 'A', expr: 'up' }],
};

function board(panels: readonly Panel[], more: Panel = {}): string {
  return JSON.stringify({ title: 'Board', schemaVersion: 39, templating: { list: [] }, panels, ...more }, undefined, 2);
}

function found(text: string): readonly string[] {
  const source = { name: 'board.json', text };
  const kind = documentKind(source);
  return kind === undefined ? ['unknown'] : lintDocument(source, kind).map(({ message }) => message);
}

function query(expr: string, more: Panel = {}): Panel {
  return { ...panel, targets: [{ refId: 'A', expr }], ...more };
}

test.each<[string, string, readonly string[]]>([
  ['whole', board([panel]), []],
  ['as the HTTP API has it', `{"dashboard": ${board([panel])}, "overwrite": true}`, []],
  ['without a title', board([panel], { title: undefined }), ['the dashboard has no title']],
  [
    'without what a panel needs',
    board([{ title: 'x', targets: [{ expr: 'up' }] }]),
    ['the panel "x" has no id, type, gridPos, datasource, refId'],
  ],
  [
    'with the data source of each query',
    board([{ ...panel, datasource: undefined, targets: [{ refId: 'A', expr: 'up', datasource: 'p' }] }]),
    [],
  ],
  ['a text without queries', board([{ ...panel, type: 'text', datasource: undefined, targets: undefined }]), []],
  [
    'two ids',
    board([panel, { ...panel, title: 'b', gridPos: { x: 12, y: 0, w: 12, h: 8 } }]),
    ['two panels have the id 1'],
  ],
  [
    'two refIds',
    board([
      {
        ...panel,
        targets: [
          { refId: 'A', expr: 'up' },
          { refId: 'A', expr: 'up' },
        ],
      },
    ]),
    ['two queries of "Errors" have the refId A'],
  ],
  ['panels side by side', board([panel, { ...panel, id: 2, gridPos: { x: 12, y: 0, w: 12, h: 8 } }]), []],
  [
    'panels on each other',
    board([panel, { ...panel, id: 2, title: 'b', gridPos: { x: 11, y: 7, w: 2, h: 2 } }]),
    ['"b" lies over "Errors"'],
  ],
  [
    'a panel beyond the grid',
    board([{ ...panel, gridPos: { x: 20, y: 0, w: 6, h: 4 } }]),
    ['"Errors" ends at column 26 of 24'],
  ],
  [
    'rows with panels of their own',
    board([{ id: 5, type: 'row', title: 'r', gridPos: { x: 0, y: 0, w: 24, h: 1 }, panels: [panel] }]),
    [],
  ],
  [
    'two ids across rows',
    board([{ id: 1, type: 'row', title: 'r', gridPos: { x: 0, y: 0, w: 24, h: 1 }, panels: [panel] }]),
    ['two panels have the id 1'],
  ],
  ['a variable that is not there', board([query('up{job="$job"}')]), ['the dashboard has no variable `job`']],
  [
    'no list of variables',
    board([query('up{job="${job}"}')], { templating: undefined }),
    ['the dashboard has no variable `job`'],
  ],
  ['a variable that is there', board([query('up{job="$job"}')], { templating: { list: [{ name: 'job' }] } }), []],
  ['a group of a pattern', board([query('label_replace(up, "a", "$1", "job", "(.*)")')]), []],
  ['no dashboard', '{"panels": 3}', ['unknown']],
])('a dashboard: %s', (_, text, messages) => {
  expect(found(text)).toEqual(messages);
});

describe("expressions with Grafana's variables", () => {
  const templating = { templating: { list: [{ name: 'x' }] } };
  test.each([
    'sum(rate(http_requests_total[$__rate_interval]))',
    'sum by ($x) (rate(http_requests_total{a=~"${x:regex}"}[${__rate_interval}]))',
    'sum(increase(http_requests_total[[[x]]]))',
    'max_over_time(up[$__range:$__interval])',
    'rate(http_requests_total[${__range_s}s]) * $__range_s',
    'rate(http_requests_total[5m] offset $x)',
    'topk($x, up)',
    '$x{job="a"} / [[x]]',
  ])('%s parses', (expr) => {
    expect(found(board([query(expr)], templating))).toEqual([]);
  });

  test('what is wrong beside them is told at its place', () => {
    const text = board([query('sum(rate(http_requests_total[$__rate_interval])')]);
    const [only] = lintDocument({ name: 'board.json', text }, 'dashboard');
    expect(only?.code).toBe('lint/promql-syntax');
    expect(text.slice(0, only?.span.start)).toContain('sum(rate(http_requests_total[$__rate_interval])');
  });
});
