import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Board } from '../../src/core/generate/grafana/board.ts';
import { boardUid, defaultGenerateOptions, generateRules, recorded } from '../../src/core/generate/index.ts';
import { parseExpr, printExpr, selectorsOf } from '../../src/core/promql/index.ts';
import { example, exampleNames } from '../example-services.ts';
import { boardProblems } from './board-lint.ts';
import { boards, boardTexts, panelsOf, picture, rulesByObjective, shop } from './boards.ts';

const services = [shop, ...exampleNames.map(example)];
const rules = rulesByObjective(services);
const all = boards(services);

test('every service has a board, every objective a detail, and all together an overview', () => {
  const withRules = generateRules(services, defaultGenerateOptions).file.groups.flatMap((group) =>
    group.rules.flatMap((rule) =>
      rule.kind === 'recording' && rule.record === recorded.objective
        ? [`slo.${rule.labels.get('service')}.${rule.labels.get('slo')}.json`]
        : [],
    ),
  );
  expect(withRules.length).toBeGreaterThan(30);
  const files = ['overview.json', ...services.map(({ name }) => `service.${name}.json`), ...withRules];
  expect([...all.keys()].toSorted()).toEqual(files.toSorted());
});

test('boards are whole: nothing twice, nothing over another, every query checks, every recorded series is recorded', () => {
  expect(boardProblems(all, rules)).toEqual([]);
});

describe('the check of boards sees', () => {
  const broken: readonly (readonly [string, (board: Board) => unknown, string])[] = [
    [
      'a repeated id',
      (board) => Object.assign(board.panels[2]!, { id: board.panels[1]!.id }),
      'two panels have the id',
    ],
    ['an overlap', (board) => Object.assign(board.panels[3]!, { gridPos: board.panels[2]!.gridPos }), 'lies over'],
    ['a panel outside', (board) => Object.assign(board.panels[1]!.gridPos, { x: 20, w: 8 }), 'outside the grid'],
    ['a query that does not parse', (board) => setExpr(board, 'sum(rate(x[5m])'), 'unclosed'],
    ['a query of the wrong type', (board) => setExpr(board, 'rate(x)'), 'range vector'],
    ['a series that nobody records', (board) => setExpr(board, 'slo:nothing:ratio'), 'no rule records slo:nothing'],
    [
      'a window that nobody records',
      (board) => setExpr(board, 'slo:errors:ratio{service="shop",window="17m"}'),
      'window=17m',
    ],
    ['a variable that is not there', (board) => setExpr(board, 'up{job="$job"}'), 'no variable job'],
    [
      'a fixed data source',
      (board) => Object.assign(firstTarget(board), { datasource: { type: 'prometheus', uid: 'p' } }),
      'data source',
    ],
    ['a link to nowhere', (board) => Object.assign(board.links[0]!, { url: '/d/nines_gone' }), 'which is no board'],
    ['a description that is none', (board) => Object.assign(queried(board), { description: 'budget' }), 'no sentence'],
  ];
  test.each(broken)('%s', (_, breakIt, told) => {
    const copy = new Map([...all].map(([path, board]) => [path, structuredClone(board)]));
    breakIt(copy.get('service.shop.json')!);
    const problems = boardProblems(copy, rules);
    expect(problems.join('\n')).toContain(told);
  });
});

test.each([
  'overview.json',
  'service.shop.json',
  'slo.shop.availability.json',
  'slo.shop.latency.json',
  'slo.shop.workers.json',
  'service.comfyui-api.json',
])('%s looks as it did', async (path) => {
  await expect(picture(all.get(path)!)).toMatchFileSnapshot(
    join('testdata', 'pictures', `${path.replace(/\.json$/, '')}.txt`),
  );
});

test('the whole text of a board', async () => {
  await expect(boardTexts([shop]).get('slo.shop.availability.json')).toMatchFileSnapshot(
    join('testdata', 'slo.shop.availability.json'),
  );
});

test('the same definitions give the same bytes, in whatever order they come', () => {
  expect([...boardTexts(services.toReversed())].toSorted()).toEqual([...boardTexts(services)].toSorted());
});

test('uids stay within what Grafana takes, and apart', () => {
  const long = 'a'.repeat(63);
  const uids = [
    boardUid({ name: long }),
    boardUid({ name: long }, { name: 'a' }),
    boardUid({ name: long }, { name: 'b' }),
    boardUid({ name: 'shop' }, { name: 'a-b' }),
    boardUid({ name: 'shop-a' }, { name: 'b' }),
  ];
  expect(new Set(uids).size).toBe(uids.length);
  for (const uid of uids) expect(uid).toMatch(/^[a-z0-9_-]{1,40}$/);
  expect(boardUid({ name: 'shop' }, { name: 'latency' })).toBe('nines_shop_latency');
});

