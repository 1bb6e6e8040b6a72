/** The distinct numbers of an array in ascending order, and for every element which of them it is, counted from 1; NaN has rank 0. */
interface Ranking {
  readonly distinct: Float64Array;
  readonly ranks: Int32Array;
}

/** Ranks numbers by sorting their positions, in time proportional to their count. */
export function rank(values: Float64Array): Ranking {
  const order = ascendingOrder(values);
  const ranks = new Int32Array(values.length);
  const distinct = new Float64Array(values.length);
  let size = 0;
  for (let i = 0; i < order.length; i += 1) {
    const index = order[i] ?? 0;
    const value = values[index] ?? 0;
    if (Number.isNaN(value)) continue;
    if (size === 0 || distinct[size - 1] !== value) {
      distinct[size] = value;
      size += 1;
    }
    ranks[index] = size;
  }
  return { distinct: distinct.subarray(0, size), ranks };
}

/** The passes over one half of a key: eleven bits each, ten the last, so that a pass's table fits the cache. */
const passes: readonly { readonly shift: number; readonly mask: number }[] = [
  { shift: 0, mask: 0x7ff },
  { shift: 11, mask: 0x7ff },
  { shift: 22, mask: 0x3ff },
];

/** The positions of the numbers in ascending order, by a radix sort over their bits. Where NaN goes is left open. */
function ascendingOrder(values: Float64Array): Uint32Array {
  const { length } = values;
  const { low, high } = sortableBits(values);
  let order = new Uint32Array(length);
  for (let i = 0; i < length; i += 1) order[i] = i;
  let next = new Uint32Array(length);
  const starts = new Uint32Array(0x800);
  for (const half of [low, high]) {
    for (const { shift, mask } of passes) {
      starts.fill(0);
      for (let i = 0; i < length; i += 1) {
        const digit = ((half[i] ?? 0) >>> shift) & mask;
        starts[digit] = (starts[digit] ?? 0) + 1;
      }
      // If all numbers agree in this digit the pass changes nothing.
      if (starts[((half[0] ?? 0) >>> shift) & mask] === length) continue;
      let sum = 0;
      for (let digit = 0; digit <= mask; digit += 1) {
        const count = starts[digit] ?? 0;
        starts[digit] = sum;
        sum += count;
      }
      for (let i = 0; i < length; i += 1) {
        const index = order[i] ?? 0;
        const digit = ((half[index] ?? 0) >>> shift) & mask;
        const place = starts[digit] ?? 0;
        next[place] = index;
        starts[digit] = place + 1;
      }
      [order, next] = [next, order];
    }
  }
  return order;
}

/** Bits of the numbers as two unsigned halves that sort like the numbers: positive ones get the top bit, negative ones are inverted. */
function sortableBits(values: Float64Array): { readonly low: Uint32Array; readonly high: Uint32Array } {
  const bits = new Uint32Array(values.slice().buffer);
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const top = bits[2 * i + highHalf] ?? 0;
    const rest = bits[2 * i + 1 - highHalf] ?? 0;
    const negative = top >>> 31 === 1;
    high[i] = negative ? ~top : top | 0x80000000;
    low[i] = negative ? ~rest : rest;
  }
  return { low, high };
}

/** Which half of a number comes last in memory; 1 on the usual little-endian machine. */
const highHalf: 0 | 1 = new Uint32Array(Float64Array.of(1).buffer)[1] === 0 ? 0 : 1;
