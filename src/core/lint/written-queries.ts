import type { Source } from '../base/index.ts';
import { parseExpr, selectorsOf } from '../promql/index.ts';
import { entryOf, scalarOffset, type YamlNode, type YamlScalar } from '../yaml/index.ts';
import { baseName } from './document/catalogue.ts';
import type { Query } from './document/model.ts';

/**
 * The expressions of a definition as its text has them, of whichever tool it is: every value that parses as PromQL and reads one of the
 * metrics. What was read from the text has lost its places; the text itself has them all.
 */
export function writtenQueries(
  { text }: Source,
  roots: readonly YamlNode[],
  names: ReadonlySet<string>,
): readonly Query[] {
  return roots.flatMap((root) => scalarsOf(root).flatMap((node) => queryIn(text, node, names) ?? []));
}

function queryIn(text: string, node: YamlScalar, names: ReadonlySet<string>): Query | undefined {
  const words = node.text.match(/[a-zA-Z_:][\w:]*/g) ?? [];
  // Of a distribution that was read from the series of a histogram only the histogram is known.
  if (!words.some((word) => names.has(word) || names.has(baseName(word)))) return undefined;
  const parsed = parseExpr(withWindows(node.text));
  if (!parsed.ok || selectorsOf(parsed.value).length === 0) return undefined;
  const toSource = (offset: number) => scalarOffset(text, node, offset);
  return {
    text: node.text,
    expr: parsed.value,
    problems: [],
    toSource,
    span: { start: toSource(0), end: toSource(node.text.length) },
    role: 'measurement',
    title: '',
    section: undefined,
  };
}

/** The query with what its tool fills in as a length of time that takes the same room: `[{{.window}}]`, `[window]`. */
function withWindows(query: string): string {
  if (!/\{\{|\$|\[\s*[a-z]/.test(query)) return query;
  return query.replaceAll(/\{\{[^{}]*\}\}|\$\{?[a-zA-Z_]\w*\}?|(?<=\[)\s*[a-z]\w+\s*(?=[\]:])/g, (word) =>
    `5m`.padStart(word.length),
  );
}

/** All scalars but keys. The catalogue of a definition of ours lists metrics and asks for none. */
function scalarsOf(root: YamlNode): readonly YamlScalar[] {
  const found: YamlScalar[] = [];
  const catalogue = entryOf(root, 'service') === undefined ? undefined : entryOf(root, 'metrics')?.value;
  const open: YamlNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === catalogue) continue;
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string') found.push(node);
      continue;
    }
    const inner = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
    for (let index = inner.length - 1; 0 <= index; index -= 1) {
      const child = inner[index];
      if (child !== undefined) open.push(child);
    }
  }
  return found;
}
