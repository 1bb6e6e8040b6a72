import type { Json } from './vector.ts';

/**
 * What is wrong with a figure; undefined if nothing. The tolerance is absolute up to 1 and relative above; where it is larger than the
 * figure itself (a probability of 1e-13) it is relative too, or anything would pass. Lists and tables are compared item by item.
 */
export function difference(actual: unknown, expected: Json, tolerance: number): string | undefined {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return unequal(actual, expected);
    return expected.map((item, index) => difference(actual[index], item, tolerance)).find((each) => each !== undefined);
  }
  if (typeof expected === 'number') {
    if (typeof actual !== 'number') return unequal(actual, expected);
    return near(actual, expected, tolerance) ? undefined : unequal(actual, expected);
  }
  return actual === expected ? undefined : unequal(actual, expected);
}

function near(actual: number, expected: number, tolerance: number): boolean {
  const size = Math.abs(expected);
  const scale = 1 < size || (0 < size && size < tolerance) ? size : 1;
  // Where no tolerance is given figures must be the same but for the rounding of the last digits of a double.
  return Math.abs(actual - expected) <= tolerance * scale + 4 * Number.EPSILON * size;
}

function unequal(actual: unknown, expected: Json): string {
  return `${text(actual)} instead of ${text(expected)}`;
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
