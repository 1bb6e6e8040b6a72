import type { Span } from '../base/index.ts';

/** A value of a YAML document with its place in the text. An alias stands for the node it names, with that node's places. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  /** In the order of the text; keys are unique. */
  readonly entries: readonly YamlEntry[];
  readonly span: Span;
}

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly span: Span;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  /** By YAML 1.2's core schema: `1.50` is a number, `99,9`, `yes` and `5m` are strings. */
  readonly value: string | number | boolean | null;
  /** The characters of the value before a type was given to them: `1.50`; of a quoted or block scalar the resolved string. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** Quotes and block headers are part of it. */
  readonly span: Span;
}

/** What a YAML text says without its places. Undefined entries are left out when printed; a Map keeps an order that an object would not. */
export type YamlValue =
  | string
  | number
  | boolean
  | null
  | readonly YamlValue[]
  | ReadonlyMap<string, YamlValue>
  | { readonly [key: string]: YamlValue | undefined };

/** Where in a document: keys of maps and positions in lists, from the top. */
export type YamlPath = readonly (string | number)[];

/** A plain value that a node can become: objects for maps, arrays for lists. */
export type PlainValue = string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue };

/** The node as plain objects and arrays. */
export function nodeToValue(node: YamlNode): PlainValue {
  switch (node.kind) {
    case 'map':
      // fromEntries defines own properties, so that a key `__proto__` is a key like any other.
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, nodeToValue(value)]));
    case 'list':
      return node.items.map(nodeToValue);
    case 'scalar':
      return node.value;
  }
}

/** The entry of a map with that key; undefined if there is none or the node is no map. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The node at a path, or undefined if the document has nothing there. */
export function nodeAt(node: YamlNode, path: YamlPath): YamlNode | undefined {
  let current: YamlNode | undefined = node;
  for (const step of path) {
    if (current?.kind === 'list') current = typeof step === 'number' ? current.items[step] : undefined;
    else current = entryOf(current, String(step))?.value;
  }
  return current;
}

/** The span of the value at a path; where there is nothing, of the key of the nearest thing above it that should contain it. */
export function spanAt(node: YamlNode, path: YamlPath): Span {
  for (let length = path.length; 0 < length; length -= 1) {
    const found = nodeAt(node, path.slice(0, length));
    if (found === undefined) continue;
    // A missing key of a map is told at the key under which the map stands: the map itself may be many lines long.
    return length === path.length && found.kind === 'scalar' ? found.span : keySpanAt(node, path.slice(0, length));
  }
  return firstLineOf(node);
}

/** The span of the key at a path; for an item of a list, or if there is no such key, the first line of what is there. */
export function keySpanAt(node: YamlNode, path: YamlPath): Span {
  const parent = nodeAt(node, path.slice(0, -1));
  const last = path.at(-1);
  const entry = last === undefined ? undefined : entryOf(parent, String(last));
  return entry?.keySpan ?? firstLineOf(nodeAt(node, path) ?? node);
}

/** A short span at the start of a node: a map's first key, a list's first item, a scalar itself. */
export function firstLineOf(node: YamlNode): Span {
  switch (node.kind) {
    case 'map':
      return node.entries[0]?.keySpan ?? node.span;
    case 'list': {
      const [first] = node.items;
      return first === undefined ? node.span : firstLineOf(first);
    }
    case 'scalar':
      return node.span;
  }
}
