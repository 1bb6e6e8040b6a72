import type { Span } from '../../base/index.ts';
import { formatGoFloat, quoteString } from '../../series/index.ts';
import { formatInstant } from '../functions/calendar.ts';
import type { ForcedMonotonicity } from '../functions/classic-buckets.ts';
import { annotate, type Evaluation } from './evaluation.ts';

/**
 * The remarks that upstream makes on an answer, in its words. Each says where: the span of the expression that gave cause.
 * Source: prometheus, util/annotations/annotations.go.
 */

/** What was being done when two histograms did not fit. */
type HistogramOperation = 'addition' | 'subtraction' | 'aggregation';

export function warnMixedRange(run: Evaluation, name: string, span: Span): void {
  annotate(run, 'warning', `encountered a mix of histograms and floats for metric name ${quoteString(name)}`, span);
}

export function warnMixedAggregation(run: Evaluation, span: Span): void {
  annotate(run, 'warning', 'encountered a mix of histograms and floats for aggregation', span);
}

export function warnMixedSchemas(run: Evaluation, name: string, span: Span): void {
  const text = 'vector contains a mix of histograms with exponential and custom buckets schemas for metric name';
  annotate(run, 'warning', `${text} ${quoteString(name)}`, span);
}

export function warnNotCounter(run: Evaluation, name: string, span: Span): void {
  annotate(run, 'warning', `this native histogram metric is not a counter: ${quoteString(name)}`, span);
}

export function warnNotGauge(run: Evaluation, name: string, span: Span): void {
  annotate(run, 'warning', `this native histogram metric is not a gauge: ${quoteString(name)}`, span);
}

export function warnCollidingResets(run: Evaluation, operation: HistogramOperation, span: Span): void {
  annotate(run, 'warning', `conflicting counter resets during histogram ${operation}`, span);
}

export function warnBucketLayout(run: Evaluation, operator: string, span: Span): void {
  annotate(run, 'warning', `incompatible bucket layout encountered for binary operator ${operator}`, span);
}

export function warnQuantile(run: Evaluation, q: number, span: Span): void {
  annotate(run, 'warning', `quantile value should be between 0 and 1, got ${formatGoFloat(q)}`, span);
}

export function warnRatio(run: Evaluation, ratio: number, cap: number, span: Span): void {
  const text = 'ratio value should be between -1 and 1, got';
  annotate(run, 'warning', `${text} ${formatGoFloat(ratio)}, capping to ${formatGoFloat(cap)}`, span);
}

export function warnBucketLabel(run: Evaluation, label: string, name: string, span: Span): void {
  const text = `bucket label "le" is missing or has a malformed value of ${quoteString(label)}`;
  annotate(run, 'warning', withName(text, name), span);
}

export function warnClassicAndNative(run: Evaluation, name: string, span: Span): void {
  annotate(run, 'warning', withName('vector contains a mix of classic and native histograms', name), span);
}

export function warnSortInRange(run: Evaluation, span: Span): void {
  annotate(run, 'warning', 'sort is ineffective for range queries since results are always ordered by labels', span);
}

export function warnStartOverlap(run: Evaluation, name: string, span: Span): void {
  annotate(run, 'warning', withName('start timestamps overlap with earlier samples', name), span);
}

export function infoBoundsReconciled(run: Evaluation, operation: HistogramOperation, span: Span): void {
  annotate(run, 'info', `mismatched custom buckets were reconciled during ${operation}`, span);
}

export function infoNotCounter(run: Evaluation, name: string, span: Span): void {
  const text = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket:';
  annotate(run, 'info', `${text} ${quoteString(name)}`, span);
}

export function infoHistogramsInRange(run: Evaluation, name: string, span: Span): void {
  const text = 'ignored histograms in a range containing both floats and histograms for metric name';
  annotate(run, 'info', `${text} ${quoteString(name)}`, span);
}

export function infoHistogramsInAggregation(run: Evaluation, operator: string, span: Span): void {
  annotate(run, 'info', `ignored histogram in ${operator} aggregation`, span);
}

export function infoIncompatibleTypes(
  run: Evaluation,
  left: string,
  operator: string,
  right: string,
  span: Span,
): void {
  const text = `incompatible sample types encountered for binary operator ${quoteString(operator)}:`;
  annotate(run, 'info', `${text} ${left} ${operator} ${right}`, span);
}

export function infoQuantileOfNaN(run: Evaluation, effect: string, name: string, span: Span): void {
  const text = `input to histogram_quantile has NaN observations, ${effect === 'skewed higher' ? 'result is skewed higher' : effect}`;
  annotate(run, 'info', withName(text, name), span);
}

export function infoFractionOfNaN(run: Evaluation, name: string, span: Span): void {
  const text = 'input to histogram_fraction has NaN observations, which are excluded from all fractions';
  annotate(run, 'info', withName(text, name), span);
}

function withName(text: string, name: string): string {
  return name === '' ? text : `${text} for metric name ${quoteString(name)}`;
}

/** Tells of classic histograms whose counts fell from bucket to bucket: one remark, which grows with every step that it is true of. */
export function infoForcedMonotonicity(
  run: Evaluation,
  name: string,
  time: number,
  { least, most, difference }: ForcedMonotonicity,
  span: Span,
): void {
  const key = `${name}:${span.start}:${span.end}`;
  const before = run.forced.get(key);
  const sum = {
    least: Math.min(before?.least ?? least, least),
    most: Math.max(before?.most ?? most, most),
    difference: Math.max(before?.difference ?? 0, difference),
    samples: (before?.samples ?? 0) + 1,
    first: Math.min(before?.first ?? time, time),
    last: Math.max(before?.last ?? time, time),
  };
  run.forced.set(key, sum);
  const page = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';
  const text = withName(`input to histogram_quantile needed to be fixed for monotonicity (see ${page})`, name);
  const extent = `from buckets ${formatGoFloat(sum.least)} to ${formatGoFloat(sum.most)}, with a max diff of ${formatGoFloat(Number(sum.difference.toPrecision(2)))}`;
  const message = `${text}, ${extent}, over ${sum.samples} samples from ${formatInstant(sum.first)} to ${formatInstant(sum.last)}`;
  run.annotations.set(`forced:${key}`, { level: 'info', message, span });
}
