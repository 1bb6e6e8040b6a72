/**
 * Adds numbers with Kahan-Neumaier compensation. The pair (sum, compensation) is kept in the accumulator, which costs no allocation in a
 * loop; the total is `sum + compensation` unless the sum is infinite. Source: prometheus, util/kahansum.
 */
export interface KahanSum {
  sum: number;
  compensation: number;
}

export function addTo(total: KahanSum, value: number): void {
  const { sum } = total;
  const next = sum + value;
  if (next === Number.POSITIVE_INFINITY || next === Number.NEGATIVE_INFINITY) total.compensation = 0;
  else if (Math.abs(value) <= Math.abs(sum)) total.compensation += sum - next + value;
  else total.compensation += value - next + sum;
  total.sum = next;
}

/** The value of a compensated sum. */
export function totalOf(sum: number, compensation: number): number {
  return sum === Number.POSITIVE_INFINITY || sum === Number.NEGATIVE_INFINITY ? sum : sum + compensation;
}
