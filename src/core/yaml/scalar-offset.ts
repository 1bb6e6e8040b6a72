import type { YamlScalar } from './node.ts';

/**
 * Where in the source the character at `offset` of a scalar's value stands, so that a problem inside PromQL can be shown inside the
 * YAML that quotes, folds or indents it. An offset at the end of the value gives the place behind its last character.
 */
export function scalarOffset(text: string, node: YamlScalar, offset: number): number {
  const places = placesOf(text, node);
  const clamped = Math.min(Math.max(offset, 0), places.length - 1);
  return places[clamped] ?? node.span.start;
}

/** The source offset of each UTF-16 unit of the value, and one more for its end. */
function placesOf(text: string, node: YamlScalar): readonly number[] {
  switch (node.style) {
    case 'plain':
      return flowPlaces(text, node.span.start, node.span.end, 'plain');
    case 'single':
    case 'double':
      return flowPlaces(text, node.span.start + 1, node.span.end - 1, node.style);
    case 'literal':
    case 'folded':
      return blockPlaces(text, node);
  }
}

/** Lengths of the escapes of double quotes that are longer than `\n`: `\x41`, `\u0041`, `\U00000041`. */
const longEscapes: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Plain and quoted scalars (YAML 1.2.2, sections 7.3 and 6.5): a line break becomes a space, n + 1 line breaks n line feeds; white space
 * round them is dropped. Each character of the value is given the place of what it was written as.
 */
function flowPlaces(text: string, start: number, end: number, style: 'plain' | 'single' | 'double'): readonly number[] {
  const places: number[] = [];
  /** How many of `places` are kept if a line break follows: white space at the end of a line is dropped, escaped white space is not. */
  let solid = 0;
  let at = start;
  while (at < end) {
    const char = text[at];
    if (isBreak(text, at)) {
      places.length = solid;
      at = foldBreaks(text, at, end, places);
      solid = places.length;
    } else if (style === 'double' && char === '\\') {
      const escaped = text[at + 1] ?? '';
      if (isBreak(text, at + 1)) {
        at = skipEscapedBreak(text, at + 1, end);
      } else {
        const length = 2 + (longEscapes[escaped] ?? 0);
        const units = escaped === 'U' && 0xffff < Number.parseInt(text.slice(at + 2, at + length), 16) ? 2 : 1;
        for (let unit = 0; unit < units; unit += 1) places.push(at);
        at += length;
      }
      solid = places.length;
    } else {
      places.push(at);
      at += style === 'single' && char === "'" ? 2 : 1;
      if (char !== ' ' && char !== '\t') solid = places.length;
    }
  }
  places.push(at);
  return places;
}

function isBreak(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');
}

/** Steps over line breaks and the white space round them, noting one place for a single break and n for n + 1 of them. */
function foldBreaks(text: string, start: number, end: number, places: number[]): number {
  const breaks: number[] = [];
  let at = start;
  while (at < end && isFoldable(text, at)) {
    if (text[at] === '\n') breaks.push(at);
    at += 1;
  }
  places.push(...(breaks.length === 1 ? breaks : breaks.slice(1)));
  return at;
}

/** An escaped line break joins two lines without a space; a blank line after it folds like any other. */
function skipEscapedBreak(text: string, start: number, end: number): number {
  let at = text.indexOf('\n', start) + 1;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at += 1;
  return at;
}

function isFoldable(text: string, at: number): boolean {
  const char = text[at];
  return char === ' ' || char === '\t' || isBreak(text, at);
}

/**
 * Literal and folded block scalars (YAML 1.2.2, section 8.1). The lines of the value are those of the source without their common
 * indentation; how the breaks between them were folded is read off the value, which is known.
 */
function blockPlaces(text: string, node: YamlScalar): readonly number[] {
  const value = node.text;
  const places: number[] = [];
  let lineStart = text.indexOf('\n', node.span.start) + 1;
  const indent = blockIndent(text, value, lineStart, node.span.end);
  while (lineStart !== 0 && lineStart < node.span.end && places.length < value.length) {
    const lineEnd = endOfLine(text, lineStart, node.span.end);
    const content = Math.min(lineStart + indent, lineEnd);
    if (node.style === 'folded' && content < lineEnd) skipBreaks(value, places, text[content], content);
    for (let at = content; at < lineEnd && places.length < value.length; at += 1) places.push(at);
    // The break itself; in a folded scalar the next line with text decides what became of the breaks before it.
    if (node.style === 'literal' && places.length < value.length) places.push(lineEnd);
    lineStart = text.indexOf('\n', lineEnd) + 1;
  }
  while (places.length <= value.length)
    places.push((places.at(-1) ?? node.span.start - 1) + (places.length === value.length ? 1 : 0));
  return places;
}

/** The indentation that was taken off: of the first line that is not blank, less what the value kept of it. */
function blockIndent(text: string, value: string, firstLine: number, end: number): number {
  const source = /^(?:[ \t]*\r?\n)*( *)/.exec(text.slice(firstLine, end))?.[1] ?? '';
  const kept = /^(?: *\n)*( *)/.exec(value)?.[1] ?? '';
  return source.length - kept.length;
}

function endOfLine(text: string, lineStart: number, end: number): number {
  const lineFeed = text.indexOf('\n', lineStart);
  const lineEnd = lineFeed === -1 || end < lineFeed ? end : lineFeed;
  return text[lineEnd - 1] === '\r' && lineStart < lineEnd ? lineEnd - 1 : lineEnd;
}

/** Gives what was folded between two lines the place where the second one begins. */
function skipBreaks(value: string, places: number[], first: string | undefined, place: number): void {
  const spaced = first === ' ' || first === '\t';
  const before = places.length;
  while (places.length < value.length) {
    const char = value[places.length];
    // Before a line of normal indentation a single break has become a space; before a more indented line all breaks are kept.
    if (char !== '\n' && (spaced || char !== ' ' || before === 0)) return;
    places.push(place);
  }
}
