import type { Checkpoint, Span } from '../../base/index.ts';
import type { Labels, Series } from '../../series/index.ts';
import type { ForcedMonotonicity } from '../functions/classic-buckets.ts';
import type { EngineOptions } from '../plan/options.ts';
import { QueryFailure } from '../query-failure.ts';
import type { KnownColumns } from './columns.ts';
import type { Annotation } from './result.ts';
import { draftRow, presentCells, type Row, type RowDraft, type Value } from './row.ts';

/** What one run of a plan works with, and what it gathers on the way. */
export interface Evaluation {
  readonly options: EngineOptions;
  /** What the plan's selections gave. */
  readonly data: readonly (readonly Series[])[];
  readonly checkpoint: Checkpoint;
  readonly annotations: Map<string, Annotation>;
  readonly columns: Map<Series, KnownColumns>;
  /** Where counters fall within a stretch of their samples, by the array of their values. */
  readonly falls: Map<Float64Array, FallsFound>;
  /** Memory for short columns, handed out piece by piece: many small arrays cost more than one large one. */
  pool: Float64Array;
  pooled: number;
  /** How often, when and by how much classic histograms had to be made monotonic, by metric and place. */
  readonly forced: Map<string, ForcedSum>;
  /** Samples that the selectors touched. */
  touched: number;
  /** Samples in memory now, counted as upstream does. */
  held: number;
  /** Bytes that intermediate results take now, estimated. */
  reserved: number;
  sinceCheckpoint: number;
}

/** The indexes from `first` to `end` (excluded) at which the value is less than the one before. */
interface FallsFound {
  readonly first: number;
  readonly end: number;
  readonly falls: Int32Array;
}

/** What one remark on forced monotonicity sums up. Times are milliseconds since the epoch. */
interface ForcedSum extends ForcedMonotonicity {
  readonly samples: number;
  readonly first: number;
  readonly last: number;
}

export function newEvaluation(
  options: EngineOptions,
  data: readonly (readonly Series[])[],
  checkpoint: Checkpoint,
): Evaluation {
  return {
    options,
    data,
    checkpoint,
    annotations: new Map(),
    columns: new Map(),
    falls: new Map(),
    pool: new Float64Array(0),
    pooled: 0,
    forced: new Map(),
    touched: 0,
    held: 0,
    reserved: 0,
    sinceCheckpoint: 0,
  };
}

/** Remarks on the answer. The same remark about the same place is made once. */
export function annotate(run: Evaluation, level: Annotation['level'], message: string, span: Span): void {
  const key = `${span.start}:${span.end}:${level}:${message}`;
  if (!run.annotations.has(key)) run.annotations.set(key, { level, message, span });
}

/** Loops call this with the number of cells or samples they are about to pass, so that the checkpoint is polled every so often. */
export function work(run: Evaluation, amount: number): void {
  run.sinceCheckpoint += amount;
  if (run.sinceCheckpoint < 200_000) return;
  run.sinceCheckpoint = 0;
  run.checkpoint();
}

/** The pool begins small, for the instant query of a rule, and doubles up to this. */
const largestPool = 65_536;

/** What a series takes beside its cells: its labels, its place in lists and maps. */
const bytesPerRow = 200;
/** A number and the mark of its kind. */
const bytesPerCell = 9;

/** Counts memory against the limit, before it is allocated. */
export function reserve(run: Evaluation, bytes: number): void {
  run.reserved += bytes;
  if (run.options.maxMemory < run.reserved) {
    const message = `the query needs more than ${run.options.maxMemory} bytes for its intermediate results; narrow the selectors, take a longer step, or raise maxMemory`;
    throw new QueryFailure(message, undefined, 'limit');
  }
}

/** Bytes that a value takes, its labels estimated. */
export function bytesIn(value: Value): number {
  switch (value.kind) {
    case 'string':
      return 2 * value.value.length;
    case 'scalar':
      return value.values.byteLength;
    case 'vector':
      return value.rows.reduce((sum, { cells }) => sum + bytesPerRow + bytesPerCell * cells.length, 0);
  }
}

/** A row to be written, its memory counted. */
export function newRow(run: Evaluation, labels: Labels, dropName: boolean, steps: number): RowDraft {
  reserve(run, bytesPerRow + bytesPerCell * steps);
  return draftRow(labels, dropName, steps);
}

/** A column of zeros, its memory counted. */
export function newColumn(run: Evaluation, length: number): Float64Array {
  reserve(run, bytesPerRow + bytesPerCell * length);
  if (largestPool / 8 < length) return new Float64Array(length);
  if (run.pool.length < run.pooled + length) {
    run.pool = new Float64Array(Math.min(largestPool, Math.max(64, 2 * run.pool.length, 8 * length)));
    run.pooled = 0;
  }
  run.pooled += length;
  return run.pool.subarray(run.pooled - length, run.pooled);
}

/** Counts samples in memory against the limit. */
export function hold(run: Evaluation, samples: number, span: Span): void {
  run.held += samples;
  refuseExcess(run, 0, span);
}

/** Checks the limit with samples that are being gathered, so that no more is allocated than is allowed. */
export function refuseExcess(run: Evaluation, samples: number, span: Span): void {
  if (run.options.maxSamples < run.held + samples) {
    const message = `query processing would load too many samples into memory in query execution: the limit is ${run.options.maxSamples}; narrow the selectors, shorten the range, or raise maxSamples`;
    throw new QueryFailure(message, span, 'limit');
  }
}

/** Checks the number of series against the limit, before anything is allocated for them. */
export function limitSeries(run: Evaluation, series: number, span: Span): void {
  if (run.options.maxSeries < series) {
    const message = `the expression has ${series} series, more than the limit of ${run.options.maxSeries}; narrow the selector or raise maxSeries`;
    throw new QueryFailure(message, span, 'limit');
  }
}

/** Samples that a value takes in memory. A histogram counts as one sample per populated bucket, roughly as upstream sizes it. */
export function samplesIn(value: Value): number {
  switch (value.kind) {
    case 'string':
      return 0;
    case 'scalar':
      return value.values.length;
    case 'vector':
      return value.rows.reduce((sum, row) => sum + samplesInRow(row), 0);
  }
}

function samplesInRow(row: Row): number {
  let samples = presentCells(row);
  for (const value of row.histograms?.values() ?? [])
    samples += 10 + value.positive.indexes.length + value.negative.indexes.length;
  return samples;
}
