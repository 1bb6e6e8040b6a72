import { formatHistogram, type Labels, metricName } from '../../series/index.ts';
import { formatDecimal } from '../functions/decimal.ts';
import type { AggregationNode } from '../plan/nodes.ts';
import { QueryFailure } from '../query-failure.ts';
import { isUtf8, quoteGo } from '../syntax/string-literal.ts';
import { type Evaluation, limitSeries, reserve, work } from './evaluation.ts';
import { groupLabels } from './grouping.ts';
import { absent, float, type Row } from './row.ts';

/** How often a value occurs in a group, step by step from its first occurrence to its last: most values are seen briefly. */
interface Occurrences {
  readonly labels: Labels;
  from: number;
  counts: number[];
}

/** What one count takes while it is gathered, and then as a cell. */
const bytesPerCount = 17;
/** A label set with a value of its own, and its place in the maps. */
const bytesPerValue = 600;

/** count_values: for each value that occurs in a group, how often, with the value in a label. */
export function countValues(
  run: Evaluation,
  node: AggregationNode,
  rows: readonly Row[],
  label: string,
): readonly Row[] {
  if (label === '' || !isUtf8(label)) throw new QueryFailure(`invalid label name ${quoteGo(label)}`, node.span);
  const { without, labels } = node.grouping;
  const baseOf = groupLabels(node.grouping);
  // `without` sees the label of the value, too, and may drop it.
  const isDropped = without && (label === metricName || labels.includes(label));
  const found = new Map<string, Occurrences>();
  for (const row of rows) {
    work(run, row.cells.length);
    const base = baseOf(row.labels);
    const byValue = new Map<string | number, Occurrences>();
    for (let i = 0; i < row.cells.length; i += 1) {
      if (row.cells[i] === absent) continue;
      const step = row.from + i;
      const value = countedAs(row, step);
      let occurrences = byValue.get(value);
      if (occurrences === undefined) {
        const text = typeof value === 'number' ? formatDecimal(value) : value;
        const result = isDropped ? base : base.with(label, text);
        occurrences = found.get(result.key) ?? { labels: result, from: step, counts: [] };
        found.set(result.key, occurrences);
        byValue.set(value, occurrences);
        limitSeries(run, found.size, node.span);
        reserve(run, bytesPerValue);
        work(run, 100);
      }
      count(run, occurrences, step);
    }
  }
  return [...found.values()].map(rowOf);
}

/** What tells one value from another: the number, or the text of a histogram, and of a zero, since a map takes both zeros for one. */
function countedAs(row: Row, step: number): string | number {
  const histogram = row.histograms?.get(step);
  if (histogram !== undefined) return formatHistogram(histogram);
  const value = row.values[step - row.from] ?? Number.NaN;
  return value === 0 ? formatDecimal(value) : value;
}

function count(run: Evaluation, occurrences: Occurrences, step: number): void {
  const { from, counts } = occurrences;
  const missing = step < from ? from - step : Math.max(step - from - counts.length + 1, 0);
  if (0 < missing) {
    reserve(run, bytesPerCount * missing);
    work(run, missing);
    if (step < from) {
      occurrences.counts = new Array<number>(missing).fill(0).concat(counts);
      occurrences.from = step;
    } else {
      for (let i = 0; i < missing; i += 1) counts.push(0);
    }
  }
  const at = step - occurrences.from;
  occurrences.counts[at] = (occurrences.counts[at] ?? 0) + 1;
}

function rowOf({ labels, from, counts }: Occurrences): Row {
  // `Uint8Array.from` with a function takes ten times as long, and there may be a cell for each minute of a month.
  const cells = new Uint8Array(counts.length);
  for (let i = 0; i < counts.length; i += 1) cells[i] = counts[i] === 0 ? absent : float;
  return { labels, dropName: false, from, values: Float64Array.from(counts), cells };
}
