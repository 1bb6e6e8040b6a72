import { formatHistogram } from '../../series/index.ts';
import { formatDecimal } from '../functions/decimal.ts';
import type { AggregationNode } from '../plan/nodes.ts';
import { isUtf8, quoteGo } from '../syntax/string-literal.ts';
import { EvaluationError } from './error.ts';
import { type Evaluation, limitSeries, work } from './evaluation.ts';
import { groupLabels } from './grouping.ts';
import { absent, draftRow, finishRows, putFloat, type Row, type RowDraft } from './row.ts';

/** count_values: for each value that occurs in a group, how often, with the value in a label. */
export function countValues(
  run: Evaluation,
  node: AggregationNode,
  rows: readonly Row[],
  label: string,
): readonly Row[] {
  if (label === '' || !isUtf8(label)) throw new EvaluationError(`invalid label name ${quoteGo(label)}`, node.span);
  const { without, labels } = node.grouping;
  const labelsOf = groupLabels(without ? node.grouping : { without, labels: [...labels, label] });
  const drafts = new Map<string, RowDraft>();
  for (const row of rows) {
    work(run, row.cells.length);
    const byValue = new Map<string, RowDraft>();
    for (let i = 0; i < row.cells.length; i += 1) {
      if (row.cells[i] === absent) continue;
      const step = row.from + i;
      const value = row.histograms?.get(step);
      const text = value === undefined ? formatDecimal(row.values[i] ?? Number.NaN) : formatHistogram(value);
      let draft = byValue.get(text);
      if (draft === undefined) {
        const result = labelsOf(row.labels.with(label, text));
        draft = drafts.get(result.key) ?? draftRow(result, false, node.grid.steps);
        drafts.set(result.key, draft);
        byValue.set(text, draft);
        limitSeries(run, drafts.size, node.span);
      }
      putFloat(draft, step, (draft.values[step] ?? 0) + 1);
    }
  }
  return finishRows(drafts.values());
}
