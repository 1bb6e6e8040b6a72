import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { timestamp } from '../../src/core/base/index.ts';
import type { QueryValue } from '../../src/core/promql/index.ts';
import type { NotatedSample } from '../../src/core/promql/notation/series-line.ts';
import { timedSeries } from '../../src/core/promql/notation/stored.ts';
import { Labels, memorySource, metricName, type Series, type SeriesSource } from '../../src/core/series/index.ts';
import { type Answer, answer, readExpr, type Times } from './engine.ts';
import type { Check } from './report.ts';

/** One line of the recorded answers: a query with what a real server gave as a range and as an instant query. */
interface Recorded {
  readonly id: number;
  readonly query: string;
  readonly range: RecordedAnswer & { readonly start: number; readonly end: number; readonly step: number };
  readonly instant: RecordedAnswer & { readonly time: number };
  /** How Prometheus 3 differs from the recorded answer. */
  readonly v3?: string;
}

interface RecordedAnswer {
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

/** One line of the data: samples from `t0` on, `dt` milliseconds apart. */
interface RecordedData {
  readonly labels: Readonly<Record<string, string>>;
  readonly t0: number;
  readonly dt: number;
  readonly v: readonly (number | string | null)[];
}

/** The relative difference allowed to recorded answers. */
const tolerance = 1e-9;

/** Whether a file holds recorded answers (and not the data beside them). */
export function isGolden(path: string): boolean {
  return /\.jsonl(?:\.gz)?$/.test(path) && !/(?:^|\/)data\.jsonl(?:\.gz)?$/.test(path);
}

/** Compares the engine with recorded answers over the data that lies beside them as `data.jsonl` or `data.jsonl.gz`. */
export async function runGolden(path: string): Promise<readonly Check[]> {
  const folder = dirname(path);
  const data = [join(folder, 'data.jsonl.gz'), join(folder, 'data.jsonl')].find((candidate) => existsSync(candidate));
  if (data === undefined) return [{ name: 'reading the data', problems: [`there is no data.jsonl.gz in ${folder}`] }];
  const source = memorySource(readLines<RecordedData>(data).map(toSeries));
  const checks: Check[] = [];
  for (const recorded of readLines<Recorded>(path)) {
    checks.push({ name: `${recorded.id}: ${recorded.query}`, problems: await compareRecorded(source, recorded) });
  }
  return checks;
}

async function compareRecorded(source: SeriesSource, recorded: Recorded): Promise<readonly string[]> {
  const { range, instant, v3 } = recorded;
  const { start, end, step } = range;
  const rangeTimes = { start: milliseconds(start), end: milliseconds(end), step: milliseconds(step) };
  const at = milliseconds(instant.time);
  return [
    ...(await compareOne(source, recorded.query, rangeTimes, range, v3)).map((problem) => `range: ${problem}`),
    ...(await compareOne(source, recorded.query, { start: at, end: at, step: 0 }, instant, v3)).map(
      (problem) => `instant: ${problem}`,
    ),
  ];
}

async function compareOne(
  source: SeriesSource,
  query: string,
  times: Times,
  recorded: RecordedAnswer,
  v3: string | undefined,
): Promise<readonly string[]> {
  const read = readExpr(query);
  const given: Answer =
    'message' in read ? { ok: false, message: read.message } : await answer(source, read.expr, times, {});
  const fails = v3 === undefined ? recorded.status !== 200 : /^fails/.test(v3);
  if (fails) return given.ok ? [`expected to fail with "${recorded.error ?? v3 ?? ''}", but it succeeds`] : [];
  if (!given.ok) return [`fails: ${given.message}`];
  // Where version 3 answers otherwise, there is no recorded answer to compare with.
  return v3 === undefined ? compareAnswer(query, recorded, given.value) : [];
}

function compareAnswer(
  query: string,
  { resultType, result = [] }: RecordedAnswer,
  value: QueryValue,
): readonly string[] {
  if (resultType !== value.kind) return [`expected a ${resultType}, got a ${value.kind}`];
  if (value.kind === 'string')
    return String(result[1]) === value.value ? [] : [`expected "${result[1]}", got "${value.value}"`];
  if (value.kind === 'scalar') {
    const wanted = readValue(String(result[1]));
    return near(wanted, value.value) ? [] : [`expected ${wanted}, got ${value.value}`];
  }
  const dropped = dropsNameSince247.test(query) ? [metricName] : [];
  const keyOf = ({ metric }: RecordedSeries): string => Labels.of(metric).without(...dropped).key;
  return compareSeries(new Map(result.filter(isSeries).map((series) => [keyOf(series), series])), value);
}

/** Until Prometheus 2.46 `atan2` kept the metric name, against the rule of all arithmetic; the recorded answers are older. */
const dropsNameSince247 = /\batan2\b/;

function compareSeries(
  wanted: ReadonlyMap<string, RecordedSeries>,
  value: Extract<QueryValue, { kind: 'vector' | 'matrix' }>,
): readonly string[] {
  const got =
    value.kind === 'vector'
      ? value.samples.map(({ labels, time, value: one }) => ({ labels, timestamps: [time], values: [one] }))
      : value.series;
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { labels, timestamps, values } of got) {
    const series = wanted.get(labels.key);
    seen.add(labels.key);
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
      if (time === milliseconds(seconds) && near(readValue(text), actual)) continue;
      problems.push(`${labels}: expected ${text} at ${seconds}, got ${actual} at ${(time ?? Number.NaN) / 1000}`);
      break;
    }
  }
  for (const [key, { metric }] of wanted) if (!seen.has(key)) problems.push(`missing ${Labels.of(metric)}`);
  return problems;
}

function near(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

function isSeries(item: RecordedSeries | RecordedPoint | number | string): item is RecordedSeries {
  return typeof item === 'object' && 'metric' in item;
}

function toSeries({ labels, t0, dt, v }: RecordedData): Series {
  const samples = v.map((value, i) => ({ time: timestamp(t0 + i * dt), sample: toSample(value) }));
  return timedSeries(Labels.of(labels), samples);
}

function toSample(value: number | string | null): NotatedSample {
  if (value === null) return { kind: 'gap' };
  if (value === 'stale') return { kind: 'stale' };
  return { kind: 'float', value: typeof value === 'number' ? value : readValue(value) };
}

function readValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** The lines of a file that this project's own tools wrote; their form is trusted. */
function readLines<T>(path: string): T[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): T => JSON.parse(line));
}
