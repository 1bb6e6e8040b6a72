import { entryOf, type YamlEntry, type YamlNode, type YamlScalar } from '../../yaml/index.ts';
import type { YamlBlock } from './model.ts';

/** A configuration of Alertmanager among the documents of a block of YAML. */
export interface AlertmanagerConfiguration {
  readonly root: YamlNode;
  readonly route: YamlEntry;
  /** Names; undefined if the block shows routes only. */
  readonly receivers: ReadonlySet<string> | undefined;
}

export interface Route {
  readonly node: YamlNode;
  readonly receiver: YamlScalar | undefined;
  /** Conditions on labels, in whichever form they are written. */
  readonly matchers: readonly { readonly name: string; readonly operator: string; readonly value: string }[];
}

export function configurationsOf({ roots }: YamlBlock): readonly AlertmanagerConfiguration[] {
  return roots.flatMap((root) => {
    const route = entryOf(root, 'route');
    if (route === undefined) return [];
    const receivers = entryOf(root, 'receivers')?.value;
    const names = receivers?.kind === 'list' ? receivers.items.map((item) => textOf(entryOf(item, 'name')?.value)) : [];
    return [{ root, route, receivers: receivers === undefined ? undefined : new Set(names) }];
  });
}

/** Every route of the configurations in a block, parents before children. */
export function routesOf(block: YamlBlock): readonly Route[] {
  const open: YamlNode[] = configurationsOf(block).map(({ route }) => route.value);
  const found: Route[] = [];
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    if (node.kind !== 'map') continue;
    const receiver = entryOf(node, 'receiver')?.value;
    found.push({ node, receiver: receiver?.kind === 'scalar' ? receiver : undefined, matchers: matchersOf(node) });
    const routes = entryOf(node, 'routes')?.value;
    if (routes?.kind === 'list') open.push(...routes.items);
  }
  return found;
}

function matchersOf(node: YamlNode): Route['matchers'] {
  const maps = [
    ['match', '='],
    ['match_re', '=~'],
  ] as const;
  const old = maps.flatMap(([key, operator]) => {
    const map = entryOf(node, key)?.value;
    return map?.kind === 'map'
      ? map.entries.map((entry) => ({ name: entry.key, operator, value: textOf(entry.value) }))
      : [];
  });
  const list = entryOf(node, 'matchers')?.value;
  const items = list?.kind === 'list' ? list.items.map(textOf) : [textOf(list)];
  const written = items.flatMap((text) => {
    const match = /^\s*"?(\w+)"?\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$/.exec(text);
    return match === null ? [] : [{ name: match[1] ?? '', operator: match[2] ?? '=', value: match[3] ?? '' }];
  });
  return [...old, ...written];
}

function textOf(node: YamlNode | undefined): string {
  return node?.kind === 'scalar' ? node.text : '';
}
