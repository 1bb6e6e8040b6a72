import { mix } from './random.ts';

/** Events stand in blocks of this many: within a block they fall at random, over whole blocks they are exactly as many as expected. */
const block = 64;
/** Below this distance, in expected events, those that fall together are told apart by counting evenly. */
const finest = 1 / 64;

/**
 * How many events have happened once `expected` of them were to be expected: a random point process of rate 1 that can be asked
 * anywhere, in any order, at the same small cost. It never decreases, and never strays by more than a block from what was expected.
 * Each block's events are thrown into its halves by one fair coin each, those of a half into its halves, and so on down to the place
 * asked for; n coins are n bits of one random number. Where traffic varies, `expected` runs at its pace (the time change of a Poisson
 * process), so one process serves any rate.
 */
export function eventsAfter(key: number, expected: number): number {
  const index = Math.floor(expected / block);
  const blockKey = mix(key, index);
  let before = index * block;
  let rest = expected - before;
  let inside = block;
  let node = 1;
  let width = block;
  while (inside !== 0 && finest < width) {
    width /= 2;
    const left = heads(blockKey, node, inside);
    if (rest < width) {
      inside = left;
      node *= 2;
    } else {
      before += left;
      inside -= left;
      rest -= width;
      node = node * 2 + 1;
    }
  }
  return inside === 0 ? before : before + Math.floor((inside * rest) / width);
}

/** How many of up to 64 coins show heads. */
function heads(key: number, node: number, coins: number): number {
  const bits = mix(key, node);
  if (coins < 32) return bitsSet(bits & ((1 << coins) - 1));
  const further = coins === 64 ? -1 : (1 << (coins - 32)) - 1;
  return bitsSet(bits) + (coins === 32 ? 0 : bitsSet(mix(key ^ 0x5bd1e995, node) & further));
}

/** Counts the ones of a 32-bit word, two, four and eight bits at a time. */
function bitsSet(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  sum = (sum + (sum >>> 4)) & 0x0f0f0f0f;
  return Math.imul(sum, 0x01010101) >>> 24;
}
