import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';

// Targets proposed from what a service has done.

/**
 * A ratio rounded down to two significant figures, the workbook's advice (chapter 2): 97.123 % gives 97 %. Above 99 % it says little, see
 * `roundBudgetUp`. It works on the decimal text, so that 0.29 stays 0.29.
 */
export function roundDown(achieved: Ratio): Ratio {
  if (achieved <= 0) return ratio(0);
  const { digits, exponent } = significant(achieved);
  return ratio(Number(`${digits.slice(0, 2).padEnd(2, '0')}e${exponent - 1}`));
}

/**
 * A target whose error budget has one significant figure, rounded up: 99.953 % gives 99.95 %, 99.9912 % gives 99.991 %. For high nines the
 * budget is what matters, and it is never less than what was needed.
 */
export function roundBudgetUp(achieved: Ratio): Ratio {
  const budget = decimalComplement(achieved);
  if (budget <= 0) return ratio(1);
  const { digits, exponent } = significant(budget);
  const first = Number(digits.slice(0, 1)) + (/[1-9]/.test(digits.slice(1)) ? 1 : 0);
  return ratio(decimalComplement(Number(`${first}e${exponent}`)));
}

/** A latency rounded up to a multiple, 50 ms in the workbook: 432 ms gives 450 ms. */
export function roundLatencyUp(latency: Duration, multiple: Duration): Duration {
  return duration(Math.ceil(latency / multiple - 1e-9) * multiple);
}

/** The events of one day, or of another stretch that does not overlap the next. */
export interface DayCounts {
  readonly good: number;
  readonly total: number;
}

/** What a service reached over every stretch of so many consecutive days, in the order of time; stretches without events are left out. */
export function windowRatios(days: readonly DayCounts[], windowDays: number): readonly Ratio[] {
  const ratios: Ratio[] = [];
  let good = 0;
  let total = 0;
  for (const [index, day] of days.entries()) {
    const left = days[index - windowDays];
    good += day.good - (left?.good ?? 0);
    total += day.total - (left?.total ?? 0);
    if (windowDays <= index + 1 && 0 < total) ratios.push(ratio(good / total));
  }
  return ratios;
}

/** The value below which a share of all values lies, by nearest rank: always one of them. Undefined without values. */
export function nearestRank(values: readonly Ratio[], share: Ratio): Ratio | undefined {
  const rank = Math.max(1, Math.ceil(share * values.length - 1e-9));
  return [...values].sort((a, b) => a - b)[rank - 1];
}

/** The value in the middle, or between the two in the middle; undefined without values. */
export function median(values: readonly Ratio[]): Ratio | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : ratio((lower + upper) / 2);
}

/** 1 - value by the decimal digits of the value, for a subtraction of doubles would leave 0.0010000000000000009 of 0.999. */
function decimalComplement(value: number): number {
  return Number((1 - value).toPrecision(12));
}

/** The significant digits of the shortest text of a number, and the power of ten of the first one. */
function significant(value: number): { readonly digits: string; readonly exponent: number } {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}
