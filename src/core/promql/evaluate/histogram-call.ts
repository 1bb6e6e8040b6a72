import type { Span } from '../../base/index.ts';
import {
  formatGoFloat,
  type Histogram,
  histogramAverage,
  histogramFraction,
  histogramQuantile,
  histogramVariance,
  metricName,
} from '../../series/index.ts';
import { parseBound } from '../functions/bucket-label.ts';
import { type BucketColumns, bucketFraction, bucketQuantile } from '../functions/classic-buckets.ts';
import { timeAt } from '../plan/grid.ts';
import type { CallNode } from '../plan/nodes.ts';
import { type Evaluation, newRow, work } from './evaluation.ts';
import { mergeRows, resultLabels } from './names.ts';
import {
  infoForcedMonotonicity,
  infoFractionOfNaN,
  infoQuantileOfNaN,
  warnBucketLabel,
  warnClassicAndNative,
  warnQuantile,
} from './remarks.ts';
import { absent, cellAt, finishRow, finishRows, float, histogram, putFloat, type Row, type RowDraft } from './row.ts';

const statistics: ReadonlyMap<string, (value: Histogram) => number> = new Map<string, (value: Histogram) => number>([
  ['histogram_avg', histogramAverage],
  ['histogram_count', (value) => value.count],
  ['histogram_sum', (value) => value.sum],
  ['histogram_stddev', (value) => Math.sqrt(histogramVariance(value))],
  ['histogram_stdvar', histogramVariance],
]);

/** The function of one native histogram with this name, if it is one. */
export function histogramStatistic(name: string): ((value: Histogram) => number) | undefined {
  return statistics.get(name);
}

/** A statistic of every native histogram; floats are left out. */
export function mapHistograms(
  run: Evaluation,
  rows: readonly Row[],
  statistic: (value: Histogram) => number,
): readonly Row[] {
  const results: Row[] = [];
  for (const row of rows) {
    work(run, row.cells.length);
    const draft = newRow(run, resultLabels(run, row.labels), true, row.from + row.cells.length);
    for (const [step, value] of row.histograms ?? [])
      if (row.cells[step - row.from] !== absent) putFloat(draft, step, statistic(value));
    const result = finishRow(draft);
    if (result !== undefined) results.push(result);
  }
  return run.options.delayedNameRemoval ? results : mergeRows(results);
}

/** One classic histogram: its buckets' rows by ascending upper bound. */
interface ClassicHistogram {
  readonly row: Row;
  readonly buckets: { readonly bound: number; readonly row: Row }[];
}

/** The histograms of a vector, classic and native, and where both claim the same series: there neither is evaluated. */
interface Histograms {
  readonly classic: ReadonlyMap<string, ClassicHistogram>;
  readonly native: readonly Row[];
}

function splitHistograms(run: Evaluation, rows: readonly Row[], span: Span): Histograms {
  const classic = new Map<string, ClassicHistogram>();
  const native: Row[] = [];
  for (const row of rows) {
    if (row.histograms !== undefined) native.push(row);
    if (!row.cells.includes(float)) continue;
    const label = row.labels.get('le');
    const bound = parseBound(label);
    if (bound === undefined) {
      warnBucketLabel(run, label, remarkName(run, row), span);
      continue;
    }
    const key = row.labels.keyOf((name) => name !== 'le');
    const known = classic.get(key);
    if (known === undefined) classic.set(key, { row, buckets: [{ bound, row }] });
    else known.buckets.push({ bound, row });
  }
  for (const { buckets } of classic.values()) buckets.sort((a, b) => a.bound - b.bound);
  return { classic, native };
}

/** With names already dropped, upstream has no name to give in its remarks. */
function remarkName(run: Evaluation, row: Row): string {
  return run.options.delayedNameRemoval ? row.labels.get(metricName) : '';
}

/** What to compute of a histogram at a step. */
interface HistogramMeasure {
  classic(buckets: BucketColumns, step: number, row: Row): number;
  native(value: Histogram, step: number, row: Row): number;
}

