import type { Span } from '../../base/index.ts';

/** What a Markdown text holds that can be checked, each thing with its place; running text is left to `lines`. */
export interface MarkdownDocument {
  readonly headings: readonly Heading[];
  readonly fences: readonly Fence[];
  readonly codes: readonly InlineCode[];
  readonly tables: readonly MarkdownTable[];
}

export interface Heading {
  /** 1 to 6. */
  readonly depth: number;
  readonly text: string;
  readonly span: Span;
}

/** A block of code, between fences or indented. */
export interface Fence {
  /** The first word after the opening fence, in lower case; empty if there is none. */
  readonly language: string;
  readonly text: string;
  readonly span: Span;
  /** The offset in the document of an offset in `text`. */
  readonly toSource: (offset: number) => number;
}

/** Code inside a line. */
export interface InlineCode {
  readonly text: string;
  /** Of the code without its backticks. */
  readonly span: Span;
}

export interface MarkdownTable {
  readonly header: readonly Cell[];
  readonly rows: readonly TableRow[];
  readonly span: Span;
}

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly span: Span;
}

export interface Cell {
  /** As written, without the spaces around it. */
  readonly text: string;
  readonly span: Span;
}
