import { type Buckets, type Histogram, usesCustomBuckets } from './histogram.ts';
import { compactHistogram } from './histogram-arithmetic.ts';
import { ascendingBuckets, customBound, exponentialBound } from './histogram-bounds.ts';

/** A native histogram as Prometheus's HTTP API writes it: numbers as text, empty buckets left out. */
export interface HistogramJson {
  readonly count: string;
  readonly sum: string;
  /** Boundary rule (0 lower end open, 1 upper end open, 2 both open, 3 both closed), lower bound, upper bound, observations. */
  readonly buckets?: readonly (readonly [rule: number, lower: string, upper: string, count: string])[];
}

/** A number as Go's `%g` and `%v` print it: the fewest digits that read back the same, with an exponent below 1e-4 and from 1e+06 on. */
export function formatGoFloat(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  // JavaScript prints all numbers of this size without an exponent and, like Go, with the fewest digits.
  if (-4 <= exponent && exponent < 6) return String(value);
  return `${mantissa}${exponentText(exponent)}`;
}

/** A number as Prometheus's HTTP API prints histogram parts: with an exponent only below 1e-6 and from 1e+21 on. */
export function formatJsonFloat(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const [mantissa = '', power] = String(value).split('e');
  return power === undefined ? mantissa : `${mantissa}${exponentText(Number(power))}`;
}

/** The form in which Prometheus prints a histogram: `{count:6, sum:18.4, [-0.001,0.001]:2, (0.5,1]:4}`. Empty buckets are left out. */
export function formatHistogram(histogram: Histogram): string {
  const parts = [`count:${formatGoFloat(histogram.count)}`, `sum:${formatGoFloat(histogram.sum)}`];
  for (const { rule, lower, upper, count } of describedBuckets(histogram, 'own bounds')) {
    const open = closedBelow(rule) ? '[' : '(';
    const close = closedAbove(rule) ? ']' : ')';
    parts.push(`${open}${formatGoFloat(lower)},${formatGoFloat(upper)}${close}:${formatGoFloat(count)}`);
  }
  return `{${parts.join(', ')}}`;
}

/** The form that test files use, `{{schema:1 count:6 sum:18.4 buckets:[2 4]}}`; promtool prints it, and the notation reader reads it. */
export function formatHistogramNotation(histogram: Histogram): string {
  const { schema, count, sum, zeroCount, zeroThreshold, customBounds, counterResetHint, positive, negative } =
    compactHistogram(histogram);
  const parts: string[] = [];
  if (schema !== 0) parts.push(`schema:${schema}`);
  if (count !== 0) parts.push(`count:${formatGoFloat(count)}`);
  if (sum !== 0) parts.push(`sum:${formatGoFloat(sum)}`);
  if (zeroCount !== 0) parts.push(`z_bucket:${formatGoFloat(zeroCount)}`);
  if (zeroThreshold !== 0) parts.push(`z_bucket_w:${formatGoFloat(zeroThreshold)}`);
  if (usesCustomBuckets(histogram)) parts.push(`custom_values:[${customBounds.map(formatGoFloat).join(' ')}]`);
  if (counterResetHint !== 'unknown') parts.push(`counter_reset_hint:${counterResetHint}`);
  parts.push(...bucketNotation(positive, 'buckets', 'offset'), ...bucketNotation(negative, 'n_buckets', 'n_offset'));
  return `{{${parts.join(' ')}}}`;
}

/** The form of the HTTP API. Source: prometheus, util/jsonutil/marshal.go, MarshalHistogram. */
export function histogramToJson(histogram: Histogram): HistogramJson {
  const head = { count: formatJsonFloat(histogram.count), sum: formatJsonFloat(histogram.sum) };
  const buckets = describedBuckets(histogram, 'cut at the zero bucket').map(
    ({ rule, lower, upper, count }) =>
      [rule, formatJsonFloat(lower), formatJsonFloat(upper), formatJsonFloat(count)] as const,
  );
  return buckets.length === 0 ? head : { ...head, buckets };
}

interface DescribedBucket {
  readonly rule: number;
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/**
 * The populated buckets in ascending order with their boundary rules. The HTTP API cuts buckets that overlap the zero bucket, the
 * printed form shows them whole.
 */
function describedBuckets(histogram: Histogram, overlap: 'cut at the zero bucket' | 'own bounds'): DescribedBucket[] {
  const { lowers, uppers, counts, zeroBucket } = ascendingBuckets(histogram);
  const { positive, negative, schema, customBounds } = histogram;
  const custom = usesCustomBuckets(histogram);
  const described: DescribedBucket[] = [];
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] ?? 0;
    if (count === 0) continue;
    let lower = lowers[i] ?? 0;
    let upper = uppers[i] ?? 0;
    if (i === zeroBucket) {
      described.push({ rule: bothClosed, lower, upper, count });
      continue;
    }
    const below = i < negative.counts.length;
    if (overlap === 'own bounds' && !custom) {
      if (below) upper = -exponentialBound((negative.indexes[negative.indexes.length - 1 - i] ?? 0) - 1, schema);
      else lower = exponentialBound((positive.indexes[positive.indexes.length - (counts.length - i)] ?? 0) - 1, schema);
    }
    if (custom)
      described.push({ rule: lower === customBound(-1, customBounds) ? bothClosed : upperClosed, lower, upper, count });
    else described.push({ rule: below ? lowerClosed : upperClosed, lower, upper, count });
  }
  return described;
}

const upperClosed = 0;
const lowerClosed = 1;
const bothClosed = 3;

function closedBelow(rule: number): boolean {
  return rule === lowerClosed || rule === bothClosed;
}

function closedAbove(rule: number): boolean {
  return rule === upperClosed || rule === bothClosed;
}

function bucketNotation(buckets: Buckets, name: string, offsetName: string): string[] {
  const { indexes, counts } = buckets;
  const first = indexes[0];
  if (first === undefined) return [];
  const dense: number[] = [];
  for (let i = 0; i < counts.length; i += 1) {
    while (first + dense.length < (indexes[i] ?? 0)) dense.push(0);
    dense.push(counts[i] ?? 0);
  }
  const list = `${name}:[${dense.map(formatGoFloat).join(' ')}]`;
  return first === 0 ? [list] : [`${offsetName}:${first}`, list];
}

function formatSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return undefined;
}

/** Go writes exponents with a sign and at least two digits. */
function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
