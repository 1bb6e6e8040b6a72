/** A document as its parts, from which Markdown and HTML are printed alike. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3 | 4; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: Inline }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Inline[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

/** A line of text: words, code, links. */
export type Inline = string | Span | readonly (string | Span)[];

export type Span =
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

export function heading(level: 1 | 2 | 3 | 4, text: string): Block {
  return { kind: 'heading', level, text };
}

export function paragraph(...text: readonly (string | Span)[]): Block {
  return { kind: 'paragraph', text };
}

/** A list; nothing if it has no items. */
export function list(items: readonly Inline[], ordered = false): readonly Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', ordered, items }];
}

/** A table without the columns in which no row says anything; nothing if it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly Inline[])[]): readonly Block[] {
  if (rows.length === 0) return [];
  const kept = head.map((_, column) => rows.some((row) => !isEmpty(row[column])));
  const pick = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, column) => kept[column]);
  return [{ kind: 'table', head: pick(head), rows: rows.map(pick) }];
}

function isEmpty(cell: Inline | undefined): boolean {
  return cell === undefined || cell === '' || (isList(cell) && cell.length === 0);
}

export function isList(inline: Inline): inline is readonly (string | Span)[] {
  return Array.isArray(inline);
}

export function code(text: string): Span {
  return { kind: 'code', text };
}

export function strong(text: string): Span {
  return { kind: 'strong', text };
}

/** A link, if the text may be one: other schemes than those of pages and mail are shown, not linked. */
export function link(url: string, text: string = url): Span | string {
  return /^(?:https?:\/\/|mailto:)/i.test(url) ? { kind: 'link', text, url } : text;
}
