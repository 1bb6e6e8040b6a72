import { parseDuration, type Span } from '../../base/index.ts';
import { entryOf, scalarOffset, type YamlEntry, type YamlMap, type YamlNode } from '../../yaml/index.ts';
import type { DocumentRule, Placed, Query, YamlBlock } from './model.ts';
import { readQuery } from './queries.ts';

/** The rules and panels of a block of YAML or JSON, read leniently: what the reader of rule files refuses is told elsewhere. */
export function rulesOf(block: YamlBlock): {
  readonly rules: readonly DocumentRule[];
  readonly panels: readonly Query[];
} {
  const rules: DocumentRule[] = [];
  const panels: Query[] = [];
  const open: Titled[] = block.roots.map((node) => ({ node, title: '' })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node } = next;
    // The queries of a panel are about what its title says; the title of a dashboard is about everything in it.
    const title = entryOf(node, 'targets') === undefined ? next.title : textAt(node, 'title');
    if (node.kind === 'map') {
      const rule = readRule(block, node);
      if (rule !== undefined) rules.push(rule);
      else {
        const panel = queryOf(block, entryOf(node, 'expr'), 'panel', legendOf(node) || title);
        if (panel !== undefined) panels.push(panel);
      }
    }
    const below = node.kind === 'map' ? node.entries.map(({ value }) => value) : [];
    const inner = node.kind === 'list' ? node.items : below;
    for (let i = inner.length - 1; 0 <= i; i -= 1) {
      const child = inner[i];
      if (child !== undefined && child.kind !== 'scalar') open.push({ node: child, title });
    }
  }
  return { rules, panels };
}

/** The legend of a query, unless all of it comes from labels. */
function legendOf(node: YamlNode): string {
  const legend = textAt(node, 'legendFormat');
  return /[a-z]/i.test(legend.replaceAll(/\{\{[^}]*\}\}|__auto/g, '')) ? legend : '';
}

interface Titled {
  readonly node: YamlNode;
  readonly title: string;
}

function readRule(block: YamlBlock, node: YamlMap): DocumentRule | undefined {
  const alert = entryOf(node, 'alert');
  const name = alert ?? entryOf(node, 'record');
  if (name?.value.kind !== 'scalar') return undefined;
  const kind = alert === undefined ? 'record' : 'alert';
  const role = kind === 'alert' ? 'alert' : 'recording';
  const query = queryOf(block, entryOf(node, 'expr'), role, name.value.text);
  if (query === undefined) return undefined;
  return {
    kind,
    name: name.value.text,
    nameSpan: placed(block, name.value.span),
    query,
    holdFor: parseDuration(textAt(node, 'for')) ?? 0,
    hasFor: entryOf(node, 'for') !== undefined,
    labels: new Map([...textsOf(block, entryOf(node, 'labels'))].map(([key, { text }]) => [key, text])),
    annotations: textsOf(block, entryOf(node, 'annotations')),
    comment: commentAbove(block.text, node.span.start),
    section: block.section,
  };
}

function queryOf(
  block: YamlBlock,
  entry: YamlEntry | undefined,
  role: Query['role'],
  title: string,
): Query | undefined {
  const node = entry?.value;
  if (node?.kind !== 'scalar') return undefined;
  const text = node.text;
  const toSource = (offset: number) => block.toSource(scalarOffset(block.text, node, offset));
  return readQuery(text, toSource, { role, title, section: block.section });
}

function textsOf(block: YamlBlock, entry: YamlEntry | undefined): ReadonlyMap<string, Placed> {
  if (entry?.value.kind !== 'map') return new Map();
  return new Map(
    entry.value.entries.flatMap(({ key, value }) =>
      value.kind === 'scalar' ? [[key, { text: value.text, span: placed(block, value.span) }] as const] : [],
    ),
  );
}

/** A place in a block as a place in the document. */
export function placed(block: YamlBlock, span: Span): Span {
  return { start: block.toSource(span.start), end: block.toSource(span.end) };
}

function textAt(node: YamlNode, key: string): string {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' ? value.text : '';
}

/** The lines of comment right above an offset. */
function commentAbove(text: string, offset: number): string {
  const found: string[] = [];
  let lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  while (0 < lineStart) {
    const start = text.lastIndexOf('\n', lineStart - 2) + 1;
    const line = text.slice(start, lineStart).trim();
    if (!line.startsWith('#')) break;
    found.unshift(line.replace(/^#+\s*/, ''));
    lineStart = start;
  }
  return found.join(' ');
}
