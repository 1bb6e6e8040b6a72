import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import type { Span } from '../../base/index.ts';
import type { Cell, Fence, Heading, InlineCode, MarkdownDocument, MarkdownTable } from './model.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root['children'][number];
type Table = Extract<Node, { type: 'table' }>;

/** Reads Markdown (CommonMark with the tables of GitHub). Any text is Markdown, so this never fails. */
export function readMarkdown(written: string): MarkdownDocument {
  const text = withFences(written);
  const root = fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
  const headings: Heading[] = [];
  const fences: Fence[] = [];
  const codes: InlineCode[] = [];
  const tables: MarkdownTable[] = [];
  // A stack instead of recursion: what people nest, and how deep, is not ours to choose.
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const span = spanOf(node);
    if (node.type === 'heading') headings.push({ depth: node.depth, text: headingText(text, span), span });
    else if (node.type === 'code')
      fences.push({
        language: (node.lang ?? '').toLowerCase(),
        text: node.value,
        span,
        toSource: linesToSource(text, span, node.value),
      });
    else if (node.type === 'inlineCode') codes.push(inlineCode(text, span));
    else if (node.type === 'table') tables.push(readTable(text, node));
    if ('children' in node) for (let i = node.children.length - 1; 0 <= i; i -= 1) pushIfNode(open, node.children[i]);
  }
  return { headings, fences, codes, tables };
}

/**
 * AsciiDoc's blocks of source, which people mix into Markdown and which Markdown takes for headings, as fences that take the same room:
 * `[source,promql]`, a line of four dashes or more, the code, the same line again.
 */
function withFences(text: string): string {
  if (!text.includes('[source')) return text;
  const lines = text.split('\n');
  let end = lines.length;
  const isRule = (line: string | undefined): boolean => /^-{4,}\s*$/.test(line ?? '');
  // From the last line up, so that each opening knows the rule that closes it without looking for it.
  for (let at = lines.length - 1; 0 <= at; at -= 1) {
    const opening = /^\[source(?:%\w+)?(?:,[ \t]*([a-z]\w*))?[^\]]*\]\s*$/.exec(lines[at] ?? '');
    if (opening !== null && isRule(lines[at + 1]) && end < lines.length) {
      lines[at] = fenceFor(lines[at] ?? '', opening[1] ?? '');
      lines[at + 1] = (lines[at + 1] ?? '').replaceAll('-', ' ');
      lines[end] = fenceFor(lines[end] ?? '', '');
    }
    // The rule right below an opening opens its block; any other may close one.
    if (isRule(lines[at]) && !/^\[source\b/.test(lines[at - 1] ?? '')) end = at;
  }
  return lines.join('\n');
}

/** A fence as long as the line that it takes the place of. */
function fenceFor(line: string, language: string): string {
  const carriage = line.endsWith('\r') ? '\r' : '';
  return '````'.concat(language).padEnd(line.length - carriage.length) + carriage;
}

function pushIfNode(open: Node[], node: Node | undefined): void {
  if (node !== undefined) open.push(node);
}

function spanOf({ position }: Node): Span {
  return { start: position?.start.offset ?? 0, end: position?.end.offset ?? 0 };
}

function headingText(text: string, span: Span): string {
  const [line = ''] = text.slice(span.start, span.end).split('\n');
  return line.replace(/^#+\s*|\s*#*\s*$/g, '');
}

function inlineCode(text: string, span: Span): InlineCode {
  const ticks = /^`+/.exec(text.slice(span.start, span.end))?.[0].length ?? 0;
  const inner = { start: span.start + ticks, end: span.end - ticks };
  // In a table a bar of the code is written with a backslash, which is none of the code's: no query has one there.
  return { text: text.slice(inner.start, inner.end).replaceAll('\\|', '|'), span: inner };
}

/** Each line of a block of code is the end of a line of the document: what stands before it is indentation or the mark of a quote. */
function linesToSource(text: string, span: Span, code: string): (offset: number) => number {
  const codeStarts: number[] = [];
  const sourceStarts: number[] = [];
  let sourceLine = /^\s*(?:>\s*)*(?:`{3,}|~{3,})/.test(text.slice(span.start))
    ? nextLine(text, span.start)
    : span.start;
  let codeLine = 0;
  for (const line of code.split('\n')) {
    const lineEnd = text.indexOf('\n', sourceLine);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const written = text.slice(sourceLine, end).replace(/\r$/, '');
    codeStarts.push(codeLine);
    sourceStarts.push(sourceLine + Math.max(0, written.length - line.replace(/\r$/, '').length));
    codeLine += line.length + 1;
    sourceLine = end + 1;
  }
  return (offset) => {
    const index = lastAtMost(codeStarts, offset);
    return Math.min(text.length, (sourceStarts[index] ?? span.start) + offset - (codeStarts[index] ?? 0));
  };
}

function nextLine(text: string, offset: number): number {
  const lineEnd = text.indexOf('\n', offset);
  return lineEnd === -1 ? text.length : lineEnd + 1;
}

/** The index of the last of ascending numbers that is not above a limit. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function readTable(text: string, table: Table): MarkdownTable {
  const rows = table.children.map((row) => ({
    cells: row.children.map((cell): Cell => {
      const { start, end } = { start: cell.position?.start.offset ?? 0, end: cell.position?.end.offset ?? 0 };
      const written = text.slice(start, end);
      const lead = /^\|?\s*/.exec(written)?.[0].length ?? 0;
      const content = written.slice(lead).replace(/\s*\|?\s*$/, '');
      return { text: content, span: { start: start + lead, end: start + lead + content.length } };
    }),
    span: { start: row.position?.start.offset ?? 0, end: row.position?.end.offset ?? 0 },
  }));
  const [header, ...body] = rows;
  return {
    header: header?.cells ?? [],
    rows: body,
    span: { start: table.position?.start.offset ?? 0, end: table.position?.end.offset ?? 0 },
  };
}
