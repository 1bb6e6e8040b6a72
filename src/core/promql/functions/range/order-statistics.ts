import type { Windows } from '../../evaluate/windows.ts';
import { rank } from './rank.ts';

/** Each count of a level sums up 2^4 counts of the level below: few levels to update, and few counts to pass when a value is looked up. */
const fanoutBits = 4;

/**
 * The values of a sliding window in order: the n-th smallest is found in time logarithmic in the number of distinct values. Level 0 counts
 * how often each distinct value of the whole reach is in the window, each higher level sums up a run of counts below it. NaN is the
 * smallest value, as upstream sorts.
 */
export class OrderedWindow {
  readonly #distinct: Float64Array;
  readonly #ranks: Int32Array;
  readonly #base: number;
  readonly #levels: readonly Int32Array[];
  #low: number;
  #high: number;

  constructor(values: Float64Array, { low, high, from, to }: Windows) {
    this.#base = low[from] ?? 0;
    const { distinct, ranks } = rank(values.slice(this.#base, high[to - 1] ?? 0));
    this.#distinct = distinct;
    this.#ranks = ranks;
    // Rank 0 is NaN's.
    this.#levels = levelsOver(distinct.length + 1);
    this.#low = this.#base;
    this.#high = this.#base;
  }

  /** Moves the window to the samples from `low` to `high` (excluded). Neither may go back. */
  moveTo(low: number, high: number): void {
    this.#count(this.#high, high, 1);
    this.#count(this.#low, low, -1);
    this.#high = Math.max(this.#high, high);
    this.#low = Math.max(this.#low, low);
  }

  /** The value at position `n` of the ordered window, counted from 0; there must be more than `n` values. */
  select(n: number): number {
    let place = 0;
    let left = n;
    for (let level = this.#levels.length - 1; 0 <= level; level -= 1) {
      const counts = this.#levels[level];
      if (counts === undefined) break;
      place <<= fanoutBits;
      for (; place < counts.length; place += 1) {
        const count = counts[place] ?? 0;
        if (left < count) break;
        left -= count;
      }
    }
    return place === 0 ? Number.NaN : (this.#distinct[place - 1] ?? Number.NaN);
  }

  /** Level by level: the lowest reaches beyond the processor's nearest cache, and the others are spared its misses. */
  #count(from: number, to: number, change: number): void {
    const ranks = this.#ranks;
    let shift = 0;
    for (const counts of this.#levels) {
      for (let i = from - this.#base; i < to - this.#base; i += 1) {
        const place = (ranks[i] ?? 0) >>> shift;
        counts[place] = (counts[place] ?? 0) + change;
      }
      shift += fanoutBits;
    }
  }
}

/** Counts of zero over so many ranks, up to a level that is passed at a glance. */
function levelsOver(ranks: number): readonly Int32Array[] {
  const levels = [new Int32Array(ranks)];
  for (let size = ranks; 1 << fanoutBits < size; ) {
    size = Math.ceil(size / (1 << fanoutBits));
    levels.push(new Int32Array(size));
  }
  return levels;
}