/** Computes a measure of every histogram; the result has the histogram's labels, without `le`, plus what `label` adds. */
function measure(
  run: Evaluation,
  node: CallNode,
  { classic, native }: Histograms,
  span: Span,
  { classic: ofClassic, native: ofNative }: HistogramMeasure,
  label?: readonly [name: string, value: string],
): readonly RowDraft[] {
  const { steps } = node.grid;
  const drafts: RowDraft[] = [];
  const labelled = (row: Row) => {
    const labels = resultLabels(run, row.labels);
    return label === undefined ? labels : labels.with(label[0], label[1]);
  };
  for (const row of native) {
    work(run, steps);
    const rival = classic.get(row.labels.key);
    const draft = newRow(run, labelled(row), true, steps);
    for (const [step, value] of row.histograms ?? []) {
      if (row.cells[step - row.from] === absent) continue;
      if (rival?.buckets.some((bucket) => bucket.row.cells[step - bucket.row.from] === float)) {
        warnClassicAndNative(run, remarkName(run, row), span);
      } else {
        putFloat(draft, step, ofNative(value, step, row));
      }
    }
    drafts.push(draft);
  }
  const rivals = new Map(native.map((row) => [row.labels.key, row]));
  for (const [key, { row, buckets }] of classic) {
    work(run, steps * buckets.length);
    const rival = rivals.get(key);
    const draft = newRow(run, labelled({ ...row, labels: row.labels.without('le') }), true, steps);
    const bounds = Float64Array.from(buckets, ({ bound }) => bound);
    const columns: BucketColumns = { bounds: bounds.slice(), counts: new Float64Array(bounds.length), length: 0 };
    const bucketRows = buckets.map((bucket) => bucket.row);
    for (let step = 0; step < steps; step += 1) {
      if (rival !== undefined && cellAt(rival, step) === histogram) continue;
      let length = 0;
      for (let i = 0; i < bucketRows.length; i += 1) {
        const bucket = bucketRows[i];
        if (bucket === undefined || bucket.cells[step - bucket.from] !== float) continue;
        columns.bounds[length] = bounds[i] ?? 0;
        columns.counts[length] = bucket.values[step - bucket.from] ?? 0;
        length += 1;
      }
      columns.length = length;
      if (length !== 0) putFloat(draft, step, ofClassic(columns, step, row));
    }
    drafts.push(draft);
  }
  return drafts;
}

/** histogram_quantile. */
export function quantiles(run: Evaluation, node: CallNode, q: Float64Array, rows: readonly Row[]): readonly Row[] {
  const [qSpan, span] = argSpans(node);
  remarkOnQuantile(run, q, qSpan);
  const histograms = splitHistograms(run, rows, span);
  return finish(run, measure(run, node, histograms, span, quantileMeasure(run, node, q, span)));
}

/** histogram_quantiles: several at once, each with its value in a label. */
export function labelledQuantiles(
  run: Evaluation,
  node: CallNode,
  rows: readonly Row[],
  label: string,
  all: readonly Float64Array[],
): readonly Row[] {
  const span = node.args[0]?.span ?? node.span;
  const histograms = splitHistograms(run, rows, span);
  const drafts: RowDraft[] = [];
  for (const [index, q] of all.entries()) {
    remarkOnQuantile(run, q, node.args[index + 2]?.span ?? node.span);
    // The quantile may vary from step to step, and with it the label.
    for (const value of new Set(q)) {
      const own = measure(run, node, histograms, span, quantileMeasure(run, node, q, span), [
        label,
        formatOpenMetricsFloat(value),
      ]);
      for (const draft of own) clearOtherSteps(draft, q, value);
      drafts.push(...own);
    }
  }
  return finish(run, drafts);
}

function clearOtherSteps(draft: RowDraft, q: Float64Array, value: number): void {
  for (let step = 0; step < q.length; step += 1)
    if (!(q[step] === value || Object.is(q[step], value))) draft.cells[step] = absent;
}

function quantileMeasure(run: Evaluation, node: CallNode, q: Float64Array, span: Span): HistogramMeasure {
  return {
    classic(buckets, step, row) {
      const { value, forced } = bucketQuantile(q[step] ?? Number.NaN, buckets);
      if (forced !== undefined)
        infoForcedMonotonicity(run, remarkName(run, row), timeAt(node.grid, step), forced, span);
      return value;
    },
    native(histogram, step, row) {
      const { value, nanObservations } = histogramQuantile(histogram, q[step] ?? Number.NaN);
      if (nanObservations !== undefined) infoQuantileOfNaN(run, nanObservations, remarkName(run, row), span);
      return value;
    },
  };
}

/** histogram_fraction. */
export function fractions(
  run: Evaluation,
  node: CallNode,
  lower: Float64Array,
  upper: Float64Array,
  rows: readonly Row[],
): readonly Row[] {
  const span = node.args[2]?.span ?? node.span;
  const histograms = splitHistograms(run, rows, span);
  const drafts = measure(run, node, histograms, span, {
    classic: (buckets, step) => bucketFraction(lower[step] ?? Number.NaN, upper[step] ?? Number.NaN, buckets),
    native(histogram, step, row) {
      const { value, nanObservations } = histogramFraction(
        histogram,
        lower[step] ?? Number.NaN,
        upper[step] ?? Number.NaN,
      );
      if (nanObservations) infoFractionOfNaN(run, remarkName(run, row), span);
      return value;
    },
  });
  return finish(run, drafts);
}

function finish(run: Evaluation, drafts: readonly RowDraft[]): readonly Row[] {
  const rows = finishRows(drafts);
  return run.options.delayedNameRemoval ? rows : mergeRows(rows);
}

function argSpans({ args, span }: CallNode): readonly [Span, Span] {
  return [args[0]?.span ?? span, args[1]?.span ?? span];
}

function remarkOnQuantile(run: Evaluation, q: Float64Array, span: Span): void {
  for (const one of new Set(q)) if (!(0 <= one && one <= 1)) warnQuantile(run, one, span);
}

/** A number as OpenMetrics writes it in labels: whole ones with `.0`. Source: prometheus, model/labels/float.go. */
function formatOpenMetricsFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Inf' : '+Inf';
  const text = formatGoFloat(value);
  return /[e.]/.test(text) ? text : `${text}.0`;
}
