import type { Annotation, QueryValue, VectorSample } from '../../src/core/promql/index.ts';
import { almostEqual } from '../../src/core/promql/notation/almost.ts';
import type { NotatedSample } from '../../src/core/promql/notation/series-line.ts';
import {
  type Buckets,
  compactHistogram,
  compareLabels,
  formatGoFloat,
  formatHistogramNotation,
  type Histogram,
  sameBounds,
} from '../../src/core/series/index.ts';
import type { Eval, ExpectedSeries, Points, TextExpectation } from './script.ts';

/** The relative difference that upstream's scripts allow. */
const tolerance = 1e-6;

/** What distinguishes an answer from what a script expects; empty if nothing. */
export function compareValue(evaluation: Eval, value: QueryValue): readonly string[] {
  const { expected, ordered } = evaluation;
  switch (value.kind) {
    case 'scalar': {
      if (expected.kind !== 'scalar')
        return [`expected ${expectedText(expected.kind)}, got the scalar ${formatGoFloat(value.value)}`];
      if (almostEqual(expected.value, value.value, tolerance)) return [];
      return [`expected the scalar ${formatGoFloat(expected.value)}, got ${formatGoFloat(value.value)}`];
    }
    case 'string': {
      // A string answer without an expected string must be empty, as upstream compares.
      const text = expected.kind === 'string' ? expected.value : '';
      return text === value.value
        ? []
        : [`expected the string ${JSON.stringify(text)}, got ${JSON.stringify(value.value)}`];
    }
    case 'vector':
      if (expected.kind !== 'series') return [`expected ${expectedText(expected.kind)}, got a vector`];
      return compareVector(expected.series, value.samples, ordered);
    case 'matrix': {
      if (expected.kind !== 'series') return [`expected ${expectedText(expected.kind)}, got a matrix`];
      if (ordered) return ['expected an ordered vector, got a matrix'];
      const points = expected.points ?? evaluation;
      return [
        ...sortProblems(value.series.map(({ labels }) => labels)),
        ...compareMatrix(expected.series, value, points),
      ];
    }
  }
}

/** Series of a range query's answer must be sorted by their labels. */
export function sortProblems(labels: readonly VectorSample['labels'][]): readonly string[] {
  for (const [i, one] of labels.entries()) {
    const next = labels[i + 1];
    if (next !== undefined && 0 < compareLabels(one, next))
      return [`series are not sorted: ${one} stands before ${next}`];
  }
  return [];
}

/** Compares a vector, by labels; where order matters, by place as well. */
function compareVector(
  expected: readonly ExpectedSeries[],
  actual: readonly VectorSample[],
  ordered: boolean,
): readonly string[] {
  const problems: string[] = [];
  const places = new Map(expected.map(({ labels }, place) => [labels.key, place]));
  const seen = new Set<string>();
  for (const [place, sample] of actual.entries()) {
    const wantedPlace = places.get(sample.labels.key);
    const wanted = wantedPlace === undefined ? undefined : expected[wantedPlace]?.samples[0];
    const shown = showValue(sample.value, sample.histogram);
    if (wanted === undefined) {
      problems.push(`unexpected ${sample.labels} with ${shown}`);
      continue;
    }
    if (seen.has(sample.labels.key)) problems.push(`${sample.labels} stands twice`);
    seen.add(sample.labels.key);
    if (ordered && wantedPlace !== place)
      problems.push(`${sample.labels} at place ${place + 1}, expected at ${(wantedPlace ?? 0) + 1}`);
    if (!matches(wanted, sample.value, sample.histogram))
      problems.push(`${sample.labels}: expected ${show(wanted)}, got ${shown}`);
  }
  for (const { labels, samples } of expected) {
    if (!seen.has(labels.key)) problems.push(`missing ${labels} with ${samples.map(show).join(' ')}`);
  }
  return problems;
}

function compareMatrix(
  expected: readonly ExpectedSeries[],
  value: Extract<QueryValue, { kind: 'matrix' }>,
  points: Points,
): readonly string[] {
  const problems: string[] = [];
  const wantedByKey = new Map(expected.map((series) => [series.labels.key, series]));
  const seen = new Set<string>();
  for (const { labels, timestamps, values, histograms } of value.series) {
    const wanted = wantedByKey.get(labels.key);
    const got = [...timestamps].map((time, i) => ({
      time,
      value: values[i] ?? Number.NaN,
      histogram: histograms?.get(i),
    }));
    const gotText = got.map((point) => `${showValue(point.value, point.histogram)}@${point.time}`).join(' ');
    if (wanted === undefined) {
      problems.push(`unexpected ${labels} with ${gotText}`);
      continue;
    }
    seen.add(labels.key);
    const steps = wanted.samples.map((sample, i) => ({ sample, time: points.start + i * points.step }));
    if (steps.some(({ time }) => points.end < time))
      problems.push(`${labels}: more points expected than the range has steps`);
    const present = steps.filter(({ sample }) => sample.kind !== 'gap');
    const differs =
      present.length !== got.length ||
      present.some(({ sample, time }, i) => {
        const point = got[i];
        return point === undefined || point.time !== time || !matches(sample, point.value, point.histogram);
      });
    if (differs) {
      const wantedText = present.map(({ sample, time }) => `${show(sample)}@${time}`).join(' ');
      problems.push(`${labels}:\n  expected ${wantedText}\n  got      ${gotText}`);
    }
  }
  for (const { labels, samples } of expected) {
    if (!seen.has(labels.key)) problems.push(`missing ${labels} with ${samples.map(show).join(' ')}`);
  }
  return problems;
}

