import type { Fence } from '../../formats/index.ts';
import type { Line, Query, Section } from './model.ts';
import { percentagesIn } from './quantities.ts';
import { queriesBetween } from './queries.ts';
import type { Statement } from './statements.ts';

/** Words by which a sentence commits itself; a percentage alone may be about anything. */
const promise = /\b(?:promise|guarantee|commit|objective|SLO|target|aim|goal|must|shall|should)s?\b/i;

/** Words of what has been, which promises nothing. */
const report = /\b(?:was|were|went|had|last (?:week|month|quarter|year)|achieved|reached|measured|yesterday)\b/i;

/** What is promised about whom: `99.9 % of the requests to the booking API succeed`. */
const subject =
  /%\s+of\s+(?:all\s+)?(?:the\s+|our\s+)?([a-z][\w\s/-]{2,50}?)(?=\s+(?:succeed|are|is|be|complete|return|must|shall|should|will|get|have|finish|take|within|over|in)\b|[.,;:(])/i;

/**
 * Objectives in plain sentences: a paragraph that promises a share of something, with the query that measures it in the block right below.
 * Without a query below it a sentence is only talk.
 */
export function toldStatements(
  text: string,
  lines: readonly Line[],
  fences: readonly Fence[],
  queries: readonly Query[],
): readonly Statement[] {
  const sorted = queries.toSorted((a, b) => a.span.start - b.span.start);
  return fences.flatMap((fence): readonly Statement[] => {
    const paragraph = paragraphAbove(text, lines, fence.span.start);
    if (paragraph === undefined) return [];
    const { words, section, start, end } = paragraph;
    const shares = percentagesIn(words).filter(({ share }) => 0.5 <= share && share < 1);
    const [first] = shares;
    // Of two promises in one paragraph nobody knows which one the block is about.
    if (first === undefined || 1 < shares.length) return [];
    const sentence = sentenceAt(words, first.index);
    if (!promise.test(sentence) || report.test(sentence)) return [];
    const own = queriesBetween(sorted, fence.span.start, fence.span.end).filter(({ role }) => role === 'measurement');
    if (own.length === 0) return [];
    const name = subject.exec(sentence)?.[1]?.trim() ?? section.title;
    return [{ name, target: sentence, statement: words, section, span: { start, end }, queries: own }];
  });
}

interface Paragraph {
  readonly words: string;
  readonly section: Section;
  readonly start: number;
  readonly end: number;
}

/** The lines of plain text that end right above an offset; undefined where a list, a table or a heading stands there. */
function paragraphAbove(text: string, lines: readonly Line[], offset: number): Paragraph | undefined {
  const own: Line[] = [];
  for (let index = indexBefore(lines, offset); 0 <= index && own.length < mostLines; index -= 1) {
    const line = lines[index];
    if (line === undefined) break;
    if (line.text.trim() === '') {
      if (0 < own.length || text.slice(line.start, offset).trim() !== '') break;
      continue;
    }
    if (/^\s*(?:[-*+•|>#]|\d+[.)]\s|\*\*[^*]+:)/.test(line.text)) return undefined;
    own.unshift(line);
  }
  const [first] = own;
  const last = own.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const end = last.start + last.text.length;
  // Another block may stand between.
  if (text.slice(end, offset).trim() !== '') return undefined;
  return { words: own.map((line) => line.text.trim()).join(' '), section: first.section, start: first.start, end };
}

const mostLines = 20;

/** The place of the last line that begins before an offset. */
function indexBefore(lines: readonly Line[], offset: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((lines[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function sentenceAt(words: string, index: number): string {
  const ends = [...words.matchAll(/[.!?](?=\s+[A-Z])|;(?=\s)/g)].map((match) => match.index + 1);
  const start = ends.findLast((end) => end <= index) ?? 0;
  return words.slice(start, ends.find((end) => index < end) ?? words.length).trim();
}
