import { type Buckets, noBuckets } from './histogram.ts';
import { exponentialBound } from './histogram-bounds.ts';

/** Drops empty buckets. Gives the same object if there are none. */
export function compactBuckets(buckets: Buckets): Buckets {
  const { indexes, counts } = buckets;
  let populated = 0;
  for (let i = 0; i < counts.length; i += 1) if (counts[i] !== 0) populated += 1;
  if (populated === counts.length) return buckets;
  if (populated === 0) return noBuckets;
  const keptIndexes = new Int32Array(populated);
  const keptCounts = new Float64Array(populated);
  let at = 0;
  for (let i = 0; i < counts.length; i += 1) {
    if (counts[i] === 0) continue;
    keptIndexes[at] = indexes[i] ?? 0;
    keptCounts[at] = counts[i] ?? 0;
    at += 1;
  }
  return { indexes: keptIndexes, counts: keptCounts };
}

/** Whether two bucket lists have the same indexes. The cheap case, same array, is the usual one: neighbours in a series share it. */
export function sameIndexes(a: Buckets, b: Buckets): boolean {
  if (a.indexes === b.indexes) return true;
  if (a.indexes.length !== b.indexes.length) return false;
  for (let i = 0; i < a.indexes.length; i += 1) if (a.indexes[i] !== b.indexes[i]) return false;
  return true;
}

/** The union of two ascending lists of indexes. */
export function unionIndexes(a: Int32Array, b: Int32Array): Int32Array {
  const union = new Int32Array(a.length + b.length);
  let size = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i] ?? Number.POSITIVE_INFINITY;
    const right = b[j] ?? Number.POSITIVE_INFINITY;
    union[size] = Math.min(left, right);
    size += 1;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return union.slice(0, size);
}

/** Bucket by bucket `a + sign * b`. */
export function addBuckets(a: Buckets, b: Buckets, sign: 1 | -1): Buckets {
  if (b.counts.length === 0) return a;
  if (sameIndexes(a, b)) {
    const counts = new Float64Array(a.counts.length);
    for (let i = 0; i < counts.length; i += 1) counts[i] = (a.counts[i] ?? 0) + sign * (b.counts[i] ?? 0);
    return { indexes: a.indexes, counts };
  }
  const indexes = unionIndexes(a.indexes, b.indexes);
  const counts = new Float64Array(indexes.length);
  let i = 0;
  let j = 0;
  for (let at = 0; at < indexes.length; at += 1) {
    let count = 0;
    if (a.indexes[i] === indexes[at]) {
      count += a.counts[i] ?? 0;
      i += 1;
    }
    if (b.indexes[j] === indexes[at]) {
      count += sign * (b.counts[j] ?? 0);
      j += 1;
    }
    counts[at] = count;
  }
  return { indexes, counts };
}

/** The index of the coarser bucket that contains bucket `index`, `levels` schemas below. */
function coarserIndex(index: number, levels: number): number {
  return ((index - 1) >> levels) + 1;
}

/** Merges buckets to a schema `levels` below their own. */
export function coarserBuckets(buckets: Buckets, levels: number): Buckets {
  if (levels === 0 || buckets.counts.length === 0) return buckets;
  return regroup(buckets, (index) => coarserIndex(index, levels));
}

/** Maps buckets to a subset of their bounds: each goes where the next shared bound is, the last ones to the overflow bucket. */
export function bucketsOverBounds(buckets: Buckets, from: readonly number[], to: readonly number[]): Buckets {
  let target = 0;
  return regroup(buckets, (index) => {
    const bound = from[index] ?? Number.POSITIVE_INFINITY;
    while (target < to.length && (to[target] ?? 0) < bound) target += 1;
    return target;
  });
}

/** Drops the leading buckets that end at or below the zero threshold: their observations are in the zero bucket. */
export function bucketsAbove(buckets: Buckets, threshold: number, schema: number): Buckets {
  if (threshold === 0) return buckets;
  let from = 0;
  while (from < buckets.indexes.length && exponentialBound(buckets.indexes[from] ?? 0, schema) <= threshold) from += 1;
  if (from === 0) return buckets;
  return { indexes: buckets.indexes.subarray(from), counts: buckets.counts.subarray(from) };
}

/** The same buckets with every count multiplied. */
export function scaleBuckets(buckets: Buckets, factor: number): Buckets {
  if (buckets.counts.length === 0) return buckets;
  const counts = new Float64Array(buckets.counts.length);
  for (let i = 0; i < counts.length; i += 1) counts[i] = (buckets.counts[i] ?? 0) * factor;
  return { indexes: buckets.indexes, counts };
}

/** Merges neighbours whose new index, which must not descend, is the same. */
function regroup(buckets: Buckets, newIndex: (index: number) => number): Buckets {
  const { indexes, counts } = buckets;
  const newIndexes = new Int32Array(indexes.length);
  const newCounts = new Float64Array(indexes.length);
  let last = -1;
  for (let i = 0; i < indexes.length; i += 1) {
    const index = newIndex(indexes[i] ?? 0);
    if (last === -1 || newIndexes[last] !== index) {
      last += 1;
      newIndexes[last] = index;
    }
    newCounts[last] = (newCounts[last] ?? 0) + (counts[i] ?? 0);
  }
  return { indexes: newIndexes.subarray(0, last + 1), counts: newCounts.subarray(0, last + 1) };
}
