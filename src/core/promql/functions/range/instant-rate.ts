import { startTimestampReset } from './reset-detection.ts';
import type { RangeFunction } from './samples.ts';

/** idelta: the last sample minus the one before. */
export const idelta: RangeFunction = {
  least: 2,
  direct: ({ values }, _, high) => (values[high - 1] ?? 0) - (values[high - 2] ?? 0),
};

/** irate: the increase from the last but one sample to the last, per second; after a reset the last value is the increase. */
export function irate(starts: Float64Array | undefined): RangeFunction {
  return {
    least: 2,
    direct({ timestamps, values }, _, high) {
      const last = values[high - 1] ?? 0;
      const previous = values[high - 2] ?? 0;
      const time = timestamps[high - 1] ?? 0;
      const previousTime = timestamps[high - 2] ?? 0;
      const began =
        starts !== undefined && startTimestampReset(starts[high - 2] ?? 0, previousTime, starts[high - 1] ?? 0, time);
      return (last < previous || began ? last : last - previous) / ((time - previousTime) / 1000);
    },
  };
}
