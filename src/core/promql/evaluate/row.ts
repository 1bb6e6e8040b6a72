import type { Histogram, Labels } from '../../series/index.ts';

/** What a cell of a row holds. */
export const absent = 0;
export const float = 1;
export const histogram = 2;

/**
 * One series of an intermediate result over the steps of its grid. Cell `i` belongs to step `from + i`; outside its cells the row is
 * absent. Rows never change once made, so rows may share their arrays.
 */
export interface Row {
  readonly labels: Labels;
  /** Whether the metric name goes at the end of the query (delayed name removal). */
  readonly dropName: boolean;
  readonly from: number;
  readonly values: Float64Array;
  /** `absent`, `float` or `histogram`, cell by cell. */
  readonly cells: Uint8Array;
  /** By step, not by cell. */
  readonly histograms?: ReadonlyMap<number, Histogram>;
}

/** A value that an expression gives: by step for scalars and vectors. */
export type Value =
  | { readonly kind: 'scalar'; readonly values: Float64Array }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'vector'; readonly rows: readonly Row[] };

let floats: Uint8Array = new Uint8Array(1024).fill(float);

/** Cells that all hold floats; a shared array, not to be written. */
export function allFloats(length: number): Uint8Array {
  if (floats.length < length) floats = new Uint8Array(Math.max(length, 2 * floats.length)).fill(float);
  return floats.subarray(0, length);
}

/** What the row holds at a step. */
export function cellAt(row: Row, step: number): number {
  return row.cells[step - row.from] ?? absent;
}

/** The float of a cell that holds one. */
export function valueAt(row: Row, step: number): number {
  return row.values[step - row.from] ?? Number.NaN;
}

/** How many cells of the row hold something. */
export function presentCells(row: Row): number {
  const { cells } = row;
  let count = 0;
  for (let i = 0; i < cells.length; i += 1) if (cells[i] !== absent) count += 1;
  return count;
}

/** A row being written, over all steps of a grid. */
export interface RowDraft {
  readonly labels: Labels;
  readonly dropName: boolean;
  readonly values: Float64Array;
  readonly cells: Uint8Array;
  histograms: Map<number, Histogram> | undefined;
}

export function draftRow(labels: Labels, dropName: boolean, steps: number): RowDraft {
  return { labels, dropName, values: new Float64Array(steps), cells: new Uint8Array(steps), histograms: undefined };
}

export function putHistogram(draft: RowDraft, step: number, value: Histogram): void {
  draft.cells[step] = histogram;
  draft.values[step] = Number.NaN;
  draft.histograms ??= new Map();
  draft.histograms.set(step, value);
}

export function putFloat(draft: RowDraft, step: number, value: number): void {
  draft.cells[step] = float;
  draft.values[step] = value;
}

/** The draft as a row; undefined if nothing was written to it. */
export function finishRow(draft: RowDraft): Row | undefined {
  const { cells } = draft;
  let from = 0;
  let end = cells.length;
  while (from < end && cells[from] === absent) from += 1;
  if (from === end) return undefined;
  while (cells[end - 1] === absent) end -= 1;
  const { labels, dropName, values, histograms } = draft;
  const row = { labels, dropName, from, values: values.subarray(from, end), cells: cells.subarray(from, end) };
  return histograms === undefined ? row : { ...row, histograms };
}

export function finishRows(drafts: Iterable<RowDraft>): readonly Row[] {
  const rows: Row[] = [];
  for (const draft of drafts) {
    const row = finishRow(draft);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}
