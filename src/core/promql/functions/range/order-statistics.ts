import type { Windows } from '../../evaluate/windows.ts';
import { rank } from './rank.ts';

/**
 * The values of a sliding window in order: the n-th smallest is found in time logarithmic in the number of distinct values. A Fenwick
 * tree counts, for each distinct value of the whole reach, how often it is in the window. NaN is the smallest value, as upstream sorts.
 */
export class OrderedWindow {
  readonly #distinct: Float64Array;
  readonly #ranks: Int32Array;
  readonly #base: number;
  readonly #tree: Int32Array;
  readonly #top: number;
  #low: number;
  #high: number;

  constructor(values: Float64Array, { low, high, from, to }: Windows) {
    this.#base = low[from] ?? 0;
    const reach = values.slice(this.#base, high[to - 1] ?? 0);
    const { distinct, ranks } = rank(reach);
    this.#distinct = distinct;
    this.#ranks = ranks;
    this.#tree = new Int32Array(this.#distinct.length + 2);
    let top = 1;
    while (top * 2 <= this.#distinct.length + 1) top *= 2;
    this.#top = top;
    this.#low = this.#base;
    this.#high = this.#base;
  }

  /** Moves the window to the samples from `low` to `high` (excluded). Neither may go back. */
  moveTo(low: number, high: number): void {
    for (; this.#high < high; this.#high += 1) this.#add(this.#high, 1);
    for (; this.#low < low; this.#low += 1) this.#add(this.#low, -1);
  }

  /** The value at position `n` of the ordered window, counted from 0. */
  select(n: number): number {
    const tree = this.#tree;
    let position = 0;
    let left = n;
    for (let stride = this.#top; 0 < stride; stride >>= 1) {
      const next = position + stride;
      const count = tree[next];
      if (count !== undefined && count <= left) {
        left -= count;
        position = next;
      }
    }
    // Rank 0 is NaN's, so the value with rank `position` stands one before.
    return position === 0 ? Number.NaN : (this.#distinct[position - 1] ?? Number.NaN);
  }

  #add(index: number, change: number): void {
    const tree = this.#tree;
    for (let i = (this.#ranks[index - this.#base] ?? 0) + 1; i < tree.length; i += i & -i)
      tree[i] = (tree[i] ?? 0) + change;
  }
}
