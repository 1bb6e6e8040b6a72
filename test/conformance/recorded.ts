import type { QueryValue } from '../../src/core/promql/index.ts';
import { Labels, metricName } from '../../src/core/series/index.ts';

/** The answer of a server's HTTP API to a query. */
export interface RecordedAnswer {
  /** The HTTP status: 200, or 4xx with an error. */
  readonly status: number;
  readonly resultType?: 'matrix' | 'vector' | 'scalar' | 'string';
  readonly result?: readonly RecordedSeries[] | RecordedPoint;
  readonly error?: string;
}

interface RecordedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: RecordedPoint;
  readonly values?: readonly RecordedPoint[];
}

type RecordedPoint = readonly [seconds: number, value: string];

/** The relative difference allowed to recorded answers. */
const tolerance = 1e-9;

/** What distinguishes our answer from a server's; empty if nothing. Differences up to `noise`, in absolute terms, count as none. */
export function compareAnswer(
  query: string,
  { resultType, result = [] }: RecordedAnswer,
  value: QueryValue,
  noise = 0,
): readonly string[] {
  if (resultType !== value.kind) return [`expected a ${resultType}, got a ${value.kind}`];
  if (value.kind === 'string')
    return String(result[1]) === value.value ? [] : [`expected "${result[1]}", got "${value.value}"`];
  if (value.kind === 'scalar') {
    const wanted = readValue(String(result[1]));
    return near(wanted, value.value, noise) ? [] : [`expected ${wanted}, got ${value.value}`];
  }
  const dropped = dropsNameSince247.test(query) ? [metricName] : [];
  const keyOf = ({ metric }: RecordedSeries): string => Labels.of(metric).without(...dropped).key;
  return compareSeries(
    new Map(result.filter(isSeries).map((series) => [keyOf(series), series])),
    value,
    dropped,
    noise,
  );
}

/** Until Prometheus 2.46 `atan2` kept the metric name, against the rule of all arithmetic; the recorded answers are older. */
const dropsNameSince247 = /\batan2\b/;

function compareSeries(
  wanted: ReadonlyMap<string, RecordedSeries>,
  value: Extract<QueryValue, { kind: 'vector' | 'matrix' }>,
  dropped: readonly string[],
  noise: number,
): readonly string[] {
  const got =
    value.kind === 'vector'
      ? value.samples.map(({ labels, time, value: one }) => ({ labels, timestamps: [time], values: [one] }))
      : value.series;
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { labels, timestamps, values } of got) {
    const { key } = labels.without(...dropped);
    const series = wanted.get(key);
    seen.add(key);
    if (series === undefined) {
      problems.push(`unexpected ${labels}`);
      continue;
    }
    const points = series.values ?? (series.value === undefined ? [] : [series.value]);
    if (points.length !== timestamps.length) {
      problems.push(`${labels}: expected ${points.length} points, got ${timestamps.length}`);
    }
    for (const [i, [seconds, text]] of points.entries()) {
      const time = timestamps[i];
      const actual = values[i] ?? Number.NaN;
      if (time === milliseconds(seconds) && near(readValue(text), actual, noise)) continue;
      problems.push(`${labels}: expected ${text} at ${seconds}, got ${actual} at ${(time ?? Number.NaN) / 1000}`);
      break;
    }
  }
  for (const [key, { metric }] of wanted) if (!seen.has(key)) problems.push(`missing ${Labels.of(metric)}`);
  return problems;
}

function near(a: number, b: number, noise: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  const difference = Math.abs(a - b);
  return difference <= noise || difference <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

function isSeries(item: RecordedSeries | RecordedPoint | number | string): item is RecordedSeries {
  return typeof item === 'object' && 'metric' in item;
}

/** A number as the HTTP API writes it. */
export function readValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

/** Whole milliseconds from the API's seconds. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}
