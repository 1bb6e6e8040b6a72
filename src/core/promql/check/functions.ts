import type { ValueType } from '../syntax/tree.ts';

/** A function of PromQL: what it takes, what it gives, and what for. */
export interface FunctionSignature {
  readonly name: string;
  /** The types of the arguments. */
  readonly args: readonly ValueType[];
  /**
   * 0: exactly these arguments. Otherwise the last one may be missing or, with its type, repeated: `variadic` of them at most, or any
   * number if it is -1.
   */
  readonly variadic: number;
  readonly result: ValueType;
  /** Prometheus knows it only with --enable-feature=promql-experimental-functions. */
  readonly experimental: boolean;
  /** One line for editors and docs. */
  readonly meaning: string;
}

/** All functions of Prometheus 3.14 by name. Source: prometheus, promql/parser/functions.go and docs/querying/functions.md. */
export const functionTable: ReadonlyMap<string, FunctionSignature> = new Map([
  define('abs', ['vector'], 'vector', 'the absolute value'),
  define('absent', ['vector'], 'vector', '1 if the vector is empty, nothing otherwise'),
  define('absent_over_time', ['matrix'], 'vector', '1 if the range has no samples, nothing otherwise'),
  define('acos', ['vector'], 'vector', 'the arc cosine, in radians'),
  define('acosh', ['vector'], 'vector', 'the inverse hyperbolic cosine'),
  define('asin', ['vector'], 'vector', 'the arc sine, in radians'),
  define('asinh', ['vector'], 'vector', 'the inverse hyperbolic sine'),
  define('atan', ['vector'], 'vector', 'the arc tangent, in radians'),
  define('atanh', ['vector'], 'vector', 'the inverse hyperbolic tangent'),
  define('avg_over_time', ['matrix'], 'vector', 'the mean of the samples in the range'),
  define('ceil', ['vector'], 'vector', 'the next whole number up'),
  define('changes', ['matrix'], 'vector', 'how often the value changed in the range'),
  define('clamp', ['vector', 'scalar', 'scalar'], 'vector', 'the value, held between a minimum and a maximum'),
  define('clamp_max', ['vector', 'scalar'], 'vector', 'the value, at most the maximum'),
  define('clamp_min', ['vector', 'scalar'], 'vector', 'the value, at least the minimum'),
  define('cos', ['vector'], 'vector', 'the cosine of an angle in radians'),
  define('cosh', ['vector'], 'vector', 'the hyperbolic cosine'),
  define('count_over_time', ['matrix'], 'vector', 'how many samples the range has'),
  define('days_in_month', ['vector'], 'vector', 'how many days the month of the time has (28 to 31, UTC)', {
    variadic: 1,
  }),
  define('day_of_month', ['vector'], 'vector', 'the day of the month (1 to 31, UTC)', { variadic: 1 }),
  define('day_of_week', ['vector'], 'vector', 'the day of the week (0 is Sunday, UTC)', { variadic: 1 }),
  define('day_of_year', ['vector'], 'vector', 'the day of the year (1 to 366, UTC)', { variadic: 1 }),
  define('deg', ['vector'], 'vector', 'radians as degrees'),
  define(
    'delta',
    ['matrix'],
    'vector',
    'the difference between the last and first value of a gauge, extrapolated to the range',
  ),
  define('deriv', ['matrix'], 'vector', 'the slope of a gauge per second, by linear regression'),
  define(
    'double_exponential_smoothing',
    ['matrix', 'scalar', 'scalar'],
    'vector',
    'the value smoothed with a smoothing and a trend factor',
    { experimental: true },
  ),
  define('end', [], 'scalar', 'the end of the query, in seconds since the epoch', { experimental: true }),
  define('exp', ['vector'], 'vector', 'e to the power of the value'),
  define('first_over_time', ['matrix'], 'vector', 'the oldest sample of the range', { experimental: true }),
  define('floor', ['vector'], 'vector', 'the next whole number down'),
  define('histogram_avg', ['vector'], 'vector', 'the mean of the observations in native histograms'),
  define('histogram_count', ['vector'], 'vector', 'the number of observations in native histograms'),
  define(
    'histogram_fraction',
    ['scalar', 'scalar', 'vector'],
    'vector',
    'the share of observations between two values',
  ),
  define('histogram_quantile', ['scalar', 'vector'], 'vector', 'the quantile of the observations in histograms'),
  define(
    'histogram_quantiles',
    ['vector', 'string', 'scalar', 'scalar'],
    'vector',
    'several quantiles at once, told apart by the label named',
    { variadic: 9, experimental: true },
  ),
  define(
    'histogram_stddev',
    ['vector'],
    'vector',
    'the estimated standard deviation of the observations in native histograms',
  ),
  define('histogram_stdvar', ['vector'], 'vector', 'the estimated variance of the observations in native histograms'),
  define('histogram_sum', ['vector'], 'vector', 'the sum of the observations in native histograms'),
  define('hour', ['vector'], 'vector', 'the hour of the day (0 to 23, UTC)', { variadic: 1 }),
  define('idelta', ['matrix'], 'vector', 'the difference between the last two samples of a gauge'),
  define('increase', ['matrix'], 'vector', 'how much a counter grew over the range, extrapolated to it'),
  define('info', ['vector', 'vector'], 'vector', 'the vector with labels of the info metrics that belong to it', {
    variadic: 1,
    experimental: true,
  }),
  define('irate', ['matrix'], 'vector', 'the growth of a counter per second between its last two samples'),
  define(
    'label_join',
    ['vector', 'string', 'string', 'string'],
    'vector',
    'the vector with a label made by joining others',
    { variadic: -1 },
  ),
  define(
    'label_replace',
    ['vector', 'string', 'string', 'string', 'string'],
    'vector',
    'the vector with a label made by a regular expression from another',
  ),
  define('last_over_time', ['matrix'], 'vector', 'the newest sample of the range'),
  define('ln', ['vector'], 'vector', 'the natural logarithm'),
  define('log10', ['vector'], 'vector', 'the decimal logarithm'),
  define('log2', ['vector'], 'vector', 'the binary logarithm'),
  define('mad_over_time', ['matrix'], 'vector', 'the median absolute deviation of the samples in the range', {
    experimental: true,
  }),
  define('max_of', ['scalar', 'scalar'], 'scalar', 'the larger of two scalars', { experimental: true }),
  define('max_over_time', ['matrix'], 'vector', 'the largest value in the range'),
  define('min_of', ['scalar', 'scalar'], 'scalar', 'the smaller of two scalars', { experimental: true }),
  define('min_over_time', ['matrix'], 'vector', 'the smallest value in the range'),
  define('minute', ['vector'], 'vector', 'the minute of the hour (0 to 59, UTC)', { variadic: 1 }),
  define('month', ['vector'], 'vector', 'the month (1 to 12, UTC)', { variadic: 1 }),
  define('pi', [], 'scalar', 'the number pi'),
  define(
    'predict_linear',
    ['matrix', 'scalar'],
    'vector',
    'the value of a gauge so many seconds from now, by linear regression',
  ),
  define('present_over_time', ['matrix'], 'vector', '1 for each series that has a sample in the range'),
  define('quantile_over_time', ['scalar', 'matrix'], 'vector', 'the quantile of the samples in the range'),
  define('rad', ['vector'], 'vector', 'degrees as radians'),
  define('range', [], 'scalar', 'the length of the query in seconds', { experimental: true }),
  define('rate', ['matrix'], 'vector', 'the growth of a counter per second over the range'),
  define('resets', ['matrix'], 'vector', 'how often a counter was reset in the range'),
  define('round', ['vector', 'scalar'], 'vector', 'the nearest whole number, or multiple of the second argument', {
    variadic: 1,
  }),
  define('scalar', ['vector'], 'scalar', 'the value of a vector of one element, otherwise NaN'),
  define('sgn', ['vector'], 'vector', 'the sign: 1, 0 or -1'),
  define('sin', ['vector'], 'vector', 'the sine of an angle in radians'),
  define('sinh', ['vector'], 'vector', 'the hyperbolic sine'),
  define('sort', ['vector'], 'vector', 'the elements in ascending order of value'),
  define('sort_by_label', ['vector', 'string'], 'vector', 'the elements in natural order of the labels named', {
    variadic: -1,
    experimental: true,
  }),
  define(
    'sort_by_label_desc',
    ['vector', 'string'],
    'vector',
    'the elements in descending natural order of the labels named',
    { variadic: -1, experimental: true },
  ),
  define('sort_desc', ['vector'], 'vector', 'the elements in descending order of value'),
  define('sqrt', ['vector'], 'vector', 'the square root'),
  define('start', [], 'scalar', 'the start of the query, in seconds since the epoch', { experimental: true }),
  define('start_timestamp', ['vector'], 'vector', 'the start timestamp of each sample, in seconds since the epoch', {
    experimental: true,
  }),
  define('stddev_over_time', ['matrix'], 'vector', 'the population standard deviation of the samples in the range'),
  define('stdvar_over_time', ['matrix'], 'vector', 'the population variance of the samples in the range'),
  define('step', [], 'scalar', 'the step of the query in seconds', { experimental: true }),
  define('sum_over_time', ['matrix'], 'vector', 'the sum of the samples in the range'),
  define('tan', ['vector'], 'vector', 'the tangent of an angle in radians'),
  define('tanh', ['vector'], 'vector', 'the hyperbolic tangent'),
  define('time', [], 'scalar', 'the time of the evaluation, in seconds since the epoch'),
  define('timestamp', ['vector'], 'vector', 'the time of each sample, in seconds since the epoch'),
  define('ts_of_first_over_time', ['matrix'], 'vector', 'the time of the oldest sample in the range', {
    experimental: true,
  }),
  define('ts_of_last_over_time', ['matrix'], 'vector', 'the time of the newest sample in the range', {
    experimental: true,
  }),
  define('ts_of_max_over_time', ['matrix'], 'vector', 'the time of the last largest sample in the range', {
    experimental: true,
  }),
  define('ts_of_min_over_time', ['matrix'], 'vector', 'the time of the last smallest sample in the range', {
    experimental: true,
  }),
  define('vector', ['scalar'], 'vector', 'the scalar as a vector of one element without labels'),
  define('year', ['vector'], 'vector', 'the year (UTC)', { variadic: 1 }),
]);

function define(
  name: string,
  args: readonly ValueType[],
  result: ValueType,
  meaning: string,
  { variadic = 0, experimental = false }: { readonly variadic?: number; readonly experimental?: boolean } = {},
): readonly [string, FunctionSignature] {
  return [name, { name, args, variadic, result, experimental, meaning }];
}
