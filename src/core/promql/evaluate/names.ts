import { type Labels, metricName } from '../../series/index.ts';
import { sameLabelsFailure } from '../query-failure.ts';
import type { Evaluation } from './evaluation.ts';
import { absent, draftRow, finishRows, float, putFloat, putHistogram, type Row, type RowDraft } from './row.ts';

/** The labels that say what a metric is, not where it comes from: what most functions make untrue and therefore drop. */
const metadataLabels: ReadonlySet<string> = new Set([metricName, '__type__', '__unit__']);

const withoutMetadata = new WeakMap<Labels, Labels>();

/** The labels without the metric name, type and unit. Remembered, because rules ask for the same series again and again. */
export function dropMetadata(labels: Labels): Labels {
  const known = withoutMetadata.get(labels);
  if (known !== undefined) return known;
  const dropped = labels.filter((name) => !metadataLabels.has(name));
  withoutMetadata.set(labels, dropped);
  return dropped;
}

/** The labels of a result whose metric name must go: at once, or with delayed name removal at the end of the query. */
export function resultLabels(run: Evaluation, labels: Labels): Labels {
  return run.options.delayedNameRemoval ? labels : dropMetadata(labels);
}

/**
 * Puts rows with equal labels together; it is an error if two of them hold something at the same step. Where a range function gives such
 * rows, upstream does not accept them at all: `strict`.
 */
export function mergeRows(rows: readonly Row[], strict = false): readonly Row[] {
  if (rows.length < 2) return rows;
  const byKey = new Map<string, Row | Row[]>();
  let duplicates = false;
  for (const row of rows) {
    const { key } = row.labels;
    const same = byKey.get(key);
    if (same === undefined) {
      byKey.set(key, row);
      continue;
    }
    duplicates = true;
    if (Array.isArray(same)) same.push(row);
    else byKey.set(key, [same, row]);
  }
  if (!duplicates) return rows;
  if (strict) throw sameLabelsFailure();
  return [...byKey.values()].flatMap((one) => (Array.isArray(one) ? mergeAll(one) : [one]));
}

function mergeAll(rows: readonly Row[]): readonly Row[] {
  const [first] = rows;
  if (first === undefined) return [];
  const steps = Math.max(...rows.map((row) => row.from + row.cells.length));
  const draft = draftRow(first.labels, first.dropName, steps);
  for (const row of rows) copyInto(draft, row);
  return finishRows([draft]);
}

/** Writes the cells of a row into a draft; it is an error if one is taken. */
export function copyInto(draft: RowDraft, row: Row): void {
  const { cells, from, values } = row;
  for (let i = 0; i < cells.length; i += 1) {
    if (cells[i] === absent) continue;
    const step = from + i;
    if (draft.cells[step] !== absent) throw sameLabelsFailure();
    const value = cells[i] === float ? undefined : row.histograms?.get(step);
    if (value === undefined) putFloat(draft, step, values[i] ?? Number.NaN);
    else putHistogram(draft, step, value);
  }
}