test('FLOW-28: an alert leads to the board of its objective', () => {
  const dashboardUrl = 'https://grafana.example.com/d/{board}';
  const { file } = generateRules(shop, { ...defaultGenerateOptions, dashboardUrl });
  const alerts = file.groups.flatMap((group) =>
    group.rules.flatMap((rule) => (rule.kind === 'alerting' ? [rule] : [])),
  );
  const links = alerts.map(({ labels, annotations }) => [labels.get('slo'), annotations.get('dashboard_url')]);
  expect(links.length).toBeGreaterThan(10);
  for (const [slo, url] of links) {
    const uid = slo === undefined ? 'nines_shop' : `nines_shop_${slo}`;
    expect(url).toBe(`https://grafana.example.com/d/${uid}`);
    expect([...all.values()].map((board) => board.uid)).toContain(uid);
  }
});

test('environments that a label tells apart are a choice, and every query about objectives follows it', () => {
  const environments = ['production', 'staging'].map((name) => ({
    name,
    labels: new Map([['env', name]]),
    production: name === 'production',
  }));
  const found = boards([{ ...shop, environments }]);
  expect(boardProblems(found, rules)).toEqual([]);
  for (const [file, board] of found) {
    if (file === 'overview.json') continue;
    expect(board.templating.list.map(({ name }) => name)).toContain('environment');
    for (const { targets = [] } of panelsOf(board))
      for (const { expr } of targets) {
        const parsed = parseExpr(expr);
        if (!parsed.ok) throw new Error(expr);
        for (const selection of selectorsOf(parsed.value).map(printExpr))
          expect(selection, expr).toContain('env=~"$environment"');
      }
  }
  const other = environments.map((one, index) => ({ ...one, labels: new Map([[`env${index}`, one.name]]) }));
  for (const board of boards([{ ...shop, environments: other }]).values())
    expect(board.templating.list.map(({ name }) => name)).not.toContain('environment');
});

test('lines of a stacked panel stand on each other', () => {
  const [panel] = panelsOf(all.get('service.shop.json')!).filter(({ title }) => title === 'Queue and workers');
  expect(panel?.fieldConfig.defaults.custom).toMatchObject({ stacking: { mode: 'normal' } });
});

test('the table of the overview leads to boards that are there, however long their names are', () => {
  const linksOf = (name: string) => {
    const found = boards([{ ...shop, name }]);
    const [panel] = panelsOf(found.get('overview.json')!).filter(({ title }) => title === 'Objectives, worst first');
    const uids = new Set([...found.values()].map(({ uid }) => uid));
    const urls = ['Service', 'Objective'].map((column) => {
      const [only] = panel!.fieldConfig.overrides.filter(({ matcher }) => matcher.options === column);
      return JSON.stringify(only).replace(/.*"url":"([^"]*)".*/, '$1');
    });
    const filled = urls.map((url) =>
      url
        .replaceAll(/\$\{__(?:value\.raw|data\.fields\.Service)\}/g, name)
        .replaceAll(/\$\{__data\.fields\.Objective\}/g, 'queue'),
    );
    for (const url of filled)
      if (url.startsWith('/d/')) expect(uids, url).toContain(url.slice('/d/'.length));
      else expect([...found.values()].some(({ tags }) => tags.includes(`service:${name}`))).toBe(true);
    return filled;
  };
  expect(linksOf('shop')).toEqual(['/d/nines_shop', '/d/nines_shop_queue']);
  const long = 'a-service-with-a-name-of-36-letters-x';
  expect(linksOf(long)).toEqual([`/dashboards?tag=service:${long}`, `/dashboards?tag=nines&query=${long}%20queue`]);
});

test('an objective without rules has no board', () => {
  const draft = {
    ...shop,
    slos: shop.slos.map((slo) => ({ ...slo, lifecycle: slo.name === 'jobs' ? ('draft' as const) : slo.lifecycle })),
  };
  const files = boards([draft]);
  expect(files.has('slo.shop.jobs.json')).toBe(false);
  expect(JSON.stringify(files.get('service.shop.json'))).not.toContain('slo=\\"jobs\\"');
});

test('text of a definition cannot break out of a board', () => {
  const hostile = ['$__all $', '{datasource} [[x]] <script>alert(1)</script> | `a` **b** {{service}}'].join('');
  const evil = {
    ...shop,
    title: hostile,
    description: hostile,
    slos: shop.slos.map((slo) => ({ ...slo, title: `${slo.name} ${hostile}`, description: hostile })),
  };
  const found = boards([evil]);
  for (const board of found.values())
    for (const panel of panelsOf(board))
      if (panel.type === 'text') expect(JSON.stringify(panel.options)).not.toMatch(/<script|\$\{|\[\[/);
});

function queried(board: Board) {
  return panelsOf(board).find(({ targets }) => targets !== undefined)!;
}

function firstTarget(board: Board) {
  return queried(board).targets![0]!;
}

function setExpr(board: Board, expr: string): void {
  Object.assign(firstTarget(board), { expr });
}