/** What distinguishes the remarks on an answer from those a script expects. */
export function compareAnnotations(evaluation: Eval, annotations: readonly Annotation[]): readonly string[] {
  const problems: string[] = [];
  for (const [level, refused] of [
    ['warn', 'no_warn'],
    ['info', 'no_info'],
  ] as const) {
    const got = annotations
      .filter((annotation) => (annotation.level === 'warning') === (level === 'warn'))
      .map((annotation) => annotationText(annotation, evaluation.expr));
    const wanted = evaluation.annotations.filter((annotation) => annotation.level === level);
    if (evaluation.annotations.some((annotation) => annotation.level === refused) && 0 < got.length) {
      problems.push(`expected no ${level}, got ${got.join('; ')}`);
    }
    if (wanted.length === 0) continue;
    for (const { text } of wanted) {
      if (!got.some((one) => textMatches(text, one)))
        problems.push(`expected ${level} ${textOf(text)}, got ${got.join('; ') || 'none'}`);
    }
    for (const one of got) {
      if (!wanted.some(({ text }) => textMatches(text, one))) problems.push(`unexpected ${level}: ${one}`);
    }
  }
  return problems;
}

/** An annotation as Prometheus prints it: with its kind before and its place, in bytes, after it. */
function annotationText({ level, message, span }: Annotation, expr: string): string {
  const before = expr.slice(0, span.start);
  const line = before.split('\n').length;
  const column = new TextEncoder().encode(before.slice(before.lastIndexOf('\n') + 1)).length + 1;
  return `PromQL ${level}: ${message} (${line}:${column})`;
}

/** Whether a text is what was expected. A place at its end that the expectation does not name is ignored. */
export function textMatches(expectation: TextExpectation, text: string): boolean {
  switch (expectation.kind) {
    case 'any':
      return true;
    case 'text':
      return expectation.text === text || expectation.text === text.replace(/ \(\d+:\d+\)$/, '');
    case 'regex':
      return expectation.regex.test(text);
  }
}

/** An expected text as a message shows it. */
export function textOf(expectation: TextExpectation): string {
  switch (expectation.kind) {
    case 'any':
      return 'of any text';
    case 'text':
      return `"${expectation.text}"`;
    case 'regex':
      return `matching ${expectation.regex}`;
  }
}

function matches(wanted: NotatedSample, value: number, histogram: Histogram | undefined): boolean {
  switch (wanted.kind) {
    case 'gap':
    case 'stale':
      return false;
    case 'float':
      return histogram === undefined && almostEqual(wanted.value, value, tolerance);
    case 'histogram':
      return histogram !== undefined && histogramMatches(wanted, compactHistogram(histogram));
  }
}

type NotatedHistogram = Extract<NotatedSample, { kind: 'histogram' }>;

function histogramMatches({ histogram, hintWritten }: NotatedHistogram, got: Histogram): boolean {
  const wanted = compactHistogram(histogram);
  return (
    wanted.schema === got.schema &&
    wanted.zeroThreshold === got.zeroThreshold &&
    sameBounds(wanted.customBounds, got.customBounds) &&
    almostEqual(wanted.count, got.count, tolerance) &&
    almostEqual(wanted.sum, got.sum, tolerance) &&
    almostEqual(wanted.zeroCount, got.zeroCount, tolerance) &&
    bucketsMatch(wanted.positive, got.positive) &&
    bucketsMatch(wanted.negative, got.negative) &&
    (!hintWritten || wanted.counterResetHint === got.counterResetHint)
  );
}

function bucketsMatch(wanted: Buckets, got: Buckets): boolean {
  return (
    wanted.counts.length === got.counts.length &&
    wanted.indexes.every((index, i) => index === got.indexes[i]) &&
    wanted.counts.every((count, i) => almostEqual(count, got.counts[i] ?? 0, tolerance))
  );
}

function show(sample: NotatedSample): string {
  switch (sample.kind) {
    case 'gap':
      return '_';
    case 'stale':
      return 'stale';
    case 'float':
      return formatGoFloat(sample.value);
    case 'histogram':
      return formatHistogramNotation(sample.histogram);
  }
}

function showValue(value: number, histogram: Histogram | undefined): string {
  return histogram === undefined ? formatGoFloat(value) : formatHistogramNotation(histogram);
}

function expectedText(kind: 'scalar' | 'string' | 'series'): string {
  return kind === 'series' ? 'a vector or matrix' : `a ${kind}`;
}
