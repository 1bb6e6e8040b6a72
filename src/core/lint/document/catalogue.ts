import type { MarkdownDocument } from '../../formats/index.ts';
import { columnOf, plain } from './alerts-and-tiers.ts';
import type { DeclaredMetric, Line, Section } from './model.ts';
import { lengthsIn } from './quantities.ts';
import { sectionAt } from './sections.ts';

const declaration = /^([a-zA-Z_:][\w:]*)(?:\{\s*([a-zA-Z_]\w*(?:\s*,\s*[a-zA-Z_]\w*)*)?\s*\})?$/;

/**
 * The metrics that a document's own reference declares: `name{label, label}` in code, at the start of an item or a row, under a heading
 * about metrics. A query has operators in its braces and a reference has none.
 */
export function catalogueOf(
  text: string,
  { codes, tables }: MarkdownDocument,
  lines: readonly Line[],
  sections: readonly Section[],
): ReadonlyMap<string, DeclaredMetric> {
  const found = new Map<string, DeclaredMetric>();
  const columns = labelColumns(tables);
  for (const code of codes) {
    const match = declaration.exec(code.text);
    const name = match?.[1] ?? '';
    if (match === null || !name.includes('_')) continue;
    const lineStart = text.lastIndexOf('\n', code.span.start) + 1;
    const lead = text.slice(lineStart, code.span.start);
    if (!/^\s*(?:[-*+•]|\d+\.|\|)?\s*`*\**`*$/.test(lead)) continue;
    const section = sectionAt(sections, code.span.start);
    if (section?.path.some((title) => /\bmetrics?\b/i.test(title)) !== true) continue;
    const description = lines.find(({ start }) => start === lineStart)?.text.slice(code.span.end - lineStart) ?? '';
    const labels = match[2]?.split(',').map((label) => label.trim()) ?? columns.get(lineStart) ?? [];
    const base = name.replace(/_(?:bucket|count|sum)$/, '');
    found.set(base, {
      name: base,
      type: typeOf(name, description),
      labels: labels.filter((label) => label !== '' && label !== 'le'),
      ...bucketsIn(description),
      span: code.span,
    });
  }
  return found;
}

/** By the start of a row: the labels that a column for them lists. */
function labelColumns(tables: MarkdownDocument['tables']): ReadonlyMap<number, readonly string[]> {
  return new Map(
    tables.flatMap(({ header, rows }) => {
      const column = columnOf(header, /^labels?\b/i);
      return rows.flatMap(({ cells, span }) => {
        const words = plain(cells[column]?.text ?? '')
          .split(/[\s,;/]+/)
          .filter((word) => word !== '');
        // A cell with anything but names explains them.
        return words.every((word) => /^[a-zA-Z_]\w*$/.test(word)) ? [[span.start, words] as const] : [];
      });
    }),
  );
}

function typeOf(name: string, description: string): DeclaredMetric['type'] {
  if (/\bgauge\b/i.test(description)) return 'gauge';
  if (/\bhistogram\b/i.test(description)) return 'histogram';
  if (/_total$/.test(name) || /\bcounter\b/i.test(description)) return 'counter';
  return /(?:duration|latency|time)(?:_[a-z]+)?(?:_bucket)?$/.test(name) ? 'histogram' : 'gauge';
}

/** A bound of a bucket as people write it: `0.5`, `500 ms`, `1m`. */
const bound = String.raw`\d+(?:\.\d+)?(?:\s*(?:ms|s|secs?|seconds?|min|minutes?|m)\b)?`;
/** At least two bounds. */
const bucketList = new RegExp(
  String.raw`\bbuckets?\b[^\d.;]*(${bound}(?:(?:\s*[,|/]\s*(?:and\s+)?|\s+and\s+|\s+)${bound})+)`,
  'i',
);
/** What makes of a list a range, one that is cut short, or one of other things than bounds. */
const goesOn = /^\s*(?:[,|/]\s*)?(?:\d|[a-z]+\d|\.\.|\.\d|…|-|–|etc|to\b|up to\b|and (?:so|more|up)|ms|[kmgt]i?b\b|%)/i;

/** Bounds that are lengths of time with units are seconds; plain numbers are what the metric is measured in. */
function bucketsIn(description: string): { readonly buckets?: readonly number[] } {
  const match = bucketList.exec(description);
  const list = match?.[1];
  if (match === null || list === undefined || goesOn.test(description.slice(match.index + match[0].length))) return {};
  const numbers = list.match(/\d+(?:\.\d+)?/g) ?? [];
  const lengths = lengthsIn(list);
  if (lengths.length === 0) return { buckets: numbers.map(Number) };
  return lengths.length === numbers.length ? { buckets: lengths.map(({ ms }) => ms / 1000) } : {};
}

/** The name under which the parts of a histogram are declared. */
export function baseName(name: string): string {
  return name.replace(/_(?:bucket|count|sum)$/, '');
}

/** The entry for a name of series: the metric of that very name, or the histogram or summary whose part it is. */
export function metricNamed(
  name: string | undefined,
  catalogue: ReadonlyMap<string, DeclaredMetric>,
): DeclaredMetric | undefined {
  return name === undefined ? undefined : (catalogue.get(name) ?? catalogue.get(baseName(name)));
}
