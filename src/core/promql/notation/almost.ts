/** The smallest positive number with full precision. */
const smallestNormal = 2.2250738585072014e-308;

/**
 * Whether two numbers are the same but for a relative difference below `tolerance`. NaN equals NaN; zero equals only zero.
 * Source: prometheus, util/almost/almost.go.
 */
export function almostEqual(a: number, b: number, tolerance: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const size = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || size < smallestNormal) return difference < tolerance * smallestNormal;
  return difference / Math.min(size, Number.MAX_VALUE) < tolerance;
}
