import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Diagnostic, type Outcome, placeOf, type Span } from '../base/index.ts';
import { yamlProblem } from './codes.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './node.ts';

/** What is left of the limits; all documents of a text draw on the same. */
export interface ConversionBudget {
  nodes: number;
  readonly depth: number;
}

/** A node with how many nodes it stands for, aliases followed, and how deep they are nested. */
interface Converted {
  readonly node: YamlNode;
  readonly size: number;
  readonly height: number;
}

interface Conversion {
  readonly text: string;
  readonly budget: ConversionBudget;
  /** The latest node of each name; `open` while the node itself is being converted. */
  readonly anchors: Map<string, Converted | 'open'>;
  readonly diagnostics: Diagnostic[];
}

/** The library's document as our nodes, aliases resolved. */
export function convertDocument(text: string, contents: unknown, budget: ConversionBudget): Outcome<YamlNode> {
  const conversion: Conversion = { text, budget, anchors: new Map(), diagnostics: [] };
  const { node } = convert(contents, 0, conversion);
  const { diagnostics } = conversion;
  return diagnostics.length === 0 ? { ok: true, value: node, diagnostics } : { ok: false, diagnostics };
}

function convert(node: unknown, depth: number, conversion: Conversion): Converted {
  if (isAlias(node)) return followAlias(node.source, spanOf(node.range), depth, conversion);
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return { node: emptyNode, size: 1, height: 0 };
  const { anchor } = node;
  if (anchor !== undefined) conversion.anchors.set(anchor, 'open');
  spend(1, spanOf(node.range), conversion);
  let converted: Converted;
  if (isScalar(node)) converted = { node: convertScalar(node, conversion), size: 1, height: 0 };
  else converted = isMap(node) ? convertMap(node, depth, conversion) : convertList(node, depth, conversion);
  if (anchor !== undefined) conversion.anchors.set(anchor, converted);
  return converted;
}

const emptyNode: YamlScalar = { kind: 'scalar', value: null, text: '', style: 'plain', span: { start: 0, end: 0 } };

function followAlias(name: string, span: Span, depth: number, conversion: Conversion): Converted {
  const target = conversion.anchors.get(name);
  if (target === undefined || target === 'open') {
    const message =
      target === 'open' ? `the alias \`*${name}\` contains itself` : `no anchor \`&${name}\` stands above`;
    report(conversion, 'yaml/alias', message, span);
    return { node: { ...emptyNode, span }, size: 1, height: 0 };
  }
  spend(target.size, span, conversion);
  if (conversion.budget.depth < depth + target.height) {
    report(
      conversion,
      'yaml/too-deep',
      `with its aliases the document is nested more than ${conversion.budget.depth} deep`,
      span,
    );
    return { node: { ...emptyNode, span }, size: 1, height: 0 };
  }
  return target;
}

/** Counts nodes against the limit and reports the place where it is passed, once. */
function spend(count: number, span: Span, conversion: Conversion): void {
  const before = conversion.budget.nodes;
  conversion.budget.nodes -= count;
  if (0 <= before && conversion.budget.nodes < 0) {
    report(conversion, 'yaml/too-large', 'the document, its aliases expanded, is larger than the limit', span);
  }
}

function convertMap(map: YAMLMap<unknown, unknown>, depth: number, conversion: Conversion): Converted {
  const entries = new Map<string, YamlEntry>();
  const merged: YamlEntry[] = [];
  let size = 1;
  let height = 0;
  for (const { key, value } of map.items) {
    if (conversion.budget.nodes < 0) break;
    const name = keyOf(key, spanOf(map.range), conversion);
    const converted = convert(value, depth + 1, conversion);
    size += converted.size;
    height = Math.max(height, converted.height + 1);
    if (name === undefined) continue;
    const first = entries.get(name.text);
    if (first !== undefined) {
      reportDuplicate(conversion, name, first);
    } else if (name.merge) merged.push(...mergedEntries(converted.node, name.span, conversion));
    else entries.set(name.text, { key: name.text, keySpan: name.span, value: located(converted.node, name.span) });
  }
  for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
  const node: YamlMap = { kind: 'map', entries: [...entries.values()], span: spanOf(map.range) };
  return { node, size, height };
}

