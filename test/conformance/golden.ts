import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { timestamp } from '../../src/core/base/index.ts';
import type { NotatedSample } from '../../src/core/promql/notation/series-line.ts';
import { timedSeries } from '../../src/core/promql/notation/stored.ts';
import { Labels, memorySource, type Series, type SeriesSource } from '../../src/core/series/index.ts';
import { type Answer, answer, readExpr, type Times } from './engine.ts';
import { compareAnswer, milliseconds, type RecordedAnswer, readValue } from './recorded.ts';
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

/** One line of the data: samples from `t0` on, `dt` milliseconds apart. */
interface RecordedData {
  readonly labels: Readonly<Record<string, string>>;
  readonly t0: number;
  readonly dt: number;
  readonly v: readonly (number | string | null)[];
}

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

function toSeries({ labels, t0, dt, v }: RecordedData): Series {
  const samples = v.map((value, i) => ({ time: timestamp(t0 + i * dt), sample: toSample(value) }));
  return timedSeries(Labels.of(labels), samples);
}

function toSample(value: number | string | null): NotatedSample {
  if (value === null) return { kind: 'gap' };
  if (value === 'stale') return { kind: 'stale' };
  return { kind: 'float', value: typeof value === 'number' ? value : readValue(value) };
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
