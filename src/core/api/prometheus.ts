import { placeOf, type Timestamp } from '../base/index.ts';
import type { Annotation, MatrixSeries, QueryValue } from '../promql/index.ts';
import { ascendingBuckets, type Histogram } from '../series/index.ts';

/**
 * The wire form of Prometheus's HTTP API under `/api/v1`, which the embedded mode answers too: times are seconds, values are strings.
 * Source: prometheus, web/api/v1/api.go and json_codec.go.
 */
export interface PrometheusSuccess {
  readonly status: 'success';
  readonly data: unknown;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

export type PrometheusErrorType =
  | 'bad_data'
  | 'execution'
  | 'timeout'
  | 'canceled'
  | 'internal'
  | 'unavailable'
  | 'not_found';

export interface PrometheusFailure {
  readonly status: 'error';
  readonly errorType: PrometheusErrorType;
  readonly error: string;
}

/** A point: seconds since the epoch, and the value as text. */
export type WirePoint = readonly [seconds: number, value: string];
/** `[boundary rule, lower bound, upper bound, count]`; rule 0: (lower, upper], 1: [lower, upper), 3: [lower, upper]. */
export type WireBucket = readonly [boundaries: number, lower: string, upper: string, count: string];

export interface WireHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly WireBucket[];
}

export type WireLabels = Readonly<Record<string, string>>;

export interface WireSample {
  readonly metric: WireLabels;
  readonly value?: WirePoint;
  readonly histogram?: readonly [seconds: number, histogram: WireHistogram];
}

export interface WireSeries {
  readonly metric: WireLabels;
  readonly values?: readonly WirePoint[];
  readonly histograms?: readonly (readonly [seconds: number, histogram: WireHistogram])[];
}

/** What stands under `data` in the answer to `query` and `query_range`. */
export type QueryData =
  | { readonly resultType: 'scalar' | 'string'; readonly result: WirePoint }
  | { readonly resultType: 'vector'; readonly result: readonly WireSample[] }
  | { readonly resultType: 'matrix'; readonly result: readonly WireSeries[] };

/** The value of a query in Prometheus's JSON form. */
export function queryData(value: QueryValue): QueryData {
  switch (value.kind) {
    case 'scalar':
      return { resultType: 'scalar', result: [wireSeconds(value.time), formatFloat(value.value)] };
    case 'string':
      return { resultType: 'string', result: [wireSeconds(value.time), value.value] };
    case 'vector':
      return {
        resultType: 'vector',
        result: value.samples.map(({ labels, time, value: float, histogram }) => {
          const metric = labels.toRecord();
          const seconds = wireSeconds(time);
          return histogram === undefined
            ? { metric, value: [seconds, formatFloat(float)] }
            : { metric, histogram: [seconds, wireHistogram(histogram)] };
        }),
      };
    case 'matrix':
      return { resultType: 'matrix', result: value.series.map((series) => wireSeries(series)) };
  }
}

/** Remarks as the API lists them: the message with the place in the expression behind it. */
export function annotationTexts(
  annotations: readonly Annotation[],
  level: Annotation['level'],
  expr: string,
): readonly string[] {
  return annotations
    .filter((annotation) => annotation.level === level)
    .map(({ message, span }) => {
      const { line, column } = placeOf(expr, span.start);
      return `${message} (${line}:${column})`;
    });
}

/** A float as Prometheus's API writes it: shortest form, with an exponent of two digits below 1e-6 and from 1e21. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  // JavaScript changes to the exponent form at the same magnitudes, but writes 1e-7 where Go writes 1e-07.
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Milliseconds as the API's seconds. */
export function wireSeconds(time: Timestamp | number): number {
  return time / 1000;
}

function wireSeries(series: MatrixSeries): WireSeries {
  const values: WirePoint[] = [];
  const histograms: (readonly [number, WireHistogram])[] = [];
  for (const [i, time] of series.timestamps.entries()) {
    const histogram = series.histograms?.get(i);
    if (histogram === undefined) values.push([wireSeconds(time), formatFloat(series.values[i] ?? Number.NaN)]);
    else histograms.push([wireSeconds(time), wireHistogram(histogram)]);
  }
  return {
    metric: series.labels.toRecord(),
    ...(0 < values.length ? { values } : {}),
    ...(0 < histograms.length ? { histograms } : {}),
  };
}

function wireHistogram(histogram: Histogram): WireHistogram {
  const { lowers, uppers, counts, zeroBucket } = ascendingBuckets(histogram);
  const negatives = histogram.negative.counts.length;
  const buckets: WireBucket[] = [];
  for (let i = 0; i < counts.length; i += 1) {
    if (counts[i] === 0) continue;
    const boundaries = i === zeroBucket ? 3 : i < negatives ? 1 : 0;
    const [lower = 0, upper = 0, held = 0] = [lowers[i], uppers[i], counts[i]];
    buckets.push([boundaries, formatFloat(lower), formatFloat(upper), formatFloat(held)]);
  }
  const { count, sum } = histogram;
  return { count: formatFloat(count), sum: formatFloat(sum), ...(0 < buckets.length ? { buckets } : {}) };
}
