import type { MadeSeries, World } from './made-series.ts';

/** The samples of a series in a range, oldest first, and where the range begins and ends. */
export interface RangeSamples {
  /** Milliseconds after the first evaluation. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly start: number;
  readonly end: number;
  readonly ranges: World['ranges'];
}

/** A range as it is written: how long, and how long ago it ended. */
export interface Stretch {
  readonly world: Pick<World, 'interval' | 'ranges'>;
  readonly length: number;
  readonly offset: number;
}

/** A function of the samples in a range; undefined where none are. */
export function overRange(
  { at }: MadeSeries,
  evaluation: number,
  { world: { interval, ranges }, length, offset }: Stretch,
  of: (samples: RangeSamples) => number | undefined,
): number | undefined {
  const end = evaluation * interval - offset;
  const start = end - length;
  const first = ranges === 'closed' ? Math.ceil(start / interval) : Math.floor(start / interval) + 1;
  const times: number[] = [];
  const values: number[] = [];
  for (let index = Math.max(0, first); index * interval <= end; index += 1) {
    const value = at(index);
    if (value === undefined) continue;
    times.push(index * interval);
    values.push(value);
  }
  return values.length === 0 ? undefined : of({ times, values, start, end, ranges });
}

/** The functions over ranges that conditions are made of. */
export const rangeFunctions: Readonly<Record<string, (samples: RangeSamples) => number | undefined>> = {
  rate: (samples) => perSecond(samples, increase(samples)),
  increase: (samples) => increase(samples),
  avg_over_time: ({ values }) => sum(values) / values.length,
  sum_over_time: ({ values }) => sum(values),
  count_over_time: ({ values }) => values.length,
  min_over_time: ({ values }) => Math.min(...values),
  max_over_time: ({ values }) => Math.max(...values),
  last_over_time: ({ values }) => values.at(-1),
};

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function perSecond({ start, end }: RangeSamples, increased: number | undefined): number | undefined {
  return increased === undefined ? undefined : (1000 * increased) / (end - start);
}

/** Beyond so many of the usual distances between samples the series is taken to begin or end within the range. */
const farAway = 1.1;

/**
 * The growth of a counter over a range, extrapolated to its ends as Prometheus does (promql/functions.go, extrapolatedRate): by the distance
 * to them, or by half of the usual distance where that is far, and never to before the counter was 0.
 */
function increase({ times, values, start, end, ranges }: RangeSamples): number | undefined {
  const [firstTime, firstValue] = [times[0], values[0]];
  const lastTime = times.at(-1);
  if (firstTime === undefined || firstValue === undefined || lastTime === undefined || values.length < 2)
    return undefined;
  let result = 0;
  for (const [index, value] of values.entries()) {
    const before = values[index - 1] ?? value;
    result += value < before ? value : value - before;
  }
  const sampled = lastTime - firstTime;
  const usual = sampled / (values.length - 1);
  const toZero = 0 < result ? sampled * (firstValue / result) : Number.POSITIVE_INFINITY;
  const near = (distance: number): number => (distance < usual * farAway ? distance : usual / 2);
  // Prometheus 2 looks at the zero before it looks at the distance, Prometheus 3 the other way round.
  const toStart =
    ranges === 'closed' ? near(Math.min(firstTime - start, toZero)) : Math.min(near(firstTime - start), toZero);
  return (result * (sampled + toStart + near(end - lastTime))) / sampled;
}
