import type { RangeFunction } from './samples.ts';

/** first_over_time. */
export const firstOverTime: RangeFunction = { least: 1, direct: ({ values }, low) => values[low] ?? Number.NaN };

/** last_over_time. */
export const lastOverTime: RangeFunction = {
  least: 1,
  direct: ({ values }, _, high) => values[high - 1] ?? Number.NaN,
};

/** ts_of_first_over_time, in seconds. */
export const tsOfFirstOverTime: RangeFunction = {
  least: 1,
  direct: ({ timestamps }, low) => (timestamps[low] ?? Number.NaN) / 1000,
};

/** ts_of_last_over_time, in seconds. */
export const tsOfLastOverTime: RangeFunction = {
  least: 1,
  direct: ({ timestamps }, _, high) => (timestamps[high - 1] ?? Number.NaN) / 1000,
};