/** A value that the text leaves out (`key:`) has its place right behind the key. */
function located(node: YamlNode, keySpan: Span): YamlNode {
  if (node.kind !== 'scalar' || node.value !== null || node.text !== '') return node;
  return { ...node, span: { start: keySpan.end + 1, end: keySpan.end + 1 } };
}

interface Key {
  readonly text: string;
  readonly span: Span;
  readonly merge: boolean;
}

function keyOf(key: unknown, mapSpan: Span, conversion: Conversion): Key | undefined {
  const resolved = isAlias(key) ? followAlias(key.source, spanOf(key.range), 0, conversion).node : undefined;
  if (resolved?.kind === 'scalar')
    return { text: resolved.text, span: spanOf(isAlias(key) ? key.range : null), merge: false };
  if (!isScalar(key) || key.value === null) {
    report(conversion, 'yaml/key', 'a key must be a word', isScalar(key) ? spanOf(key.range) : mapSpan);
    return undefined;
  }
  if (key.anchor !== undefined) convert(key, 0, conversion);
  const text = textOf(key);
  return { text, span: spanOf(key.range), merge: text === '<<' && key.type === 'PLAIN' };
}

/** The entries of the map, or of the list of maps, behind a merge key; of several maps the first that has a key wins. */
function mergedEntries(node: YamlNode, span: Span, conversion: Conversion): readonly YamlEntry[] {
  if (node.kind === 'map') return node.entries;
  if (node.kind === 'list' && node.items.every((item) => item.kind === 'map')) {
    return node.items.flatMap((item) => (item.kind === 'map' ? item.entries : []));
  }
  report(conversion, 'yaml/alias', 'only maps can be merged with `<<`', span);
  return [];
}

function convertList(list: YAMLSeq<unknown>, depth: number, conversion: Conversion): Converted {
  const items = list.items.map((item) => convert(item, depth + 1, conversion));
  const node: YamlList = { kind: 'list', items: items.map((item) => item.node), span: spanOf(list.range) };
  return {
    node,
    size: items.reduce((sum, item) => sum + item.size, 1),
    height: items.reduce((height, item) => Math.max(height, item.height + 1), 0),
  };
}

const styles: Readonly<Record<string, YamlScalar['style']>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

function convertScalar(scalar: Scalar, conversion: Conversion): YamlScalar {
  const { value } = scalar;
  const span = spanOf(scalar.range);
  const isUsed = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (!isUsed) report(conversion, 'yaml/tag', 'a value of this type is not used here', span);
  const style = styles[scalar.type ?? ''] ?? 'plain';
  return { kind: 'scalar', value: isUsed ? value : null, text: textOf(scalar), style, span };
}

function textOf(scalar: Scalar): string {
  return scalar.source ?? (typeof scalar.value === 'string' ? scalar.value : '');
}

function spanOf(range: ParsedNode['range'] | null | undefined): Span {
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

function reportDuplicate(conversion: Conversion, { text, span }: Key, first: YamlEntry): void {
  // Finding a line takes as long as the text before it; nobody reads thousands of these.
  if (mostReported <= conversion.diagnostics.length) return;
  const { line } = placeOf(conversion.text, first.keySpan.start);
  report(conversion, 'yaml/duplicate-key', `the key \`${text}\` is already on line ${line}`, span);
}

/** Problems of one document beyond which it is plain that the file is another one than was meant. */
const mostReported = 100;

function report(conversion: Conversion, code: string, message: string, span: Span): void {
  if (mostReported <= conversion.diagnostics.length && code !== 'yaml/too-large') return;
  conversion.diagnostics.push(yamlProblem(code, message, span));
}
