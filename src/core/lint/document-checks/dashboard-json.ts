import type { Span } from '../../base/index.ts';
import { entryOf, firstLineOf, nodeToValue, type YamlMap } from '../../yaml/index.ts';
import { type Dashboard, dashboardsOf, type Panel } from '../document/dashboards.ts';
import { grafanaVariables } from '../document/grafana-variables.ts';
import type { LintDocument } from '../document/model.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

export const dashboardJson: DocumentCheck = {
  id: 'dashboard-json',
  severity: 'warning',
  meaning:
    'The JSON of a dashboard lacks what Grafana needs, gives two things one name, lays panels over each other or uses unknown variables.',
  remedy:
    'export the dashboard from Grafana, or write each panel with `id`, `type`, `title`, `gridPos`, `datasource` and a `refId` for each query',
  inspect: (document) =>
    document.yaml.flatMap((block) => {
      if (document.kind !== 'dashboard' && block.language !== 'json') return [];
      return dashboardsOf(block).flatMap((dashboard) =>
        problems(document, dashboard).map(({ message, span }) => ({ message, span: placed(block, span) })),
      );
    }),
};

interface Problem {
  readonly message: string;
  readonly span: Span;
}

function problems({ kind }: LintDocument, dashboard: Dashboard): readonly Problem[] {
  const panels = dashboard.grids.flat();
  return [
    ...missingOf(dashboard.node, dashboard.span, 'the dashboard', ['title', 'schemaVersion']),
    ...panels.flatMap(missingInPanel),
    ...duplicates(
      panels.flatMap(({ id }) => (id?.value.kind === 'scalar' ? [{ name: id.value.text, span: id.value.span }] : [])),
      'panels',
      'id',
    ),
    ...panels.flatMap(({ targets, title }) =>
      duplicates(
        targets.flatMap((target) => named(target, 'refId')),
        `queries of "${title}"`,
        'refId',
      ),
    ),
    ...dashboard.grids.flatMap(overlaps),
    ...(dashboard.variables === undefined && kind !== 'dashboard' ? [] : unknownVariables(dashboard)),
  ];
}

function missingInPanel({ node, span, title, isRow, targets }: Panel): readonly Problem[] {
  const name = title === '' ? 'a panel' : `the panel "${title}"`;
  if (isRow) return missingOf(node, span, name, ['title', 'gridPos']);
  const reads = 0 < targets.length;
  const hasSource =
    !reads || entryOf(node, 'datasource') !== undefined || targets.every((target) => entryOf(target, 'datasource'));
  const own = ['id', 'type', 'gridPos', ...(hasSource ? [] : ['datasource'])];
  const nameless = targets.some((target) => entryOf(target, 'refId') === undefined) ? ['refId'] : [];
  const missing = [...own.filter((key) => entryOf(node, key) === undefined), ...nameless];
  return missing.length === 0 ? [] : [{ message: `${name} has no ${missing.join(', ')}`, span }];
}

function missingOf(node: YamlMap, span: Span, name: string, keys: readonly string[]): readonly Problem[] {
  const missing = keys.filter((key) => entryOf(node, key) === undefined);
  return missing.length === 0 ? [] : [{ message: `${name} has no ${missing.join(', ')}`, span }];
}

function named(node: YamlMap, key: string): readonly { readonly name: string; readonly span: Span }[] {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' ? [{ name: value.text, span: value.span }] : [];
}

function duplicates(
  all: readonly { readonly name: string; readonly span: Span }[],
  things: string,
  key: string,
): readonly Problem[] {
  const seen = new Set<string>();
  return all.flatMap(({ name, span }) => {
    if (seen.has(name)) return [{ message: `two ${things} have the ${key} ${name}`, span }];
    seen.add(name);
    return [];
  });
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly panel: Panel;
}

/** Columns of Grafana's grid. */
const columns = 24;

function overlaps(panels: readonly Panel[]): readonly Problem[] {
  const boxes = panels.flatMap(boxOf).toSorted((a, b) => a.y - b.y);
  return boxes.flatMap((box, index): readonly Problem[] => {
    const span = firstLineOf(entryOf(box.panel.node, 'gridPos')?.value ?? box.panel.node);
    if (columns < box.x + box.w)
      return [{ message: `"${box.panel.title}" ends at column ${box.x + box.w} of ${columns}`, span }];
    const other = boxes.slice(0, index).find((one) => cover(one, box));
    return other === undefined ? [] : [{ message: `"${box.panel.title}" lies over "${other.panel.title}"`, span }];
  });
}

function cover(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function boxOf(panel: Panel): readonly Box[] {
  const node = entryOf(panel.node, 'gridPos')?.value;
  const value = node === undefined ? undefined : nodeToValue(node);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const [x, y, w, h] = [value['x'], value['y'], value['w'], value['h']];
  if (typeof x !== 'number' || typeof y !== 'number' || typeof w !== 'number' || typeof h !== 'number') return [];
  return [{ x, y, w, h, panel }];
}

function unknownVariables({ grids, variables }: Dashboard): readonly Problem[] {
  return grids.flat().flatMap(({ targets }) =>
    targets.flatMap((target) => {
      const value = entryOf(target, 'expr')?.value;
      if (value?.kind !== 'scalar') return [];
      const names = new Set(grafanaVariables(value.text).map(({ name }) => name));
      const unknown = [...names].filter((name) => !name.startsWith('__') && variables?.has(name) !== true);
      return unknown.map((name) => ({ message: `the dashboard has no variable \`${name}\``, span: value.span }));
    }),
  );
}
