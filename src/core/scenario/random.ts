/**
 * Random numbers that are a function of their place: the same key and index give the same number, whatever was drawn before. The
 * mixing steps are those of MurmurHash3's 32-bit finaliser (Austin Appleby, public domain).
 */
export function mix(key: number, index: number): number {
  let hash = key ^ Math.imul(index | 0, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** A key for a name: the seed and every character have a part in all 32 bits. */
export function keyOf(seed: number, name: string): number {
  let hash = mix(0x811c9dc5, seed);
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return mix(hash, name.length);
}

/** Uniform in [0, 1). */
function uniform(key: number, index: number): number {
  return (mix(key, index) >>> 0) / 2 ** 32;
}

/** A random polyline through values in [-1, 1] at the whole numbers; it never changes by more than 2 from one to the next. */
export function polyline(key: number, x: number): number {
  const whole = Math.floor(x);
  const left = uniform(key, whole) * 2 - 1;
  const right = uniform(key, whole + 1) * 2 - 1;
  return left + (right - left) * (x - whole);
}
