import { unreachable } from '../../base/index.ts';
import { type Block, type Inline, isList, type Span } from './model.ts';

/** Prints a document as Markdown (CommonMark with tables). Text is never markup: what would be is escaped. */
export function printMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(printBlock).join('\n\n')}\n`;
}

function printBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escaped(block.text).trim()}`;
    case 'paragraph':
      return atLineStart(printInline(block.text));
    case 'list':
      return block.items
        .map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${atLineStart(printInline(item))}`)
        .join('\n');
    case 'table':
      return printTable(
        block.head.map(escaped),
        block.rows.map((row) => row.map(printInline)),
      );
    case 'code':
      return printCode(block.language, block.text);
    default:
      return unreachable(block);
  }
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(inCell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A bar would end the cell, in code too; a line break would end the row. */
function inCell(text: string): string {
  return text
    .trim()
    .replaceAll(/(?<!\\)\|/g, '\\|')
    .replaceAll('\n', ' ');
}

/** A fence longer than any run of backticks in the text. */
function printCode(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function printInline(inline: Inline): string {
  if (typeof inline === 'string') return escaped(inline);
  return isList(inline) ? inline.map(printInline).join('') : printSpan(inline);
}

function printSpan(span: Span): string {
  switch (span.kind) {
    case 'strong':
      // The signs must stand beside the words: a space within them would leave them as they are.
      return escaped(span.text).replace(/^(\s*)(.*?)(\s*)$/, '$1**$2**$3');
    case 'code':
      return printCodeSpan(span.text);
    case 'link':
      return `[${escaped(span.text)}](<${encodeURI(decoded(span.url))}>)`;
    default:
      return unreachable(span);
  }
}

/** Parts that are encoded already are not encoded twice. */
function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

/** CommonMark, 6.1: as many backticks around as no run inside has, and a space beside one at an end. */
function printCodeSpan(text: string): string {
  const flat = text.replaceAll(/\s*\n\s*/g, ' ');
  const runs = new Set([...flat.matchAll(/`+/g)].map(([run]) => run.length));
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = '`'.repeat(length);
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${flat}${pad}${fence}`;
}

/** Characters that would begin markup inside of a line. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll(/\s*\n\s*/g, ' ');
}

/** Signs that mean something only at the beginning of a line; spaces there could make code of it. */
function atLineStart(text: string): string {
  return text
    .trim()
    .replace(/^(#{1,6}\s|[+-]\s|\d+[.)]\s|[=~-]{3,}|>)/, (found) => found.replace(/[#+.)=~>-]/, '\\$&'));
}
