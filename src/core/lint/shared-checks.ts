import type { Matcher } from '../series/index.ts';
import type { Check } from './check.ts';
import { short } from './document/quantities.ts';

/** What a check says of itself, whatever it looks into. */
type Description = Pick<Check, 'id' | 'severity' | 'meaning' | 'remedy'>;

// Checks that look into definitions and into documents have one meaning, and as far as the two can be compared, one judgement.

export const duplicateSloText: Description = {
  id: 'duplicate-slo',
  severity: 'warning',
  meaning:
    'Two objectives of one service measure the same events over the same period: one incident spends two budgets.',
  remedy: 'keep one of them, or tell them apart by their events or by their period',
};

export const globVsRegexText: Description = {
  id: 'glob-vs-regex',
  severity: 'error',
  meaning: 'An asterisk is used as in a shell, where it means itself or repeats the character before it.',
  remedy: 'match with a regular expression: `name=~"prefix.*"`',
};

export const histogramBucketBoundText: Description = {
  id: 'histogram-bucket-bound',
  severity: 'warning',
  meaning:
    'A latency bound is no bucket bound of the histogram, or lies above its last one: a quantile never gets past that.',
  remedy: 'declare the buckets, the bound among them and at least one above it',
};

/** What is wrong with a bound of a histogram whose buckets are known; undefined if it is one of them, with one above it. */
export function bucketProblem(name: string, buckets: readonly number[], bound: number): string | undefined {
  if (buckets.every((one) => one <= bound))
    return `no bucket of \`${name}\` lies above ${short(bound)}: a quantile never exceeds the last bound`;
  return buckets.includes(bound)
    ? undefined
    : `${short(bound)} is no bucket bound of \`${name}\`: the share below it is a guess`;
}

export const quantileBeyondBucketsText: Description = {
  id: 'quantile-beyond-buckets',
  severity: 'error',
  meaning:
    'A quantile is compared with a number at or above the highest bucket of its histogram, which it never gets past: the comparison is never true, or always.',
  remedy: 'give the histogram a bucket above the number, or compare with a lower one',
};

export const lowPrecisionText: Description = {
  id: 'low-precision',
  severity: 'warning',
  meaning: 'A page goes out when next to nothing of the budget is spent: most of its pages will be about nothing.',
  remedy: 'page at burn 14.4 over 1 h (2 % of a 30 day budget) and 6 over 6 h; make tickets of less',
};

export const metricUnusedText: Description = {
  id: 'metric-unused',
  severity: 'info',
  meaning: 'Nothing uses a metric that the catalogue of a definition or of a document declares.',
  remedy: 'remove it, or write the objective, alert, threshold or panel that it was meant for',
};

export const sloWithoutAlertText: Description = {
  id: 'slo-without-alert',
  severity: 'info',
  meaning: 'An objective has no alerts: its budget can be spent without anyone being told.',
  remedy: 'write an alert, unless the objective is for reports only',
};

export const nonUserTrafficText: Description = {
  id: 'non-user-traffic',
  severity: 'info',
  meaning:
    'Health checks or scrapes are counted among the requests of users; at a steady rate of successes they hide failures.',
  remedy: 'take the probes out of the selectors, or give them an objective of their own',
};

export const resourceAsSloText: Description = {
  id: 'resource-as-slo',
  severity: 'info',
  meaning: 'An objective about a resource is called one that users feel: it pages while nobody is hurt.',
  remedy: 'call it a threshold of the operation (`category: resource`), and promise what users feel instead',
};

/** What runtimes and exporters say about processes, containers and machines. Users feel none of it before something else fails. */
export const resourceMetric: RegExp =
  /^(?:process_(?:resident_memory|virtual_memory|open_fds|max_fds|cpu)|go_(?:memstats|goroutines|gc|threads)|python_gc|jvm_(?:memory|gc|threads)|nodejs_(?:heap|eventloop|active)|container_(?:memory|cpu|fs)|node_(?:memory|cpu|filesystem|load|disk))/;

/** The workbook pages at 2 % of the budget. A quarter of that is the least for which anyone should get up. */
const leastForPage = 0.005;

/** Whether a page that goes out at this share of the budget is one for a sliver. */
export function isSliver(budgetShare: number): boolean {
  return budgetShare < leastForPage;
}

/** How a matcher uses `*` as a shell would: in an exact comparison, or right behind a slash or a word in a pattern. */
export function shellStar({ operator, value }: Matcher): 'exact' | 'pattern' | undefined {
  if (operator === '=' || operator === '!=')
    return value !== '*' && /[\w/-]\*(?:$|[/|-])|\.[*+]/.test(value) ? 'exact' : undefined;
  // A backslash shows that the author knows patterns.
  return /(?:\/|^|-)\*|[/_-]\w*[a-zA-Z0-9]\*|[a-zA-Z]{2}\*$/.test(value) && !value.includes('\\')
    ? 'pattern'
    : undefined;
}
