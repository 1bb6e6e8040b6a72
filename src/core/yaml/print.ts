import { Document, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { YamlValue } from './node.ts';

export interface YamlPrintOptions {
  /** Comments by place, a JSON pointer (`/groups/0/rules`); the empty pointer heads the document. Lines are separated by line feeds. */
  readonly comments?: ReadonlyMap<string, string>;
}

/**
 * Prints a value as block-style YAML: the same value, the same bytes. Keys keep their order, long lines are never folded, texts of several
 * lines become literal blocks, and what YAML 1.1 readers (Prometheus's is one) would take for another type is quoted.
 */
export function printYaml(value: YamlValue, options: YamlPrintOptions = {}): string {
  const comments = options.comments ?? new Map<string, string>();
  const header = comments.get('');
  const document = new Document(null, { version: '1.2', schema: 'core', compat: 'yaml-1.1' });
  document.contents = toNode(value, '', comments);
  const body = document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: false });
  return header === undefined ? body : `${header.split('\n').map(commentLine).join('\n')}\n${body}`;
}

function commentLine(line: string): string {
  return line === '' ? '#' : `# ${line}`;
}

function toNode(value: YamlValue, pointer: string, comments: ReadonlyMap<string, string>): Node {
  if (value === null || typeof value !== 'object') return new Scalar(value);
  if (isList(value)) {
    const list = new YAMLSeq<Node>();
    for (const [index, item] of value.entries()) {
      const place = `${pointer}/${index}`;
      list.items.push(withComment(toNode(item, place, comments), comments.get(place)));
    }
    list.flow = isShort(value);
    return list;
  }
  const map = new YAMLMap<Node, Node>();
  const entries: Iterable<readonly [string, YamlValue | undefined]> = isMap(value) ? value : Object.entries(value);
  for (const [key, item] of entries) {
    if (item === undefined) continue;
    const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    map.items.push(new Pair(withComment(new Scalar(key), comments.get(place)), toNode(item, place, comments)));
  }
  map.flow = map.items.length === 0;
  return map;
}

/** Short lists of words and numbers stand on one line: `[1, 5, 10]`. */
function isShort(list: readonly YamlValue[]): boolean {
  let width = 0;
  for (const item of list) {
    if (typeof item === 'object' && item !== null) return false;
    width += String(item).length + 2;
  }
  return width <= 80;
}

function withComment(node: Node, comment: string | undefined): Node {
  if (comment !== undefined) node.commentBefore = comment.replaceAll(/^/gm, ' ');
  return node;
}

function isList(value: object): value is readonly YamlValue[] {
  return Array.isArray(value);
}

function isMap(value: object): value is ReadonlyMap<string, YamlValue> {
  return value instanceof Map;
}
