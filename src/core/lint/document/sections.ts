import type { Span } from '../../base/index.ts';
import type { MarkdownDocument } from '../../formats/index.ts';
import type { Line, Section } from './model.ts';

/** Headings of a text that has none in Markdown: `R3 — Burn rates`, as a copied web page keeps them. */
const plainHeading = /^(?:[A-Z]?\d+(?:\.\d+)*)\.?\s+[—–-]\s+\S.{0,80}$/;

/** The parts of a document from heading to heading; what stands before the first heading is a part with an empty title. */
export function sectionsOf(text: string, { headings }: MarkdownDocument): readonly Section[] {
  const marks = headings.length === 0 ? plainHeadings(text) : headings;
  const sections: Section[] = [
    {
      title: '',
      path: [],
      depth: 0,
      heading: { start: 0, end: 0 },
      start: 0,
      end: marks[0]?.span.start ?? text.length,
      index: 0,
    },
  ];
  const above: { readonly depth: number; readonly text: string }[] = [];
  for (const [i, { depth, text: title, span }] of marks.entries()) {
    while (depth <= (above.at(-1)?.depth ?? 0)) above.pop();
    above.push({ depth, text: title });
    const path = above.map((one) => one.text);
    const end = marks[i + 1]?.span.start ?? text.length;
    sections.push({ title, path, depth, heading: span, start: span.start, end, index: i + 1 });
  }
  return sections;
}

function plainHeadings(
  text: string,
): readonly { readonly depth: number; readonly text: string; readonly span: Span }[] {
  let start = 0;
  return text.split('\n').flatMap((line) => {
    const span = { start, end: start + line.length };
    start = span.end + 1;
    return plainHeading.test(line.trim()) ? [{ depth: 1, text: line.trim(), span }] : [];
  });
}

/** The lines outside of blocks of code. */
export function linesOf(text: string, { fences }: MarkdownDocument, sections: readonly Section[]): readonly Line[] {
  const found: Line[] = [];
  const sorted = fences.toSorted((a, b) => a.span.start - b.span.start);
  let fence = 0;
  let section = 0;
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    while (fence < sorted.length && (sorted[fence]?.span.end ?? 0) <= start) fence += 1;
    while (section + 1 < sections.length && (sections[section + 1]?.start ?? 0) <= start) section += 1;
    const current = sections[section];
    const inside = (sorted[fence]?.span.start ?? text.length + 1) <= end;
    if (current !== undefined && !inside)
      found.push({ text: withStars(line.replace(/\r$/, '')), start, section: current });
    start = end + 1;
  }
  return found;
}

/** Emphasis by underscores as emphasis by stars, which are as long, so that readers of lines know one form. Code stays as it is. */
function withStars(line: string): string {
  if (!line.includes('_')) return line;
  return line
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll(emphasis, (_, marks, text) => stars(marks) + text + stars(marks)),
    )
    .join('`');
}

const emphasis = /(?<![\w\\])(_{1,2})(?=\S)([^_]+?)(?<=\S)\1(?!\w)/g;

function stars(marks: string): string {
  return '*'.repeat(marks.length);
}

/** The part of the document in which an offset stands. */
export function sectionAt(sections: readonly Section[], offset: number): Section | undefined {
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sections[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return sections[low];
}

/**
 * Lines of running text as people read them: those of a paragraph as one, each at its place. Items of lists, rows of tables, quotes and
 * labels stand for themselves.
 */
export function paragraphsOf(lines: readonly Line[]): readonly Line[] {
  const found: Line[] = [];
  let open = false;
  for (const line of lines) {
    const last = found.at(-1);
    const end = last === undefined ? 0 : last.start + last.text.length;
    const isText = line.text.trim() !== '' && !/^\s*(?:[-*+•|>#]|\d+[.)]\s)/.test(line.text);
    const follows = last !== undefined && open && line.section === last.section && line.start - end <= 2;
    if (isText && follows && last.text.length < longestParagraph)
      found[found.length - 1] = { ...last, text: last.text.padEnd(line.start - last.start) + line.text };
    else found.push(line);
    open = isText && line.text.trim() !== '';
  }
  return found;
}

/** Characters beyond which no more lines are taken together. */
const longestParagraph = 2000;
