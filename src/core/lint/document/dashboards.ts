import type { Span } from '../../base/index.ts';
import { entryOf, firstLineOf, type YamlEntry, type YamlMap, type YamlNode } from '../../yaml/index.ts';
import type { YamlBlock } from './model.ts';

/** A Grafana dashboard in a block of JSON. Places are those of the block. */
export interface Dashboard {
  readonly node: YamlMap;
  /** Where the dashboard begins. */
  readonly span: Span;
  /** Lists of panels that share a grid: the top one, and that of each collapsed row. */
  readonly grids: readonly (readonly Panel[])[];
  /** Names of template variables; undefined if the dashboard has no list of them. */
  readonly variables: ReadonlySet<string> | undefined;
}

export interface Panel {
  readonly node: YamlMap;
  readonly span: Span;
  readonly title: string;
  readonly id: YamlEntry | undefined;
  readonly isRow: boolean;
  readonly targets: readonly YamlMap[];
}

/** The dashboards of a block: bare, or under `dashboard` as Grafana's HTTP API has them. */
export function dashboardsOf({ roots }: Pick<YamlBlock, 'roots'>): readonly Dashboard[] {
  return roots.flatMap((root) => {
    const inner = entryOf(root, 'dashboard')?.value;
    const node = inner?.kind === 'map' ? inner : root;
    return node.kind === 'map' && isDashboard(node) ? [readDashboard(node)] : [];
  });
}

/** Whether a map is a dashboard by what it has. */
function isDashboard(node: YamlMap): boolean {
  const panels = entryOf(node, 'panels')?.value;
  if (panels?.kind !== 'list') return false;
  return panels.items.every((item) => ['type', 'targets', 'gridPos', 'title'].some((key) => entryOf(item, key)));
}

function readDashboard(node: YamlMap): Dashboard {
  const top = panelsAt(node);
  const rows = top.map((panel) => panelsAt(panel.node)).filter((panels) => 0 < panels.length);
  const templating = entryOf(node, 'templating')?.value;
  return {
    node,
    span: firstLineOf(node),
    grids: [top, ...rows],
    variables:
      templating === undefined
        ? undefined
        : new Set(mapsAt(templating, 'list').flatMap((item) => textAt(item, 'name') ?? [])),
  };
}

function panelsAt(node: YamlMap): readonly Panel[] {
  return mapsAt(node, 'panels').map((panel) => ({
    node: panel,
    span: firstLineOf(panel),
    title: textAt(panel, 'title') ?? '',
    id: entryOf(panel, 'id'),
    isRow: textAt(panel, 'type') === 'row',
    targets: mapsAt(panel, 'targets'),
  }));
}

function mapsAt(node: YamlNode, key: string): readonly YamlMap[] {
  const list = entryOf(node, key)?.value;
  return list?.kind === 'list' ? list.items.flatMap((item) => (item.kind === 'map' ? [item] : [])) : [];
}

function textAt(node: YamlNode, key: string): string | undefined {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' ? value.text : undefined;
}
