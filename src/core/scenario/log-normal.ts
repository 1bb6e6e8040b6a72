/** How many standard deviations above the median the 99th percentile of a normal distribution lies. */
const deviationsToP99 = 2.3263478740408408;

/** The share of a log-normal distribution, given by its median and 99th percentile, at or below `bound`. */
export function logNormalBelow(bound: number, median: number, p99: number): number {
  if (bound <= 0) return 0;
  if (bound === Number.POSITIVE_INFINITY) return 1;
  return normalBelow((Math.log(bound) - Math.log(median)) / spread(median, p99));
}

/** The mean of the observations in (lower, upper]; by it a histogram's sum grows. */
export function meanWithin(lower: number, upper: number, median: number, p99: number): number {
  const sigma = spread(median, p99);
  const share = logNormalBelow(upper, median, p99) - logNormalBelow(lower, median, p99);
  // Of a range that is hardly ever hit the formula would divide nothing by nothing.
  if (share < 1e-12) return upper === Number.POSITIVE_INFINITY ? lower * 1.5 : (lower + upper) / 2;
  const shifted = median * Math.exp(sigma * sigma);
  const within = normalBelow(standard(upper, shifted, sigma)) - normalBelow(standard(lower, shifted, sigma));
  const mean = (median * Math.exp((sigma * sigma) / 2) * within) / share;
  return Math.min(Math.max(mean, lower), upper);
}

function spread(median: number, p99: number): number {
  return Math.log(p99 / median) / deviationsToP99;
}

function standard(bound: number, median: number, sigma: number): number {
  return bound <= 0 ? Number.NEGATIVE_INFINITY : (Math.log(bound) - Math.log(median)) / sigma;
}

/**
 * The standard normal distribution function, to about 1.2e-7 of its value in either tail.
 * Source: Numerical Recipes' rational approximation of erfc (Press et al., section 6.2).
 */
function normalBelow(deviations: number): number {
  if (deviations === Number.POSITIVE_INFINITY) return 1;
  if (deviations === Number.NEGATIVE_INFINITY) return 0;
  const z = Math.abs(deviations) / Math.SQRT2;
  const t = 2 / (2 + z);
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * t + coefficient;
  const tail = (t * Math.exp(-z * z + sum)) / 2;
  return 0 < deviations ? 1 - tail : tail;
}

/** Highest power of t first. */
const coefficients: readonly number[] = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];
