import type { Labels } from '../../series/index.ts';

/**
 * A number in [0, 1) that depends on the labels only, by which limit_ratio() chooses series. It is the 64-bit xxHash of the labels as
 * Prometheus 3 lays them out in memory, so that the same series are chosen. Sources: prometheus, model/labels/labels_stringlabels.go;
 * xxHash specification, XXH64.
 */
export function labelOffset(labels: Labels): number {
  const bytes: number[] = [];
  for (const [name, value] of labels.entries()) {
    pushText(bytes, name);
    pushText(bytes, value);
  }
  return Number(xxh64(bytes)) / 2 ** 64;
}

/** A length (one byte, or 255 and three bytes, low first) and then the text in UTF-8. */
function pushText(bytes: number[], text: string): void {
  const encoded = utf8(text);
  const { length } = encoded;
  if (length < 255) bytes.push(length);
  else bytes.push(255, length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff);
  for (const byte of encoded) bytes.push(byte);
}

function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return bytes;
}

const prime1 = 0x9e3779b185ebca87n;
const prime2 = 0xc2b2ae3d27d4eb4fn;
const prime3 = 0x165667b19e3779f9n;
const prime4 = 0x85ebca77c2b2ae63n;
const prime5 = 0x27d4eb2f165667c5n;

/** XXH64 with seed 0. */
export function xxh64(bytes: readonly number[]): bigint {
  const { length } = bytes;
  let at = 0;
  let hash: bigint;
  if (32 <= length) {
    const lanes = [prime1 + prime2, prime2, 0n, -prime1].map(wrap);
    for (; at + 32 <= length; at += 32) {
      for (let lane = 0; lane < 4; lane += 1) lanes[lane] = round(lanes[lane] ?? 0n, little(bytes, at + 8 * lane, 8));
    }
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = wrap(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    for (const lane of lanes) hash = wrap((hash ^ round(0n, lane)) * prime1 + prime4);
  } else {
    hash = prime5;
  }
  hash = wrap(hash + BigInt(length));
  for (; at + 8 <= length; at += 8) hash = wrap(rotate(hash ^ round(0n, little(bytes, at, 8)), 27n) * prime1 + prime4);
  if (at + 4 <= length) {
    hash = wrap(rotate(hash ^ wrap(little(bytes, at, 4) * prime1), 23n) * prime2 + prime3);
    at += 4;
  }
  for (; at < length; at += 1) hash = wrap(rotate(hash ^ wrap(BigInt(bytes[at] ?? 0) * prime5), 11n) * prime1);
  hash = wrap((hash ^ (hash >> 33n)) * prime2);
  hash = wrap((hash ^ (hash >> 29n)) * prime3);
  return hash ^ (hash >> 32n);
}

function round(accumulator: bigint, lane: bigint): bigint {
  return wrap(rotate(wrap(accumulator + lane * prime2), 31n) * prime1);
}

function little(bytes: readonly number[], from: number, count: number): bigint {
  let value = 0n;
  for (let i = count - 1; 0 <= i; i -= 1) value = (value << 8n) | BigInt(bytes[from + i] ?? 0);
  return value;
}

function rotate(value: bigint, by: bigint): bigint {
  return wrap((value << by) | (value >> (64n - by)));
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
